"""Sees to it that one ./run at a time uses a home folder, and says where the other one is."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CLEARING_TAKES = 8.0  # seconds; what a killed ./run left is gone after five


class AlreadyRunningError(Exception):
    """Another ./run uses this home. `pid` and `address` are empty when it has not said them yet."""

    def __init__(self, pid: str, address: str) -> None:
        super().__init__(pid, address)
        self.pid, self.address = pid, address


@dataclass(frozen=True, slots=True)
class HomeLock:
    """Held by this process. Whoever inherits `handle` holds it too, so it is free only when all of them are gone."""

    handle: int

    def say(self, address: str) -> None:
        """Leaves our process id and address for whoever comes next."""
        os.ftruncate(self.handle, 0)
        os.pwrite(self.handle, f"{os.getpid()}\n{address}\n".encode(), 0)


@contextmanager
def only_run(home: Path, patience: float = CLEARING_TAKES) -> Iterator[HomeLock]:
    """Holds the home's lock, after at most `patience` seconds in which a dead run's leftovers may go.

    Raises `AlreadyRunningError`.
    """
    handle = os.open(home / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(handle, time.monotonic() + patience)
        lock = HomeLock(handle)
        lock.say("")
        yield lock
    finally:
        os.close(handle)


def is_held(home: Path) -> bool:
    """True while a ./run, or what a killed one left, uses this home."""
    try:
        with (home / "run.lock").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _take(handle: int, until: float) -> None:
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            pid, address = _said(handle)
            if _lives(pid) or time.monotonic() >= until:
                raise AlreadyRunningError(pid, address) from taken
        time.sleep(0.1)


def _said(handle: int) -> tuple[str, str]:
    pid, _, address = os.pread(handle, 200, 0).decode(errors="replace").partition("\n")
    return pid, address.strip()


def _lives(pid: str) -> bool:
    if not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
