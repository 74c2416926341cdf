"""A real Kannel on this machine: bearerbox, smsbox and an operator, from texts in to texts out."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar
from urllib.error import URLError
from urllib.request import urlopen

from smsgw.providers.kannel_log import FORMAT
from tests.kannel.network import Operator

QUERY = "from=%p&to=%P&id=%I&ts=%T&coding=%c&charset=%C&smsc=%i&udh=%u&text=%b"
Found = TypeVar("Found")
USERNAME, PASSWORD = "house", "open-sesame"
_SYSTEM_PROGRAMS = ("/usr/sbin", "/usr/local/sbin")
_STARTS_WITHIN = 30.0

CONFIGURATION = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = lab
status-password = lab
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
log-file = "bearerbox.log"
log-level = 1
access-log = "access.log"
access-log-clean = true
access-log-format = "{access_log_format}"
store-type = file
store-location = "messages.store"
dlr-storage = internal
sms-combine-concatenated-mo = {joins}
sms-combine-concatenated-mo-timeout = 30

group = smsc
smsc = fake
smsc-id = operator
port = {operator}
our-host = 127.0.0.1
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {boxes}
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
log-file = "smsbox.log"
log-level = 1
mo-recode = {recode}
http-timeout = 15
http-request-retry = 100000
http-queue-delay = 1

group = sendsms-user
username = {username}
password = {password}
user-deny-ip = "*.*.*.*"
user-allow-ip = "127.0.0.1"
max-messages = 10
concatenation = true
omit-empty = true

group = sms-service
keyword = default
catch-all = true
max-messages = 0
omit-empty = true
get-url = "{get_url}"
"""


@dataclass(frozen=True, slots=True)
class KannelLab:
    """A running Kannel. `operator` is the network's end; `environment` is what our side is set up with."""

    operator: Operator
    sendsms_url: str
    access_log: Path

    @property
    def environment(self) -> dict[str, str]:
        """KANNEL_* names but for the sender and the callback token, which are the caller's."""
        return {"KANNEL_SENDSMS_URL": self.sendsms_url, "KANNEL_USERNAME": USERNAME, "KANNEL_PASSWORD": PASSWORD}


class Labs(ExitStack):
    """Starts labs in `folder`, and ends all of them at the end."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def __enter__(self) -> Self:
        return self

    def start(self, get_url: str, *, recode: bool = True, joins: bool = True) -> KannelLab:
        """Kannel calls `get_url` (its escape codes included) for each text; with `recode` it turns UCS-2 into UTF-8, and
        unless it `joins` the parts of a long text they come one by one."""
        names = ("admin", "boxes", "operator", "sendsms")
        ports = dict(zip(names, _free_ports(len(names)), strict=True))
        switches = {"recode": str(recode).lower(), "joins": str(joins).lower()}
        told = {**ports, **switches, "get_url": get_url, "username": USERNAME, "password": PASSWORD}
        told["access_log_format"] = FORMAT
        (self._folder / "kannel.conf").write_text(CONFIGURATION.format(**told))
        self._run("bearerbox")
        operator = until(lambda: _connected(ports["operator"]), "the operator's port never opened")
        self.callback(operator.hangs_up)
        # Nobody may knock at the boxes' port to see whether it is open: bearerbox would take the caller for a box.
        self._run("smsbox")
        until(lambda: _ready(ports["admin"]), "Kannel's status never showed its boxes and its operator")
        until(lambda: _opens(ports["sendsms"]), "the sendsms port never opened")
        return KannelLab(operator, f"http://127.0.0.1:{ports['sendsms']}/cgi-bin/sendsms", self._folder / "access.log")

    def _run(self, name: str) -> None:
        program = found(name)
        assert program
        with (self._folder / f"{name}.out").open("wb") as said:
            process = subprocess.Popen([program, "kannel.conf"], cwd=self._folder, stdout=said, stderr=said)
        self.callback(_end, process)


def found(name: str) -> str | None:
    """Where one of Kannel's programs is; Debian puts them where only root's PATH looks."""
    return shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), *_SYSTEM_PROGRAMS)))


def until(looks: Callable[[], Found | None], complaint: str, within: float = _STARTS_WITHIN) -> Found:
    """What `looks` finds, as soon as it finds something."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if result := looks():
            return result
        time.sleep(0.05)
    raise AssertionError(complaint)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _connected(port: int) -> Operator | None:
    try:
        return Operator(port)
    except OSError:
        return None


def _opens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/status.txt?password=lab", timeout=2) as answer:
            status = answer.read().decode()
    except (URLError, OSError):
        return False
    return "smsbox:" in status and "(online" in status


def _end(process: subprocess.Popen[bytes]) -> None:
    """At once: a smsbox that still has somebody to call takes its time over a polite end."""
    process.kill()
    process.wait(10)
