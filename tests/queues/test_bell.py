"""The bell while the broker is frozen: it is there and says nothing."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from ops import broker
from queues.enqueue import Bell
from smsgw.settings import ROOT, broker_socket
from tests.ops.toys import eventually

RINGS = """
import sys
from queues.enqueue import Bell
bell = Bell(sys.argv[1])
for _ in range(1000):
    bell.ring("inbox")
"""


@pytest.fixture
def frozen(tmp_path: Path) -> Iterator[str]:
    """The address of a real broker that was stopped in the middle of its work."""
    home = tmp_path / "b"
    home.mkdir()
    with subprocess.Popen(broker.command(home)) as process:
        eventually(lambda: broker.answers(broker_socket(home)))
        os.kill(process.pid, signal.SIGSTOP)
        yield broker.redis_url(home)
        process.kill()


def bells() -> int:
    return sum(thread.name == "bell" for thread in threading.enumerate())


def test_ringing_neither_waits_nor_piles_anything_up(frozen: str) -> None:
    bell, before = Bell(frozen), bells()
    began = time.monotonic()
    for _ in range(50_000):
        bell.ring("inbox")
        bell.ring("outbox")
    assert time.monotonic() - began < 5
    assert len(bell._wanted) <= 2
    assert bells() == before + 1
    eventually(lambda: bell.failures > 0)


def test_who_must_ring_at_once_is_soon_told_that_nobody_heard(frozen: str) -> None:
    began = time.monotonic()
    assert not Bell(frozen).ring_now("inbox")
    assert time.monotonic() - began < 2


def test_that_the_broker_is_away_and_back_is_told_once(tmp_path: Path) -> None:
    home = tmp_path / "b"
    home.mkdir()
    bell = Bell(broker.redis_url(home))
    with capture_logs() as told:
        assert [bell.ring_now("inbox") for _ in range(3)] == [False] * 3
        with subprocess.Popen(broker.command(home)) as process:
            eventually(lambda: broker.answers(broker_socket(home)))
            assert [bell.ring_now("inbox") for _ in range(2)] == [True] * 2
            process.kill()
        assert not bell.ring_now("inbox")
    away, back = "the broker is away; the clock will ring again", "the broker is back"
    assert [line["event"] for line in told] == [away, back, away]
    assert bell.failures == 4


def test_a_process_that_rang_can_end(frozen: str) -> None:
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", RINGS, frozen], cwd=ROOT, check=True, timeout=30)
    assert time.monotonic() - began < 15
