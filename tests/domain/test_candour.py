"""What makes figures look better than they are is counted, and what is ordinary work is not."""

from datetime import timedelta

import pytest

from smsgw.domain.candour import BULK, Deed, candour, in_bulk, out_of_order
from tests.conftest import MONDAY_MORNING as NOW


def answers(count: int, apart: timedelta, official: int | None = 1, *, shared: bool = False) -> list[Deed]:
    return [Deed(n, n, "answered", official, NOW + n * apart, shared) for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("closings", "counted"),
    [
        (answers(BULK, timedelta(minutes=1)), BULK),
        (answers(BULK - 1, timedelta(seconds=1)), 0),
        (answers(BULK, timedelta(minutes=2)), 0),
        (answers(BULK, timedelta(0), None), 0),
        (answers(BULK * 3, timedelta(0), shared=True), 0),
        (answers(BULK, timedelta(seconds=9)) + answers(BULK - 1, timedelta(seconds=9), 2), BULK),
        ([*answers(BULK, timedelta(seconds=9)), Deed(99, 99, "answered", 1, NOW + timedelta(hours=5), False)], BULK),
    ],
)
def test_ten_closings_of_one_official_within_ten_minutes_are_bulk(closings: list[Deed], counted: int):
    assert in_bulk(closings) == counted


def test_a_line_written_after_later_ones_is_out_of_order():
    lines = answers(4, timedelta(hours=1))
    assert out_of_order(lines) == 0
    assert out_of_order([*lines, lines[0]._replace(id=9)]) == 1
    assert out_of_order([*lines, lines[3]._replace(id=9, at=lines[3].at - timedelta(minutes=4))]) == 0


def test_a_line_of_last_month_written_this_month_is_out_of_order():
    lines = answers(4, timedelta(hours=1))
    assert out_of_order(lines, first_after=5) == 0
    assert out_of_order([*lines, lines[3]._replace(id=9)], first_after=5) == 1


def test_what_is_done_twice_to_a_complaint_counts_once():
    at = NOW
    lines = [Deed(n, 7, kind, 1, at, False) for n, kind in enumerate(("extended", "extended", "paused", "paused"))]
    told = candour([*lines, Deed(9, 8, "refused", 1, at, False)], serially=1, little=0, first_after=None)
    assert (told.prolonged, told.serially, told.paused, told.by_office) == (1, 1, 1, 1)
