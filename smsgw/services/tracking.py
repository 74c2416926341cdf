"""What a citizen does to a complaint already sent: add, ask, rate, withdraw."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from smsgw.domain.behalf import Speaker, speaker
from smsgw.domain.categories import CategoryCode
from smsgw.domain.coaching import Question
from smsgw.domain.notices import StatusReport
from smsgw.domain.progress import Act, Party, Refusal, State, decide
from smsgw.domain.reference import near_misses
from smsgw.domain.routing import MENDED_BY_MORE_WORDS
from smsgw.domain.understanding import Intent, Missing, Understanding
from smsgw.services import coaching, merging, pausing
from smsgw.services.filing import keeps_from_others, promised, reopen
from smsgw.services.handbook import Handbook
from smsgw.services.history import note
from smsgw.store import searching
from smsgw.store.inbox import Arrived
from smsgw.store.tables import OPEN_STATES, Complaint, Event, Inbound

TOLD = ("added", "filled")  # lines of a history that quote the citizen


def named(complaints: Sequence[Complaint], reference: str) -> Complaint | None:
    """The citizen's own complaint with this reference."""
    return next((c for c in complaints if c.reference == reference), None)


def meant(complaints: Sequence[Complaint], typed: str) -> str:
    """The citizen's own reference that is one slip away from the typed one; else empty."""
    slips = set(near_misses(typed))
    return next((c.reference for c in complaints if c.reference in slips), "") or ""


def in_sight(complaints: Sequence[Complaint]) -> Sequence[Complaint]:
    """Those of which somebody may be told who does not give their reference: phones are shared."""
    return [c for c in complaints if not c.private]


def standing(complaint: Complaint, handbook: Handbook) -> StatusReport:
    """Where it stands, or where that stands which it is handled with; of an emergency no date is promised."""
    goes_on = complaint.main if complaint.main and complaint.main.state in OPEN_STATES else complaint
    state = (
        "assigned" if goes_on is not complaint and goes_on.state == "waiting" else goes_on.state
    )  # others were asked
    return StatusReport(
        reference=complaint.reference or "",
        state=state if complaint.state in OPEN_STATES else _closed_or(complaint),
        due=promised(complaint, handbook),
        office=handbook.name_of(goes_on.office_id),
        dated=not complaint.emergency,
    )


def _closed_or(complaint: Complaint) -> str:
    return "closed" if complaint.stands is State.CLOSED else complaint.state


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
    *,
    replies: bool = True,
) -> Question | None:
    """A later text joins: it fills gaps, a case that waited for it goes on, an answered one is opened again so that a
    person reads it. A case in triage may find its office. The question to ask next, if any;
    `replies` is whether the text was written after we were heard: only then nobody waits for the citizen any more, unless
    what was written before answers the question all the same."""
    before = complaint.unit_id, complaint.place
    category = complaint.category or read.category
    note(session, complaint.id, "added", at=now, words=text.body, inbound_id=text.id, category=category)
    _speaks(complaint, speaker(text.body, text.sender))
    complaint.sensitive = complaint.sensitive or bool(read.sensitive)
    complaint.urgent = complaint.urgent or read.urgent
    if replies:
        pausing.resume(session, handbook, complaint, pausing.Why.REPLIED, now=now)
    asks = coaching.learn(session, handbook, complaint, text, read, now, replies=replies)
    complaint.category = category
    complaint.private = complaint.private or keeps_from_others(read, complaint.category, handbook)
    if complaint.state == "waiting" and (replies or not complaint.asking):
        complaint.state = "assigned" if complaint.office_id else "received"
    elif complaint.state == "answered":
        reopen(session, handbook, complaint, now)
    if complaint.state == "received":
        _route_again(session, handbook, complaint, read, now)
    complaint.place = complaint.place or read.place_text
    if (complaint.unit_id, complaint.place) != before:
        searching.keep(session, complaint, unit_before=before[0])
    return asks


def merge(
    session: Session, handbook: Handbook, new: Complaint, old: Complaint, read: Understanding, now: datetime
) -> Question | None:
    """What a text opened turns out to belong to an older complaint: the text moves there with all it tells, and what it
    opened is closed without a word of it, its history saying where it went: whoever seals the older one has all of it. The
    question to ask next about the older one, if any."""
    first = session.scalars(select(Inbound).where(Inbound.complaint_id == new.id).order_by(Inbound.id)).first()
    session.execute(update(Inbound).where(Inbound.complaint_id == new.id).values(complaint_id=old.id))
    told = Event.complaint_id == new.id, Event.kind.in_(TOLD)
    session.execute(update(Event).where(*told).values(complaint_id=old.id))
    coaching.keep(old, new.facts or {})
    moved = Arrived(first.id if first else 0, "", "", new.citizen.phone, new.text, new.received_at)
    asks = add(session, handbook, old, moved, read, now)
    new.state, new.look_at, new.asking, new.asking_until = "withdrawn", None, "", None
    new.text, new.place, new.reasons, new.facts, new.about_phone = "", None, [], {}, ""
    searching.keep(session, new)
    searching.keep(session, old)
    note(session, new.id, "joined", at=now, other=old.reference)
    return asks


def told_in(complaint: Complaint) -> Understanding:
    """What was read in a complaint's text when it was opened, as far as it is kept."""
    return Understanding(
        intent=Intent.NEW_COMPLAINT,
        category=CategoryCode(complaint.category) if complaint.category else None,
        category_confidence=1.0 if complaint.category else 0.0,
        ward=complaint.ward,
        place_text=complaint.place,
        missing=frozenset(Missing(gap) for gap in complaint.missing),
        urgent=complaint.urgent,
    )


def _speaks(complaint: Complaint, spoken: Speaker) -> None:
    """Whom it is about may be told later, and so may the wish to be kept from others; neither is taken back."""
    complaint.on_behalf = complaint.on_behalf or spoken.for_another
    complaint.about_phone = complaint.about_phone or spoken.phone
    complaint.private = complaint.private or spoken.quiet


def _route_again(
    session: Session, handbook: Handbook, complaint: Complaint, read: Understanding, now: datetime
) -> None:
    """Field and place may now be known: then the matrix decides, as it would have for the first text. What is handled with
    another complaint lies where that does."""
    goes_on_with = complaint.main and complaint.main.state in OPEN_STATES
    if complaint.triage_reason not in MENDED_BY_MORE_WORDS or goes_on_with:
        return
    known_unit = handbook.place(complaint.unit_id).code if complaint.ward else None
    together = replace(
        read,
        category=CategoryCode(complaint.category) if complaint.category else None,
        category_confidence=1.0,
        unit_today=read.unit_today or known_unit,
        denunciation=False,
    )
    desk = handbook.matrix.desk(together)
    if desk.office_id:
        unit_before, complaint.unit_id, complaint.office_id = complaint.unit_id, desk.unit_id, desk.office_id
        complaint.state, complaint.triage_reason = "assigned", ""
        words = handbook.name_of(desk.office_id)
        note(session, complaint.id, "routed", at=now, words=words, category=complaint.category)
        if desk.unit_id == unit_before:
            merging.take_along(session, complaint)
        else:
            merging.stay_behind(session, handbook, complaint, now)


def rate(session: Session, complaint: Complaint, score: int | None, words: str, now: datetime) -> None:
    """Keeps the score; words without one are kept as words."""
    if score is not None:
        complaint.rating, complaint.rated_at = score, now
    note(session, complaint.id, "rated", at=now, words=words, score=score)


def withdraw(session: Session, complaint: Complaint, now: datetime) -> bool:
    """The citizen takes it back; no alert comes any more. False when it was not open."""
    after = decide(Act.WITHDRAW, complaint.stands, [Party.CITIZEN], has_office=complaint.office_id is not None)
    if isinstance(after, Refusal):
        return False
    complaint.state, complaint.look_at, complaint.asking = after.value, None, ""
    note(session, complaint.id, "withdrawn", at=now)
    return True
