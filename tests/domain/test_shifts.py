"""Whose watch it is: by day, by night, over midnight; and a roster read from a file."""

from datetime import date, datetime, time

import pytest

from smsgw.domain import shiftfile
from smsgw.domain.digest import is_time, next_at
from smsgw.domain.shifts import Shift
from smsgw.domain.workdays import VIETNAM, Calendar

FRIDAY, SUNDAY = date(2026, 11, 27), date(2026, 11, 29)
ALL_DAY = Shift(FRIDAY, SUNDAY)
BY_DAY = Shift(FRIDAY, SUNDAY, time(7), time(19))
BY_NIGHT = Shift(FRIDAY, SUNDAY, time(19), time(7))


def local(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("shift", "at", "on"),
    [
        (ALL_DAY, "2026-11-27 00:00", True),
        (ALL_DAY, "2026-11-29 23:59", True),
        (ALL_DAY, "2026-11-30 00:00", False),
        (BY_DAY, "2026-11-28 06:59", False),
        (BY_DAY, "2026-11-28 07:00", True),
        (BY_DAY, "2026-11-28 19:00", False),
        (BY_NIGHT, "2026-11-27 03:00", False),
        (BY_NIGHT, "2026-11-27 19:00", True),
        (BY_NIGHT, "2026-11-28 06:59", True),
        (BY_NIGHT, "2026-11-30 06:59", True),
        (BY_NIGHT, "2026-11-30 07:00", False),
        (BY_NIGHT, "2026-11-30 19:00", False),
    ],
)
def test_a_watch_is_on_between_its_hours_and_a_night_goes_into_the_morning(shift: Shift, at: str, on: bool) -> None:
    assert shift.covers(local(at)) is on


def test_a_file_says_who_is_on_watch_when() -> None:
    said = shiftfile.read(
        "unit,first,last,hours,official\n23617-ca,2026-11-27,2026-11-29,19:00-7:00,congan\n23617,2026-11-30,,24/7,dau-moi\n"
    )
    assert said.problems == ()
    assert [(line.unit, line.official, line.shift) for line in said.lines] == [
        ("23617-ca", "congan", BY_NIGHT),
        ("23617", "dau-moi", Shift(date(2026, 11, 30), date(2026, 11, 30))),
    ]


def test_everything_that_is_wrong_with_a_file_is_said_with_its_line() -> None:
    said = shiftfile.read(
        "unit,first,last,hours,official\n1,27/11,,24/7,a\n1,2026-11-27,,7-19,a\n1,2026-11-27,,07:00-07:00,a\n,2026-11-27,,,a\n"
    )
    assert [problem.partition(":")[0] for problem in said.problems] == ["line 2", "line 3", "line 4", "line 5"]
    assert shiftfile.read("who,when\n").problems
    assert shiftfile.read("unit,first,last,hours,official\n").problems


@pytest.mark.parametrize(
    ("at", "goes", "after"),
    [
        ("2026-11-27 07:29", False, "2026-11-27 07:30"),
        ("2026-11-27 07:30", True, "2026-11-30 07:30"),
        ("2026-11-27 16:59", True, "2026-11-30 07:30"),
        ("2026-11-27 17:00", False, "2026-11-30 07:30"),
        ("2026-11-28 08:00", False, "2026-11-30 07:30"),
    ],
)
def test_the_digest_goes_on_working_days_from_its_hour_until_offices_close(at: str, goes: bool, after: str) -> None:
    assert is_time(local(at), Calendar(), time(7, 30)) is goes
    assert next_at(local(at), Calendar(), time(7, 30)) == local(after)
