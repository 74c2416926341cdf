"""Makes an outbox out of a backup fit to be worked on: what waits in it may have been sent since the backup was made."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import update
from sqlalchemy.orm import Session

from smsgw.domain.doubts import SENT_ONCE_MORE
from smsgw.domain.outbox_states import State
from smsgw.store.tables import Outgoing

WHY = "restored from a backup"


class Restored(NamedTuple):
    """How many texts go out as possible duplicates, and how many never go."""

    flagged: int
    cancelled: int


def suspect_all(session: Session, now: datetime) -> Restored:
    """What a person waits for goes, flagged; a reminder or a broadcast never goes twice. Twice is as once."""
    waiting = update(Outgoing).where(Outgoing.state == State.QUEUED)
    vital = [int(lane) for lane in SENT_ONCE_MORE]
    flagged = session.execute(
        waiting.where(Outgoing.lane.in_(vital), Outgoing.possible_duplicate.is_(False)).values(
            possible_duplicate=True, error=WHY
        )
    )
    cancelled = session.execute(
        waiting.where(Outgoing.lane.not_in(vital)).values(
            state=State.CANCELLED, settled_at=now, lease_until=None, error=WHY
        )
    )
    return Restored(flagged.rowcount, cancelled.rowcount)  # type: ignore[attr-defined]
