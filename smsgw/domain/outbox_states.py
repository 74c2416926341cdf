"""What states a text to send goes through: which may follow which, and what a receipt makes of each."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from smsgw.domain.messages import Delivery


class State(StrEnum):
    """Of one text in the outbox."""

    QUEUED = "queued"  # with a lease, a sender has claimed it and has told nobody yet; the claim lapses with the lease
    DISPATCHING = "dispatching"  # from here on it may have been sent
    UNKNOWN = "unknown"  # in doubt
    ACCEPTED = "accepted"
    DELIVERY_UNKNOWN = "delivery_unknown"
    UNDELIVERED = "undelivered"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


_BY_RECEIPT: Final = frozenset({State.ACCEPTED, State.UNDELIVERED, State.DELIVERED})

# Every step that there is. A receipt of an earlier try may come whatever the text has come to since, so what it proves
# may follow anywhere; nothing follows `delivered`.
EDGES: Final[Mapping[State, frozenset[State]]] = {
    State.QUEUED: _BY_RECEIPT | {State.DISPATCHING, State.CANCELLED},
    State.DISPATCHING: _BY_RECEIPT | {State.QUEUED, State.UNKNOWN, State.FAILED},
    State.UNKNOWN: _BY_RECEIPT | {State.QUEUED, State.FAILED},
    State.ACCEPTED: frozenset({State.DELIVERY_UNKNOWN, State.UNDELIVERED, State.DELIVERED}),
    State.DELIVERY_UNKNOWN: frozenset({State.UNDELIVERED, State.DELIVERED}),
    State.UNDELIVERED: frozenset({State.DELIVERED}),
    State.FAILED: frozenset({State.DELIVERED}),
    State.CANCELLED: frozenset({State.DELIVERED}),
    State.DELIVERED: frozenset(),
}

_PROVES: Final[Mapping[Delivery, State]] = {
    Delivery.PENDING: State.ACCEPTED,
    Delivery.SENT: State.ACCEPTED,
    Delivery.UNDELIVERED: State.UNDELIVERED,
    Delivery.DELIVERED: State.DELIVERED,
}


def may_follow(now: State, then: State) -> bool:
    """Whether a text may go from one state to the other in one step."""
    return then in EDGES[now]


def after_receipt(now: State, delivery: Delivery) -> State:
    """The state once a receipt has said this: never a lower one. Receipts in any order, any of them twice, end alike:
    one part of a long text that arrived outweighs another that did not."""
    then = _PROVES[delivery]
    return then if may_follow(now, then) else now
