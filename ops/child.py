"""One program that is kept running: its present process, what it prints, and when the next one is due."""

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ops.leash import leash
from ops.sessions import sweep

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds between a program's end and its next start
STEADY = 60.0  # seconds of life after which a program's waits start over


@dataclass(frozen=True, slots=True)
class Program:
    """Something to keep running.

    `ready` says when it answers; the programs after a `gate` wait for that, and the gate is the last to go. `log` is
    where it writes what it does not print.
    """

    name: str
    command: Sequence[str]
    ready: Callable[[], bool] | None = None
    gate: bool = False
    log: Path | None = None


@dataclass(slots=True)
class Child:
    """A program with its process, in a session of its own. Times are monotonic seconds."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    born: float = 0.0
    due: float = 0.0
    wait: float = 0.0
    unfinished: bytes = b""
    answered: bool = False

    @property
    def unanswered(self) -> bool:
        """True while it is not known to be ready, though it could tell."""
        return self.program.ready is not None and not self.answered

    def start(self, environ: Mapping[str, str], folder: Path, now: float) -> subprocess.Popen[bytes]:
        """Starts the process; its output is a pipe that never blocks us. Raises OSError when it cannot."""
        parent = os.getpid()
        process = subprocess.Popen(
            self.program.command,
            cwd=folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: leash(parent),  # noqa: PLW1509 - safe here: the supervisor has one thread
        )
        os.set_blocking(output_of(process), False)
        self.process, self.born = process, now
        return process

    def lines(self) -> list[bytes] | None:
        """The whole lines printed since last asked; None when its output has ended."""
        if self.process is None:
            return None
        try:
            data = os.read(output_of(self.process), 65536)
        except BlockingIOError:
            return []
        *whole, self.unfinished = (self.unfinished + data).split(b"\n")
        return whole if data else None

    def bury(self) -> list[bytes]:
        """Kills whatever is left of its session and forgets it; the last lines it printed."""
        if self.process is None:
            return []
        sweep([self.process.pid])
        last = []
        while lines := self.lines():
            last += lines
        if self.unfinished:
            last.append(self.unfinished)
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        self.process, self.unfinished = None, b""
        return last

    def put_off(self, now: float) -> None:
        """Decides when to start it again after it ended."""
        self.wait = next_wait(self.wait, lived=now - self.born)
        self.due = now + self.wait
        self.answered = self.answered and not self.program.gate


def next_wait(last: float, lived: float) -> float:
    """Seconds until the next start of a program that waited `last` before this start and then lived so long."""
    return FIRST_WAIT if lived >= STEADY or not last else min(last * 2, LONGEST_WAIT)


def output_of(process: subprocess.Popen[bytes]) -> int:
    """The file descriptor of its output."""
    if process.stdout is None:
        raise ValueError("started without a pipe for its output")
    return process.stdout.fileno()
