"""Does many slow things side by side, with as few threads as keep up with them."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from math import ceil
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

LOOKS_S = 0.02  # how often it is looked whether the threads keep up
GATHERS_S = 0.05  # what is done at once is told of together, and not one by one


class Senders(Generic[T, R]):
    """Threads that take one thing after the other from what was given to them. One begins; where it does not keep up others
    join in, at most `most`: a provider that answers at once is asked by one thread, for many would only stand in each
    other's way, and one that takes its time by as many as there are texts.

    Whoever gives waits for all of it with `done`, and is not woken for each.
    """

    def __init__(self, threads: Executor, do: Callable[[T], R], most: int) -> None:
        self._threads, self._do, self._most = threads, do, most
        self._guard = threading.Lock()
        self._waiting: deque[T] = deque()
        self._ended: list[tuple[T, R | BaseException]] = []
        self._all_ended = threading.Event()
        self._given = 0  # and not told of yet
        self._under_way = 0  # of them: not ended yet
        self._at_work = 0
        self._needed = 1

    def __len__(self) -> int:
        """How many things were given that `done` has not told of."""
        return self._given

    def give(self, things: Sequence[T]) -> None:
        """Has these done too, with as many threads as were needed so far."""
        with self._guard:
            self._waiting.extend(things)
            self._given += len(things)
            self._under_way += len(things)
            if self._under_way:
                self._all_ended.clear()
        self._have_at_work(self._needed)

    def done(self) -> Sequence[tuple[T, R | BaseException]]:
        """What has ended, with what it gave or raised: all that was given, or what there is a moment after the first. Waits for
        one at least."""
        told, since = 0, 0.0
        while not self._all_ended.wait(LOOKS_S):
            before, told = told, len(self._ended)
            self._keep_up(told - before)
            since = since or (time.monotonic() if told else 0.0)
            if told and time.monotonic() - since >= GATHERS_S:
                break
        with self._guard:
            ended, self._ended = self._ended, []
            self._given -= len(ended)
        return ended

    def dismiss(self) -> None:
        """What was not begun is not done."""
        with self._guard:
            self._waiting.clear()

    def _keep_up(self, came: int) -> None:
        """As many threads as would begin all that waits before the next look, by how many things ended since the last."""
        if waiting := len(self._waiting):
            wanted = self._at_work * ceil(waiting / came) if came else self._at_work + waiting
            self._needed = max(self._needed, min(wanted, self._most))
            self._have_at_work(self._needed)

    def _have_at_work(self, threads: int) -> None:
        with self._guard:
            more = max(0, min(threads - self._at_work, len(self._waiting)))
            self._at_work += more
        for _ in range(more):
            self._threads.submit(self._work)

    def _work(self) -> None:
        while True:
            with self._guard:
                if not self._waiting:
                    self._at_work -= 1
                    return
                thing = self._waiting.popleft()
            try:
                told: R | BaseException = self._do(thing)
            except BaseException as error:  # noqa: BLE001 - told of, like what others gave
                told = error
            with self._guard:
                self._ended.append((thing, told))
                self._under_way -= 1
                if not self._under_way:
                    self._all_ended.set()
