"""Group commit: rows that come in the same moment become durable in one transaction, written by a thread of its own."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

from sqlalchemy import Connection, Insert
from sqlalchemy.exc import SQLAlchemyError

from smsgw.store.away import Away, Watch, is_away

Row = Mapping[str, Any]

GATHERS_S = 0.0005  # where the last group had several rows: the next ones are just being read
PATIENCE_S = 4.0  # with a database that does not even say no: providers are answered within five
IDLE_S = 10.0  # after which the thread ends until it is needed again


class Cut(SQLAlchemyError):
    """The thread that was writing was ended before it had written."""


class Told(NamedTuple):
    """Who is told of the end, from the writer's thread: `all_of` once for a whole group, with the `mark` of each of its own."""

    all_of: Callable[[Sequence[Any]], None]
    mark: Any


class Wish:
    """One row, and what became of it: once `done`, no `error` means that it is durable."""

    __slots__ = ("done", "error", "row", "statement", "told")

    def __init__(self, statement: Insert, row: Row, told: Told) -> None:
        self.statement, self.row, self.told = statement, row, told
        self.done = False
        self.error: Exception | None = Cut("the thread that writes was ended")


def _nothing(_group: list[Wish]) -> None:
    """Nobody is taken along."""


class Together:
    """Adds rows for many. A row that comes alone is written at once, and all that come meanwhile are written together; in a
    stream of them the writer waits half a millisecond for more, and takes along who comes while it waits for the database's
    lock. `write` opens a connection in a transaction.

    While the database is away nobody waits for it: an outage holds up those who met it first, and none after them.
    """

    def __init__(
        self, write: Callable[[], AbstractContextManager[Connection]], watch: Watch, patience: float = PATIENCE_S
    ) -> None:
        self._write = write
        self._watch = watch
        self._patience = patience
        self._changed = threading.Condition(threading.Lock())
        self._wishes: list[Wish] = []
        self._writer: threading.Thread | None = None
        self._in_company = False

    def add(self, statement: Insert, row: Row) -> None:
        """Returns once the row is committed; raises what kept it out, and `Away` while the database is. After `Away` the
        row may still be written: whoever waits lets go of a database that says nothing."""
        ended = threading.Event()
        wish = self.put(statement, row, Told(_set_all, ended))
        ended.wait(self._patience)
        self.settled(wish)

    def put(self, statement: Insert, row: Row, told: Told) -> Wish:
        """The row is written as soon as may be, and who is to be told hears of it. Raises `Away` while the database is, and
        where there is no thread to be had that would write."""
        if self._watch.is_away:
            raise Away("the database is away")
        wish = Wish(statement, row, told)
        with self._changed:
            self._need_a_writer()
            self._wishes.append(wish)
            self._changed.notify()
        return wish

    def _need_a_writer(self) -> None:
        if self._writer is not None and self._writer.is_alive():
            return
        writer = threading.Thread(target=self._run, name="together", daemon=True)
        try:
            writer.start()
        except RuntimeError as none:
            raise Away("no thread to be had") from none
        self._writer = writer

    def settled(self, wish: Wish) -> None:
        """What became of it, for whoever waits no longer; raises as `add` does."""
        if not wish.done:
            self._watch.found_away()
            with self._changed:
                self._wishes = [other for other in self._wishes if other is not wish]
            raise Away("the database does not answer")
        if wish.error:
            raise wish.error

    def _run(self) -> None:
        try:
            while self._is_wanted():
                group: list[Wish] = []
                self._takes_along(group)
                try:
                    self._do(group, self._takes_along)
                finally:
                    self._in_company = len(group) > 1
                    _end([*group, *self._sent_home()])
        finally:
            _end(self._left_behind())

    def _is_wanted(self) -> bool:
        """Once somebody waits; False when for a while nobody came, and then this thread is the writer no longer."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._wishes, IDLE_S):
                self._writer = None  # before the lock is let go: whoever comes now starts another
                return False
        if self._in_company:
            time.sleep(GATHERS_S)
        return True

    def _left_behind(self) -> Sequence[Wish]:
        """Those who wait for a writer that was ended from outside."""
        with self._changed:
            if self._writer is not threading.current_thread():
                return []
            self._writer = None
            left, self._wishes = self._wishes, []
        return left

    def _takes_along(self, group: list[Wish]) -> None:
        """Whoever has come so far, with the lock in hand: while it was waited for, too."""
        with self._changed:
            group += self._wishes
            self._wishes = []

    def _sent_home(self) -> Sequence[Wish]:
        """Those who wait behind a database that is away, told so."""
        home: list[Wish] = []
        if self._watch.is_away:
            self._takes_along(home)
        for wish in home:
            wish.error = Away("the database is away")
        return home

    def _do(self, group: list[Wish], with_the_lock: Callable[[list[Wish]], None] = _nothing) -> None:
        """All in one; when one of them fails each alone, but none again where the database itself is in trouble."""
        if not group:  # whoever waited has let go meanwhile
            return
        try:
            with self._write() as connection:
                with_the_lock(group)
                for statement, rows in _by_statement(group).items():
                    connection.execute(statement, rows)
        except Exception as error:  # noqa: BLE001 - each hears of it
            if is_away(error):
                self._watch.found_away()
            if len(group) == 1 or is_away(error):
                for wish in group:
                    wish.error = error
            else:
                for wish in group:
                    if self._watch.is_away:
                        wish.error = Away("the database is away")
                    else:
                        self._do([wish])
        else:
            for wish in group:
                wish.error = None


def _end(wishes: Sequence[Wish]) -> None:
    told: dict[Callable[[Sequence[Any]], None], list[Any]] = {}
    for wish in wishes:
        wish.done = True
        told.setdefault(wish.told.all_of, []).append(wish.told.mark)
    for all_of, marks in told.items():
        all_of(marks)


def _set_all(ended: Sequence[threading.Event]) -> None:
    for one in ended:
        one.set()


def _by_statement(group: Sequence[Wish]) -> Mapping[Insert, list[Row]]:
    rows: dict[Insert, list[Row]] = {}
    for wish in group:
        rows.setdefault(wish.statement, []).append(wish.row)
    return rows
