"""Group commit: rows that several threads add in the same moment become durable in one transaction."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, Insert
from sqlalchemy.exc import SQLAlchemyError

from smsgw.store.away import Away, Watch, is_away

Row = Mapping[str, Any]

GATHERS_S = 0.0005  # where the last group had several rows: the next ones are just being read
PATIENCE_S = 4.0  # with a database that does not even say no: providers are answered within five


class Cut(SQLAlchemyError):
    """The thread that was writing for others was ended before it had written."""


class _Wish:
    """One row, and what became of it: `done` with no `error` means that it is durable. `turn` is let go once it is done, or
    when its thread `leads`: it is to write the next group."""

    __slots__ = ("done", "error", "leads", "row", "statement", "turn")

    def __init__(self, statement: Insert, row: Row) -> None:
        self.statement, self.row = statement, row
        self.done = self.leads = False
        self.error: Exception | None = Cut()
        self.turn = threading.Lock()
        self.turn.acquire()


def _nothing(_group: list[_Wish]) -> None:
    """Nobody is taken along."""


class Together:
    """Adds rows for many threads. Who comes alone writes at once, and whoever comes meanwhile is written together by the first
    of them, who waits half a millisecond for more while there is a stream; who comes while that one waits for the database's
    lock is taken along. `write` opens a connection in a transaction.

    While the database is away nobody waits for it: an outage holds up those who met it first, and none after them.
    """

    def __init__(
        self, write: Callable[[], AbstractContextManager[Connection]], watch: Watch, patience: float = PATIENCE_S
    ) -> None:
        self._write = write
        self._watch = watch
        self._patience = patience
        self._guard = threading.Lock()
        self._wishes: list[_Wish] = []
        self._somebody_writes = False
        self._in_company = False

    def add(self, statement: Insert, row: Row) -> None:
        """Returns once the row is committed; raises what kept it out, and `Away` while the database is. After `Away` the
        row may still be written: whoever waits lets go of a database that says nothing."""
        if self._watch.is_away:
            raise Away("the database is away")
        mine = _Wish(statement, row)
        with self._guard:
            self._wishes.append(mine)
            must_wait, self._somebody_writes = self._somebody_writes, True
        if must_wait and not mine.turn.acquire(timeout=self._patience):
            self._watch.found_away()
            self._let_go(mine)
        if not mine.done:
            self._write_group()
        if mine.error:
            raise mine.error

    def _let_go(self, mine: _Wish) -> None:
        """Raises `Away`, unless it is this thread that all the others wait for."""
        with self._guard:
            if not mine.leads:
                self._wishes = [wish for wish in self._wishes if wish is not mine]
                raise Away("the database does not answer")
        mine.turn.acquire()

    def _write_group(self) -> None:
        """Writes for all who wait, then hands on to the first of those who came meanwhile."""
        if self._in_company:
            time.sleep(GATHERS_S)
        with self._guard:
            group, self._wishes = self._wishes, []
        try:
            self._do(group, self._takes_along)
        finally:
            self._in_company = len(group) > 1
            with self._guard:
                if self._watch.is_away:
                    group, self._wishes = [*group, *_sent_home(self._wishes)], []
                following = self._wishes[:1]
                self._somebody_writes = bool(following)
                for wish in following:
                    wish.leads = True
            for wish in group:
                wish.done = True
            for wish in (*following, *group):
                wish.turn.release()

    def _takes_along(self, group: list[_Wish]) -> None:
        """With the lock in hand: whoever came while it was waited for."""
        with self._guard:
            group += self._wishes
            self._wishes = []

    def _do(self, group: list[_Wish], with_the_lock: Callable[[list[_Wish]], None] = _nothing) -> None:
        """All in one; when one of them fails each alone, but none again where the database itself is in trouble."""
        try:
            with self._write() as connection:
                with_the_lock(group)
                for statement, rows in _by_statement(group).items():
                    connection.execute(statement, rows)
        except Exception as error:  # noqa: BLE001 - each hears of it in its own thread
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


def _sent_home(wishes: Sequence[_Wish]) -> Sequence[_Wish]:
    """Those who wait behind a database that is away, told so."""
    for wish in wishes:
        wish.error = Away("the database is away")
    return wishes


def _by_statement(group: Sequence[_Wish]) -> Mapping[Insert, list[Row]]:
    rows: dict[Insert, list[Row]] = {}
    for wish in group:
        rows.setdefault(wish.statement, []).append(wish.row)
    return rows
