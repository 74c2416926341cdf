"""The desk, where officials read complaints and act."""

from handlers.desk import inbox, leftovers, letters, moves, page
from handlers.desk.entrance import door

__all__ = ["door", "inbox", "leftovers", "letters", "moves", "page"]
