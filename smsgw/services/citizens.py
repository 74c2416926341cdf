"""Who texted: the citizen of a number, what they chose, and the question that their next short answer answers."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from smsgw.store.database import insert_once
from smsgw.store.tables import OPEN_STATES, Citizen, Complaint


def citizen_of(session: Session, phone: str, now: datetime) -> Citizen:
    """The citizen of this number, remembered from now on."""
    query = select(Citizen).where(Citizen.phone == phone)
    known = session.scalars(query).one_or_none()
    if known is None:
        fresh = {"phone": phone, "language": "vi", "tone_marks": False, "prompt": "", "created_at": now}
        insert_once(session, Citizen, fresh)
        known = session.scalars(query).one()
    return known


def complaints_of(session: Session, citizen: Citizen, limit: int = 20) -> Sequence[Complaint]:
    """The citizen's complaints, newest first."""
    query = select(Complaint).where(Complaint.citizen_id == citizen.id).order_by(Complaint.id.desc()).limit(limit)
    return session.scalars(query).all()


def latest_open(complaints: Sequence[Complaint]) -> Complaint | None:
    """The newest one that is still being handled."""
    return next((c for c in complaints if c.state in OPEN_STATES), None)


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
