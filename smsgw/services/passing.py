"""Puts a complaint on another desk: out of triage, to another office, to another unit. The due date stays."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from smsgw.domain.categories import CategoryCode
from smsgw.domain.notices import Bounced, Lane, PassedOn
from smsgw.domain.progress import Act, Duty, Refusal, State, decide
from smsgw.domain.routing import WhyTriage
from smsgw.services import holding, merging, owing, pausing
from smsgw.services.answering import Writer
from smsgw.services.filing import promised
from smsgw.services.handbook import Handbook
from smsgw.services.history import note
from smsgw.services.telling import Envelope, tell_citizen, tell_official
from smsgw.store import complaints, contributions, labels, officials, searching
from smsgw.store.tables import Complaint
from smsgw.text.speech import Speech

FIELDS = frozenset(code.value for code in CategoryCode)
NEAR = timedelta(seconds=45)
BOUNCES = 3


class WrongDeskError(ValueError):
    """The office does not belong to the complaint's unit, the unit is no ward or commune, or it is there already."""


class NoReasonError(ValueError):
    """Passing on without a reason is not done."""


def assign(
    session: Session,
    handbook: Handbook,
    complaint: Complaint,
    writer: Writer,
    *,
    category: str,
    office_id: int | None,
    now: datetime,
) -> Refusal | None:
    """Out of triage: sets the field, and the office or, without one, that of the routing matrix. Of what offices passed to one
    another the leader decides."""
    act = Act.SETTLE if complaint.triage_reason == WhyTriage.BOUNCED else Act.ASSIGN
    state = decide(act, complaint.stands, writer.duties, has_office=complaint.office_id is not None)
    if isinstance(state, Refusal):
        return state
    if category not in FIELDS:
        raise WrongDeskError(category)
    chosen = office_id or handbook.matrix.offices.get((category, complaint.unit_id))
    _check_office(handbook, complaint, chosen)
    labels.keep(session, complaint, category, writer.id, now)
    complaint.category, complaint.office_id, complaint.triage_reason = category, chosen, ""
    complaint.state = complaint.state if complaint.state == "waiting" else state
    words = handbook.name_of(chosen)
    _tell_anew(complaint, now)
    merging.take_along(session, complaint)
    told = {"category": category} | ({"settled": True} if act is Act.SETTLE else {})
    note(session, complaint.id, "routed", at=now, official_id=writer.id, words=words, **told)
    return None


def pass_on(
    session: Session,
    speech: Speech,
    handbook: Handbook,
    complaint: Complaint,
    writer: Writer,
    *,
    office_id: int,
    reason: str,
    now: datetime,
) -> Refusal | None:
    """To another office of the same unit; the third time to the leader, who decides. The citizen is told once."""
    state = decide(Act.PASS_ON, complaint.stands, writer.duties, has_office=complaint.office_id is not None)
    if isinstance(state, Refusal):
        return state
    _check_office(handbook, complaint, office_id)
    _note_hop(session, handbook, complaint, writer, office_id, reason, now)
    holding.put_back(session, complaint.id)
    complaint.office_id = office_id
    if _bounces(session, complaint):
        pausing.resume(session, handbook, complaint, pausing.Why.GOES_ON, now=now, official_id=writer.id)
        complaint.office_id, complaint.state = None, State.RECEIVED.value
        _call_the_leader(session, speech, complaint, now)
    else:
        _tell_the_citizen(session, speech, handbook, complaint, office_id, now)
    merging.take_along(session, complaint)
    return None


def pass_to_unit(
    session: Session,
    speech: Speech,
    handbook: Handbook,
    complaint: Complaint,
    writer: Writer,
    *,
    unit_id: int,
    reason: str,
    now: datetime,
) -> Refusal | None:
    """To the triage of another ward or commune, whose focal official looks at it. What was handled with it stays here."""
    state = decide(Act.PASS_TO_UNIT, complaint.stands, writer.duties, has_office=complaint.office_id is not None)
    if isinstance(state, Refusal):
        return state
    unit = handbook.places.get(unit_id)
    if unit is None or unit.kind not in ("ward", "commune") or unit_id == complaint.unit_id:
        raise WrongDeskError(unit_id)
    pausing.resume(session, handbook, complaint, pausing.Why.GOES_ON, now=now, official_id=writer.id)
    _note_hop(session, handbook, complaint, writer, unit_id, reason, now)
    merging.stay_behind(session, handbook, complaint, now, writer.id)
    holding.put_back(session, complaint.id)
    contributions.forget(session, complaint.id)
    unit_before, complaint.unit_id, complaint.office_id = complaint.unit_id, unit_id, None
    searching.keep(session, complaint, unit_before=unit_before)
    complaint.state, complaint.triage_reason = state, WhyTriage.PASSED.value
    if _bounces(session, complaint):
        _call_the_leader(session, speech, complaint, now)
    _tell_the_citizen(session, speech, handbook, complaint, unit_id, now)
    return None


def bring_due_near(
    session: Session, handbook: Handbook, complaint: Complaint, writer: Writer, *, now: datetime
) -> Refusal | None:
    """Demo only: the complaint falls due in 45 seconds, so that an alert can be watched. A new deadline, told anew."""
    state = decide(Act.BRING_NEAR, complaint.stands, writer.duties, has_office=complaint.office_id is not None)
    if isinstance(state, Refusal):
        return state
    complaint.due_at, complaint.stage = now + NEAR, ""
    complaint.deadline_version += 1
    complaint.look_at = owing.next_look(complaint, handbook, now)
    note(session, complaint.id, "due_brought_near", at=now, official_id=writer.id, due=complaint.due_at.isoformat())
    return None


def hops(session: Session, complaint: Complaint) -> int:
    """How often it was passed on."""
    return complaints.times(session, complaint.id, "passed_on")


def _bounces(session: Session, complaint: Complaint) -> bool:
    """Whether it was passed on three times since it came, or since a leader decided on it last."""
    lines = complaints.history(session, complaint.id)
    settled = max((line.id for line in lines if line.details.get("settled")), default=0)
    return len([line for line in lines if line.kind == "passed_on" and line.id > settled]) >= BOUNCES


def _call_the_leader(session: Session, speech: Speech, complaint: Complaint, now: datetime) -> None:
    """From now on it lies with the leader of its unit, who hears of it by text."""
    complaint.triage_reason = WhyTriage.BOUNCED.value
    times = hops(session, complaint)
    for leader in officials.with_phone(session, complaint.unit_id, (Duty.LEADER,)):
        envelope = Envelope(f"bounced:{complaint.id}:{times}:{leader.phone}", Lane.REMINDER, complaint.id)
        tell_official(session, speech, leader, Bounced(complaint.reference or "", times), envelope, now=now)


def _tell_the_citizen(
    session: Session, speech: Speech, handbook: Handbook, complaint: Complaint, to: int, now: datetime
) -> None:
    """However often it is passed on, once."""
    notice = PassedOn(complaint.reference or "", handbook.name_of(to), promised(complaint, handbook))
    provider = complaints.provider_of(session, complaint.id)
    envelope = Envelope(f"passed:{complaint.id}", Lane.ANSWER, complaint.id, provider=provider)
    tell_citizen(session, speech, complaint.citizen, notice, envelope, now=now)


def _check_office(handbook: Handbook, complaint: Complaint, office_id: int | None) -> None:
    office = handbook.places.get(office_id or 0)
    if (
        office is None
        or office.kind != "office"
        or office.parent_id != complaint.unit_id
        or office.id == complaint.office_id
    ):
        raise WrongDeskError(office_id)


def _note_hop(
    session: Session, handbook: Handbook, complaint: Complaint, writer: Writer, to: int, reason: str, now: datetime
) -> None:
    words = " ".join(reason.split())
    if not words:
        raise NoReasonError
    left, reached = handbook.name_of(complaint.office_id or complaint.unit_id), handbook.name_of(to)
    _tell_anew(complaint, now)
    note(session, complaint.id, "passed_on", at=now, official_id=writer.id, words=words, left=left, reached=reached)


def _tell_anew(complaint: Complaint, now: datetime) -> None:
    """Whoever has it now hears of the stages already reached, and has yet to open it. A clock that stands goes on standing."""
    complaint.unopened_since = now
    owing.tell_anew(complaint)
    if complaint.paused_at is None:
        complaint.look_at = now
