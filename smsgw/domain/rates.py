"""How many segments a provider may be handed now: a bucket that fills with time and is emptied by texts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

UNLIMITED: Final = 0.0


@dataclass(frozen=True, slots=True)
class Level:
    """What was left in the bucket at a moment; below zero after a text of more segments than there were."""

    left: float
    at: datetime


def filled(level: Level | None, rate: float, now: datetime) -> Level:
    """The level now, at `rate` segments a second; it holds what one second brings, at least one. A new bucket is full."""
    most = max(rate, 1.0)
    if level is None:
        return Level(most, now)
    passed = max((now - level.at).total_seconds(), 0.0)
    return Level(min(most, level.left + passed * rate), max(now, level.at))
