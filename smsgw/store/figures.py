"""What reports and the public page count: complaints with the moment each was settled."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import ColumnElement, ScalarSelect, case, func, literal, select, text, union
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from smsgw.domain.histories import CHANGES, CLOSED_OTHERWISE, NOT_COUNTED, Line, standing
from smsgw.domain.statistics import Matter
from smsgw.store.database import Database
from smsgw.store.officials import Scope
from smsgw.store.tables import A_DEED, OPEN_STATES, Complaint, Event, Unit, Utc

DEED = text(A_DEED)


@dataclass(frozen=True, slots=True)
class OpenFigures:
    """Counts anybody may see, of complaints received since a moment. `late` counts answers that came, or are, late."""

    received: int
    answered: int
    late: int

    @property
    def on_time_share(self) -> float | None:
        """0 to 1; None when nothing was received."""
        return (self.received - self.late) / self.received if self.received else None


@dataclass(frozen=True, slots=True)
class Then:
    """A complaint as it stood, and where it lies today."""

    unit_id: int
    office_id: int | None
    matter: Matter


def matters(
    session: Session, begins: datetime, ends: datetime, as_of: datetime, scope: Scope | None = None
) -> list[Matter]:
    """Complaints received before `ends` that were in hand at `begins` or later, as they stood at `as_of` or, if that is
    earlier, at `ends`. Without a scope, everybody's."""
    moment = min(as_of, ends)
    changed = changed_since(session, moment, scope)
    query = select(
        Complaint.id, Complaint.received_at, Complaint.due_at, settled_at(), Complaint.category, is_answered()
    ).where(*in_period(begins, moment, scope))
    rows = [Matter(*row[1:]) for row in session.execute(query) if row.id not in changed]
    return rows + [then.matter for then in as_they_stood(session, changed, moment)]


def in_period(begins: datetime, moment: datetime, scope: Scope | None) -> tuple[ColumnElement[bool], ...]:
    """The complaints received before a moment that were not settled before the period began, as they stand now; each way
    to be one of them has an index of its own."""
    ways = union(
        select(Complaint.id).where(Complaint.unit_id.in_(select(Unit.id)), Complaint.state.in_(OPEN_STATES)),
        select(Complaint.id).where(Complaint.received_at >= begins, Complaint.received_at < moment),
        select(Complaint.id).where(Complaint.answered_at >= begins),
        select(Event.complaint_id).where(DEED, Event.kind.in_(CLOSED_OTHERWISE), Event.at >= begins),
    )
    within = (scope.condition(),) if scope else ()
    return Complaint.id.in_(ways), Complaint.received_at < moment, is_counted(), *within


def is_counted() -> ColumnElement[bool]:
    """Whether it is a matter of its own."""
    return Complaint.id.not_in(select(Event.complaint_id).where(DEED, Event.kind.in_(NOT_COUNTED)))


def changed_since(session: Session, moment: datetime, scope: Scope | None) -> frozenset[int]:
    """Ids of complaints whose row no longer tells how they stood at a moment that is past."""
    lines = select(Event.complaint_id).where(DEED, Event.kind.in_(CHANGES), Event.at >= moment)
    query = select(Complaint.id).where(Complaint.id.in_(lines), Complaint.received_at < moment, is_counted())
    return frozenset(session.scalars(query.where(scope.condition()) if scope else query))


def as_they_stood(session: Session, ids: frozenset[int], moment: datetime) -> Iterator[Then]:
    """The same complaints by their histories."""
    query = (
        select(Event.kind, Event.at, Event.details, Complaint)
        .join(Complaint, Complaint.id == Event.complaint_id)
        .where(Event.complaint_id.in_(ids))
        .order_by(Event.complaint_id, Event.id)
    )
    rows = session.execute(query) if ids else ()
    for complaint, lines in groupby(rows, key=attrgetter("Complaint")):
        stood = standing((Line(row.kind, row.at, row.details) for row in lines), moment, complaint.due_at)
        matter = Matter(complaint.received_at, stood.due_at, stood.settled_at, complaint.category, stood.answered)
        yield Then(complaint.unit_id, complaint.office_id, matter)


def open_figures(session: Session, since: datetime, now: datetime) -> OpenFigures:
    """Sums of everything received since a moment, by the database."""
    late = case((Complaint.due_at < func.coalesce(settled_at(), literal(now, Utc())), 1), else_=0)
    answered = case((is_answered(), 1), else_=0)
    query = select(func.count(), func.sum(answered), func.sum(late)).where(Complaint.received_at >= since, is_counted())
    return OpenFigures(*(int(count or 0) for count in session.execute(query).one()))


def figures_if_any(database: Database, since: datetime, now: datetime) -> OpenFigures | None:
    """The same, or None while the database is away: a page that says more than figures need not fail with it."""
    try:
        with database.read() as session:
            return open_figures(session, since, now)
    except SQLAlchemyError:
        return None


def is_answered() -> ColumnElement[bool]:
    """Whether the answer that was given still stands, whatever became of the complaint afterwards."""
    return Complaint.answered_at.is_not(None) & Complaint.state.not_in(CLOSED_OTHERWISE)


def settled_at() -> ColumnElement[datetime | None]:
    """When the office was done: answered, else withdrawn or refused as its history says; NULL while in hand."""
    return case((Complaint.state.in_(CLOSED_OTHERWISE), _closed_at()), else_=Complaint.answered_at)


def _closed_at() -> ScalarSelect[datetime]:
    last = select(func.max(Event.at)).where(Event.complaint_id == Complaint.id, Event.kind == Complaint.state)
    return last.correlate(Complaint).scalar_subquery()
