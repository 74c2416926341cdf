"""What becomes of a session that breaks off, and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from smsgw.domain.ussd.standing import Standing

LONGEST_SESSION: Final = timedelta(minutes=3)  # that a network keeps a session open (Africa's Talking: about 180 s)
GOES_ON_WITHIN: Final = timedelta(hours=24)


class Outcome(StrEnum):
    """What became of a session; nothing is said of one that is still open."""

    FILED = "filed"
    BECAME = "became"
    CONTINUED = "continued"
    TOLD = "told"
    DROPPED = "dropped"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Waits:
    """When a clock looks at a session next, and until when a redial goes on with it; None for never."""

    look_at: datetime | None = None
    open_until: datetime | None = None


def waits(standing: Standing, now: datetime, patience: timedelta, *, is_over: bool) -> Waits:
    """After each turn. `patience` is how long a redial is waited for; a session that is not known to be over may still be
    open as long as networks keep one."""
    if not standing.is_unfinished:
        return Waits()
    return Waits(now + patience + (timedelta(0) if is_over else LONGEST_SESSION), now + GOES_ON_WITHIN)


def becomes(standing: Standing) -> Outcome:
    """Of a session that nobody went on with: a complaint where the person said what is wrong; else one friendly text
    where they had begun to; nothing where they only looked."""
    if standing.draft.tells:
        return Outcome.BECAME
    return Outcome.TOLD if standing.was_drafting else Outcome.LEFT
