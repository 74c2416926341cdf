"""Which processes belong to a session, and how to end them all."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path

LOOK_AGAIN = 0.05  # seconds
PROC = Path("/proc")


def members(leaders: Collection[int]) -> list[int]:
    """The running processes of the sessions with these leaders, whatever process group they moved to."""
    return [pid for pid in _running() if _session_of(pid) in leaders]


def send(signal_: signal.Signals, pids: Collection[int]) -> None:
    """Sends a signal to each of these processes that is still there."""
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal_)


def wait_until_gone(leaders: Collection[int], seconds: float, meanwhile: Callable[[], bool] = lambda: True) -> bool:
    """True as soon as the sessions are empty; False when the time is over or `meanwhile` says not to wait."""
    end = time.monotonic() + seconds
    while members(leaders):
        if not meanwhile() or time.monotonic() >= end:
            return False
        time.sleep(LOOK_AGAIN)
    return True


def sweep(leaders: Collection[int], seconds: float = 1.0) -> None:
    """Kills everything in these sessions, and again what was being forked meanwhile."""
    end = time.monotonic() + seconds
    while (left := members(leaders)) and time.monotonic() < end:
        send(signal.SIGKILL, left)
        time.sleep(LOOK_AGAIN / 5)


def _session_of(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except (ProcessLookupError, PermissionError):
        return None


def _running() -> Iterator[int]:
    """Every process but zombies: those have ended and only wait to be counted by their parent."""
    return _listed_by_linux() if (PROC / "self" / "stat").exists() else _listed_by_ps()


def _listed_by_linux() -> Iterator[int]:
    for entry in os.scandir(PROC):
        if entry.name.isdigit():
            with suppress(OSError):
                status = Path(entry.path, "stat").read_bytes()
                if status.rpartition(b")")[2].split()[0] not in (b"Z", b"X"):
                    yield int(entry.name)


def _listed_by_ps() -> Iterator[int]:
    listed = subprocess.run(["ps", "-axo", "pid=,stat="], capture_output=True, text=True, check=False).stdout
    for line in listed.splitlines():
        pid, _, state = line.strip().partition(" ")
        if not state.strip().startswith("Z"):
            yield int(pid)
