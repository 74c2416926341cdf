"""The product as it runs in production, under its own supervisor, in a private home: its parts and their processes."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ops import ports
from ops.chaos import names
from ops.leash import leash
from ops.sessions import PROC, members, send
from smsgw.crash import VARIABLE
from smsgw.settings import ROOT, broker_socket

BROKER = "broker"
PROGRAMS = {
    "web": b"ops.web",
    "worker": b"queues.worker inbox",
    "sender": b"queues.worker outbox",
    "clock": b"queues.clock",
}
PARTS = (*PROGRAMS, BROKER)
READY_TAKES_S = 90.0
ENDING_TAKES_S = 20.0
KEPT = ("PATH", "HOME", "TMPDIR", "LANG", "TZ", "XDG_RUNTIME_DIR", "VIRTUAL_ENV")


class DidNotStandError(Exception):
    """The house did not get ready, or did not come back; the text holds the end of what it wrote."""


@dataclass(slots=True)
class House:
    """One house. `database` is its URL, `stand_ins` the port of the providers' stand-ins, `port` its own."""

    home: Path
    database: str
    stand_ins: int
    port: int
    _run: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.points.mkdir(mode=0o700, parents=True)

    @property
    def points(self) -> Path:
        """The folder in which crash points are laid."""
        return self.home / "points"

    @property
    def log(self) -> Path:
        return self.home.parent / "house.log"

    @property
    def environ(self) -> dict[str, str]:
        """Everything is named here, so that no .env can lead the house to a real database or provider."""
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        return kept | {
            "PYTHONUTF8": "1",
            "SMSGW_ENV": "production",
            "SMSGW_HOME": str(self.home),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "SMSGW_PROXIES": "0",
            "DATABASE_URL": self.database,
            "REDIS_URL": "",
            "PUBLIC_URL": names.PUBLIC_URL,
            "SECRET_KEY": names.SECRET,
            "SMSGW_NAME": "Phan anh",
            "SMSGW_PUBLIC_NUMBER": "8079",
            "SMSGW_PRICE_NOTE": "gia tin nhan thuong",
            "SMSGW_DUTY_PHONE": names.DUTY_PHONE,
            "SMSGW_USSD_CODE": "*8079#",
            "SMSGW_HOME_UNIT": names.UNIT,
            VARIABLE: str(self.points),
            **names.product_environ(self.stand_ins),
        }

    def start(self) -> None:
        """Returns when web, broker and clock answer. Raises `DidNotStandError`."""
        parent = os.getpid()
        with self.log.open("ab") as out:
            self._run = subprocess.Popen(
                [sys.executable, "-m", "ops.serve"],
                cwd=ROOT,
                env=self.environ,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=lambda: leash(parent),  # noqa: PLW1509 - nothing else runs in this process yet
            )
        if not self.stands(READY_TAKES_S):
            raise DidNotStandError(f"the house did not get ready\n{self.said()}")

    def stands(self, within: float) -> bool:
        """True as soon as every part runs and the house says that it is ready; False when the time is over."""
        ends = time.monotonic() + within
        while time.monotonic() < ends:
            if self._run is None or self._run.poll() is not None:
                return False
            if ports.answers("127.0.0.1", self.port, "/readyz", 2.0) and all(self.pids(part) for part in PARTS):
                return True
            time.sleep(0.2)
        return False

    def family(self, part: str) -> list[int]:
        """The processes of one part, with those that it started."""
        return members(self.pids(part))

    def pids(self, part: str) -> list[int]:
        """The processes of one part of this house, and of no other: they carry its home in their environment.

        Valkey writes its title over its environment; it is known by its socket.
        """
        if part == BROKER:
            return list(_processes(lambda words, _: str(broker_socket(self.home)).encode() in words))
        mark = f"SMSGW_HOME={self.home}".encode()
        return list(_processes(lambda words, environ: PROGRAMS[part] in words and mark in environ))

    def restarts(self) -> Mapping[str, int]:
        """How often the supervisor found a part ended, by the part's name in the Procfile."""
        told = re.findall(r"\b(web|worker|sender|clock|broker) ended \(", self.said(whole=True))
        return {part: told.count(part) for part in PARTS}

    def said(self, *, whole: bool = False) -> str:
        """What the house wrote, or the end of it."""
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        return text if whole else text[-3000:]

    def stop(self) -> None:
        """Ends it in order, or else by force."""
        if self._run is None:
            return
        if self._run.poll() is None:
            self._run.send_signal(signal.SIGTERM)
        try:
            self._run.wait(ENDING_TAKES_S)
        except subprocess.TimeoutExpired:
            self._run.kill()
            self._run.wait()
        for part in PARTS:
            send(signal.SIGKILL, self.pids(part))


def _processes(fits: Callable[[bytes, list[bytes]], bool]) -> Iterator[int]:
    """Those whose command line and environment fit."""
    for entry in PROC.glob("[0-9]*"):
        words = _read(entry / "cmdline").replace(b"\0", b" ")
        if fits(words, _read(entry / "environ").split(b"\0")):
            yield int(entry.name)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""
