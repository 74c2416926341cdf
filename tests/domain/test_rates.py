"""A bucket fills with time, never over its brim, and a clock put back fills nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from smsgw.domain.rates import Level, filled

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "rate", "seconds", "expected"),
    [(0, 5, 0.2, 1), (0, 5, 60, 5), (-10, 5, 1, -5), (0, 0.5, 1, 0.5), (0, 0.5, 60, 1), (3, 5, -60, 3)],
)
def test_so_much_is_in_the_bucket(left: float, rate: float, seconds: float, expected: float) -> None:
    assert filled(Level(left, NOW), rate, NOW + timedelta(seconds=seconds)).left == pytest.approx(expected)


def test_a_new_bucket_holds_what_one_second_brings() -> None:
    assert filled(None, 20, NOW) == Level(20, NOW)
    assert filled(None, 0.2, NOW) == Level(1, NOW)


def test_time_that_was_put_back_is_not_counted_twice() -> None:
    back = filled(Level(0, NOW), 5, NOW - timedelta(seconds=60))
    assert filled(back, 5, NOW).left == 0
