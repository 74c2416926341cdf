"""What makes figures look better than they are is counted, and what is ordinary work is not."""

from datetime import datetime, timedelta

import pytest

from smsgw.domain.candour import BULK, in_bulk, is_out_of_order
from tests.conftest import MONDAY_MORNING as NOW


def closings(count: int, apart: timedelta, official: int = 1) -> list[tuple[int, datetime]]:
    return [(official, NOW + n * apart) for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("done", "counted"),
    [
        (closings(BULK, timedelta(minutes=1)), BULK),
        (closings(BULK - 1, timedelta(seconds=1)), 0),
        (closings(BULK, timedelta(minutes=2)), 0),
        (closings(BULK, timedelta(seconds=9)) + closings(BULK - 1, timedelta(seconds=9), 2), BULK),
        ([*closings(BULK, timedelta(seconds=9)), (1, NOW + timedelta(hours=5))], BULK),
        ([*reversed(closings(BULK, timedelta(seconds=9)))], BULK),
    ],
)
def test_ten_closings_of_one_official_within_ten_minutes_are_bulk(done: list[tuple[int, datetime]], counted: int):
    assert in_bulk(done) == counted


def test_clocks_of_several_machines_may_differ_a_little():
    assert not is_out_of_order(NOW, NOW + timedelta(minutes=4))
    assert is_out_of_order(NOW, NOW + timedelta(minutes=6))
