"""The whole of ./run: it stands up, says where, and leaves nothing behind."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from ops import ports
from tests.disks import small_disk
from tests.ops.service import Service
from tests.ops.toys import eventually

pytestmark = pytest.mark.slow
needs_proc = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds processes by Linux's /proc")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    made = Service(tmp_path / "home")
    yield made
    made.stop()


def test_it_stands_up_and_says_where(service: Service) -> None:
    service.start()
    service.wait_until_ready()
    assert f"http://127.0.0.1:{service.port}/phone" in service.output
    assert "demo-an-khe" in service.output
    assert ports.answers("127.0.0.1", service.port, "/healthz")
    assert service.home.stat().st_mode & 0o777 == 0o700


def test_a_full_disk_under_its_log_does_not_end_it(service: Service, tmp_path: Path) -> None:
    place = tmp_path / "log"
    with small_disk(place, megabytes=1), (place / "output").open("ab") as out:
        run = service.start(output=out)
        eventually(lambda: ports.answers("127.0.0.1", service.port, "/readyz"), lambda: "readiness")
        filler, written = place / "filler", place / "output"
        for file in (filler, written):  # the disk, and then what is left of the log's last page
            with file.open("ab", buffering=0) as rest, suppress(OSError):
                while True:
                    rest.write(b"x" * (4096 if file is filler else 1))
        size = written.stat().st_size
        (worker,) = [pid for pid in service.processes() if b"inbox" in Path(f"/proc/{pid}/cmdline").read_bytes()][:1]
        os.kill(worker, signal.SIGKILL)  # the supervisor says so, and starts another
        time.sleep(5)
        assert run.poll() is None
        assert ports.answers("127.0.0.1", service.port, "/readyz")
        filler.unlink()
        run.send_signal(signal.SIGTERM)
        run.wait()
        assert written.stat().st_size > size


@needs_proc
@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_is_left_behind(service: Service, asked: signal.Signals) -> None:
    run = service.start()
    service.wait_until_ready()
    assert len(service.processes()) > 5
    run.send_signal(asked)
    run.wait()
    eventually(lambda: not service.processes(), lambda: f"the end of {service.processes()}")


@needs_proc
def test_it_comes_back_after_being_killed(service: Service) -> None:
    service.start().kill()
    run = service.start()
    service.wait_until_ready()
    run.kill()
    run.wait()
    service.start()
    service.wait_until_ready(times=2)
    assert ports.answers("127.0.0.1", service.port, "/healthz")


def test_a_second_one_says_where_the_first_one_is(service: Service) -> None:
    first = service.start()
    service.wait_until_ready()
    second = service.start()
    assert second.wait() == 1
    assert f"It is already running: process {first.pid}, http://127.0.0.1:{service.port}" in service.output
    assert ports.answers("127.0.0.1", service.port, "/healthz")


def test_a_demo_moves_to_another_port_and_says_so(service: Service) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", service.port))
        other.listen(1)
        service.start()
        service.wait_until_ready()
        assert f"Port {service.port} is taken by another program; using" in service.output


def test_every_wrong_setting_is_named_at_once(service: Service) -> None:
    assert service.start(SMSGW_ENV="production", SECRET_KEY="", PORT="many").wait() == 2
    assert "PORT is 'many'" in service.output
    assert "SECRET_KEY is missing" in service.output
    assert "Traceback" not in service.output


def test_a_database_that_cannot_be_reached_is_said_plainly(service: Service) -> None:
    assert service.start(DATABASE_URL="postgresql://smsgw@127.0.0.1:1/smsgw").wait() == 2
    assert "The database cannot be used" in service.output
    assert "Traceback" not in service.output
