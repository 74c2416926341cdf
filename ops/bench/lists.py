"""What an official waits for the desk's list, in a small table and in a large one: whole pages, as a browser gets them."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from flask.testing import FlaskClient
from sqlalchemy import text

from handlers.web import create_app
from ops.bench.databases import Databases
from ops.bench.figures import table
from ops.bench.scans import AT_ONCE, CITIZEN, MOMENTS, NOW
from smsgw.gateway import open_gateway
from smsgw.services import first_data
from smsgw.services.first_data import DEMO_PASSWORD
from smsgw.settings import load
from smsgw.store import migrate
from smsgw.store.database import Database
from smsgw.store.listing import PAGE

SMALL, LOOKS, WARM_UP = 1_000, 40, 5
ENTRY = 'class="ref"'
GOAL_MS = 300  # that 95 of 100 pages may take
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
PAGES: Mapping[str, str] = {
    "today's work": "/desk/",
    "its tenth page": "/desk/?page=10",
    "answered": "/desk/?state=answered",
    "all, page 150": "/desk/?state=all&page=150",
    "field, term and mark": "/desk/?field=HT&term=late&mark=incomplete",
    "nothing fits": "/desk/?state=answered&field=XH&mark=emergency",
    "words": "/desk/?q=c%E1%BB%91ng+tho%C3%A1t+n%C6%B0%E1%BB%9Bc",
    "words nobody wrote": "/desk/?q=khong+ai+viet",
}

# One ward's: a fifth is open, of which every tenth is late and every fourth waits for an office. Nobody's day is worse.
_FILL = """
with recursive n(i) as (select {first} union all select i + 1 from n where i < {last})
insert into complaints (key, reference, citizen_id, channel, text, category, missing, urgent, emergency, sensitive, reasons,
    unit_id, office_id, triage_reason, state, received_at, due_at, due_confirmed, due_source, deadline_version, stage, version)
select 'bench:' || i, cast(i as text), 1, 'sms',
    case i % 3 when 0 then 'den duong to ' || (i % 40) || ' phuong Tay Son tat ba dem nay, de nghi phuong cho nguoi sua giup'
        when 1 then 'cong thoat nuoc duong Quang Trung nghet so ' || (i % 90) || ', mua la ngap vao nha dan ca tuan roi'
        else 'rac to ' || (i % 40) || ' chua ai thu gom ba ngay nay, boc mui hoi thoi ca xom khong chiu noi' end,
    case i % 4 when 0 then 'HT' when 1 then 'MT' when 2 then 'GT' else 'DN' end,
    {missing}, false, false, false, '[]',
    (select max(id) from units where code = '23617' and valid_to is null),
    case when i % 20 = 0 then null else (select min(id) from units
        where parent_id = (select max(id) from units where code = '23617' and valid_to is null)) end, '',
    case when i % 5 > 0 then 'answered' when i % 20 = 0 then 'received' when i % 15 = 0 then 'waiting' else 'assigned' end,
    {past}, {due}, false, 'bench', 1, '', 1
from n
"""
_WORDS = """
insert into search_texts (unit_id, complaint_id, words)
select unit_id, id, ' ' || replace(lower(text), ',', '') || ' ' || reference from complaints where id between {first} and {last}
"""


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of a page: half of all, and 95 of 100, were quicker."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Lists:
    """Each page in the small table and in the large one of so many rows."""

    rows: int
    small: Mapping[str, Times]
    large: Mapping[str, Times]

    def figures(self) -> dict[str, dict[str, float]]:
        """For programs."""
        return {
            name: {
                "p95_ms": round(self.large[name].p95, 1),
                "times": round(self.large[name].p50 / self.small[name].p50, 3),
            }
            for name in PAGES
        }

    def told(self) -> str:
        """For people."""
        head = ("page", f"p50 ms at {SMALL}", f"p50 ms at {self.rows}", "times", "p95 ms", "")
        rows = [
            (
                name,
                f"{self.small[name].p50:.1f}",
                f"{self.large[name].p50:.1f}",
                f"{self.large[name].p50 / self.small[name].p50:.2f}",
                f"{self.large[name].p95:.1f}",
                f"goal {GOAL_MS}: {'reached' if self.large[name].p95 <= GOAL_MS else 'NOT reached'}",
            )
            for name in PAGES
        ]
        return "The desk's list, whole pages for the focal official of one ward that has all complaints\n" + table(
            head, rows
        )


def looked(databases: Databases, folder: Path, rows: int) -> Lists:
    """Both tables, each in a fresh database; their pages are asked for in turn."""
    with TemporaryDirectory(prefix="s", dir=folder) as small, TemporaryDirectory(prefix="l", dir=folder) as large:
        desks = [_desk(databases, Path(where), n) for where, n in ((small, SMALL), (large, rows))]
        with desks[0] as few, desks[1] as many:
            if many.get("/desk/").text.count(ENTRY) < PAGE:
                raise ValueError("the list is not full")
            times = {name: _times((few, many), path) for name, path in PAGES.items()}
    return Lists(rows, *({name: both[n] for name, both in times.items()} for n in range(2)))


def _times(desks: Sequence[FlaskClient], path: str) -> list[Times]:
    taken: list[list[float]] = [[] for _ in desks]
    for _ in range(WARM_UP + LOOKS):
        for desk, times in zip(desks, taken, strict=True):
            began = time.perf_counter()
            answer = desk.get(path)
            times.append(1e3 * (time.perf_counter() - began))
            if answer.status_code != 200:
                raise ValueError(f"{path}: {answer.status}")
    return [_of(sorted(times[WARM_UP:])) for times in taken]


def _of(times: Sequence[float]) -> Times:
    return Times(times[len(times) // 2], times[int(0.95 * len(times))])


class _NoBell:
    """Nobody works here."""

    def ring(self, name: str) -> None:
        """To nobody."""


@contextmanager
def _desk(databases: Databases, folder: Path, rows: int) -> Iterator[FlaskClient]:
    """A signed-in browser on a house with so many complaints, at the moment at which they were made up."""
    settings = load({"DATABASE_URL": databases.url(folder), "SMSGW_HOME": str(folder), "SECRET_KEY": "x" * 48})
    migrate.upgrade(settings.database_url)
    house = open_gateway(settings, now=lambda: NOW + timedelta(hours=1))
    first_data.sow(house.database, settings)
    _fill(house.database, rows)
    web = create_app(house, _NoBell()).test_client()  # type: ignore[arg-type]
    token = TOKEN.search(web.get("/login").text)
    web.post(
        "/login", data={"username": "dau-moi-ankhe", "password": DEMO_PASSWORD, "csrf_token": token[1] if token else ""}
    )
    yield web
    house.close()


def _fill(database: Database, rows: int) -> None:
    moments = MOMENTS[database.engine.dialect.name]
    with database.write() as session:
        session.execute(text(CITIZEN.format(now=moments("0"))))
    due = moments("case when i % 50 = 0 then -(i % 20000) else i % 20000 + 60 end")
    missing = """case when i % 6 = 0 then '["place"]' else '[]' end"""
    if database.engine.dialect.name == "postgresql":
        missing = f"cast({missing} as json)"
    told = {"missing": missing, "past": moments("-20000 - i % 20000"), "due": due}
    for first in range(1, rows, AT_ONCE):
        part = {"first": first, "last": min(first + AT_ONCE - 1, rows)}
        with database.write() as session:
            session.execute(text(_FILL.format(**part, **told)))
            session.execute(text(_WORDS.format(**part)))
    with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("vacuum analyze" if database.engine.dialect.name == "postgresql" else "analyze"))
