"""Which complaints a clock must look at, and which are past their due moment; what has not come costs nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from smsgw.store.tables import IS_OPEN, Complaint, Unit


@dataclass(frozen=True, slots=True)
class Due:
    """One such complaint; `source` is where its deadline comes from."""

    reference: str
    due_at: datetime
    state: str
    unit: str
    source: str


def to_look_at(session: Session, now: datetime, limit: int) -> Sequence[Complaint]:
    """Those whose moment has come, longest ago first, taken for a change. Rows that another clock holds are skipped
    (PostgreSQL); on SQLite only one clock writes at a time."""
    query = select(Complaint).where(Complaint.look_at.is_not(None), Complaint.look_at <= now)
    ordered = query.order_by(Complaint.look_at, Complaint.id).limit(limit)
    return session.scalars(ordered.with_for_update(skip_locked=True, of=Complaint)).all()


def looked_at_by(session: Session, at: datetime) -> Sequence[Complaint]:
    """Those that a clock would look at until then, first due first; nothing is taken."""
    query = select(Complaint).where(Complaint.look_at.is_not(None), Complaint.look_at <= at)
    return session.scalars(query.order_by(Complaint.due_at, Complaint.id)).all()


def due_by(session: Session, at: datetime) -> list[Due]:
    """Those whose due moment has come by then, longest overdue first."""
    query = (
        select(Complaint.reference, Complaint.due_at, Complaint.state, Unit.name, Complaint.due_source)
        .join(Unit, Unit.id == Complaint.unit_id)
        .where(text(IS_OPEN), Complaint.due_at <= at)
        .order_by(Complaint.due_at, Complaint.id)
    )
    return [
        Due(reference or "", due, state, unit, source)
        for reference, due, state, unit, source in session.execute(query)
        if due
    ]
