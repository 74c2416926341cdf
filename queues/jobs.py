"""What a worker runs: each job empties its box. A job may run twice, or never; the rows in the database decide."""

import time
from collections.abc import Callable

from queues.workplace import workplace
from smsgw import crash
from smsgw.services import delivery, listening

WORKS_AT_MOST_S = 20.0
GATHERS_S = 0.1  # at most, after a batch that was not half full: a stream of texts then fills the next one better
RESTS = 2  # times what the batch took


def drain_inbox() -> None:
    """Reads and answers what came in, and has the replies of each batch sent while it works on the next."""
    place = workplace()
    listener = place.gateway.listener()

    def batch() -> int:
        worked = listener.batch()
        if worked:
            crash.point("after_process_commit_before_wake")
            place.bell.ring_now("outbox")
        return worked

    _empty(batch, full=listening.BATCH)


def drain_outbox() -> None:
    """Sends what waits. What is left when the job's time is up, a provider's rate for one thing, is for the next job."""
    place = workplace()
    if _empty(place.postman().batch, full=delivery.BATCH):
        place.bell.ring_now("outbox")


def _empty(batch: Callable[[], int], *, full: int) -> bool:
    """Batches until none is left, or until the time of one job is up; whether some may be left then. A small one is followed by
    a rest twice as long as it took: whoever texts meanwhile hardly waits longer than for the work itself."""
    began = time.monotonic()
    ends = began + WORKS_AT_MOST_S
    while worked := batch():
        now = time.monotonic()
        if now >= ends:
            return True
        if worked < full // 2:
            time.sleep(min(RESTS * (now - began), GATHERS_S))
        began = time.monotonic()
    return False
