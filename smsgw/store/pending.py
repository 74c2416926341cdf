"""What of the outbox an operator should know: what waits, what is in doubt, what failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from smsgw.store.tables import Call, Outgoing

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "waiting": ("queued", "dispatching"),
    "in_doubt": ("unknown",),
    "failed": ("failed", "undelivered"),
}


@dataclass(frozen=True, slots=True)
class Pending:
    """One text, without its words. `recipient` is the number in full; `call` is how the call stands that somebody makes in
    its place, None where there is none; `being_checked` is whether a doubt may still resolve itself."""

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
    being_checked: bool
    call: str | None

    @property
    def may_be_called_back(self) -> bool:
        """Whether it has not been tried, and nothing keeps it but its moment: its writer may still think better of it."""
        waits = self.state == "queued" and not self.attempts and self.next_attempt_at > self.created_at
        return waits and not self.error


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
    reckoned = {"being_checked": Outgoing.lease_until.is_not(None), "call": Call.state}
    columns = [reckoned[name] if name in reckoned else getattr(Outgoing, name) for name in Pending.__slots__]
    query = select(*columns).select_from(Outgoing).outerjoin(Call, Call.outbox_id == Outgoing.id)
    rows = session.execute(query.where(these).order_by(Outgoing.id.desc()).limit(limit))
    total = session.scalar(select(func.count()).select_from(Outgoing).where(these))
    return Heap(total or 0, tuple(Pending(*row) for row in rows))
