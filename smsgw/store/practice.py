"""An official's practice: a small database of its own, beside the real one, that nothing of the house but its pages opens.

The file's name says whose it is and when it was begun; taking the file away wipes all that was practised.
"""

import re
import secrets
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from smsgw.store.database import open_engine
from smsgw.store.tables import (
    Base,
    CalendarDay,
    DeadlineRule,
    FieldOff,
    OfficeHours,
    Official,
    Role,
    Route,
    Template,
    Unit,
    UnitClosure,
    official_roles,
)

KEPT: Final = timedelta(days=1)
# What the locality decided. Nothing that a citizen wrote or was told is among it.
COPIED: Final = (Role, Unit, Official, Route, FieldOff, DeadlineRule, OfficeHours, CalendarDay, UnitClosure, Template)
PHONES: Final = 500  # practice phones of colleagues are numbered from here
_NAME: Final = re.compile(r"(\d+)-(\d+)-[0-9a-f]{8}\.db")


def folder(home: Path) -> Path:
    """Where all practices lie."""
    return home / "practice"


def found(home: Path, official_id: int, now: datetime) -> Path | None:
    """The official's practice; None where there is none, or it is over by the clock."""
    files = [file for file in _files(home) if _whose(file) == official_id and not _is_over(file, now)]
    return max(files, key=_begun, default=None)


def make(home: Path, official_id: int, real: Session, now: datetime) -> Path:
    """A new practice in place of the old one, with units, people and rules as they are, and no complaint."""
    wipe(home, official_id)
    place = folder(home)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = place / f"{official_id}-{int(now.timestamp())}-{secrets.token_hex(4)}.db"
    unfinished = file.with_suffix(".new")
    unfinished.touch(mode=0o600)
    engine = open_engine(f"sqlite:///{unfinished}")
    try:
        with engine.execution_options(smsgw_writes=True).begin() as connection:
            Base.metadata.create_all(connection)
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")  # a unit may name a later one as its successor
            for table in _copied():
                rows = [dict(row) for row in real.execute(select(table)).mappings()]
                if table is Official.__table__:
                    _make_nameless(rows, real.get_one(Official, official_id))
                if table is Unit.__table__:
                    rows = [{**row, "duty_phone": ""} for row in rows]
                if rows:
                    connection.execute(insert(table), rows)
    finally:
        engine.dispose()
    unfinished.rename(file)
    return file


def _copied() -> list[Table]:
    """The tables whose rows are copied, rows before those that name them."""
    wanted = {one.__tablename__ for one in COPIED} | {official_roles.name}
    return [table for table in Base.metadata.sorted_tables if table.name in wanted]


def _make_nameless(rows: list[dict[str, object]], who: Official) -> None:
    """People without password, address and number; who practises, and their colleagues, get a practice phone, on which every
    alert comes by itself: no morning comes with a digest."""
    near, phones = {who.unit_id, who.unit.parent_id or who.unit_id}, count(PHONES)
    for row in rows:
        mine = row["id"] == who.id or row["unit_id"] in near
        row.update(password=None, email=None, digest=False, phone=f"+84900000{next(phones):03}" if mine else "")


def wipe(home: Path, official_id: int) -> None:
    """Takes the official's practice away, and all that was practised in it."""
    for file in _files(home):
        if _whose(file) == official_id:
            _remove(file)


def sweep(home: Path, now: datetime) -> int:
    """Takes away every practice that is over by the clock; how many."""
    over = [file for file in _files(home) if _is_over(file, now)]
    for file in over:
        _remove(file)
    return len(over)


def _files(home: Path) -> list[Path]:
    return [file for file in folder(home).glob("*.db") if _NAME.fullmatch(file.name)]


def _whose(file: Path) -> int:
    return int(file.name.split("-")[0])


def _begun(file: Path) -> datetime:
    return datetime.fromtimestamp(int(file.name.split("-")[1]), UTC)


def _is_over(file: Path, now: datetime) -> bool:
    return now - _begun(file) >= KEPT


def _remove(file: Path) -> None:
    for one in (file, *(file.with_name(file.name + beside) for beside in ("-wal", "-shm"))):
        one.unlink(missing_ok=True)
