"""What a look at the deadlines costs in a small table and in a large one in which the same number has fallen due."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from ops.bench.databases import Databases
from smsgw.services import first_data
from smsgw.settings import load
from smsgw.store import dues, migrate
from smsgw.store.database import Database, Transaction

SMALL, FOUND, BATCH = 10_000, 33, 100
LOOKS, WARM_UP = 200, 20
AT_ONCE = 10_000  # rows that are written by one statement: PostgreSQL gives it five seconds
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
GOAL = 1.5  # times the small table's cost, at most

Scan = Callable[[Transaction], int]
Milliseconds = Mapping[str, float]

# Four fifths are answered, long ago; open ones fall due within the coming month, but for those that are looked for.
_FILL = """
with recursive n(i) as (select {first} union all select i + 1 from n where i < {last})
insert into complaints (key, reference, citizen_id, channel, text, missing, urgent, emergency, sensitive, reasons, unit_id,
    triage_reason, state, received_at, due_at, due_confirmed, due_source, deadline_version, stage, look_at, version)
select 'bench:' || i, cast(i as text), 1, 'sms', 'den duong tat', '[]', false, false, false, '[]',
    (select min(id) from units where kind = 'ward'), '',
    case when i % 5 = 0 then 'assigned' else 'answered' end, {past}, {due}, false, 'bench', 1, '', {look}, 1
from n
"""
CITIZEN = """
insert into citizens (id, phone, language, tone_marks, prompt, created_at)
values (1, '+84900000001', 'vi', false, '', {now})
"""
MOMENTS: Mapping[str, Callable[[str], str]] = {
    "sqlite": lambda minutes: f"strftime('%Y-%m-%d %H:%M:%f000', '2026-11-23 02:00:00', ({minutes}) || ' minutes')",
    "postgresql": lambda minutes: f"timestamptz '2026-11-23 02:00:00Z' + ({minutes}) * interval '1 minute'",
}


@dataclass(frozen=True, slots=True)
class Scanned:
    """Milliseconds of each look in the small table and in the large one of so many rows."""

    rows: int
    small: Milliseconds
    large: Milliseconds

    @property
    def ratios(self) -> Milliseconds:
        """How many times the small table's cost."""
        return {name: self.large[name] / self.small[name] for name in self.small}


def scanned(databases: Databases, folder: Path, rows: int) -> Scanned:
    """Both tables, one after the other, each in a fresh database; then both looked at in turn."""
    with TemporaryDirectory(prefix="s", dir=folder) as small, TemporaryDirectory(prefix="l", dir=folder) as large:
        tables = [_filled(databases, Path(where), n) for where, n in ((small, SMALL), (large, rows))]
        told = {name: _costs(tables, scan) for name, scan in SCANS.items()}
        for table in tables:
            table.close()
    return Scanned(rows, *({name: found[n] for name, found in told.items()} for n in range(2)))


def _filled(databases: Databases, folder: Path, rows: int) -> Database:
    settings = load({"DATABASE_URL": databases.url(folder), "SMSGW_HOME": str(folder), "SECRET_KEY": "x" * 48})
    migrate.upgrade(settings.database_url)
    database = Database(settings.database_url)
    first_data.sow(database, settings)
    moments = MOMENTS[database.engine.dialect.name]
    with database.write() as session:
        session.execute(text(CITIZEN.format(now=moments("0"))))
    fallen = f"when i % 5 = 0 and i <= {5 * FOUND} then -i"
    due = moments(f"case {fallen} when i % 5 = 0 then i % 43200 + 1 else -(i % 43200) - 1 end")
    told = {"past": moments("-50000"), "due": due, "look": f"case when i % 5 = 0 then {due} end"}
    for first in range(1, rows, AT_ONCE):
        with database.write() as session:
            session.execute(text(_FILL.format(first=first, last=min(first + AT_ONCE - 1, rows), **told)))
    with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("analyze"))
    return database


def _costs(tables: Sequence[Database], scan: Scan) -> list[float]:
    """Of looks in turn, each taken back; the first ones, which warm up, do not count. The quickest quarter's slowest: what else
    the machine does meanwhile is not what a look costs."""
    taken: list[list[float]] = [[] for _ in tables]
    for _ in range(WARM_UP + LOOKS):
        for table, times in zip(tables, taken, strict=True):
            times.append(_look(table, scan))
    return [sorted(times[WARM_UP:])[LOOKS // 4] for times in taken]


def _look(table: Database, scan: Scan) -> float:
    with table.read() as session:
        began = time.perf_counter()
        found = scan(session)
        taken = 1e3 * (time.perf_counter() - began)
        session.rollback()
    if found != FOUND:
        raise ValueError(f"{found} found, {FOUND} expected")
    return taken


SCANS: Mapping[str, Scan] = {
    "to look at": lambda session: len(dues.to_look_at(session, NOW, BATCH)),
    "past due": lambda session: len(dues.due_by(session, NOW)),
}
