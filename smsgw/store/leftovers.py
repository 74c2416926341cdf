"""Texts that belong to no complaint and that a person should glance over: none is ever thrown away unseen."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import case, exists, select, text
from sqlalchemy.orm import Session

from smsgw.store.tables import LEFT_OVER, Inbound, SealedText

KEPT_IN_SIGHT = timedelta(days=30)
MOST = 200


def texts(session: Session, now: datetime) -> Sequence[Inbound]:
    """Of the last 30 days: what was set apart, then what was taken for advertising or named a complaint that is not the
    sender's; newest first."""
    is_sealed = exists().where(SealedText.inbound_id == Inbound.id)
    query = select(Inbound).where(text(LEFT_OVER), Inbound.received_at > now - KEPT_IN_SIGHT, ~is_sealed)
    set_apart_first = case((Inbound.state == "quarantined", 0), else_=1)
    return session.scalars(query.order_by(set_apart_first, Inbound.id.desc()).limit(MOST)).all()
