"""Serves the app with Granian: one worker process with an event loop, HTTP/1 only."""

import os
import resource
from importlib import import_module
from multiprocessing import parent_process
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from ops.leash import leash
from smsgw.settings import ROOT, load, read_env

ENDING_TAKES = 2  # seconds that requests have to finish
CONNECTIONS = 4096  # at once; most of them, when there are so many, wait for a body that trickles in
FILES_BESIDE = 256  # that the process may have open for its own sake


def leashed_app(target: str) -> Any:
    """Loads `module:name` in Granian's worker, which from then on ends with its parent."""
    if parent := parent_process():
        leash(parent.pid or 0)
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


def connections_allowed() -> int:
    """As many as the system lets us hold beside our own files; many let a process have a thousand unless it asks for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = CONNECTIONS + FILES_BESIDE
    if soft == resource.RLIM_INFINITY or soft >= enough:
        return CONNECTIONS
    most = enough if hard == resource.RLIM_INFINITY else min(enough, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(most - FILES_BESIDE, 1)


def main() -> None:
    """Runs until SIGTERM or SIGINT."""
    settings = load(read_env(ROOT, os.environ))
    server = Granian(
        "app:front",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        websockets=False,
        workers=1,
        backpressure=connections_allowed(),
        workers_kill_timeout=ENDING_TAKES,
        log_level=LogLevels.warning,
        log_access=False,
    )
    server.serve(target_loader=leashed_app)


if __name__ == "__main__":
    main()
