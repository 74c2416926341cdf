"""Remembers that the database is away, so that nobody waits for it in vain, and looks whether it is back."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError

LOOKS_AGAIN_AFTER_S = 0.5
TOO_LARGE = "54"  # PostgreSQL's class of errors about what exceeds its limits, such as an index's


class Away(SQLAlchemyError):
    """The database was found away, and nobody waits for it until it was found back."""


def is_away(error: BaseException) -> bool:
    """Whether the database itself is in trouble, and not what it was asked to write."""
    if not isinstance(error, DBAPIError) or isinstance(error, IntegrityError | DataError):
        return False
    return not str(getattr(error.orig, "sqlstate", "")).startswith(TOO_LARGE)


class Watch:
    """One process's knowledge of the database. `write` opens a transaction that may write, which is how it is looked for:
    from a thread of its own, that lives as long as the database is away."""

    def __init__(self, write: Callable[[], AbstractContextManager[object]]) -> None:
        self._write = write
        self._guard = threading.Lock()
        self._closing = threading.Event()
        self.is_away = False

    def found_away(self) -> None:
        """Somebody met its trouble."""
        with self._guard:
            if self.is_away:
                return
            self.is_away = True
        try:
            threading.Thread(target=self._look, name="watch", daemon=True).start()
        except RuntimeError:  # no thread to be had: whoever meets the trouble next tries again
            self.is_away = False

    def close(self) -> None:
        """Ends the looking."""
        self._closing.set()

    def _look(self) -> None:
        while not self._is_back() and not self._closing.wait(LOOKS_AGAIN_AFTER_S):
            pass
        self.is_away = False

    def _is_back(self) -> bool:
        try:
            with self._write():
                return True
        except Exception:  # noqa: BLE001 - whatever it is, looking goes on
            return False
