"""A provider hears yes only after the disk said so: the order of system calls, watched and disturbed from outside."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
import requests

from tests.journeys.test_while_something_is_away import LOCKS, house_of, within
from tests.ops.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

WATCHED = "trace=recvfrom,read,fsync,fdatasync,rename,renameat,renameat2,write,writev,sendto"
CALL = re.compile(r"(?P<pid>\d+) +(?P<rest>.*)")
STEPS = {
    "asked": re.compile(r'(recvfrom|read)\(.*"POST /sms/simulator'),
    "no": re.compile(r'(write|writev|sendto)\(.*"HTTP/1\.1 [45]'),
    "yes": re.compile(r'(write|writev|sendto)\(.*"HTTP/1\.1 200'),
    "database flushed": re.compile(r"f(data)?sync\(\d+<[^>]*smsgw\.db-wal>.* = 0$"),
    "file flushed": re.compile(r"fsync\(\d+<[^>]*/spool/[^>]*\.part>.* = 0$"),
    "file named": re.compile(r"rename\w*\(.*\.part.*\.json.* = 0$"),
    "folder flushed": re.compile(r"fsync\(\d+<[^>]*/spool>.* = 0$"),
}
SERIAL = count(1)


@dataclass(frozen=True)
class Trace:
    """What a process asked the system for."""

    file: Path

    def steps(self) -> list[str]:
        """In their order; a call that succeeds counts when it returns, one that speaks when it begins."""
        begun: dict[str, str] = {}
        found = []
        for line in self.file.read_text(encoding="utf-8", errors="replace").splitlines():
            if not (call := CALL.fullmatch(line)):
                continue
            pid, rest = call["pid"], call["rest"]
            if rest.startswith("<..."):
                rest = begun.pop(pid, "") + rest.partition("resumed>")[2]
                found += [name for name in _named(rest) if name not in ("yes", "no")]
            elif rest.endswith("<unfinished ...>"):
                begun[pid] = rest.removesuffix("<unfinished ...>")
                found += [name for name in _named(rest) if name in ("yes", "no")]
            else:
                found += _named(rest)
        return found

    def between(self) -> list[list[str]]:
        """For each answer, what was done since its call came."""
        stories: list[list[str]] = []
        for step in self.steps():
            if step == "asked":
                stories.append([])
            elif stories and not {"yes", "no"} & set(stories[-1]):
                stories[-1].append(step)
        return stories


def _named(call: str) -> list[str]:
    return [name for name, pattern in STEPS.items() if pattern.match(call)]


@contextmanager
def traced(house: Service, *more: str) -> Iterator[Trace]:
    """Watches the web processes; with CI set, a machine without strace is a failure."""
    if not shutil.which("strace"):
        if os.environ.get("CI"):
            pytest.fail("strace is not installed")
        pytest.skip("strace is not installed")
    file = house.home.parent / f"trace{next(SERIAL)}"
    words = [word for pid in house.processes() if b"ops.web" in _command(pid) for word in ("-p", str(pid))]
    command = ["strace", "-f", "-y", "-s", "160", "-e", WATCHED, *more, "-o", str(file), *words]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as watching:
        assert watching.stderr
        for _ in words[::2]:
            assert "attached" in (said := watching.stderr.readline()), said
        yield Trace(file)
        watching.send_signal(signal.SIGINT)
        watching.communicate(timeout=20)


def _command(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []


def texts(house: Service) -> int:
    number = next(SERIAL)
    form = {"id": f"d{number}", "from": f"+8490000{number:04}", "to": "8079", "text": "PA mat nuoc"}
    return requests.post(f"http://127.0.0.1:{house.port}/sms/simulator", data=form, timeout=60).status_code


@contextmanager
def locked(house: Service) -> Iterator[None]:
    command = [sys.executable, "-c", LOCKS, str(house.home / "smsgw.db"), "120"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as locking:
        assert locking.stdout
        assert locking.stdout.readline() == b"locked\n"
        yield
        locking.kill()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with house_of(tmp_path_factory.mktemp("durable")) as standing:
        yield standing


def test_a_text_is_on_the_disk_before_its_provider_hears_yes(house: Service) -> None:
    with traced(house) as trace:
        assert [texts(house) for _ in range(20)] == [200] * 20
    stories = trace.between()
    assert len(stories) == 20
    assert [story for story in stories if story[-1] != "yes" or "database flushed" not in story] == []


def test_a_text_that_goes_to_the_spool_is_on_the_disk_under_its_name_before_its_provider_hears_yes(
    house: Service,
) -> None:
    with locked(house):
        assert texts(house) == 200
        with traced(house) as trace:
            assert [texts(house) for _ in range(20)] == [200] * 20
    assert trace.between() == [["file flushed", "file named", "folder flushed", "yes"]] * 20
    within(30, lambda: _waiting(house) == "", lambda: _waiting(house))


@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
def test_when_no_flush_succeeds_no_provider_hears_yes(house: Service, error: str) -> None:
    with traced(house, "-e", f"inject=fsync,fdatasync:error={error}") as trace:
        assert [texts(house) for _ in range(5)] == [503] * 5
    assert [story[-1] for story in trace.between()] == ["no"] * 5
    assert texts(house) == 200


def test_when_only_the_database_cannot_flush_the_spool_does(house: Service) -> None:
    with traced(house, "-e", "inject=fdatasync:error=EIO") as trace:
        assert [texts(house) for _ in range(5)] == [200] * 5
    for story in trace.between():
        assert story[-4:] == ["file flushed", "file named", "folder flushed", "yes"]
    within(30, lambda: _waiting(house) == "", lambda: _waiting(house))


def _waiting(house: Service) -> str:
    told: str = requests.get(f"http://127.0.0.1:{house.port}/readyz", timeout=20).json()["checks"]["spool"]["why"]
    return told
