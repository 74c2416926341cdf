"""Databases that can be taken away and given back: a SQLite file stays where it is, a PostgreSQL server can be killed."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from subprocess import SubprocessError

from ops.bench.databases import Files, Postgres
from ops.bench.usage import children

REVIVED_WITHIN_S = 60.0


class Lasting(Files):
    """A file: there is nobody to kill."""

    mortal = False

    def kill(self) -> bool:
        """Nothing runs; False."""
        return False


class Mortal(Postgres):
    """A PostgreSQL server of this trial alone."""

    mortal = True

    def kill(self) -> bool:
        """Kills the postmaster and everything it started as a power cut would, then starts a new one on what it left."""
        leaving = [self._postmaster, *children(self._postmaster)]
        for pid in leaving:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        folder: Path = self._server.pgdata
        for lock in (folder / "postmaster.pid", *folder.glob(".s.PGSQL.*")):
            lock.unlink(missing_ok=True)  # whom they name is dead, though perhaps not buried yet
        self._revive(folder)
        return True

    def _revive(self, folder: Path) -> None:
        ends = time.monotonic() + REVIVED_WITHIN_S
        while True:
            try:
                self._server.ensure_postgres_running()
                break
            except (SubprocessError, AssertionError):
                if time.monotonic() > ends:
                    raise
                time.sleep(0.5)
        self._postmaster = int((folder / "postmaster.pid").read_text(encoding="utf-8").split()[0])


Store = Lasting | Mortal


def opened(name: str, folder: Path) -> Store:
    """The store called sqlite or postgres."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # the server's library puts a lock there
    return Mortal(folder) if name == "postgres" else Lasting()
