"""Whether a web server can listen on an address, and which port is free instead."""

import errno
import socket
from contextlib import suppress

NEIGHBOURS = 20
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - names, nothing is bound


def trouble(host: str, port: int) -> OSError | None:
    """What keeps us from listening there; None when nothing does.

    Bound without SO_REUSEPORT: with it, two servers could share a port and take turns in answering.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attempt.bind(address)
            attempt.listen(1)
    except OSError as found:
        return found
    return None


def is_busy(found: OSError) -> bool:
    """True when another program listens there, as opposed to an address that is not ours."""
    return found.errno == errno.EADDRINUSE


def free_beside(host: str, port: int) -> int:
    """A port near this one that is free, so that people can guess it; else any. Raises OSError when there is none."""
    for near in range(port + 1, min(port + NEIGHBOURS, 65536)):
        if trouble(host, near) is None:
            return near
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as any_port:
        any_port.bind((host, 0))
        return int(any_port.getsockname()[1])


def reachable(host: str) -> str:
    """An address of this machine under which a server that listens on `host` answers."""
    return EVERYWHERE.get(host, host)


def local_address(host: str, port: int) -> str:
    """How a browser on this machine reaches such a server."""
    near = reachable(host)
    return f"http://{f'[{near}]' if ':' in near else near}:{port}"


def answers(host: str, port: int, path: str, seconds: float = 0.5) -> bool:
    """True when a web server there says 200 to a GET."""
    from http.client import HTTPConnection, HTTPException

    with suppress(OSError, HTTPException):
        connection = HTTPConnection(host, port, timeout=seconds)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        finally:
            connection.close()
    return False
