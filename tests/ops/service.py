"""./run as a test starts it: real processes, with a home and a port of their own."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

from smsgw.settings import ROOT
from tests.ops.toys import eventually

UNSET = {"DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "SMSGW_ENV", "LANG", "LC_ALL", "LC_MESSAGES"}


class Service:
    """./run with a home and a port of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        kept = {name: value for name, value in os.environ.items() if name not in UNSET}
        home.mkdir(parents=True)
        awake = {"SMSGW_QUIET_HOURS": "", "SMSGW_UNDO_SECONDS": "0"}  # tests run at any hour, and do not wait
        self.environ = kept | awake | {"SMSGW_HOME": str(home), "PORT": str(self.port)}
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, *, output: BinaryIO | None = None, **environ: str) -> subprocess.Popen[bytes]:
        with (self.home.parent / "output").open("ab") as usual:
            command, out = [sys.executable, "-m", "ops.serve"], output or usual
            run = subprocess.Popen(command, cwd=ROOT, env=self.environ | environ, stdout=out, stderr=out)
        self.running.append(run)
        return run

    @property
    def output(self) -> str:
        return (self.home.parent / "output").read_text(encoding="utf-8")

    def wait_until_ready(self, times: int = 1) -> None:
        eventually(lambda: self.output.count("Ready.") >= times, lambda: f"readiness in\n{self.output}")

    def stop(self) -> None:
        """Ends every run that still goes."""
        for run in self.running:
            if run.poll() is None:
                run.send_signal(signal.SIGTERM)
            run.wait()

    def processes(self) -> list[int]:
        """Everything that was started for this home, whoever its parent is now."""
        marked = f"SMSGW_HOME={self.home}".encode()
        return [int(place.parent.name) for place in Path("/proc").glob("[0-9]*/environ") if marked in _bytes(place)]


def _bytes(place: Path) -> list[bytes]:
    try:
        return place.read_bytes().split(b"\0")
    except OSError:
        return []
