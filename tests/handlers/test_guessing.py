"""Guessing passwords is counted by the broker for all web processes, and goes on being counted when the broker dies."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.web import create_app
from ops import broker as embedded
from smsgw.gateway import Gateway
from smsgw.settings import broker_socket
from tests.conftest import Bell
from tests.handlers.desks import hidden
from tests.ops.toys import eventually

Server = subprocess.Popen[bytes]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Server]:
    home = tmp_path / "broker-home"
    home.mkdir()
    with subprocess.Popen(embedded.command(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        eventually(lambda: embedded.answers(broker_socket(home)))
        yield server
        server.kill()


@pytest.fixture
def environment(tmp_path: Path, broker: Server) -> dict[str, str]:
    return {
        "SMSGW_HOME": str(tmp_path / "home"),
        "SECRET_KEY": "a-secret-for-tests-only-" + "x" * 24,
        "REDIS_URL": embedded.redis_url(tmp_path / "broker-home"),
    }


def guesses(gateway: Gateway, bell: Bell, times: int, username: str = "canbo-kinhte") -> list[int]:
    """A fresh web process is asked so often with a wrong password."""
    web = create_app(gateway, bell).test_client()  # type: ignore[arg-type]
    token = hidden(web.get("/login").text)["csrf_token"]
    fields = {"username": username, "password": "sai", "csrf_token": token}
    return [web.post("/login", data=fields).status_code for _ in range(times)]


def test_all_web_processes_count_together(gateway: Gateway, bell: Bell):
    assert guesses(gateway, bell, 10) == [200] * 10
    assert guesses(gateway, bell, 1) == [429]
    assert guesses(gateway, bell, 1, "dau-moi-ankhe") == [200]


def test_without_the_broker_each_process_counts_for_itself(gateway: Gateway, bell: Bell, broker: Server):
    broker.kill()
    broker.wait()
    assert guesses(gateway, bell, 11) == [200] * 10 + [429]
