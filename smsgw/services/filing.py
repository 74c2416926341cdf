"""Opens a complaint: field and place → office → deadline, or triage with the reason shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, update
from sqlalchemy.orm import Session, make_transient_to_detached

from smsgw.domain.deadlines import Term, due, look_again_at, the_rule
from smsgw.domain.reference import reference_for
from smsgw.domain.routing import WhyTriage
from smsgw.domain.understanding import Understanding
from smsgw.domain.workdays import VIETNAM, Calendar
from smsgw.services.handbook import Handbook
from smsgw.services.history import jot, note
from smsgw.store.database import insert_once
from smsgw.store.tables import Citizen, Complaint

COMPLAINTS = cast("Table", Complaint.__table__)
NUMBERED = update(COMPLAINTS).where(COMPLAINTS.c.id == bindparam("filed")).values(reference=bindparam("number"))


@dataclass(frozen=True, slots=True)
class Filing:
    """What a complaint is opened with. `key` is unique for ever: the same filing twice is one complaint."""

    key: str
    channel: str
    text: str
    citizen: Citizen
    read: Understanding
    why: WhyTriage = WhyTriage.NONE


def file(session: Session, handbook: Handbook, filing: Filing, now: datetime) -> Complaint | None:
    """Opens the complaint; None when this key opened one before."""
    read = filing.read
    desk = handbook.matrix.desk(read, filing.why)
    term, look_at = _deadline(handbook, Matter(read.category, read.urgent, desk.unit_id), now)
    values = {
        "key": filing.key,
        "citizen_id": filing.citizen.id,
        "channel": filing.channel,
        "text": filing.text,
        "category": read.category,
        "ward": read.ward,
        "place": read.place_text,
        "missing": sorted(read.missing),
        "urgent": read.urgent,
        "emergency": read.emergency,
        "sensitive": bool(read.sensitive) or read.emergency,
        "reasons": list(read.reasons),
        "unit_id": desk.unit_id,
        "office_id": desk.office_id,
        "triage_reason": desk.why.value,
        "state": "assigned" if desk.office_id else "received",
        "received_at": now,
        "due_at": term.at if term else None,
        "due_confirmed": bool(term and term.confirmed),
        "due_source": term.source if term else "",
        "look_at": look_at,
        "deadline_version": 1,
        "stage": "",
        "version": 1,
    }
    complaint_id = insert_once(session, Complaint, values)
    if complaint_id is None:
        return None
    jot(session, complaint_id, "received", at=now, words=desk.why.value, channel=filing.channel)
    reference = reference_for(complaint_id)
    session.execute(NUMBERED, {"filed": complaint_id, "number": reference})
    return _as_stored(session, {**values, "id": complaint_id, "reference": reference})


def _as_stored(session: Session, values: Mapping[str, Any]) -> Complaint:
    """The row just written, without asking for it again; columns not named here are read when somebody looks."""
    complaint = Complaint(**values)
    make_transient_to_detached(complaint)
    session.add(complaint)
    return complaint


def reopen(session: Session, handbook: Handbook, complaint: Complaint, now: datetime) -> None:
    """An answered complaint goes on: the same office, a new term from now."""
    term, look_at = _deadline(handbook, Matter(complaint.category, complaint.urgent, complaint.unit_id), now)
    complaint.state = "assigned" if complaint.office_id else "received"
    complaint.answered_at, complaint.stage, complaint.look_at = None, "", look_at
    complaint.deadline_version += 1
    if term:
        complaint.due_at, complaint.due_confirmed, complaint.due_source = term.at, term.confirmed, term.source
    note(session, complaint.id, "reopened", at=now)


@dataclass(frozen=True, slots=True)
class Matter:
    """What a term depends on."""

    category: str | None
    urgent: bool
    unit_id: int


def _deadline(handbook: Handbook, matter: Matter, received: datetime) -> tuple[Term | None, datetime | None]:
    """When the answer is due, and when a clock must look at it first; neither where no rule speaks of the matter."""
    rule = the_rule(
        handbook.rules,
        matter.category,
        urgent=matter.urgent,
        on=received.astimezone(VIETNAM).date(),
        unit=handbook.places[matter.unit_id].code,
    )
    if rule is None:
        return None, None
    term = due(received, rule, handbook.calendar)
    return term, _first_look(received.replace(second=0, microsecond=0), term.at, handbook.calendar)


@lru_cache(maxsize=256)
def _first_look(received: datetime, due_at: datetime, calendar: Calendar) -> datetime | None:
    """To the minute: texts of one minute that are due together are looked at together."""
    return look_again_at(received, due_at, received, calendar)


def promised(complaint: Complaint, handbook: Handbook) -> datetime | None:
    """The date that a citizen may be told: in production only one from a rule that the locality confirmed."""
    return complaint.due_at if complaint.due_confirmed or not handbook.confirmed_only else None
