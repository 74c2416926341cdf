"""Who texted: the citizen of a number, what they chose, and the question that their next short answer answers."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from smsgw.store.database import inserting_once
from smsgw.store.tables import OPEN_STATES, Citizen, Complaint

STILL_FRESH = timedelta(days=30)


def citizens_of(session: Session, phones: Iterable[str], now: datetime) -> dict[str, Citizen]:
    """The citizens of these numbers, remembered from now on."""
    wanted = dict.fromkeys(phones)
    known = _known(session, wanted)
    fresh = sorted(wanted.keys() - known)  # in one order, so that two workers cannot wait for each other
    if not fresh:
        return known
    session.connection().execute(inserting_once(session, Citizen), [_stranger(phone, now) for phone in fresh])
    return known | _known(session, fresh)


def citizen_of(session: Session, phone: str, now: datetime) -> Citizen:
    """The citizen of this number, remembered from now on."""
    return citizens_of(session, [phone], now)[phone]


def _known(session: Session, phones: Iterable[str]) -> dict[str, Citizen]:
    """Locked in one order before their complaints are, as at the desk, so that nobody waits for each other."""
    query = select(Citizen).where(Citizen.phone.in_(phones)).order_by(Citizen.id).with_for_update()
    return {citizen.phone: citizen for citizen in session.scalars(query)}


def _stranger(phone: str, now: datetime) -> dict[str, object]:
    return {"phone": phone, "language": "vi", "tone_marks": False, "prompt": "", "created_at": now}


def complaints_of(session: Session, citizen: Citizen, limit: int = 20) -> Sequence[Complaint]:
    """The citizen's complaints, newest first."""
    query = select(Complaint).where(Complaint.citizen_id == citizen.id).order_by(Complaint.id.desc()).limit(limit)
    return session.scalars(query).all()


def latest_open(complaints: Sequence[Complaint]) -> Complaint | None:
    """The newest one that is still being handled."""
    return next((c for c in complaints if c.state in OPEN_STATES), None)


def still_talked_of(complaints: Sequence[Complaint], now: datetime) -> Complaint | None:
    """The newest one that a text without a number may belong to: open, or answered not long ago."""
    recent = [c for c in complaints if c.answered_at and c.state == "answered" and now - c.answered_at < STILL_FRESH]
    return latest_open(complaints) or next(iter(recent), None)


def ask(citizen: Citizen, prompt: str, complaint_id: int, now: datetime, *, within: timedelta) -> None:
    """Remembers what was asked, so that a short answer is understood."""
    citizen.prompt, citizen.prompt_complaint_id, citizen.prompt_until = prompt, complaint_id, now + within


def forget_prompt(citizen: Citizen) -> None:
    """The question is answered or no longer waits."""
    citizen.prompt, citizen.prompt_complaint_id, citizen.prompt_until = "", None, None


def pending_prompt(citizen: Citizen, now: datetime) -> str:
    """What the citizen was asked last, while an answer is still awaited; else empty."""
    waiting = citizen.prompt_until is not None and citizen.prompt_until > now
    return citizen.prompt if waiting else ""
