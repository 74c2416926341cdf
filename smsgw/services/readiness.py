"""Says whether the house stands: each thing it needs, checked now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from smsgw.services.heartbeat import last_beat
from smsgw.store.database import Database
from smsgw.store.migrate import is_current

CLOCK_MAY_BE_SILENT = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the house needs. `why` says what is wrong, empty when `ok`."""

    name: str
    ok: bool
    why: str = ""


def checks(database: Database, url: str, broker: Callable[[], bool], now: datetime) -> list[Check]:
    """Database, broker, clock and migrations, in that order. Never raises for any of them."""
    return [
        _check("database", "the database does not answer", lambda: _answers(database)),
        _check("broker", "the broker does not answer; the clock rings in its place once it is back", broker),
        _check("clock", "the clock has not told for a minute that it lives", lambda: _ticks(database, now)),
        _check("migrations", "the tables are not at the newest revision", lambda: is_current(url)),
    ]


def _check(name: str, why: str, holds: Callable[[], bool]) -> Check:
    try:
        ok = holds()
    except (SQLAlchemyError, OSError):
        ok = False
    return Check(name, ok, "" if ok else why)


def _answers(database: Database) -> bool:
    with database.read() as session:
        return bool(session.scalar(text("select 1")))


def _ticks(database: Database, now: datetime) -> bool:
    with database.read() as session:
        beat = last_beat(session, "clock")
    return beat is not None and now - beat < CLOCK_MAY_BE_SILENT
