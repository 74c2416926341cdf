"""How long a text is worth trying, by its lane, and how long to wait before each new try."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from smsgw.domain.notices import Lane

LADDER: Final = (30, 120, 600, 1800, 3600)  # seconds
_GIVEN_UP: Final[Mapping[Lane, timedelta]] = {Lane.URGENT: timedelta(hours=24), Lane.ANSWER: timedelta(hours=24)}
_OTHERS_GIVEN_UP: Final = timedelta(hours=4)
_STALE: Final[Mapping[Lane, timedelta]] = {
    Lane.ALERT: timedelta(hours=24),
    Lane.REMINDER: timedelta(hours=24),
    Lane.DIGEST: timedelta(hours=12),
}


def is_given_up(lane: Lane, age: timedelta) -> bool:
    """Whether a text that could not be sent so far is not tried again."""
    return age > _GIVEN_UP.get(lane, _OTHERS_GIVEN_UP)


def is_stale(lane: Lane, age: timedelta) -> bool:
    """Whether a text that waited so long is not sent at all: it would only confuse."""
    return age > _STALE.get(lane, timedelta.max)


def wait_after(attempt: int) -> int:
    """Seconds until the next try, after so many."""
    return LADDER[min(attempt, len(LADDER)) - 1]
