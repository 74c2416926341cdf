"""Which open complaints are past their due moment."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from smsgw.store.tables import OPEN_STATES, Complaint, Unit


@dataclass(frozen=True, slots=True)
class Due:
    """One such complaint; `source` is where its deadline comes from."""

    reference: str
    due_at: datetime
    state: str
    unit: str
    source: str


def due_by(session: Session, at: datetime) -> list[Due]:
    """Those whose due moment has come by then, longest overdue first."""
    query = (
        select(Complaint.reference, Complaint.due_at, Complaint.state, Unit.name, Complaint.due_source)
        .join(Unit, Unit.id == Complaint.unit_id)
        .where(Complaint.state.in_(OPEN_STATES), Complaint.merged_into_id.is_(None), Complaint.due_at <= at)
        .order_by(Complaint.due_at, Complaint.id)
    )
    return [
        Due(reference or "", due, state, unit, source)
        for reference, due, state, unit, source in session.execute(query)
        if due
    ]
