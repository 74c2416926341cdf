"""The desk, where officials read complaints and act."""

from handlers.desk import inbox, letters, moves, page
from handlers.desk.entrance import door

__all__ = ["door", "inbox", "letters", "moves", "page"]
