"""What the leader's picture is summed up from: counts by the database, and the moments between which time is measured."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVarTuple

from sqlalchemy import Select, Text, case, cast, func, literal, select
from sqlalchemy.orm import Session

from smsgw.domain.candour import PROLONGED, SERIAL, WATCHED, Deed
from smsgw.domain.histories import ANSWERED
from smsgw.domain.picture import Count, Where, count_of, step_of
from smsgw.store.figures import (
    DEED,
    Then,
    as_they_stood,
    changed_since,
    in_period,
    is_answered,
    is_counted,
    settled_at,
)
from smsgw.store.officials import Scope
from smsgw.store.tables import Complaint, Event, Utc

FOUND_LACKING = '%"lacks": ["%'
Chosen = TypeVarTuple("Chosen")
Between = tuple[Where, datetime, datetime]


def counts(
    session: Session, scope: Scope, begins: Sequence[datetime], moment: datetime, near: datetime
) -> list[tuple[Where, Count]]:
    """How complaints of a period stand at `moment`; `begins` are the first moments of its parts, `near` is up to when a due
    moment is nearly there."""
    settled, due = settled_at(), Complaint.due_at
    is_done = settled.is_not(None) & (settled < moment)
    is_late = due.is_not(None) & (due < case((is_done, settled), else_=literal(moment, Utc())))
    is_soon = due.is_not(None) & (due <= near)
    columns = (
        Complaint.received_at >= begins[0],
        Complaint.received_at < begins[0],
        ~is_done & is_late,
        ~is_done & ~is_late & is_soon,
        ~is_done & ~is_late & ~is_soon,
        is_done & is_late,
        is_done & ~is_late,
        is_done & is_answered(),
    )
    keys, changed = _where(begins), changed_since(session, moment, scope)
    query = select(*keys, *(func.sum(case((column, 1), else_=0)) for column in columns))
    query = query.where(*in_period(begins[0], moment, scope), Complaint.id.not_in(changed)).group_by(*keys)
    now = [(Where(*row[:4]), Count(*(int(count) for count in row[4:]))) for row in session.execute(query)]
    return now + [_count(then, begins, moment, near) for then in as_they_stood(session, changed, moment)]


def _count(then: Then, begins: Sequence[datetime], moment: datetime, near: datetime) -> tuple[Where, Count]:
    matter = then.matter
    where = Where(then.unit_id, then.office_id, matter.category, step_of(matter.received_at, begins))
    return where, count_of(matter, begins[0], moment, near)


def answers(session: Session, scope: Scope, begins: Sequence[datetime], moment: datetime) -> list[Between]:
    """Of complaints answered in the period: from when they were received until the answer."""
    query = select(*_where(begins), Complaint.received_at, Complaint.answered_at).where(
        Complaint.answered_at >= begins[0],
        Complaint.answered_at < moment,
        is_answered(),
        is_counted(),
        scope.condition(),
    )
    return list(_between(session.execute(query)))


def passed_on(session: Session, scope: Scope, begins: Sequence[datetime], moment: datetime) -> list[Between]:
    """Of complaints that people brought to an office in the period: from when they were received until the first did."""
    first = (
        select(Event.complaint_id, func.min(Event.at).label("at"))
        .where(DEED, Event.kind == "routed", Event.official_id.is_not(None), Event.at >= begins[0], Event.at < moment)
        .group_by(Event.complaint_id)
        .subquery()
    )
    query = select(*_where(begins), Complaint.received_at, first.c.at).join(first, first.c.complaint_id == Complaint.id)
    return list(_between(session.execute(query.where(is_counted(), scope.condition()))))


def deeds(session: Session, scope: Scope | None, begins: datetime, moment: datetime) -> list[Deed]:
    """What was done in the period that figures can be dressed up with, in the order it was written."""
    query = _lines(
        select(Event.id, Event.complaint_id, Event.kind, Event.official_id, Event.at, Event.note != ""), scope
    )
    when = Event.at >= begins, Event.at < moment
    rows = session.execute(query.where(Event.kind.in_(WATCHED), *when).order_by(Event.id))
    return [Deed(*row[:5], row.kind == ANSWERED and bool(row[5])) for row in rows]


def first_after(session: Session, moment: datetime) -> int | None:
    """The id of the first line of a deed that was done then or later."""
    return session.scalar(select(func.min(Event.id)).where(DEED, Event.kind.in_(WATCHED), Event.at >= moment))


def prolonged_serially(session: Session, scope: Scope | None, begins: datetime, moment: datetime) -> int:
    """How many complaints got more time in the period that had got some before."""
    lately = select(Event.complaint_id).where(DEED, Event.kind == PROLONGED, Event.at >= begins, Event.at < moment)
    often = _lines(select(Event.complaint_id), scope).where(
        Event.kind == PROLONGED, Event.at < moment, Event.complaint_id.in_(lately)
    )
    found = often.group_by(Event.complaint_id).having(func.count() >= SERIAL).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def answers_that_lack(session: Session, scope: Scope | None, begins: datetime, moment: datetime) -> int:
    """How many answers of the period went out though the check found something lacking."""
    said = _lines(select(func.count(Event.complaint_id.distinct())), scope).where(
        Event.kind == ANSWERED, Event.at >= begins, Event.at < moment, cast(Event.details, Text).like(FOUND_LACKING)
    )
    return session.scalar(said) or 0


def _lines(query: Select[*Chosen], scope: Scope | None) -> Select[*Chosen]:
    """Only lines of complaints that count, within the scope."""
    query = query.join(Complaint, Complaint.id == Event.complaint_id).where(DEED, is_counted())
    return query.where(scope.condition()) if scope else query


def _where(begins: Sequence[datetime]) -> tuple[Any, ...]:
    """What complaints are counted together by."""
    ends = [*begins[1:]]
    step = case(
        (Complaint.received_at < begins[0], -1),
        *((Complaint.received_at < end, number) for number, end in enumerate(ends)),
        else_=len(ends),
    )
    return Complaint.unit_id, Complaint.office_id, Complaint.category, step.label("step")


def _between(rows: Iterable[Any]) -> Iterator[Between]:
    for row in rows:
        yield Where(*row[:4]), row[4], row[5]
