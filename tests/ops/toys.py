"""Toy houses: real processes under the real supervisor, with small programs in place of ours."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ops import sessions
from smsgw.settings import ROOT

PATIENCE = 60.0  # seconds; starting a house alone has taken thirty on two busy cores

TOY_RUN = """
import os, sys
from pathlib import Path
from ops import procfile
from ops.child import Program
from ops.lock import only_run
from ops.screen import Screen
from ops.supervisor import Supervisor
home = Path(sys.argv[1])
programs = [Program(name, command) for name, command in procfile.read(home / "Procfile").items()]
screen = Screen(sys.stdout.buffer, [program.name for program in programs], colour=False)
with only_run(home) as lock:
    lock.say("http://127.0.0.1:1")
    Supervisor(programs, screen, environ=os.environ, folder=home, held=[lock.handle]).run()
"""

# A main process with a work-horse in a process group of its own, as RQ forks them.
TOY_WORKER = """
import os, signal, sys, time
from pathlib import Path
horse = os.fork()
if horse == 0:
    os.setpgrp()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(300)
    os._exit(0)
Path("worker.pids").write_text(f"{os.getpid()} {horse}")
print("worker stands", flush=True)
time.sleep(300)
"""


class ToyHouse:
    """A home with a Procfile, and the supervisor that runs it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.lines: list[str] = []
        self._run: subprocess.Popen[str] | None = None

    def program(self, name: str, code: str) -> None:
        """Adds a Python program to the Procfile."""
        (self.home / f"{name}.py").write_text(code, encoding="utf-8")
        with (self.home / "Procfile").open("a", encoding="utf-8") as procfile:
            procfile.write(f"{name}: python {name}.py\n")

    def start(self) -> subprocess.Popen[str]:
        out = (self.home / "output").open("a", encoding="utf-8")
        with out:
            self._run = subprocess.Popen(
                [sys.executable, "-c", TOY_RUN, str(self.home)],
                cwd=ROOT,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
            )
        return self._run

    def stop(self) -> None:
        """Ends it without its usual patience: the second signal means at once."""
        if self._run and self._run.poll() is None:
            self._run.send_signal(signal.SIGTERM)
            self.wait_for("stopping")
            self._run.send_signal(signal.SIGTERM)
            self._run.wait()

    @property
    def run(self) -> subprocess.Popen[str]:
        assert self._run
        return self._run

    @property
    def output(self) -> str:
        return (self.home / "output").read_text(encoding="utf-8")

    def pids(self, name: str = "worker") -> list[int]:
        """What the program wrote about its processes: the main one first."""
        return [int(pid) for pid in (self.home / f"{name}.pids").read_text(encoding="utf-8").split()]

    def wait_for(self, words: str, times: int = 1) -> None:
        eventually(lambda: self.output.count(words) >= times, lambda: f"{words!r} in\n{self.output}")


def eventually(holds: Callable[[], bool], wanted: Callable[[], str] = lambda: "it") -> None:
    """Waits for something that comes sooner or later, and fails when it does not."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"waited in vain for {wanted()}"
        time.sleep(0.02)


def alive(pids: list[int]) -> list[int]:
    """Those of the processes that still run."""
    running = set(sessions._running())
    return [pid for pid in pids if pid in running]
