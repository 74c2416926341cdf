"""A small process beside the supervisor that ends its children should it be killed without a chance to do so."""

import os
import signal
import subprocess
import sys
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from ops.sessions import send, sweep, wait_until_gone

ROOT = Path(__file__).resolve().parent.parent
GRACE = 2.5  # seconds from the supervisor's death to SIGKILL; together with the sweep it stays under five


class Watcher:
    """The supervisor's end of the pipe: it says which sessions are alive, and its silence says that it died.

    `held` are file descriptors that the watcher keeps open as long as it lives, such as the lock of the home folder.
    """

    def __init__(self, held: Collection[int] = ()) -> None:
        self._held = tuple(held)
        self._leaders: set[int] = set()
        self._process = self._start()

    def note(self, leader: int) -> None:
        """A session was opened."""
        self._leaders.add(leader)
        self._say(f"+{leader}")

    def forget(self, leader: int) -> None:
        """A session is empty: its number may come back for something that is not ours."""
        self._leaders.discard(leader)
        self._say(f"-{leader}")

    def renew(self) -> None:
        """Starts another watcher if somebody killed this one."""
        if self._process.poll() is None:
            return
        self._process = self._start()
        for leader in self._leaders:
            self._say(f"+{leader}")

    def close(self) -> None:
        """Sends the watcher home; returns when it is gone."""
        with suppress(BrokenPipeError):
            self._process.communicate()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-S", "-m", "ops.watcher"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
            pass_fds=self._held,
        )

    def _say(self, line: str) -> None:
        pipe = self._process.stdin
        with suppress(BrokenPipeError):
            print(line, file=pipe, flush=True)


def watch(lines: Iterable[str]) -> None:
    """Follows what the supervisor says until it falls silent, then ends the sessions that it left behind."""
    leaders: set[int] = set()
    for line in lines:
        change = leaders.add if line.startswith("+") else leaders.discard
        change(int(line[1:]))
    if not leaders:
        return
    if sys.platform != "linux":  # there the kernel has sent it: a second one would hurry the workers
        send(signal.SIGTERM, leaders)
    wait_until_gone(leaders, GRACE)
    sweep(leaders)


if __name__ == "__main__":
    for unheard in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(unheard, signal.SIG_IGN)
    os.chdir("/")
    watch(sys.stdin)
