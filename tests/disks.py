"""Small disks of a test's own, which can really be full or read-only."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(place: Path, *, megabytes: int, read_only: bool = False) -> Iterator[None]:
    """A disk in memory at this place. Only root may mount one; with CI set, root that cannot is a failure."""
    place.mkdir(exist_ok=True)
    options = f"size={megabytes}m,{'ro' if read_only else 'rw'}"
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True, text=True)
    if done.returncode != 0:
        why = f"a small disk cannot be mounted: {done.stderr.strip()}"
        if os.environ.get("CI") and os.getuid() == 0:
            pytest.fail(why)
        pytest.skip(why)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def remount(place: Path, how: str) -> None:
    """`ro` or `rw`, as a system does with a disk after an error and an operator after the repair."""
    subprocess.run(["mount", "-o", f"remount,{how}", str(place)], check=True)
