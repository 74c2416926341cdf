"""Serves the app with Granian: one worker process with a few threads, HTTP/1 only."""

import logging
import os
from importlib import import_module
from multiprocessing import parent_process
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels, logger

from ops.leash import leash
from smsgw.settings import ROOT, load, read_env

THREADS = 16  # requests answered side by side: so many texts share one commit at most
ENDING_TAKES = 2  # seconds that requests have to finish


def leashed_app(target: str) -> Any:
    """Loads `module:name` in Granian's worker, which from then on ends with its parent."""
    if parent := parent_process():
        leash(parent.pid or 0)
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


def worth_telling(line: logging.LogRecord) -> bool:
    """Granian calls our number of threads high on a small machine: they wait for one commit, not for a core."""
    return "quite high compared to the number of CPU cores" not in line.getMessage()


def main() -> None:
    """Runs until SIGTERM or SIGINT."""
    logger.addFilter(worth_telling)
    settings = load(read_env(ROOT, os.environ))
    server = Granian(
        "app:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=1,
        blocking_threads=THREADS,
        workers_kill_timeout=ENDING_TAKES,
        log_level=LogLevels.warning,
        log_access=False,
    )
    server.serve(target_loader=leashed_app)


if __name__ == "__main__":
    main()
