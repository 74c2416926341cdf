"""What open figures are reckoned from: complaints without a word of anybody's."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from smsgw.domain.histories import REOPENED
from smsgw.store.figures import DEED, is_answered, is_counted, settled_at
from smsgw.store.tables import Complaint, Event, Unit


class Told(NamedTuple):
    """One complaint: where, in which field, when, and how it ended."""

    unit: str
    unit_name: str
    field: str | None
    received_at: datetime
    due_at: datetime | None
    settled_at: datetime | None
    answered_at: datetime | None
    rating: int | None
    reopened: bool


def received(session: Session, begins: datetime, ends: datetime) -> list[Told]:
    """Those received from one moment until before another."""
    reopened = select(Event.complaint_id).where(DEED, Event.kind == REOPENED, Event.at >= begins)
    query = (
        select(
            Unit.code,
            Unit.name,
            Complaint.category,
            Complaint.received_at,
            Complaint.due_at,
            settled_at(),
            case((is_answered(), Complaint.answered_at)),
            Complaint.rating,
            case((Complaint.id.in_(reopened), 1), else_=0),
        )
        .join(Unit, Unit.id == Complaint.unit_id)
        .where(Complaint.received_at >= begins, Complaint.received_at < ends, is_counted())
    )
    return [Told._make((*row[:-1], bool(row[-1]))) for row in session.execute(query)]
