"""Opens a complaint: field and place → office → deadline, or triage with the reason shown."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from smsgw.domain.deadlines import due, look_again_at, the_rule
from smsgw.domain.reference import reference_for
from smsgw.domain.understanding import Understanding
from smsgw.services.handbook import Handbook
from smsgw.services.history import note
from smsgw.store.database import insert_once
from smsgw.store.tables import Citizen, Complaint
from smsgw.text.speech import VIETNAM

SURE_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Filing:
    """What a complaint is opened with. `key` is unique for ever: the same filing twice is one complaint."""

    key: str
    channel: str
    text: str
    citizen: Citizen
    read: Understanding
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a complaint lies: a unit, its office, or the unit's triage with a reason."""

    unit_id: int
    office_id: int | None
    reason: str


def file(session: Session, handbook: Handbook, filing: Filing, now: datetime) -> Complaint | None:
    """Opens the complaint; None when this key opened one before."""
    read = filing.read
    desk = desk_for(handbook, read.category, read.unit_today, read, filing.remark)
    rule = the_rule(
        handbook.rules,
        read.category,
        urgent=read.urgent,
        on=now.astimezone(VIETNAM).date(),
        unit=handbook.places[desk.unit_id].code,
    )
    term = due(now, rule, handbook.calendar) if rule else None
    complaint_id = insert_once(
        session,
        Complaint,
        {
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
            "triage_reason": desk.reason,
            "state": "assigned" if desk.office_id else "received",
            "received_at": now,
            "due_at": term.at if term else None,
            "due_confirmed": bool(term and term.confirmed),
            "due_source": term.source if term else "",
            "look_at": look_again_at(now, term.at, now, handbook.calendar) if term else None,
            "deadline_version": 1,
            "stage": "",
            "version": 1,
        },
    )
    if complaint_id is None:
        return None
    session.execute(
        update(Complaint).where(Complaint.id == complaint_id).values(reference=reference_for(complaint_id)),
        execution_options={"synchronize_session": False},
    )
    note(session, complaint_id, "received", at=now, words=desk.reason, channel=filing.channel)
    return session.scalars(select(Complaint).where(Complaint.id == complaint_id)).one()


def desk_for(handbook: Handbook, category: str | None, unit_code: str | None, read: Understanding, remark: str = "") -> Desk:
    """The office of the routing matrix's row, else the triage of the unit, else of the home unit."""
    unit = handbook.by_code.get(unit_code or "")
    unit_id = unit.id if unit else handbook.home_id
    office = handbook.routes.get((category or "", unit_id)) if unit else None
    reason = remark or _why_triage(read, known_unit=unit is not None, known_office=office is not None)
    return Desk(unit_id, None if reason else office, reason)


def _why_triage(read: Understanding, *, known_unit: bool, known_office: bool) -> str:
    """Why a person must look first; empty when the matrix decides."""
    if read.denunciation:
        return "may be a denunciation or a complaint against a decision: guide to the lawful channel"
    if read.ward == "NGOAI":
        return "the place named lies outside our units"
    if read.category is None:
        return "no field was recognised"
    if not known_unit:
        return "no ward or commune was recognised"
    if not known_office:
        return "the routing matrix has no office for this field here"
    return "" if read.category_confidence >= SURE_ENOUGH else "the field is not certain"


def promised(complaint: Complaint, handbook: Handbook) -> datetime | None:
    """The date that a citizen may be told: in production only one from a rule that the locality confirmed."""
    return complaint.due_at if complaint.due_confirmed or not handbook.confirmed_only else None
