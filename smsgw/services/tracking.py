"""What a citizen does to a complaint already sent: add, ask, rate, withdraw."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from smsgw.domain.categories import CategoryCode
from smsgw.domain.notices import StatusReport
from smsgw.domain.reference import near_misses
from smsgw.domain.routing import MENDED_BY_MORE_WORDS
from smsgw.domain.understanding import Understanding
from smsgw.services.filing import promised, reopen
from smsgw.services.handbook import Handbook
from smsgw.services.history import note
from smsgw.store.inbox import Arrived
from smsgw.store.tables import OPEN_STATES, Complaint


def named(complaints: Sequence[Complaint], reference: str) -> Complaint | None:
    """The citizen's own complaint with this reference."""
    return next((c for c in complaints if c.reference == reference), None)


def meant(complaints: Sequence[Complaint], typed: str) -> str:
    """The citizen's own reference that is one slip away from the typed one; else empty."""
    slips = set(near_misses(typed))
    return next((c.reference for c in complaints if c.reference in slips), "") or ""


def standing(complaint: Complaint, handbook: Handbook) -> StatusReport:
    """Where it stands, or where that stands which it is handled with; of an emergency no date is promised."""
    goes_on = complaint.main if complaint.main and complaint.main.state in OPEN_STATES else complaint
    state = (
        "assigned" if goes_on is not complaint and goes_on.state == "waiting" else goes_on.state
    )  # others were asked
    return StatusReport(
        reference=complaint.reference or "",
        state=state if complaint.state in OPEN_STATES else complaint.state,
        due=promised(complaint, handbook),
        office=handbook.name_of(goes_on.office_id),
        dated=not complaint.emergency,
    )


def last_answered(complaints: Sequence[Complaint]) -> Complaint | None:
    """The one answered last, else the newest."""
    answered = [c for c in complaints if c.answered_at]
    newest = complaints[0] if complaints else None
    return max(answered, key=lambda c: c.answered_at or c.received_at, default=newest)


def add(
    session: Session,
    handbook: Handbook,
    complaint: Complaint,
    text: Arrived,
    read: Understanding,
    now: datetime,
) -> None:
    """A later text joins: it fills gaps, a case that waited for it goes on, an answered one is opened again so that a
    person reads it. A case in triage may find its office."""
    note(session, complaint.id, "added", at=now, words=text.body, inbound_id=text.id)
    complaint.sensitive = complaint.sensitive or bool(read.sensitive)
    complaint.urgent = complaint.urgent or read.urgent
    complaint.missing = [gap for gap in complaint.missing if not _fills(gap, read)]
    complaint.category = complaint.category or read.category
    if complaint.state == "waiting":
        complaint.state = "assigned" if complaint.office_id else "received"
    elif complaint.state == "answered":
        reopen(session, handbook, complaint, now)
    if complaint.state == "received":
        _route_again(session, handbook, complaint, read, now)
    complaint.ward = complaint.ward or read.ward
    complaint.place = complaint.place or read.place_text


def _fills(gap: str, read: Understanding) -> bool:
    """Whether a later text answers this gap: where, or what; a time or a name is whatever the person replied."""
    match gap:
        case "place":
            return read.place_text is not None
        case "what":
            return read.category is not None
        case _:
            return True


def _route_again(
    session: Session, handbook: Handbook, complaint: Complaint, read: Understanding, now: datetime
) -> None:
    """Field and place may now be known: then the matrix decides, as it would have for the first text."""
    if complaint.triage_reason not in MENDED_BY_MORE_WORDS:
        return
    known_unit = handbook.places[complaint.unit_id].code if complaint.ward else None
    together = replace(
        read,
        category=CategoryCode(complaint.category) if complaint.category else None,
        category_confidence=1.0,
        unit_today=read.unit_today or known_unit,
        denunciation=False,
    )
    desk = handbook.matrix.desk(together)
    if desk.office_id:
        complaint.unit_id, complaint.office_id = desk.unit_id, desk.office_id
        complaint.state, complaint.triage_reason = "assigned", ""
        note(session, complaint.id, "routed", at=now, words=handbook.name_of(desk.office_id))


def rate(session: Session, complaint: Complaint, score: int | None, words: str, now: datetime) -> None:
    """Keeps the score; words without one are kept as words."""
    if score is not None:
        complaint.rating, complaint.rated_at = score, now
    note(session, complaint.id, "rated", at=now, words=words, score=score)


def withdraw(session: Session, complaint: Complaint, now: datetime) -> bool:
    """The citizen takes it back; no alert comes any more. False when it was not open."""
    if complaint.state not in OPEN_STATES:
        return False
    complaint.state, complaint.look_at = "withdrawn", None
    note(session, complaint.id, "withdrawn", at=now)
    return True
