"""Matters of villagers as the lines of `training/matters/` tell them."""

from dataclasses import dataclass
from pathlib import Path

from smsgw.domain.understanding.scales import CASE, EVENT, NOWHERE, OFFICE, URGENT

_FLAGS = {"!": EVENT, "@": URGENT, "#": CASE, "~": NOWHERE, "%": OFFICE}
_TIMED = "+"
_MARKS = frozenset({*_FLAGS, _TIMED})


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter as a villager tells it: `{}` is where a place may stand, `{U}` an office's unit."""

    source: str
    field: str
    words: str
    flags: frozenset[str]
    timed: bool


def matters(folder: Path) -> list[Matter]:
    """Every line of `training/matters/`; the marks before or after a line say what kind of matter it is."""
    return [matter_of(line, file.stem) for file in sorted((folder / "matters").glob("*.txt")) for line in lines(file)]


def lines(file: Path) -> list[str]:
    rows = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [row for row in rows if row and not row.startswith("# ")]


def matter_of(line: str, field: str) -> Matter:
    marks = set()
    words = line
    while words[0] in _MARKS:
        marks.add(words[0])
        words = words[1:]
    while words[-1] in _MARKS or words[-1] == " ":
        marks.add(words[-1])
        words = words[:-1]
    flags = frozenset(_FLAGS[mark] for mark in marks if mark in _FLAGS)
    return Matter(f"{field}:{line}", field, words, flags, _TIMED in marks)
