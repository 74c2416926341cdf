"""Reads a duty roster from a table (CSV): unit, first, last, hours, official. All that is wrong is told at once."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from smsgw.domain.shifts import Shift

COLUMNS: Final = ("unit", "first", "last", "hours", "official")
ALWAYS: Final = frozenset({"", "24/7", "24h"})
_HOURS: Final = re.compile(r"(\d{1,2}:\d\d)\s*-\s*(\d{1,2}:\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the code or name of a unit or office, the username of an official, and when."""

    number: int
    unit: str
    official: str
    shift: Shift


@dataclass(frozen=True, slots=True)
class ShiftFile:
    """What a file says, and everything that is wrong with it, by line."""

    lines: tuple[Line, ...]
    problems: tuple[str, ...]


def read(text: str) -> ShiftFile:
    """A file whose first line names the columns; the last day may be left out where it is the first."""
    rows = csv.DictReader(text.lstrip("\ufeff").splitlines())
    lacking = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if lacking:
        return ShiftFile((), (f"line 1: the columns must be {','.join(COLUMNS)}",))
    found = list(_read(rows))
    lines = tuple(one for one in found if isinstance(one, Line))
    problems = tuple(one for one in found if isinstance(one, str))
    return ShiftFile(lines, problems if found else ("the file has no rows",))


def hours(written: str) -> tuple[time, time] | None:
    """07:00-19:00; None for day and night, which is written 24/7 or as nothing. Raises `ValueError`."""
    if written.strip().lower() in ALWAYS:
        return None
    match = _HOURS.fullmatch(written.strip())
    if match is None:
        raise ValueError(written)
    begins, ends = (time.fromisoformat(one.zfill(5)) for one in match.groups())
    if begins == ends:
        raise ValueError(written)
    return begins, ends


def _read(rows: "csv.DictReader[str]") -> Iterator[Line | str]:
    for row in rows:
        number = rows.line_num
        told = {name: (row.get(name) or "").strip() for name in COLUMNS}
        try:
            first = date.fromisoformat(told["first"])
            last = date.fromisoformat(told["last"] or told["first"])
        except ValueError:
            yield f"line {number}: first and last must be days such as 2026-11-23"
            continue
        try:
            span = hours(told["hours"]) or (None, None)
        except ValueError:
            yield f"line {number}: {told['hours']!r} are no hours such as 07:00-19:00, and not 24/7"
            continue
        if not told["unit"] or not told["official"]:
            yield f"line {number}: a unit and an official's username are needed"
            continue
        yield Line(number, told["unit"], told["official"], Shift(first, last, *span))
