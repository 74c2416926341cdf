"""Group commit: what several threads want to write in the same moment becomes durable in one transaction."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

T = TypeVar("T")
Wish = tuple[Callable[[Session], Any], Future[Any]]


class Together:
    """Writes for many threads. Nobody waits for company: who finds the way free goes at once, and takes along whoever
    came while the one before was committing. `write` opens a session in a transaction of its own."""

    def __init__(self, write: Callable[[], AbstractContextManager[Session]]) -> None:
        self._write = write
        self._waiting: list[Wish] = []
        self._joining, self._going = threading.Lock(), threading.Lock()

    def write(self, work: Callable[[Session], T]) -> T:
        """What `work` returned, once it is committed; raises what it raised, or what kept the commit from happening."""
        mine: Future[T] = Future()
        with self._joining:
            self._waiting.append((work, mine))
        with self._going:
            if not mine.done():
                self._go()
        return mine.result()

    def _go(self) -> None:
        with self._joining:
            group, self._waiting = self._waiting, []
        self._do(group)

    def _do(self, group: Sequence[Wish]) -> None:
        """All in one; when one of them fails each alone, but none again where the database itself is in trouble."""
        try:
            with self._write() as session:
                results = [work(session) for work, _ in group]
        except Exception as error:  # noqa: BLE001 - each hears of it in its own thread
            if len(group) == 1 or isinstance(error, OperationalError):
                for _, outcome in group:
                    outcome.set_exception(error)
            else:
                for wish in group:
                    self._do([wish])
        else:
            for (_, outcome), result in zip(group, results, strict=True):
                outcome.set_result(result)
