"""Reads one file of the data folder as rows."""

import csv
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def rows(name: str, folder: Path = HERE) -> list[dict[str, str]]:
    """The lines of a CSV file, by column name."""
    with (folder / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def tree(name: str, kind: str, folder: Path = HERE) -> list[dict[str, Any]]:
    """The `[[kind]]` tables of a TOML file."""
    entries: list[dict[str, Any]] = whole(name, folder)[kind]
    return entries


def whole(name: str, folder: Path = HERE) -> dict[str, Any]:
    """A TOML file."""
    return tomllib.loads((folder / name).read_text(encoding="utf-8"))
