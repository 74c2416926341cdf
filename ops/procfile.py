"""Reads a Procfile: one line a program, its name and its command."""

import shlex
import sys
from pathlib import Path


def read(file: Path) -> dict[str, list[str]]:
    """Arguments by name, in the file's order; `python` means the one that runs us."""
    lines = (line.partition(":") for line in file.read_text(encoding="utf-8").splitlines())
    return {name.strip(): _arguments(command) for name, colon, command in lines if colon and not name.startswith("#")}


def _arguments(command: str) -> list[str]:
    first, *rest = shlex.split(command)
    return [sys.executable if first == "python" else first, *rest]
