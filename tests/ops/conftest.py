"""Fixtures of the ground's tests."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ops.toys import ToyHouse, alive


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ToyHouse]:
    """A toy house; whatever is left of it is cleared away afterwards."""
    toy = ToyHouse(tmp_path)
    yield toy
    toy.stop()
    for file in tmp_path.glob("*.pids"):
        for pid in alive([int(pid) for pid in file.read_text(encoding="utf-8").split()]):
            os.kill(pid, signal.SIGKILL)
