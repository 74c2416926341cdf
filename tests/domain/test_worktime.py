"""The sum made once tells what the calendar tells."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from smsgw.domain.workdays import Calendar
from smsgw.domain.worktime import Worktime

CALENDAR = Calendar(closed=frozenset({datetime(2026, 11, 24, tzinfo=UTC).date()}))
MOMENTS = st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(MOMENTS, MOMENTS), min_size=1, max_size=5))
def test_it_agrees_with_the_calendar(spans: list[tuple[datetime, datetime]]):
    worktime = Worktime.around(CALENDAR, (moment for span in spans for moment in span))
    for start, end in spans:
        told = timedelta(hours=worktime.hours(start, end))
        assert abs(told - CALENDAR.worked_between(start, end)) < timedelta(milliseconds=1)


def test_of_nothing_there_is_nothing_to_tell():
    Worktime.around(CALENDAR, ())
