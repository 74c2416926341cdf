"""What reports and the public page count: complaints with the moment each was settled."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, case, func, literal, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from smsgw.domain.statistics import Matter
from smsgw.store.database import Database
from smsgw.store.tables import Complaint, Event, Utc

CLOSED_OTHERWISE = ("withdrawn", "refused")


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


def matters(session: Session, begins: datetime, ends: datetime) -> list[Matter]:
    """Complaints received before `ends` and not settled before `begins`."""
    settled = _settled_at()
    query = select(
        Complaint.received_at, Complaint.due_at, settled, Complaint.category, Complaint.state == "answered"
    ).where(Complaint.received_at < ends, or_(settled.is_(None), settled >= begins))
    return [Matter(*row) for row in session.execute(query)]


def open_figures(session: Session, since: datetime, now: datetime) -> OpenFigures:
    """Sums of everything received since a moment, by the database."""
    late = case((Complaint.due_at < func.coalesce(_settled_at(), literal(now, Utc())), 1), else_=0)
    answered = case((Complaint.state == "answered", 1), else_=0)
    query = select(func.count(), func.sum(answered), func.sum(late)).where(Complaint.received_at >= since)
    return OpenFigures(*(int(count or 0) for count in session.execute(query).one()))


def figures_if_any(database: Database, since: datetime, now: datetime) -> OpenFigures | None:
    """The same, or None while the database is away: a page that says more than figures need not fail with it."""
    try:
        with database.read() as session:
            return open_figures(session, since, now)
    except SQLAlchemyError:
        return None


def _settled_at() -> ColumnElement[datetime | None]:
    """When the office was done: answered, else withdrawn or refused as its history says; NULL while in hand."""
    return case(
        (Complaint.state == "answered", Complaint.answered_at),
        (Complaint.state.in_(CLOSED_OTHERWISE), _closed_at()),
    )


def _closed_at() -> ScalarSelect[datetime]:
    last = select(func.max(Event.at)).where(Event.complaint_id == Complaint.id, Event.kind == Complaint.state)
    return last.correlate(Complaint).scalar_subquery()
