"""Which complaints a clock must look at, and which are past their due moment; what has not come costs nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, Select, and_, literal_column, or_, select, text
from sqlalchemy.orm import Session

from smsgw.store.tables import IS_OPEN, Complaint, Unit

PAGE = 500


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
    alone = Complaint.merged_into_id.is_(None)
    query = select(Complaint).where(Complaint.look_at.is_not(None), Complaint.look_at <= now, alone)
    ordered = query.order_by(Complaint.look_at, Complaint.id).limit(_plainly(limit))
    return session.scalars(ordered.with_for_update(skip_locked=True, key_share=True, of=Complaint)).all()


def waits(session: Session, now: datetime) -> bool:
    """Whether the moment of any has come, and nobody has looked yet."""
    alone = Complaint.merged_into_id.is_(None)
    query = select(Complaint.id).where(Complaint.look_at.is_not(None), Complaint.look_at <= now, alone)
    return session.scalar(query.limit(1)) is not None


def looked_at_by(session: Session, at: datetime) -> Sequence[Complaint]:
    """Those that a clock would look at until then, first due first; nothing is taken."""
    alone = Complaint.merged_into_id.is_(None)
    query = select(Complaint).where(Complaint.look_at.is_not(None), Complaint.look_at <= at, alone)
    return session.scalars(query.order_by(Complaint.due_at, Complaint.id)).all()


def due_by(session: Session, at: datetime) -> list[Due]:
    """Those whose due moment has come by then, longest overdue first.

    Page by page: PostgreSQL, which thinks that as many open matters as closed ones lie in the past, would else read the
    whole table for them.
    """
    found: list[Due] = []
    after: tuple[datetime, int] | None = None
    while True:
        page = session.execute(_page(at, after)).all()
        found += [
            Due(reference or "", due, state, unit, source) for _, reference, due, state, unit, source in page if due
        ]
        if len(page) < PAGE:
            return found
        after = page[-1].due_at, page[-1].id


def _page(at: datetime, after: tuple[datetime, int] | None) -> Select[int, str | None, datetime | None, str, str, str]:
    columns = Complaint.id, Complaint.reference, Complaint.due_at, Complaint.state, Unit.name, Complaint.due_source
    fallen = text(IS_OPEN), Complaint.merged_into_id.is_(None), Complaint.due_at <= at
    query = select(*columns).join(Unit, Unit.id == Complaint.unit_id).where(*fallen)
    if after:
        due, row_id = after
        query = query.where(or_(Complaint.due_at > due, and_(Complaint.due_at == due, Complaint.id > row_id)))
        query = query.where(Complaint.due_at >= due)
    return query.order_by(Complaint.due_at, Complaint.id).limit(_plainly(PAGE))


def _plainly(limit: int) -> ColumnElement[int]:
    """Written into the statement: PostgreSQL, which prepares what it hears often, plans a bound limit for a tenth of the
    table."""
    return literal_column(str(int(limit)), Integer)
