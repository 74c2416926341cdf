"""More time that was asked for: the open request of a complaint, and how often it was granted."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from smsgw.store.tables import Extension


def asked(session: Session, complaint_id: int, *, to_change: bool = False) -> Extension | None:
    """The request that nobody has decided on; a complaint has one at most."""
    query = select(Extension).where(Extension.complaint_id == complaint_id, Extension.state == "asked")
    if to_change:
        return session.scalars(query.with_for_update(key_share=True)).one_or_none()
    return session.scalars(query.options(joinedload(Extension.asker))).one_or_none()


def let_lapse(session: Session, complaint_id: int, now: datetime) -> None:
    """The term of which more was asked for is over: nobody grants it any more."""
    open_wish = update(Extension).where(Extension.complaint_id == complaint_id, Extension.state == "asked")
    session.execute(open_wish.values(state="refused", decided_at=now))


def of(session: Session, complaint_id: int) -> Sequence[Extension]:
    """Every request, oldest first."""
    query = select(Extension).where(Extension.complaint_id == complaint_id)
    return session.scalars(query.order_by(Extension.id)).all()


def granted(session: Session, complaint_id: int) -> int:
    """How often more time was given."""
    query = select(func.count()).where(Extension.complaint_id == complaint_id, Extension.state == "granted")
    return session.scalar(query) or 0
