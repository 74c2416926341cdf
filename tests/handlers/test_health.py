"""Is the house standing, and who may know how."""

import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from ops import broker as embedded
from smsgw.gateway import Gateway
from smsgw.services.heartbeat import beat
from smsgw.settings import broker_socket
from tests.conftest import Clock
from tests.ops.toys import eventually


@pytest.fixture
def environment(tmp_path: Path, broker: str) -> dict[str, str]:
    return {
        "SMSGW_HOME": str(tmp_path / "home"),
        "SECRET_KEY": "a-secret-for-tests-only-" + "x" * 24,
        "REDIS_URL": broker,
        "SMSGW_METRICS_TOKEN": "a-token-of-the-tests-only",
    }


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real broker, one for these tests."""
    home = tmp_path_factory.mktemp("broker")
    with subprocess.Popen(embedded.command(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        eventually(lambda: embedded.answers(broker_socket(home)))
        yield embedded.redis_url(home)
        server.kill()


@pytest.fixture
def broker(valkey: str) -> str:
    return valkey


def ticks(gateway: Gateway) -> None:
    with gateway.database.write() as session:
        beat(session, "clock", gateway.now())


def failed(web: FlaskClient) -> list[str]:
    """The names of what is not in order, by alphabet."""
    response = web.get("/readyz")
    told = response.get_json()
    assert response.status_code == (200 if told["ready"] else 503)
    assert all(check["why"] for check in told["checks"].values() if not check["ok"])
    return sorted(name for name, check in told["checks"].items() if not check["ok"])


def test_a_living_process_says_ok(web: FlaskClient):
    response = web.get("/healthz")
    assert (response.status_code, response.text.strip()) == (200, "ok")


def test_everything_in_order_is_ready(web: FlaskClient, gateway: Gateway):
    ticks(gateway)
    assert failed(web) == []


def test_a_clock_that_never_told_is_missed(web: FlaskClient):
    assert failed(web) == ["clock"]


def test_a_clock_that_is_silent_for_a_minute_is_missed(web: FlaskClient, gateway: Gateway, clock: Clock):
    ticks(gateway)
    clock.moves(seconds=59)
    assert failed(web) == []
    clock.moves(seconds=1)
    assert failed(web) == ["clock"]


def test_a_broken_database_is_named_and_the_process_still_lives(
    web: FlaskClient, gateway: Gateway, breaks: Callable[[], None]
):
    ticks(gateway)
    breaks()
    assert failed(web) == ["clock", "database", "migrations"]
    assert web.get("/healthz").status_code == 200


class TestWithoutABroker:
    @pytest.fixture
    def broker(self) -> str:
        with socket.create_server(("127.0.0.1", 0)) as server:
            free = server.getsockname()[1]
        return f"redis://127.0.0.1:{free}/0"

    def test_its_absence_is_named(self, web: FlaskClient, gateway: Gateway):
        ticks(gateway)
        assert failed(web) == ["broker"]


def test_metrics_tell_what_stands_in_which_state(web: FlaskClient, gateway: Gateway, clock: Clock):
    ticks(gateway)
    form = {"from": "+84900000001", "to": "8079", "text": "PA mat nuoc", "id": "m1"}
    assert web.post("/sms/simulator", data=form).status_code == 200
    clock.moves(seconds=90)
    told = web.get("/metrics").text
    assert 'smsgw_inbound{state="received"} 1.0' in told
    assert 'smsgw_oldest_waiting_seconds{box="inbox"} 90.0' in told
    assert 'smsgw_heartbeat_age_seconds{process="clock"} 90.0' in told
    assert "smsgw_database_up 1.0" in told


def test_refused_webhooks_are_counted(web: FlaskClient):
    def refused() -> float:
        lines = [line for line in web.get("/metrics").text.splitlines() if line.startswith("smsgw_refused")]
        return sum(float(line.rpartition(" ")[2]) for line in lines)

    before = refused()
    form = {"from": "+84900000001", "text": "PA mat nuoc", "id": "m1"}
    elsewhere = {"REMOTE_ADDR": "10.0.0.7"}
    assert web.post("/sms/simulator", data=form, environ_overrides=elsewhere).status_code == 403
    assert refused() == before + 1


def test_metrics_survive_a_broken_database(web: FlaskClient, breaks: Callable[[], None]):
    breaks()
    response = web.get("/metrics")
    assert response.status_code == 200
    assert "smsgw_database_up 0.0" in response.text


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ({}, 404),
        ({"Authorization": "Bearer wrong"}, 404),
        ({"Authorization": "Bearer "}, 404),
        ({"Authorization": "Bearer a-token-of-the-tests-only"}, 200),
    ],
)
def test_from_elsewhere_metrics_need_the_token(web: FlaskClient, header: dict[str, str], status: int):
    assert web.get("/metrics", headers=header, environ_overrides={"REMOTE_ADDR": "10.0.0.7"}).status_code == status


def test_behind_a_proxy_on_this_machine_the_token_is_needed_too(web: FlaskClient):
    assert web.get("/metrics", headers={"X-Forwarded-For": "10.0.0.7"}).status_code == 404


def test_health_pages_are_not_kept_by_caches(web: FlaskClient):
    assert "no-store" in web.get("/readyz").headers["Cache-Control"]
