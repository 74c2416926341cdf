"""Breaks the house from a seed: kills, stops and freezes its processes, empties its broker, takes its database away."""

import random
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from redis import Redis, RedisError

from ops import broker
from ops.chaos.house import House
from ops.chaos.journal import Journal
from ops.chaos.rows import Rows
from ops.chaos.stores import Store
from ops.sessions import send
from smsgw.store.database import StoreError

DEEDS = {
    "kill web": 4,
    "kill worker": 4,
    "kill sender": 4,
    "kill clock": 2,
    "kill broker": 2,
    "flush broker": 3,
    "freeze web": 1,
    "freeze worker": 1,
    "freeze sender": 1,
    "freeze broker": 1,
    "stop worker": 1,
    "stop sender": 1,
    "lock database": 2,
    "kill database": 2,
}
LONGEST_FREEZE_S = 4.0
LONGEST_LOCK_S = 8.0  # longer than any process waits for it


@dataclass(slots=True)
class Nemesis:
    """`pause` is the mean number of seconds between two deeds. Each is written down before and after."""

    seed: int
    house: House
    store: Store
    rows: Rows
    journal: Journal
    pause: float
    ended: threading.Event = field(default_factory=threading.Event)

    def rage(self, deeds: int) -> None:
        """Does so many deeds, or fewer when told to end."""
        chance = random.Random(f"{self.seed}:nemesis")  # noqa: S311 - repeatable on purpose
        deeds_here = {deed: weight for deed, weight in DEEDS.items() if self.store.mortal or deed != "kill database"}
        for _ in range(deeds):
            if self.ended.wait(chance.uniform(0.5, 1.5) * self.pause):
                return
            self.does(chance.choices(list(deeds_here), list(deeds_here.values()))[0], chance)

    def does(self, deed: str, chance: random.Random) -> None:
        """One deed by its name."""
        what, _, part = deed.partition(" ")
        acts: dict[str, Callable[[str, random.Random], bool]] = {
            "kill": self._kill,
            "freeze": self._freeze,
            "stop": self._stop,
            "lock": self._lock,
            "flush": self._flush,
        }
        self.journal.write("deed", what=what, part=part, stage="before")
        done = acts[what](part, chance)
        self.journal.write("deed", what=what, part=part, stage="after", done=done)

    def _kill(self, part: str, chance: random.Random) -> bool:
        """One of the part's processes, or all of them."""
        if part == "database":
            return self.store.kill()
        pids = self.house.family(part)
        if pids:
            send(signal.SIGKILL, pids if chance.random() < 0.5 else [chance.choice(pids)])
        return bool(pids)

    def _freeze(self, part: str, chance: random.Random) -> bool:
        pids = self.house.family(part)
        send(signal.SIGSTOP, pids)
        time.sleep(chance.uniform(0.5, LONGEST_FREEZE_S))
        send(signal.SIGCONT, pids)
        return bool(pids)

    def _stop(self, part: str, _chance: random.Random) -> bool:
        """As a deployment does: only the main process is told."""
        pids = self.house.pids(part)
        send(signal.SIGTERM, pids)
        return bool(pids)

    def _lock(self, _part: str, chance: random.Random) -> bool:
        """Somebody else's transaction keeps everybody from taking in texts."""
        try:
            with self.rows.locked():
                time.sleep(chance.uniform(1.0, LONGEST_LOCK_S))
        except StoreError:
            return False
        return True

    def _flush(self, _part: str, _chance: random.Random) -> bool:
        try:
            Redis.from_url(broker.redis_url(self.house.home), socket_timeout=2).flushall()
        except RedisError:
            return False
        return True
