"""People are let sleep: which moments are quiet, and when they end."""

from datetime import UTC, date, datetime, time

import pytest

from smsgw.domain.quiet import QuietHours, read
from smsgw.domain.workdays import VIETNAM

NIGHT = QuietHours()


def at(day: int, clock: str) -> datetime:
    return datetime.combine(date(2026, 11, day), time.fromisoformat(clock), VIETNAM).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "over"),
    [
        (at(23, "20:59:59"), None),
        (at(23, "21:00"), at(24, "07:00")),
        (at(23, "23:59:59"), at(24, "07:00")),
        (at(24, "00:00"), at(24, "07:00")),
        (at(24, "06:59:59"), at(24, "07:00")),
        (at(24, "07:00"), None),
        (at(24, "12:00"), None),
    ],
)
def test_the_night_is_quiet_from_nine_to_seven_in_vietnam(now: datetime, over: datetime | None) -> None:
    assert NIGHT.over_at(now) == over


@pytest.mark.parametrize(
    ("now", "over"),
    [
        (at(23, "11:59"), None),
        (at(23, "12:00"), at(23, "13:30")),
        (at(23, "13:29"), at(23, "13:30")),
        (at(23, "13:30"), None),
        (at(23, "23:00"), None),
    ],
)
def test_quiet_hours_may_lie_within_a_day(now: datetime, over: datetime | None) -> None:
    assert QuietHours(time(12), time(13, 30)).over_at(now) == over


def test_quiet_hours_are_written_with_a_hyphen() -> None:
    assert read("21:00-07:00") == NIGHT
    assert read(" 22:30 - 06:00 ") == QuietHours(time(22, 30), time(6))
    assert read("") is None


@pytest.mark.parametrize("wrong", ["9pm-7am", "21:00", "07:00-07:00", "21:00-25:00", "21:00+07:00-07:00", "-"])
def test_anything_else_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read(wrong)
