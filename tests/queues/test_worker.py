"""A worker and its broker: neither need be there first."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import SimpleWorker

from ops import broker
from queues.names import QUEUES
from queues.worker import Worker
from smsgw.settings import ROOT
from tests.ops.toys import eventually

Start = Callable[..., "subprocess.Popen[bytes]"]
WORKERS = "rq:workers"


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a program, which is ended with the test."""
    running: list[subprocess.Popen[bytes]] = []

    def one(command: list[str], **more: object) -> subprocess.Popen[bytes]:
        running.append(subprocess.Popen(command, **more))  # type: ignore[call-overload]
        return running[-1]

    yield one
    for process in reversed(running):
        process.kill()
        process.wait()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "b").mkdir()
    return tmp_path / "b"


def broker_of(home: Path, start: Start) -> Redis:
    start(broker.command(home))
    eventually(lambda: broker.answers(broker.broker_socket(home)), lambda: "the broker")
    return Redis.from_url(broker.redis_url(home))


def worker_of(home: Path, start: Start, out: Path) -> "subprocess.Popen[bytes]":
    environ = os.environ | {"SMSGW_HOME": str(home), "REDIS_URL": broker.redis_url(home), "SMSGW_ENV": "demo"}
    with out.open("wb") as written:
        command = [sys.executable, "-m", "queues.worker", QUEUES[0]]
        return start(command, cwd=ROOT, env=environ, stdout=written, stderr=written)


def test_a_worker_that_starts_during_an_outage_waits_for_the_broker(home: Path, start: Start, tmp_path: Path) -> None:
    said = tmp_path / "said"
    worker = worker_of(home, start, said)
    eventually(lambda: b"the broker is away" in said.read_bytes(), said.read_text)
    valkey = broker_of(home, start)
    eventually(lambda: valkey.scard(WORKERS) == 1, said.read_text)
    assert worker.poll() is None


def test_a_worker_never_sleeps_long_while_the_broker_is_away() -> None:
    assert Worker.max_connection_wait_time <= 5 < SimpleWorker.max_connection_wait_time
