"""Texts that belong to no complaint and that a person should glance over: none is ever thrown away unseen."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session

from smsgw.store.tables import Inbound

KEPT_IN_SIGHT = timedelta(days=30)
MOST = 200


def texts(session: Session, now: datetime) -> Sequence[Inbound]:
    """Of the last 30 days: what was set apart, then what was taken for advertising or named a complaint that is not the
    sender's; newest first."""
    worth_a_look = or_(Inbound.state == "quarantined", Inbound.reason != "", Inbound.intent == "spam")
    query = select(Inbound).where(
        Inbound.complaint_id.is_(None),
        Inbound.received_at > now - KEPT_IN_SIGHT,
        Inbound.state != "received",
        worth_a_look,
    )
    set_apart_first = case((Inbound.state == "quarantined", 0), else_=1)
    return session.scalars(query.order_by(set_apart_first, Inbound.id.desc()).limit(MOST)).all()
