"""Serves a yardstick with the product's server: `python -m ops.bench.yardsticks.serve MODULE PORT WORKERS THREADS`."""

import sys

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from ops.web import leashed_app


def main(module: str, port: int, workers: int, threads: int) -> None:
    """Runs until SIGTERM, on the loopback address only."""
    server = Granian(
        f"{module}:app",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        blocking_threads=threads,
        workers_kill_timeout=2,
        log_level=LogLevels.warning,
        log_access=False,
    )
    server.serve(target_loader=leashed_app)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
