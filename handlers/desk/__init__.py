"""The desk, where officials read complaints and act."""

from handlers.desk import (
    calls,
    contributions,
    dividing,
    filters,
    inbox,
    leftovers,
    letters,
    merging,
    moves,
    notes,
    page,
    sealed,
    shortcuts,
    taking_up,
    time,
    undo,
)
from handlers.desk.entrance import door

__all__ = [
    "calls",
    "contributions",
    "dividing",
    "door",
    "filters",
    "inbox",
    "leftovers",
    "letters",
    "merging",
    "moves",
    "notes",
    "page",
    "sealed",
    "shortcuts",
    "taking_up",
    "time",
    "undo",
]
