"""The embedded broker, tried on the real server."""

import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from ops import broker
from smsgw.settings import broker_socket
from tests.ops.toys import eventually

Start = Callable[[Path], subprocess.Popen[bytes]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts the broker of a home and waits until it answers."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(home: Path) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(broker.command(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        started.append(process)
        eventually(lambda: broker.answers(broker_socket(home)))
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()


def client(home: Path) -> redis.Redis:
    return redis.Redis.from_url(broker.redis_url(home))


def remember(home: Path, value: str) -> None:
    with client(home) as line:
        line.set("kept", value)


def recall(home: Path) -> object:
    with client(home) as line:
        return line.get("kept")


def test_what_waits_survives_the_brokers_death(start: Start, tmp_path: Path) -> None:
    remember_in = start(tmp_path)
    remember(tmp_path, "a complaint to look at")
    remember_in.send_signal(signal.SIGKILL)
    remember_in.wait()
    start(tmp_path)
    assert recall(tmp_path) == b"a complaint to look at"


def test_a_server_left_over_gives_its_place_and_its_data(start: Start, tmp_path: Path) -> None:
    left_over = start(tmp_path)
    remember(tmp_path, "from the last run")
    start(tmp_path)
    assert left_over.wait() == 0
    assert recall(tmp_path) == b"from the last run"


def test_a_socket_that_nobody_listens_on_is_no_hindrance(start: Start, tmp_path: Path) -> None:
    listening = broker_socket(tmp_path)
    listening.parent.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(listening))
    assert not broker.answers(listening)
    start(tmp_path)
    remember(tmp_path, "through the new one")
    assert recall(tmp_path) == b"through the new one"


def test_a_home_too_deep_for_a_socket_gets_a_private_folder_elsewhere(start: Start, tmp_path: Path) -> None:
    deep = tmp_path / ("thon-" * 20) / ("xa-" * 30)
    deep.mkdir(parents=True)
    start(deep)
    listening = broker_socket(deep)
    remember(deep, "deep")
    assert recall(deep) == b"deep"
    assert not listening.is_relative_to(deep)
    assert listening.parent.stat().st_mode & 0o777 == 0o700


def test_only_we_may_talk_to_it(start: Start, tmp_path: Path) -> None:
    start(tmp_path)
    assert broker_socket(tmp_path).stat().st_mode & 0o777 == 0o700
    with client(tmp_path) as line:
        assert line.config_get("port") == {"port": "0"}


def test_nothing_is_thrown_out_and_everything_is_written_down(start: Start, tmp_path: Path) -> None:
    start(tmp_path)
    with client(tmp_path) as line:
        assert line.config_get("maxmemory-policy", "appendonly", "appendfsync") == {
            "maxmemory-policy": "noeviction",
            "appendonly": "yes",
            "appendfsync": "everysec",
        }


def test_a_folder_that_is_somebody_elses_trap_is_refused(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "broker").symlink_to(elsewhere)
    with pytest.raises(broker.BrokerError):
        broker.command(tmp_path / "home")


def test_a_missing_locale_does_not_stop_it(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "vi_XX.nowhere")
    start(tmp_path)
    assert broker.answers(broker_socket(tmp_path))
