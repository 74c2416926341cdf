"""What a worker runs: each job empties its box. A job may run twice, or never; the rows in the database decide."""

import time
from collections.abc import Callable

from queues.workplace import workplace

WORKS_AT_MOST_S = 30.0


def drain_inbox() -> None:
    """Reads and answers what came in, and has the replies of each batch sent while it works on the next."""
    place = workplace()
    listener = place.gateway.listener()

    def batch() -> int:
        worked = listener.batch()
        if worked:
            place.bell.ring_now("outbox")
        return worked

    _empty(batch)


def drain_outbox() -> None:
    """Sends what waits."""
    _empty(workplace().postman().batch)


def _empty(batch: Callable[[], int]) -> int:
    """Batches until none is left, or until the time of one job is up (the clock rings again)."""
    ends = time.monotonic() + WORKS_AT_MOST_S
    done = 0
    while (worked := batch()) and time.monotonic() < ends:
        done += worked
    return done + worked
