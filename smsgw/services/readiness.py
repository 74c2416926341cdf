"""Says whether the house stands: each thing it needs, checked now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from smsgw.services.heartbeat import last_beat
from smsgw.store.database import Database
from smsgw.store.migrate import is_current
from smsgw.store.spool import Spool, wrong_with

CLOCK_MAY_BE_SILENT = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the house needs. `why` says what is wrong; when `ok` what is to be known, mostly nothing."""

    name: str
    ok: bool
    why: str = ""


def checks(database: Database, url: str, broker: Callable[[], bool], spool: Spool, now: datetime) -> list[Check]:
    """Database, broker, clock, migrations and spool, in that order. Never raises for any of them."""
    return [
        _check("database", "the database does not answer", lambda: _answers(database)),
        _check("broker", "the broker does not answer; the clock rings in its place once it is back", broker),
        _check("clock", "the clock has not told for a minute that it lives", lambda: _ticks(database, now)),
        _check("migrations", "the tables are not at the newest revision", lambda: is_current(url)),
        _kept(spool),
    ]


def _check(name: str, why: str, holds: Callable[[], bool]) -> Check:
    try:
        ok = holds()
    except (SQLAlchemyError, OSError):
        ok = False
    return Check(name, ok, "" if ok else why)


def _kept(spool: Spool) -> Check:
    """Files in the spool make nobody less ready: whoever turned callers away for them would lose what they bring."""
    if wrong := wrong_with(spool.folder):
        return Check("spool", ok=False, why=f"{wrong}: texts would be refused while the database is away")
    found = spool.standing()
    told = [
        f"waiting for the database: {found.waiting}" * (found.waiting > 0),
        f"damaged files that a person must look at: {found.bad}" * (found.bad > 0),
    ]
    return Check("spool", ok=True, why="; ".join(filter(None, told)))


def _answers(database: Database) -> bool:
    with database.read() as session:
        return bool(session.scalar(text("select 1")))


def _ticks(database: Database, now: datetime) -> bool:
    with database.read() as session:
        beat = last_beat(session, "clock")
    return beat is not None and now - beat < CLOCK_MAY_BE_SILENT
