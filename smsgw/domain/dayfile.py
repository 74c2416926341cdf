"""Reads a file of days off and make-up days: lines of a table (CSV), or a calendar (ICS). All that is wrong is told at once."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from smsgw.domain.plain import plain

MOST_DAYS: Final = 400
YEARS: Final = range(2000, 2101)
LONGEST_EVENT: Final = 31
_A_DAY: Final = timedelta(days=1)
_HEAD: Final = ("day", "ngay", "date")
_OFF: Final = frozenset({"no", "off", "0", "nghi", "day off", "ngay nghi"})
_WORKED: Final = frozenset({"yes", "working", "1", "lam", "lam bu", "di lam", "working day", "ngay lam viec"})
# "Nghi" also stands in "de nghi" (asks), "hoi nghi" (meeting), "nghi dinh" and "nghi quyet" (acts that a name cites).
_SAYS: Final = re.compile(
    r"\b(?:(?P<worked>lam bu|di lam|working day|make-up)|(?<!de )(?<!hoi )nghi(?! dinh| quyet)|day off|holiday)\b"
)
_DATE_VALUE: Final = re.compile(r"\d{8}")


class Wrong(StrEnum):
    """What is wrong with a line."""

    NO_DATE = "no_date"
    NO_KIND = "no_kind"
    NO_NAME = "no_name"
    TWICE = "twice"
    NOT_WHOLE_DAYS = "not_whole_days"
    REPEATS = "repeats"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Problem:
    """Line number (from 1; 0 for the whole file), what is wrong there, and what stood there."""

    line: int
    wrong: Wrong
    words: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One day off, or one worked. `source` is the act; empty where the file does not say."""

    day: date
    working: bool
    name: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class DayFile:
    """What a file says, days in order, and everything that is wrong with it."""

    days: tuple[Day, ...]
    problems: tuple[Problem, ...]


Found = tuple[int, Day | Problem]


def read(text: str) -> DayFile:
    """Either kind of file, told apart by how it begins."""
    words = text.lstrip("\ufeff \r\n\t")
    found = list(_of_calendar(words) if words.upper().startswith("BEGIN:VCALENDAR") else _of_table(words))
    problems = [one for _, one in found if isinstance(one, Problem)]
    days: dict[date, Day] = {}
    for line, one in found:
        if isinstance(one, Day):
            if one.day in days and days[one.day] != one:
                problems.append(Problem(line, Wrong.TWICE, f"{one.day:%d/%m/%Y}"))
            days.setdefault(one.day, one)
    if len(days) > MOST_DAYS:
        problems.append(Problem(0, Wrong.TOO_MANY, str(len(days))))
    if not found:
        problems.append(Problem(0, Wrong.NOTHING))
    return DayFile(tuple(sorted(days.values(), key=lambda one: one.day)), tuple(sorted(problems, key=_by_line)))


def written(days: Sequence[Day]) -> str:
    """The same days as lines of a table, for `read`."""
    lines = ["day;kind;name;source"]
    for one in days:
        words = (re.sub(r"[;\"\s]+", " ", part).strip() for part in (one.name, one.source))
        lines.append(";".join((one.day.isoformat(), "working" if one.working else "off", *words)))
    return "\n".join(lines) + "\n"


def _by_line(problem: Problem) -> int:
    return problem.line


def _of_table(words: str) -> Iterator[Found]:
    lines = words.splitlines()
    delimiter = ";" if lines and lines[0].count(";") >= lines[0].count(",") else ","
    for number, cells in enumerate(csv.reader(lines, delimiter=delimiter), 1):
        row = [cell.strip() for cell in cells]
        if any(row) and not (number == 1 and plain(row[0]).casefold() in _HEAD):
            yield from ((number, one) for one in _of_row(number, [*row, "", "", "", ""]))


def _of_row(number: int, row: Sequence[str]) -> Iterator[Day | Problem]:
    day, kind = _day(row[0]), _kind(row[1])
    if day is None:
        yield Problem(number, Wrong.NO_DATE, row[0])
    if kind is None:
        yield Problem(number, Wrong.NO_KIND, row[1])
    if not row[2]:
        yield Problem(number, Wrong.NO_NAME)
    if day is not None and kind is not None and row[2]:
        yield Day(day, kind, row[2], row[3])


def _day(words: str) -> date | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            day = datetime.strptime(words, form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
        return day if day.year in YEARS else None
    return None


def _kind(words: str) -> bool | None:
    """Whether the day is worked; None where the word says neither."""
    known = plain(words).casefold()
    return True if known in _WORKED else False if known in _OFF else None


def _of_calendar(words: str) -> Iterator[Found]:
    """Whole-day events (RFC 5545): off, unless summary or categories say that the day is worked. What is said first counts:
    "Nghi bu Tet (lam bu 10/1)" is a day off, whose work is made up for on another."""
    event: dict[str, tuple[int, str, str]] | None = None
    for number, name, options, value in _properties(words):
        match name, value.upper():
            case "BEGIN", "VEVENT":
                event = {"BEGIN": (number, "", "")}
            case "END", "VEVENT" if event is not None:
                yield from _of_event(event)
                event = None
            case _ if event is not None:
                event.setdefault(name, (number, options, value))


def _properties(words: str) -> Iterator[tuple[int, str, str, str]]:
    """Line number, name, options and value; a line that begins with a blank goes on with the one before."""
    kept: list[tuple[int, str]] = []
    for number, line in enumerate(words.splitlines(), 1):
        if line[:1] in (" ", "\t") and kept:
            kept[-1] = kept[-1][0], kept[-1][1] + line[1:]
        elif line.strip():
            kept.append((number, line))
    for number, line in kept:
        head, _, value = line.partition(":")
        name, _, options = head.partition(";")
        yield number, name.upper(), options.upper(), value.strip()


def _of_event(event: dict[str, tuple[int, str, str]]) -> Iterator[Found]:
    number = event["BEGIN"][0]
    name = re.sub(r"\\([,;\\])", r"\1", event.get("SUMMARY", (0, "", ""))[2].replace("\\n", " ")).strip()
    first, last = (_whole_day(event[key][2]) if key in event else None for key in ("DTSTART", "DTEND"))
    if "RRULE" in event or "RDATE" in event:
        yield number, Problem(number, Wrong.REPEATS, name)
    if not name:
        yield number, Problem(number, Wrong.NO_NAME)
    if first is None or ("DTEND" in event and last is None):
        yield number, Problem(number, Wrong.NOT_WHOLE_DAYS, name)
        return
    days = max(((last or first + _A_DAY) - first).days, 1)
    if days > LONGEST_EVENT:
        yield number, Problem(number, Wrong.TOO_LONG, name)
    elif name and not {"RRULE", "RDATE"} & event.keys():
        said = plain(f"{name} {event.get('CATEGORIES', (0, '', ''))[2]}").casefold()
        first_said = _SAYS.search(said)
        working = first_said is not None and first_said["worked"] is not None
        yield from ((number, Day(first + n * _A_DAY, working, name)) for n in range(days))


def _whole_day(value: str) -> date | None:
    if not _DATE_VALUE.fullmatch(value):
        return None
    return _day(f"{value[:4]}-{value[4:6]}-{value[6:]}")
