"""Alerts that wait to be told: which are there, whose, and that they were told."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, select, text, update
from sqlalchemy.orm import Session, joinedload

from smsgw.store.database import insert_once
from smsgw.store.tables import ALERT_WAITS, AlertRow


def lay(session: Session, row: dict[str, object]) -> bool:
    """Adds an alert unless one with its key is there already; whether it was added."""
    return insert_once(session, AlertRow, row) is not None


def whose(session: Session, *, urgent: bool, limit: int) -> Sequence[int]:
    """Officials for whom an alert waits that is to be told at once."""
    query = select(AlertRow.official_id).where(*_pending(waits=False), AlertRow.urgent.is_(urgent))
    return session.scalars(query.distinct().limit(limit)).all()


def take(session: Session, official_id: int, *, urgent: bool) -> Sequence[AlertRow]:
    """This official's alerts to be told at once, taken for a change; rows that another clock holds are skipped (PostgreSQL)."""
    mine = AlertRow.urgent.is_(urgent), AlertRow.official_id == official_id
    return session.scalars(_to_change(select(AlertRow).where(*_pending(waits=False), *mine))).all()


def take_waiting(session: Session, officials: Collection[int]) -> Sequence[AlertRow]:
    """What waits for the digest of these, taken for a change."""
    mine = AlertRow.official_id.in_(officials)
    return session.scalars(_to_change(select(AlertRow).where(*_pending(waits=True), mine))).all()


def waiting(session: Session, officials: Collection[int]) -> Sequence[AlertRow]:
    """The same, only looked at."""
    query = select(AlertRow).where(*_pending(waits=True), AlertRow.official_id.in_(officials))
    return session.scalars(query.options(joinedload(AlertRow.complaint)).order_by(AlertRow.id)).all()


def told(session: Session, ids: Collection[int], outbox_id: int | None, now: datetime) -> None:
    """These were told by this text; without one there was nothing left to tell."""
    mine = update(AlertRow).where(AlertRow.id.in_(ids)).values(told_at=now, outbox_id=outbox_id)
    session.execute(mine, execution_options={"synchronize_session": False})


def was_found_unopened(session: Session, complaint_id: int, since: datetime) -> bool:
    """Whether it was said that nobody has opened this case since then."""
    of_it = AlertRow.complaint_id == complaint_id, AlertRow.stage == "unopened", AlertRow.due_at == since
    return bool(session.scalar(select(exists().where(*of_it))))


def _pending(*, waits: bool) -> tuple[ColumnElement[bool], ...]:
    return text(ALERT_WAITS), AlertRow.waits.is_(waits)  # type: ignore[return-value]


def _to_change(query: Select[AlertRow]) -> Select[AlertRow]:
    with_complaint = query.options(joinedload(AlertRow.complaint)).order_by(AlertRow.id)
    return with_complaint.with_for_update(skip_locked=True, key_share=True, of=AlertRow)
