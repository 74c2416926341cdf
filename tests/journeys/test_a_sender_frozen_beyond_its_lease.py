"""A sender that stands still in the middle of its work, longer than its lease, and wakes: nobody gets a text twice."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ops import broker, ports
from ops.chaos.house import House
from ops.sessions import send
from smsgw.services.delivery import GROUP, LEASE
from smsgw.settings import ROOT
from smsgw.store.database import Database
from tests.journeys.streets import StandIn, Street, opened
from tests.ops.toys import eventually

TEXTS = 80  # more than one group: some are being handed over, the others are only claimed
ANSWERS_AFTER_S = 1.5
WAKES_AFTER_S = LEASE.total_seconds() + 15.0


class HouseOfOne(House):
    """With Twilio only, and no rate that would stand in the way of a whole batch."""

    @property
    def environ(self) -> dict[str, str]:
        return House.environ.fget(self) | {  # type: ignore[attr-defined, no-any-return]
            "SMSGW_SMS_OUT": "twilio",
            "SMSGW_RATE_TWILIO": "1000",
        }


@contextmanager
def another_sender(house: House) -> Iterator[None]:
    environ = house.environ | {"REDIS_URL": broker.redis_url(house.home)}
    with (house.home.parent / "sender.log").open("wb") as out:
        command = [sys.executable, "-m", "queues.worker", "outbox"]
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=out, stderr=out)
    try:
        yield
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_another_takes_over_and_the_one_that_wakes_sends_nothing_again(tmp_path: Path) -> None:
    twilio = StandIn(answers_after=ANSWERS_AFTER_S)
    url = f"sqlite:///{tmp_path / 'house.db'}"
    with opened(twilio):
        house = HouseOfOne(tmp_path / "home", url, twilio.port, ports.free_beside("127.0.0.1", 22_000))
        house.start()
        database = Database(url)
        try:
            _freezes_and_wakes(house, Street(database), twilio)
        finally:
            send(signal.SIGCONT, house.family("sender"))
            database.close()
            house.stop()


def _freezes_and_wakes(house: House, street: Street, twilio: StandIn) -> None:
    street.puts(TEXTS)
    eventually(lambda: len(twilio.taken) >= GROUP, lambda: f"{GROUP} texts at Twilio, {len(twilio.taken)} are there")
    frozen = house.family("sender")
    send(signal.SIGSTOP, frozen)
    began = time.monotonic()
    in_hand = len(twilio.taken)
    assert in_hand < TEXTS
    with another_sender(house):
        time.sleep(WAKES_AFTER_S - (time.monotonic() - began))
        send(signal.SIGCONT, frozen)
        street.are_all_taken(within=120.0)
    phones = [one.order.phone for one in twilio.taken]
    assert len(phones) == len(set(phones)) == TEXTS
    assert not [row.key for row in street.rows() if row.possible_duplicate]
