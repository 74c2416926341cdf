"""What the leader's picture is summed up from: counts by the database, and the moments between which time is measured."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Integer, Select, Text, case, cast, extract, false, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from smsgw.domain.candour import BULK, LATE, PROLONGED, SERIAL, WATCHED, WITHIN, is_out_of_order
from smsgw.domain.histories import ANSWERED, CALLED_BACK, SETTLES
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
WAS_CHECKED = '%"lacks": %'  # an answer that somebody wrote, and not one that went out with another complaint's
Chosen = TypeVarTuple("Chosen")
Between = tuple[Where, float, float]  # seconds since 1970: of many thousands, moments cost more than all the rest


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
    query = select(
        *_where(begins), extract("epoch", Complaint.received_at), extract("epoch", Complaint.answered_at)
    ).where(
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
    moments = extract("epoch", Complaint.received_at), extract("epoch", first.c.at)
    query = select(*_where(begins), *moments).join(first, first.c.complaint_id == Complaint.id)
    return list(_between(session.execute(query.where(is_counted(), scope.condition()))))


def times_done(session: Session, scope: Scope | None, begins: datetime, moment: datetime) -> dict[str, int]:
    """To how many complaints each kind of deed was done in the period."""
    query = _lines(select(Event.kind, func.count(Event.complaint_id.distinct())), scope)
    return dict(session.execute(query.where(*_within(begins, moment)).group_by(Event.kind)).all())


def busy_closings(
    session: Session, scope: Scope | None, begins: datetime, moment: datetime
) -> list[tuple[int, datetime]]:
    """When officials closed complaints who closed many in a short time; an answer that went out with another complaint's
    took no act of its own. Who closed ten within ten minutes closed five within one stretch of the clock."""
    own = or_(Event.kind != ANSWERED, Event.note == "", cast(Event.details, Text).like(WAS_CHECKED))
    closed = Event.kind.in_(SETTLES), Event.official_id.is_not(None), own, _stood(), *_within(begins, moment)
    stretch = cast(extract("epoch", Event.at) / WITHIN.total_seconds(), Integer)
    busy = _lines(select(Event.official_id), scope).where(*closed).group_by(Event.official_id, stretch)
    busy = busy.having(func.count() >= BULK // 2)
    found = _lines(select(Event.official_id, Event.at), scope).where(*closed, Event.official_id.in_(busy))
    return [(official_id, at) for official_id, at in session.execute(found) if official_id is not None]


def out_of_order(session: Session, scope: Scope | None, begins: datetime, moment: datetime) -> int:
    """How many lines tell an earlier time than one that was written before them, or were written once later ones were."""
    before = func.max(Event.at).over(order_by=Event.id, rows=(None, -1)).label("before")
    lines = _lines(select(Event.id, Event.at, before), scope).where(*_within(begins, moment)).subquery()
    after = select(func.min(Event.id)).where(DEED, Event.kind.in_(WATCHED), Event.at >= moment + LATE)
    first_after = session.scalar(after)
    late = (lines.c.id > first_after) if first_after else false()
    suspect = session.execute(select(lines.c.at, lines.c.before, late).where((lines.c.at < lines.c.before) | late))
    return sum(bool(is_late) or is_out_of_order(at, newest) for at, newest, is_late in suspect)


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
        Event.kind == ANSWERED,
        Event.at >= begins,
        Event.at < moment,
        cast(Event.details, Text).like(FOUND_LACKING),
        _stood(),
    )
    return session.scalar(said) or 0


def _stood() -> ColumnElement[bool]:
    """Whether an answer was not called back before it went out: the next line of either kind would say so."""
    later = aliased(Event)
    follows = later.complaint_id == Event.complaint_id, later.id > Event.id, later.kind.in_((ANSWERED, CALLED_BACK))
    next_kind = select(later.kind).where(*follows).order_by(later.id).limit(1).correlate(Event).scalar_subquery()
    return or_(Event.kind != ANSWERED, func.coalesce(next_kind, "") != CALLED_BACK)


def _within(begins: datetime, moment: datetime) -> tuple[ColumnElement[bool], ...]:
    return Event.kind.in_(WATCHED), Event.at >= begins, Event.at < moment


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
        yield Where(*row[:4]), float(row[4]), float(row[5])
