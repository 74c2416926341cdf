"""Who texted: the citizen of a number, what they chose, what they wrote about of late, and what they were asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from smsgw.store.database import inserting_once
from smsgw.store.tables import OPEN_STATES, Citizen, Complaint

STILL_FRESH = timedelta(days=30)
LATELY = 5
# Made once: building a statement costs more than running it. Locked in one order before their complaints are, as at the desk,
# so that nobody waits for each other.
_KNOWN = (
    select(Citizen)
    .where(Citizen.phone.in_(bindparam("phones", expanding=True)))
    .order_by(Citizen.id)
    .with_for_update(key_share=True)
)
_OWN = (
    select(Complaint)
    .where(Complaint.citizen_id == bindparam("citizen"))
    .order_by(Complaint.id.desc())
    .limit(bindparam("most"))
)


def _still_talked_of() -> Select[Complaint]:
    fresh = Complaint.answered_at > bindparam("since")
    still = Complaint.state.in_(OPEN_STATES) | ((Complaint.state == "answered") & fresh)
    place = func.row_number().over(partition_by=Complaint.citizen_id, order_by=Complaint.id.desc()).label("place")
    theirs = Complaint.citizen_id.in_(bindparam("citizens", expanding=True))
    numbered = select(Complaint.id, place).where(theirs, still).subquery()
    newest = select(Complaint).join(numbered, numbered.c.id == Complaint.id).where(numbered.c.place <= LATELY)
    return newest.order_by(Complaint.id.desc())


_STILL_TALKED_OF = _still_talked_of()


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """Who wrote a batch of texts: the citizens by number, and by citizen the complaints that are still talked of, newest
    first. Whoever is in no list of these has none; `strangers` had never written before."""

    citizens: Mapping[str, Citizen] = field(default_factory=dict)
    talked_of: Mapping[int, Sequence[Complaint]] = field(default_factory=dict)
    strangers: frozenset[int] = frozenset()


def met(session: Session, phones: Iterable[str], now: datetime) -> Acquaintance:
    """Makes out the writers of a batch, remembered from now on. Of strangers no complaint is looked for."""
    known, strangers = _made_out(session, phones, now)
    old = [citizen.id for citizen in known.values()]
    new = frozenset([citizen.id for citizen in strangers.values()])
    return Acquaintance(known | strangers, _talked_of(session, old, now) if old else {}, new)


def citizen_of(session: Session, phone: str, now: datetime) -> Citizen:
    """The citizen of this number, remembered from now on."""
    known, strangers = _made_out(session, [phone], now)
    return (known | strangers)[phone]


def _made_out(session: Session, phones: Iterable[str], now: datetime) -> tuple[dict[str, Citizen], dict[str, Citizen]]:
    """Those who wrote before, and those who did not."""
    wanted = dict.fromkeys(phones)
    known = _known(session, wanted)
    fresh = sorted(wanted.keys() - known)  # in one order, so that two workers cannot wait for each other
    if not fresh:
        return known, {}
    session.connection().execute(inserting_once(session, Citizen), [_stranger(phone, now) for phone in fresh])
    return known, _known(session, fresh)


def talked_of(session: Session, citizen: Citizen, now: datetime) -> Sequence[Complaint]:
    """The citizen's complaints that a text without a number may belong to, newest first."""
    return _talked_of(session, [citizen.id], now).get(citizen.id, ())


def _talked_of(session: Session, citizens: Sequence[int], now: datetime) -> Mapping[int, Sequence[Complaint]]:
    """Open ones, and those answered not long ago: of each citizen the newest few."""
    found: dict[int, list[Complaint]] = {}
    for complaint in session.scalars(_STILL_TALKED_OF, {"citizens": list(citizens), "since": now - STILL_FRESH}):
        found.setdefault(complaint.citizen_id, []).append(complaint)
    return found


def _known(session: Session, phones: Iterable[str]) -> dict[str, Citizen]:
    return {citizen.phone: citizen for citizen in session.scalars(_KNOWN, {"phones": list(phones)})}


def _stranger(phone: str, now: datetime) -> dict[str, object]:
    return {"phone": phone, "language": "vi", "tone_marks": False, "prompt": "", "created_at": now}


def complaints_of(session: Session, citizen: Citizen, limit: int = 20) -> Sequence[Complaint]:
    """The citizen's complaints, newest first."""
    return session.scalars(_OWN, {"citizen": citizen.id, "most": limit}).all()


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
