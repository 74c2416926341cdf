"""The desk, where officials read complaints and act."""

from handlers.desk import (
    calls,
    figures,
    inbox,
    leftovers,
    letters,
    merging,
    moves,
    page,
    publishing,
    sealed,
    taking_up,
    time,
)
from handlers.desk.entrance import door

__all__ = [
    "calls",
    "door",
    "figures",
    "inbox",
    "leftovers",
    "letters",
    "merging",
    "moves",
    "page",
    "publishing",
    "sealed",
    "taking_up",
    "time",
]
