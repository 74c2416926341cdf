"""Looks at the outbox again and again: which way its rows move, and how long what is due is left lying."""

import threading
import time

from ops.chaos.evidence import Move
from ops.chaos.rows import Rows, Standing, utc_now
from smsgw.store.database import StoreError

LOOKS_EVERY_S = 0.5
SHARE_OF_LOOKING = 0.1  # of the time, at most: looking must not slow down what is looked at


class Watch:
    """A thread that looks until it is told to end. What it saw is read afterwards."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.moves: list[Move] = []
        self.waits: dict[str, float] = {}
        self._seen: dict[int, Standing] = {}
        self._due_since: dict[tuple[str, str], float] = {}
        self._healed: float | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def begin(self) -> None:
        """Starts looking."""
        self._thread.start()

    def healed(self) -> None:
        """From now on nothing is broken on purpose: waiting counts."""
        self._healed = time.monotonic()

    def end(self) -> None:
        """Returns when the last look is over."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            began = time.monotonic()
            self.look()
            took = time.monotonic() - began
            self._ended.wait(max(LOOKS_EVERY_S, took / SHARE_OF_LOOKING))

    def look(self) -> None:
        """One look. A database that is away is looked at later."""
        now = utc_now()
        try:
            standings, elsewhere = self._rows.standings(now), self._rows.due_elsewhere(now)
        except StoreError:
            return
        for one in standings:
            before = self._seen.get(one.id)
            if before and before.state != one.state:
                self.moves.append(Move(one.id, before.state, one.state, one.flagged))
            self._seen[one.id] = one
        due = {(f"outbox {one.id}", f"{one.state} {one.tries}") for one in standings if one.due}
        self._count_waiting(due | {(name, "") for name in elsewhere})

    def _count_waiting(self, due: set[tuple[str, str]]) -> None:
        now = time.monotonic()
        self._due_since = {one: self._due_since.get(one, now) for one in due}
        if self._healed is not None:
            for (name, _), since in self._due_since.items():
                waited = round(now - max(since, self._healed), 2)
                self.waits[name] = max(waited, self.waits.get(name, 0.0))
