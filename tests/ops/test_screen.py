"""What the supervisor writes to: somebody who reads, nobody any more, a disk that is full."""

import os
from pathlib import Path

import pytest

from ops.screen import Screen


def test_it_is_closed_when_nobody_reads_it() -> None:
    ours, theirs = os.pipe()
    with open(theirs, "wb") as stream:  # noqa: PTH123 - a pipe has no path
        screen = Screen(stream, ["web"], colour=False)
        screen.line("web", b"hello")
        assert (os.read(ours, 99), screen.closed) == (b"web | hello\n", False)
        os.close(ours)
        screen.line("web", b"is anybody there")
        assert screen.closed
        os.dup2(os.open(os.devnull, os.O_WRONLY), theirs)  # for what is left in the stream


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_a_full_disk_closes_it_not() -> None:
    with Path("/dev/full").open("wb", buffering=0) as full:
        screen = Screen(full, ["web"], colour=False)
        for _ in range(3):
            screen.line("web", b"hello")
        assert not screen.closed
