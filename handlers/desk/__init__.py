"""The desk, where officials read complaints and act."""

from handlers.desk import (
    calls,
    inbox,
    leftovers,
    letters,
    merging,
    moves,
    own_number,
    page,
    refusing,
    sealed,
    second_look,
    taking_up,
    time,
    verdicts,
)
from handlers.desk.entrance import door

__all__ = [
    "calls",
    "door",
    "inbox",
    "leftovers",
    "letters",
    "merging",
    "moves",
    "own_number",
    "page",
    "refusing",
    "sealed",
    "second_look",
    "taking_up",
    "time",
    "verdicts",
]
