"""Group commit: what several threads want to write in the same moment becomes durable in one transaction."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from queue import SimpleQueue
from typing import Any, TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

T = TypeVar("T")
Wish = tuple[Callable[[Session], Any], Future[Any]]


class Together:
    """Writes for many threads from a thread of its own. Nobody waits for company: it goes as soon as somebody comes, and
    takes along whoever came while it was committing. `write` opens a session in a transaction."""

    def __init__(self, write: Callable[[], AbstractContextManager[Session]]) -> None:
        self._write = write
        self._wishes: SimpleQueue[Wish | None] = SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def write(self, work: Callable[[Session], T]) -> T:
        """What `work` returned, once it is committed; raises what it raised, or what kept the commit from happening."""
        mine: Future[T] = Future()
        self._start()
        self._wishes.put((work, mine))
        return mine.result()

    def close(self) -> None:
        """Ends the thread when all that was wished for is done."""
        if self._thread:
            self._wishes.put(None)
            self._thread.join()
            self._thread = None

    def _start(self) -> None:
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="together", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        for group in self._groups():
            self._do(group)

    def _groups(self) -> Iterator[Sequence[Wish]]:
        """Whoever is waiting, again and again; at least one each time."""
        while wish := self._wishes.get():
            group = [wish]
            while not self._wishes.empty():
                if not (wish := self._wishes.get()):
                    yield group
                    return
                group.append(wish)
            yield group

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
