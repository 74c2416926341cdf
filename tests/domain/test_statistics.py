"""The periodic report counts each complaint once, in the column that the portal puts it in."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsgw.domain.statistics import Done, InHand, Matter, Period, report
from smsgw.domain.workdays import VIETNAM, Calendar

CALENDAR = Calendar()
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
AFTERWARDS = datetime(2027, 3, 1, tzinfo=UTC)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def matter(received, due=None, settled=None, category="GT", answered=None) -> Matter:
    return Matter(
        received_at=local(received),
        due_at=due and local(due),
        settled_at=settled and local(settled),
        category=category,
        answered=bool(settled) if answered is None else answered,
    )


def test_the_town_report_of_2022_comes_out():
    others = ("HT", "DN", "MT", "XD", "AN", "YT", "GD", "XH", "HC", "NN", "KH", None, None)
    matters = [
        matter("2022-01-03 08:00", due="2022-01-10 17:00", settled="2022-01-07 15:00", category=category)
        for category in ("DB",) * 9 + ("GT",) * 2 + ("DD",) + others
    ]
    found = report(matters, Period(date(2021, 6, 1), date(2022, 11, 30)), AFTERWARDS, CALENDAR)
    assert found.received == found.to_handle == found.answered == 25
    assert found.groups == {"covid": 9, "traffic": 2, "land": 1, "other": 13}
    assert found.categories["DB"] == 9
    assert found.categories[None] == 2
    assert found.done == Done(late=0, on_time=25)
    assert found.in_hand == InHand(late=0, nearly_due=0, not_due=0)
    assert (found.late_share, found.on_time_share) == (0, 1)


def test_an_empty_period_has_no_share():
    found = report([], NOVEMBER, AFTERWARDS, CALENDAR)
    assert found.to_handle == 0
    assert found.late_share is None
    assert found.on_time_share is None
    assert found.groups == {"covid": 0, "traffic": 0, "land": 0, "other": 0}
    assert found.usual_hours is None


@pytest.mark.parametrize(
    ("received", "settled", "counted"),
    [
        ("2026-10-31 23:59:59", None, "carried"),
        ("2026-11-01 00:00", None, "received"),
        ("2026-11-30 23:59:59", None, "received"),
        ("2026-12-01 00:00", None, None),
        ("2026-10-01 08:00", "2026-10-31 23:59:59", None),
        ("2026-10-01 08:00", "2026-11-01 00:00", "carried"),
    ],
)
def test_both_days_of_a_period_are_in_it_by_vietnam_time(received, settled, counted):
    found = report([matter(received, settled=settled)], NOVEMBER, AFTERWARDS, CALENDAR)
    assert (found.received, found.carried_over) == (int(counted == "received"), int(counted == "carried"))


@pytest.mark.parametrize(
    ("due", "settled", "column"),
    [
        ("2026-11-20 17:00", "2026-11-20 17:00", "done on time"),
        ("2026-11-20 17:00", "2026-11-20 17:00:01", "done late"),
        (None, "2026-11-29 17:00", "done on time"),
        ("2026-11-20 17:00", "2026-12-01 08:00", "late"),
        ("2026-11-30 17:00", None, "late"),
        ("2026-12-01 17:00", None, "nearly due"),
        ("2026-12-02 07:01", None, "not due"),
        (None, None, "not due"),
    ],
)
def test_each_matter_stands_in_one_column_as_of_the_end_of_the_period(due, settled, column):
    found = report([matter("2026-11-10 08:00", due, settled)], NOVEMBER, AFTERWARDS, CALENDAR)
    columns = {
        "late": found.in_hand.late,
        "nearly due": found.in_hand.nearly_due,
        "not due": found.in_hand.not_due,
        "done late": found.done.late,
        "done on time": found.done.on_time,
    }
    assert [name for name, count in columns.items() if count] == [column]
    assert found.late_share == ("late" in column)


def test_a_period_still_running_is_judged_as_it_stands_now():
    rows = [matter("2026-11-10 08:00", "2026-11-20 17:00"), matter("2026-11-20 08:00", "2026-11-27 17:00")]
    assert report(rows, NOVEMBER, local("2026-11-11 08:00"), CALENDAR).received == 1
    assert report(rows, NOVEMBER, local("2026-11-20 12:00"), CALENDAR).in_hand == InHand(0, 1, 1)
    assert report(rows, NOVEMBER, local("2026-11-20 17:01"), CALENDAR).in_hand == InHand(1, 0, 1)


def test_a_matter_settled_without_answer_is_done_but_not_answered():
    found = report(
        [matter("2026-11-10 08:00", settled="2026-11-11 08:00", answered=False)], NOVEMBER, AFTERWARDS, CALENDAR
    )
    assert (found.done.total, found.answered) == (1, 0)


def test_shares_are_parts_of_what_was_to_handle():
    rows = [
        matter("2026-10-10 08:00", "2026-10-20 17:00"),  # carried over, late in hand
        matter("2026-11-10 08:00", "2026-11-12 17:00", "2026-11-13 08:00"),  # done late
        matter("2026-11-10 08:00", "2026-11-12 17:00", "2026-11-12 08:00"),
        matter("2026-11-10 08:00", "2026-12-20 17:00"),
    ]
    found = report(rows, NOVEMBER, AFTERWARDS, CALENDAR)
    assert (found.received, found.carried_over, found.to_handle) == (3, 1, 4)
    assert (found.late, found.late_share, found.on_time_share) == (2, 0.5, 0.5)


def test_hours_taken_are_working_hours():
    rows = [matter("2026-11-02 07:00", settled=f"2026-11-02 {hour}:00") for hour in ("08", "09", "10")]
    rows += [matter("2026-11-02 07:00", settled="2026-11-09 07:00")] * 2
    found = report(rows, NOVEMBER, AFTERWARDS, CALENDAR)
    assert (found.usual_hours, found.slow_hours) == (3, 40)


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="period"):
        Period(date(2026, 11, 2), date(2026, 11, 1))


MOMENTS = st.datetimes(datetime(2026, 10, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
SPANS = st.timedeltas(timedelta(), timedelta(days=40))


def lived(received, term, taken, category, answered) -> Matter:
    due_at = None if term is None else received + term
    settled_at = None if taken is None else received + taken
    return Matter(received, due_at, settled_at, category, answered and settled_at is not None)


MATTERS = st.builds(
    lived,
    MOMENTS,
    st.none() | SPANS,
    st.none() | SPANS,
    st.sampled_from(["GT", "DB", "DD", "HT", "a code of old", None]),
    st.booleans(),
)


@settings(deadline=None)
@given(st.lists(MATTERS, max_size=20), MOMENTS)
def test_every_column_adds_up(matters, as_of):
    found = report(matters, NOVEMBER, as_of, CALENDAR)
    assert found.in_hand.total + found.done.total == found.to_handle
    assert sum(found.groups.values()) == sum(found.categories.values()) == found.received
    assert found.answered <= found.done.total
    assert (
        min(found.in_hand.late, found.in_hand.nearly_due, found.in_hand.not_due, found.done.late, found.done.on_time)
        >= 0
    )
    if found.late_share is not None and found.on_time_share is not None:
        assert found.late_share + found.on_time_share == pytest.approx(1)


@settings(deadline=None)
@given(st.lists(MATTERS, max_size=20))
def test_what_one_month_leaves_the_next_carries_over(matters):
    december = Period(date(2026, 12, 1), date(2026, 12, 31))
    left = report(matters, NOVEMBER, AFTERWARDS, CALENDAR).in_hand.total
    assert report(matters, december, AFTERWARDS, CALENDAR).carried_over == left
