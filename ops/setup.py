"""Makes what the service needs before anything runs: the home folder, compiled catalogs, the tables, the first rows."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from ops.told import SetUpError, in_words, told_settings
from smsgw.services import first_data
from smsgw.settings import ROOT, Settings
from smsgw.store import migrate
from smsgw.store.database import Database
from smsgw.text.catalogs import compile_stale


def prepare(settings: Settings) -> list[str]:
    """Does what is missing and returns a sentence for each thing done; none when all was there. Raises `SetUpError`."""
    try:
        made = _make_home(settings.home)
        with _one_at_a_time(settings.home):
            return [*made, *_compile_catalogs(ROOT / "locale"), *_fill_database(settings)]
    except OSError as trouble:
        raise SetUpError(in_words(trouble)) from trouble


def standing(settings: Settings) -> bool:
    """Whether the database's tables are those of this version. Raises `SetUpError` when it cannot be reached."""
    try:
        return migrate.is_current(settings.database_url)
    except SQLAlchemyError as trouble:
        raise SetUpError(first_line(trouble)) from trouble


def first_line(trouble: Exception) -> str:
    """What a database's error says, without SQL and links."""
    return str(getattr(trouble, "orig", trouble)).strip().partition("\n")[0]


def _make_home(home: Path) -> list[str]:
    new = not home.exists()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.chmod(0o700)
    return [f"made the folder {home}"] if new else []


@contextmanager
def _one_at_a_time(home: Path) -> Iterator[None]:
    """./run and ./run flask may set up the same home in the same moment; two migrations side by side would collide."""
    handle = os.open(home / "setup.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _compile_catalogs(folder: Path) -> list[str]:
    return [f"compiled {file.relative_to(folder)}" for file in compile_stale(folder)]


def _fill_database(settings: Settings) -> list[str]:
    try:
        migrated = ["brought the database up to date"] if migrate.upgrade(settings.database_url) else []
        database = Database(settings.database_url)
        try:
            sown = first_data.sow(database, settings)
            if not settings.demo and (left := first_data.leftovers(database)):
                raise SetUpError("\n".join(left))
            return [*migrated, *sown]
        finally:
            database.close()
    except SQLAlchemyError as trouble:
        raise SetUpError(f"The database cannot be used: {first_line(trouble)}") from trouble


def main() -> int:
    """The release step of the Procfile. Says only what it did and what is wrong; exit code 2 for the latter."""
    try:
        for done in prepare(told_settings()):
            print(done, flush=True)
    except SetUpError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
