"""The report says what the raw log says, counted by another hand, whatever happened and whenever one asks."""

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from ops.recount import differences, recount
from smsgw.domain.statistics import Period
from smsgw.domain.workdays import VIETNAM
from smsgw.gateway import Gateway
from smsgw.services.reporting import as_data, reported
from smsgw.settings import ROOT
from smsgw.store.tables import Event
from tests.conftest import MONDAY_MORNING, Clock
from tests.services.lives import Lives

pytestmark = pytest.mark.sqlite  # the other hand reads the file


def told(house: Gateway, period: Period) -> dict[str, object]:
    """What the report has now."""
    with house.database.read() as session:
        return as_data(reported(session, period, house.now(), house.handbook(session).calendar))


def wrong(house: Gateway, log: Path, period: Period) -> list[str]:
    """Where the log says otherwise."""
    with house.database.read() as session:
        calendar = house.handbook(session).calendar
    counted = recount(log, period.first, period.last, house.now(), calendar.closed, calendar.opened)
    return differences(counted, told(house, period))


def periods(clock: Clock, random: Random, count: int) -> list[Period]:
    """Some in the past, some that run, some that lie ahead in part."""
    began = MONDAY_MORNING.astimezone(VIETNAM).date()
    lived = (clock.at.astimezone(VIETNAM).date() - began).days
    firsts = [began + timedelta(days=random.randrange(-2, lived + 1)) for _ in range(count)]
    return [Period(first, first + timedelta(days=random.randrange(31))) for first in firsts]


def test_what_was_reported_is_what_the_log_tells(gateway: Gateway, clock: Clock):
    random = Random(23617)
    lives = Lives(gateway, clock, random)
    lives.happen(70)
    assert len(lives.done) >= 8, lives.done
    log = gateway.settings.home / "smsgw.db"
    found = {str(period): wrong(gateway, log, period) for period in periods(clock, random, 12)}
    assert {period: lines for period, lines in found.items() if lines} == {}


@pytest.mark.slow
def test_a_report_of_a_past_month_stays_what_it_was(gateway: Gateway, clock: Clock):
    lives = Lives(gateway, clock, Random(7), divides=False)
    lives.happen(120)
    today = clock.at.astimezone(VIETNAM).date()
    past = Period(date(2026, 11, 1), today - timedelta(days=1))
    fleeting = ("answers_", "groups", "categories")
    before = told(gateway, past)
    lives.happen(80)
    after = told(gateway, past)
    assert {name: (before[name], after[name]) for name in before if before[name] != after[name]} == {} or all(
        name.startswith(fleeting) for name in before if before[name] != after[name]
    )


@pytest.mark.slow
def test_a_report_that_was_dressed_up_is_found_out(gateway: Gateway, clock: Clock, tmp_path: Path):
    Lives(gateway, clock, Random(1)).happen(40)
    period = Period(date(2026, 11, 1), date(2026, 12, 31))
    log, report = gateway.settings.home / "smsgw.db", tmp_path / "report.json"
    with gateway.database.read() as session:
        closed = gateway.handbook(session).calendar.closed
    honest = told(gateway, period)
    asks = (sys.executable, str(ROOT / "ops/recount.py"), str(log), "--from", "2026-11-01", "--to", "2026-12-31")
    more = ("--as-of", clock.at.isoformat(), "--closed", ",".join(map(str, closed)), "--against", str(report))
    report.write_text(json.dumps(honest))
    assert subprocess.run([*asks, *more], capture_output=True).returncode == 0
    report.write_text(json.dumps({**honest, "late": 0, "on_time": honest["done"]}))
    found = subprocess.run([*asks, *more], capture_output=True, text=True)
    assert found.returncode == 1
    assert "the log says" in found.stderr


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(24))
def test_whatever_happens_both_hands_count_the_same(gateway: Gateway, clock: Clock, seed: int):
    random = Random(seed)
    Lives(gateway, clock, random).happen(150)
    log = gateway.settings.home / "smsgw.db"
    assert [lines for period in periods(clock, random, 12) if (lines := wrong(gateway, log, period))] == []


@pytest.mark.postgres
@pytest.mark.slow
def test_lines_of_json_do_as_well(on_postgres: Gateway, clock: Clock, tmp_path: Path):
    random = Random(5)
    Lives(on_postgres, clock, random).happen(120)
    log = tmp_path / "events.jsonl"
    with on_postgres.database.read() as session:
        rows = session.execute(select(Event.id, Event.complaint_id, Event.at, Event.kind, Event.details)).all()
    log.write_text("\n".join(json.dumps({**row._asdict(), "at": row.at.isoformat()}) for row in rows))
    assert [lines for period in periods(clock, random, 8) if (lines := wrong(on_postgres, log, period))] == []
