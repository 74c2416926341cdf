"""Tells a text that a provider brings again under a new id from one that its sender wrote again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from smsgw.domain.grammar import Verb

WINDOW: Final = timedelta(seconds=120)
WINDOW_OF_ONE_SECOND: Final = timedelta(hours=1)  # for two that were sent in the same second: no thumb does that
SHORT: Final = 20  # letters; people answer two questions with the same few words, and mean both

_SAID_ONCE: Final = frozenset({Verb.COMPLAINT, Verb.ADD, Verb.FREE})


@dataclass(frozen=True, slots=True)
class Told:
    """A text, from whom to whom, when it reached us and, where the provider says so, when it was sent."""

    sender: str
    recipient: str
    text: str
    came_at: datetime
    sent_at: datetime | None = None


def can_repeat(text: str, verb: str) -> bool:
    """Whether a text is long enough and of a kind that nobody sends twice on purpose: not a command, not a short reply."""
    return verb in _SAID_ONCE and len(_words(text)) > SHORT


def are_one(one: Told, other: Told) -> bool:
    """Whether both are one text that came twice, in whichever order they reached us."""
    if (one.sender, one.recipient, _words(one.text)) != (other.sender, other.recipient, _words(other.text)):
        return False
    apart = abs(one.came_at - other.came_at)
    if one.sent_at and other.sent_at:
        if one.sent_at.replace(microsecond=0) == other.sent_at.replace(microsecond=0):
            return apart <= WINDOW_OF_ONE_SECOND
        if abs(one.sent_at - other.sent_at) > WINDOW:
            return False
    return apart <= WINDOW


def _words(text: str) -> str:
    """Without the blanks that gateways add or take away."""
    return " ".join(text.split())
