"""Answers that wait for a word of their citizen: whether they arrived, whose time is over, and what came of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, func, or_, select, text
from sqlalchemy.orm import Session, joinedload

from smsgw.domain.calls import Standing, Unheard
from smsgw.domain.histories import CALLED_BACK
from smsgw.domain.verdicts import Verdict
from smsgw.store.officials import Scope
from smsgw.store.tables import (
    A_DEED,
    OUTCOMES,
    SAID_AGAIN,
    TO_LOOK_AT,
    VERDICT_COMES,
    Call,
    Complaint,
    Event,
    Outgoing,
)

PAGE = 50
KINDS = (
    "answered",
    "confirmed",
    "not_done",
    "unclear",
    "reopened",
    "raised",
    "closed_silent",
    "closed_unasked",
    "refused",
)
_DESK = (Complaint.unit_id, Complaint.office_id)
NOBODY_KNOWS = ("delivery_unknown", "cancelled")


class Arrived(StrEnum):
    """Whether an answer reached its citizen: by text or told by phone; nobody knows or ever will; not yet known; not at
    all, and somebody must phone."""

    YES = "yes"
    UNKNOWN = "unknown"
    NOT_YET = "not_yet"
    MUST_PHONE = "must_phone"


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of it, and since when."""

    arrived: Arrived
    at: datetime | None = None


def come_due(session: Session, now: datetime, limit: int) -> Sequence[Complaint]:
    """Complaints whose answer the clock must look at, oldest first, to change; those that somebody else holds are skipped."""
    due = text(VERDICT_COMES), Complaint.verdict_at <= now
    query = select(Complaint).where(*due).order_by(Complaint.verdict_at, Complaint.id).limit(limit)
    return session.scalars(query.with_for_update(skip_locked=True, key_share=True, of=Complaint)).all()


def arrival(session: Session, complaint: Complaint) -> Arrival:
    """Of the answer given last to this citizen, under the complaint's own number or, where their phone was told once for
    several, under that of one handled with it."""
    open_call = select(Call.id).where(
        Call.complaint_id == complaint.id, Call.state == Standing.OPEN, Call.unheard == Unheard.ANSWER
    )
    if session.scalar(open_call.limit(1)):
        return Arrival(Arrived.MUST_PHONE)
    letter = session.scalars(_letters(complaint).order_by(Outgoing.id.desc()).limit(1)).one_or_none()
    if letter is None:
        return Arrival(Arrived.UNKNOWN, complaint.answered_at)
    if letter.state == "delivered":
        return Arrival(Arrived.YES, letter.settled_at)
    call = session.scalars(select(Call).where(Call.outbox_id == letter.id)).one_or_none()
    if call and call.state in (Standing.TOLD, Standing.ARRIVED):
        return Arrival(Arrived.YES, call.closed_at)
    if call and call.state == Standing.OPEN:
        return Arrival(Arrived.MUST_PHONE)
    if call or letter.state in NOBODY_KNOWS:
        return Arrival(Arrived.UNKNOWN, call.closed_at if call else letter.settled_at or complaint.answered_at)
    return Arrival(Arrived.NOT_YET)


def _letters(complaint: Complaint) -> Select[Outgoing]:
    mine = [complaint.id, *([complaint.merged_into_id] if complaint.merged_into_id else [])]
    together = select(Complaint.id).where(or_(Complaint.id.in_(mine), Complaint.merged_into_id.in_(mine)))
    return select(Outgoing).where(
        Outgoing.complaint_id.in_(together),
        Outgoing.kind == "OfficeAnswer",
        Outgoing.recipient == complaint.citizen.phone,
    )


def to_look_at(session: Session, scope: Scope) -> Sequence[Complaint]:
    """What a person must look at before it closes, longest first."""
    return _listed(session, scope, text(TO_LOOK_AT), Complaint.held_at)


def said_again(session: Session, scope: Scope) -> Sequence[Complaint]:
    """What its citizen said twice or more is not done, and is being handled."""
    return _listed(session, scope, text(SAID_AGAIN), Complaint.due_at)


def to_explain(session: Session, scope: Scope) -> Sequence[Complaint]:
    """What is being handled because its answer was unclear."""
    return _listed(
        session, scope, (Complaint.state == "assigned") & (Complaint.verdict == Verdict.UNCLEAR), Complaint.due_at
    )


def _listed(session: Session, scope: Scope, which: object, order: object) -> Sequence[Complaint]:
    people = joinedload(Complaint.citizen), joinedload(Complaint.unit), joinedload(Complaint.office)
    query = select(Complaint).where(which, scope.condition()).options(*people)  # type: ignore[arg-type]
    return session.scalars(query.order_by(order, Complaint.id).limit(PAGE)).all()  # type: ignore[arg-type]


def waiting_for_officials(session: Session, scope: Scope) -> int:
    """How many lie on the lists that somebody above the office must see: to look at, and said not done twice. They are few:
    the scope is held against each here, so that the database takes the index of just those rows."""
    where = [session.execute(select(*_DESK).where(text(which))) for which in (TO_LOOK_AT, SAID_AGAIN)]
    return sum(_is_within(scope, *row) for rows in where for row in rows)


def counted(session: Session, begins: datetime, ends: datetime, scope: Scope | None = None) -> Mapping[str, int]:
    """What came of answers from `begins` until before `ends`: how many lines of the histories there are, by kind. Of one
    complaint there may be several of a kind."""
    query = select(Event.kind, func.count(), *_DESK).join(Complaint, Complaint.id == Event.complaint_id)
    query = query.where(text(OUTCOMES), Event.at >= begins, Event.at < ends).group_by(Event.kind, *_DESK)
    found = dict.fromkeys(KINDS, 0)
    for kind, count, unit_id, office_id in session.execute(query):
        if scope is None or _is_within(scope, unit_id, office_id):
            found[kind] += count
    found["answered"] -= _called_back(session, begins, ends, scope)
    return found


def _called_back(session: Session, begins: datetime, ends: datetime, scope: Scope | None) -> int:
    """How many of these answers nobody got: their writers thought better of them within a minute."""
    query = select(func.count(Event.id), *_DESK).join(Complaint, Complaint.id == Event.complaint_id)
    query = query.where(text(A_DEED), Event.kind == CALLED_BACK, Event.at >= begins, Event.at < ends).group_by(*_DESK)
    rows = session.execute(query)
    return sum(count for count, unit, office in rows if scope is None or _is_within(scope, unit, office))


def _is_within(scope: Scope, unit_id: int, office_id: int | None) -> bool:
    return unit_id in scope.units or office_id in scope.offices


def was_reopened(session: Session, complaint_id: int) -> bool:
    """Whether it was ever opened again."""
    line = select(Event.id).where(Event.complaint_id == complaint_id, Event.kind == "reopened").limit(1)
    return session.scalar(line) is not None
