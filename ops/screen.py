"""What a person sees of several programs at once: their lines, each behind its program's name."""

import errno
import os
import sys
from collections.abc import Mapping, Sequence
from typing import BinaryIO

COLOURS = (36, 33, 35, 32, 34, 31)  # ANSI foregrounds
OWN_NAME = "run"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # a line is lost, and the next may find room


class Screen:
    """Writes lines to a stream; colours the names when it is a terminal. `closed` turns true when nobody reads it; a full
    disk under it costs lines, not the programs."""

    def __init__(self, stream: BinaryIO, names: Sequence[str], *, colour: bool) -> None:
        self._stream = stream
        self._width = max(len(name) for name in (*names, OWN_NAME))
        self._colours = dict(zip(names, COLOURS * len(names), strict=False)) if colour else {}
        self.closed = False

    def line(self, name: str, text: bytes) -> None:
        """One line of a program's output, without its line end."""
        label = f"{name:<{self._width}} | "
        if name in self._colours:
            label = f"\x1b[{self._colours[name]}m{label}\x1b[0m"
        self._write(label.encode() + text + b"\n")

    def say(self, text: str) -> None:
        """A line of our own."""
        self.line(OWN_NAME, text.encode())

    def show(self, text: str) -> None:
        """Several lines as they are, without a name."""
        self._write(text.encode())

    def _write(self, data: bytes) -> None:
        try:
            self._stream.write(data)
            self._stream.flush()
        except OSError as trouble:
            self.closed = trouble.errno not in FULL


def terminal(names: Sequence[str], environ: Mapping[str, str]) -> Screen:
    """The screen on standard output."""
    colour = os.isatty(1) and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
    return Screen(sys.stdout.buffer, names, colour=colour)
