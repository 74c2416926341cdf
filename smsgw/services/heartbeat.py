"""Says that a background process lives, and reads when it last said so."""

from datetime import datetime

from sqlalchemy.orm import Session

from smsgw.store.tables import Heartbeat


def beat(session: Session, name: str, now: datetime) -> None:
    """This process lives now."""
    session.merge(Heartbeat(name=name, at=now))


def last_beat(session: Session, name: str) -> datetime | None:
    """When it last lived, or None."""
    row = session.get(Heartbeat, name)
    return row.at if row else None
