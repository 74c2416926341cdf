"""Programs started for one round, each in a session of its own, watched for what they use and ended together."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ops.bench.usage import cpu_seconds, resident_mb
from ops.leash import leash
from ops.sessions import members, send, sweep, wait_until_gone
from smsgw.settings import ROOT

READY_TAKES = 60.0  # seconds
ENDING_TAKES = 8.0


class DidNotStartError(Exception):
    """A program ended, or never got ready; the text holds the end of what it wrote."""


@dataclass(slots=True)
class Running:
    """What runs now. `folder` keeps what each program writes; several may share a role such as worker.

    `elsewhere` names processes that serve the round though it did not start them.
    """

    folder: Path
    elsewhere: Mapping[str, Callable[[], list[int]]] = field(default_factory=dict)
    _started: list[tuple[str, subprocess.Popen[bytes]]] = field(default_factory=list)

    def run(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        """Runs a program to its end. Raises `DidNotStartError` when it fails."""
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise DidNotStartError(f"{' '.join(command)}\n{done.stderr[-2000:]}")

    def start(self, role: str, command: Sequence[str], environ: Mapping[str, str]) -> None:
        """Starts a program that stays."""
        parent = os.getpid()
        with self._log(role).open("ab") as out:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environ,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=lambda: leash(parent),  # noqa: PLW1509 - one thread starts programs
            )
        self._started.append((role, process))

    def wait_for(self, ready: Callable[[], bool]) -> None:
        """Returns once `ready` says so. Raises `DidNotStartError` when a program ends before, or time is over."""
        ends = time.monotonic() + READY_TAKES
        while not ready():
            dead = next((role for role, process in self._started if process.poll() is not None), None)
            if dead or time.monotonic() > ends:
                role = dead or self._started[-1][0]
                raise DidNotStartError(f"{role} did not start\n{self.said(role)}")
            time.sleep(0.05)

    def said(self, role: str) -> str:
        """The last lines that the programs of this role wrote."""
        return self._log(role).read_text(encoding="utf-8", errors="replace")[-2000:]

    def cpu(self) -> dict[str, float]:
        """CPU seconds used so far, by role."""
        return {role: cpu_seconds(pids) for role, pids in self._pids().items()}

    def memory(self) -> dict[str, float]:
        """Resident megabytes now, by role."""
        return {role: resident_mb(pids) for role, pids in self._pids().items()}

    def freeze(self, role: str) -> None:
        """Stops the programs of this role where they are: they are there, and say nothing."""
        send(signal.SIGSTOP, self._pids()[role])

    def stop(self) -> None:
        """Ends everything that was started, however it takes it."""
        leaders = [process.pid for _, process in self._started]
        send(signal.SIGTERM, members(leaders))
        send(signal.SIGCONT, members(leaders))
        wait_until_gone(leaders, ENDING_TAKES)
        sweep(leaders)
        for _, process in self._started:
            process.wait()

    def _pids(self) -> dict[str, list[int]]:
        found = {role: pids() for role, pids in self.elsewhere.items()}
        for role, process in self._started:
            found.setdefault(role, []).extend(members([process.pid]))
        return found

    def _log(self, role: str) -> Path:
        return self.folder / f"{role}.log"
