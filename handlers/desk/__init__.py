"""The desk, where officials read complaints and act."""

from handlers.desk import calls, first_day, inbox, leftovers, letters, merging, moves, page, sealed, taking_up, time
from handlers.desk.entrance import door

__all__ = [
    "calls",
    "door",
    "first_day",
    "inbox",
    "leftovers",
    "letters",
    "merging",
    "moves",
    "page",
    "sealed",
    "taking_up",
    "time",
]
