"""What of the outbox an operator should know: what waits, what is in doubt, what failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from smsgw.store.tables import Outgoing

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "waiting": ("queued", "dispatching"),
    "in_doubt": ("unknown",),
    "failed": ("failed", "undelivered"),
}


@dataclass(frozen=True, slots=True)
class Pending:
    """One text, without its words. `recipient` is the number in full."""

    id: int
    kind: str
    lane: int
    state: str
    recipient: str
    attempts: int
    possible_duplicate: bool
    created_at: datetime
    next_attempt_at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class Heap:
    """All texts under one heading: how many there are, and the newest of them."""

    total: int
    newest: tuple[Pending, ...]


def heaps(session: Session, limit: int) -> dict[str, Heap]:
    """By heading: waiting, in_doubt, failed."""
    return {heading: _heap(session, states, limit) for heading, states in HEADINGS.items()}


def _heap(session: Session, states: tuple[str, ...], limit: int) -> Heap:
    these = Outgoing.state.in_(states)
    columns = [getattr(Outgoing, name) for name in Pending.__slots__]
    rows = session.execute(select(*columns).where(these).order_by(Outgoing.id.desc()).limit(limit))
    total = session.scalar(select(func.count()).select_from(Outgoing).where(these))
    return Heap(total or 0, tuple(Pending(*row) for row in rows))
