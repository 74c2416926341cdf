"""The house with all its processes: parallel webhooks, a broker that goes away, workers that are killed."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from redis import Redis
from redis.exceptions import ResponseError
from sqlalchemy import func, select

from ops import broker
from smsgw.store import migrate
from smsgw.store.database import Database
from smsgw.store.tables import Complaint, Inbound, Outgoing
from tests.disks import small_disk
from tests.ops.service import Service
from tests.ops.toys import eventually

ROAD = "PA GT duong Quang Trung phuong Tay Son hu nang"


class Broker:
    """A Valkey of the test's own, so that it can be taken away and given back."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return broker.redis_url(self.home)

    def start(self) -> None:
        self.process = subprocess.Popen(broker.command(self.home))
        socket = broker.broker_socket(self.home)
        eventually(lambda: broker.answers(socket), lambda: "the broker")

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def flush(self) -> None:
        Redis.from_url(self.url).flushall()


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    made = Broker(tmp_path_factory.mktemp("b"))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, valkey: Broker) -> Iterator[Service]:
    """One house that all tests here share: what stood before a test is still there in it."""
    service = Service(tmp_path_factory.mktemp("running") / "home")
    service.start(REDIS_URL=valkey.url)
    try:
        service.wait_until_ready()
        yield service
    finally:
        service.stop()


@dataclass(frozen=True)
class House:
    """The running house, and what stood in it when the test began."""

    service: Service
    database: Database
    before: tuple[int, int, int]

    def stands(self) -> tuple[int, int, int]:
        """Texts, complaints, replies that a provider took, since the test began."""
        return tuple(now - then for now, then in zip(_counts(self.database), self.before, strict=True))  # type: ignore[return-value]

    def comes_to(self, expected: tuple[int, int, int]) -> None:
        eventually(lambda: self.stands() == expected, lambda: f"{expected}, there is {self.stands()}")


@pytest.fixture
def house(running: Service) -> Iterator[House]:
    opened = Database(f"sqlite:///{running.home / 'smsgw.db'}")
    eventually(lambda: _waiting(opened) == 0, lambda: "what came before to be worked on")
    yield House(running, opened, _counts(opened))
    opened.close()


def _text(service: Service, ident: str, sender: str = "+84900000001", body: str = ROAD) -> int:
    form = {"id": ident, "from": sender, "to": "8079", "text": body}
    return requests.post(f"http://127.0.0.1:{service.port}/sms/simulator", data=form, timeout=10).status_code


def _counts(database: Database) -> tuple[int, int, int]:
    """Texts, complaints, replies that a provider took."""
    with database.read() as session:
        texts = session.scalar(select(func.count()).select_from(Inbound)) or 0
        complaints = session.scalar(select(func.count()).select_from(Complaint)) or 0
        sent = session.scalar(select(func.count()).where(Outgoing.state == "accepted")) or 0
    return texts, complaints, sent


def _waiting(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).where(Inbound.state == "received")) or 0


def _wait_for(database: Database, expected: tuple[int, int, int]) -> None:
    eventually(lambda: _counts(database) == expected, lambda: f"{expected}, there is {_counts(database)}")


def test_the_same_webhook_fifty_times_at_once_makes_one_complaint_and_one_reply(house: House, valkey: Broker) -> None:
    """Again after the broker forgot everything, and once more after it was restarted."""
    for number, before in enumerate([[], [valkey.flush], [valkey.stop, valkey.start]]):
        for deed in before:
            deed()
        with ThreadPoolExecutor(50) as crowd:
            codes = list(crowd.map(lambda _: _text(house.service, "one"), range(50)))
        assert codes == [200] * 50
        assert _text(house.service, f"other{number}", "+84900000002") == 200
        eventually(lambda: _waiting(house.database) == 0, lambda: "all to be worked on")
    house.comes_to((4, 4, 4))


def test_the_house_runs_on_postgresql_too(tmp_path: Path, valkey: Broker, postgres: str) -> None:
    service = Service(tmp_path / "home")
    service.start(REDIS_URL=valkey.url, DATABASE_URL=postgres)
    service.wait_until_ready()
    opened = Database(postgres)
    with ThreadPoolExecutor(20) as crowd:
        senders = [f"+8490000{number % 10:04}" for number in range(40)]
        codes = list(crowd.map(lambda sender: _text(service, sender, sender), senders))
    assert codes == [200] * 40
    _wait_for(opened, (10, 10, 10))
    service.stop()
    opened.close()
    migrate.downgrade(postgres, "base")


def test_without_a_broker_texts_are_still_taken_and_worked_on_when_it_is_back(house: House, valkey: Broker) -> None:
    valkey.stop()
    assert [_text(house.service, f"t{number}", f"+8491000{number:04}") for number in range(5)] == [200] * 5
    valkey.start()
    house.comes_to((5, 5, 5))


@pytest.mark.slow
def test_a_full_disk_of_the_broker_costs_no_text_and_is_got_over_without_a_restart(tmp_path: Path) -> None:
    place = tmp_path / "b"
    with small_disk(place, megabytes=2):
        valkey = Broker(place)
        valkey.start()
        service = Service(tmp_path / "home")
        service.start(REDIS_URL=valkey.url)
        database = Database(f"sqlite:///{service.home / 'smsgw.db'}")
        try:
            service.wait_until_ready()
            filler = place / "filler"
            _fill(filler)
            for number in range(8):
                assert _text(service, f"d{number}", f"+8490000{number:04}") == 200
                time.sleep(0.5)
            eventually(lambda: _takes_nothing(valkey), lambda: "the broker to be full")
            assert [_text(service, f"f{number}", f"+8490001{number:04}") for number in range(5)] == [200] * 5
            filler.unlink()
            _wait_for(database, (13, 13, 13))
        finally:
            database.close()
            service.stop()
            valkey.stop()


def _fill(file: Path) -> None:
    """To the last byte."""
    with file.open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"x" * 4096)
        except OSError:
            return


def _takes_nothing(valkey: Broker) -> bool:
    try:
        Redis.from_url(valkey.url).set("is there room", "x" * 4096, ex=60)
    except ResponseError:
        return True
    return False


def test_flushing_the_broker_again_and_again_loses_nothing(house: House, valkey: Broker) -> None:
    for number in range(20):
        assert _text(house.service, f"f{number}", f"+8492000{number:04}") == 200
        valkey.flush()
    house.comes_to((20, 20, 20))


def test_killed_workers_come_back_and_each_text_is_still_answered_once(house: House) -> None:
    for number in range(30):
        assert _text(house.service, f"k{number}", f"+8493000{number:04}") == 200
        if number % 10 == 5:
            for pid in _workers(house.service):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)
    eventually(lambda: house.stands()[:2] == (30, 30), lambda: f"30 complaints, there is {house.stands()}")
    with house.database.read() as session:
        replies = session.scalars(select(Outgoing.inbound_id).where(Outgoing.inbound_id.is_not(None))).all()
    assert len(replies) == len(set(replies))


def _workers(service: Service) -> list[int]:
    """The processes that run `queues.worker`."""
    found = []
    for pid in service.processes():
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if b"queues.worker" in words and b"ops" not in words:
            found.append(pid)
    return found
