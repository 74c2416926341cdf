"""Working time is counted as the law and the clock on the wall have it."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsgw.domain.workdays import HALF_DAYS, VIETNAM, Calendar, NeverOpensError

TET = [date(2027, 2, day) for day in range(4, 11)]
CALENDAR = Calendar(closed=frozenset({date(2026, 11, 24), date(2027, 1, 1), *TET}))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


TABLE = [
    # received, after 1, 3 and 5 days, after 4 and 8 hours
    ("2026-11-20 09:15", "2026-11-23", "2026-11-26", "2026-11-30", "2026-11-20 15:15", "2026-11-23 09:15"),
    ("2026-11-21 10:00", "2026-11-23", "2026-11-26", "2026-11-30", "2026-11-23 11:00", "2026-11-23 17:00"),
    ("2026-11-23 20:10", "2026-11-25", "2026-11-27", "2026-12-01", "2026-11-25 11:00", "2026-11-25 17:00"),
    ("2026-12-30 08:00", "2026-12-31", "2027-01-05", "2027-01-07", "2026-12-30 14:00", "2026-12-31 08:00"),
    ("2027-02-03 15:00", "2027-02-11", "2027-02-15", "2027-02-17", "2027-02-11 09:00", "2027-02-11 15:00"),
]


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_terms_end_when_the_published_table_says(row):
    received = local(row[0])
    assert [CALENDAR.after_days(received, days) for days in (1, 3, 5)] == [local(f"{day} 17:00") for day in row[1:4]]
    assert [CALENDAR.after_hours(received, hours) for hours in (4, 8)] == [local(moment) for moment in row[4:]]


@pytest.mark.parametrize(
    ("at", "is_open", "opening"),
    [
        ("2026-11-23 06:59", False, "2026-11-23 07:00"),
        ("2026-11-23 07:00", True, "2026-11-23 13:30"),
        ("2026-11-23 11:29", True, "2026-11-23 13:30"),
        ("2026-11-23 11:30", False, "2026-11-23 13:30"),
        ("2026-11-23 17:00", False, "2026-11-25 07:00"),
        ("2026-11-24 09:00", False, "2026-11-25 07:00"),
        ("2027-02-03 17:00", False, "2027-02-11 07:00"),
    ],
)
def test_offices_are_open_in_their_half_days_only(at, is_open, opening):
    assert CALENDAR.is_open(local(at)) is is_open
    assert CALENDAR.next_opening(local(at)) == local(opening)


def test_answers_are_in_utc_whatever_zone_asked():
    asked = local("2026-11-20 09:15")
    for zone in (UTC, ZoneInfo("Europe/London"), ZoneInfo("Asia/Kathmandu"), timezone(timedelta(hours=-11))):
        same = asked.astimezone(zone)
        for answer in (CALENDAR.after_hours(same, 4), CALENDAR.after_days(same, 1), CALENDAR.next_opening(same)):
            assert answer.tzinfo is UTC
        assert CALENDAR.after_days(same, 1) == CALENDAR.after_days(asked, 1)
        assert CALENDAR.after_hours(same, 4) == CALENDAR.after_hours(asked, 4)


def test_the_day_a_text_comes_is_the_day_in_vietnam():
    just_before, just_after = datetime(2026, 11, 22, 16, 59, tzinfo=UTC), datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
    assert CALENDAR.after_days(just_before, 1) == local("2026-11-23 17:00")
    assert CALENDAR.after_days(just_after, 1) == local("2026-11-25 17:00")


def test_a_make_up_saturday_is_worked():
    calendar = Calendar(closed=frozenset({date(2026, 1, 2)}), opened=frozenset({date(2026, 1, 10)}))
    assert calendar.is_open(local("2026-01-10 08:00"))
    assert calendar.after_days(local("2026-01-09 10:00"), 1) == local("2026-01-10 17:00")
    assert calendar.after_days(local("2026-01-01 10:00"), 1) == local("2026-01-05 17:00")


def test_a_day_both_closed_and_made_up_is_closed():
    day = date(2026, 1, 10)
    assert not Calendar(closed=frozenset({day}), opened=frozenset({day})).works_on(day)


def test_of_several_hours_that_have_begun_the_latest_hold():
    summer = ((time(6, 30), time(11)), (time(14), time(17, 30)))
    winter = ((time(7, 30), time(11, 30)), (time(13), time(16, 30)))
    calendar = Calendar(seasons=((date(2026, 5, 1), summer), (date(2026, 11, 1), winter)))
    assert [calendar.after_days(local(f"2026-{day} 09:00"), 1) for day in ("04-28", "05-04", "11-02")] == [
        local(f"2026-{end}") for end in ("04-29 17:00", "05-05 17:30", "11-03 16:30")
    ]
    assert calendar.worked_between(local("2026-11-02 00:00"), local("2026-11-03 00:00")) == timedelta(hours=7.5)
    with pytest.raises(ValueError, match="in order"):
        Calendar(seasons=((date(2026, 5, 1), summer), (date(2026, 5, 1), winter)))


def test_a_leap_day_is_a_working_day_like_another():
    assert Calendar().after_days(local("2028-02-28 16:00"), 1) == local("2028-02-29 17:00")


def test_no_hours_end_at_once_or_at_the_next_opening():
    assert CALENDAR.after_hours(local("2026-11-23 08:00"), 0) == local("2026-11-23 08:00")
    assert CALENDAR.after_hours(local("2026-11-23 17:00"), 0) == local("2026-11-25 07:00")


def test_time_between_counts_both_ways():
    start, end = local("2026-11-20 16:00"), local("2026-11-25 08:00")
    assert CALENDAR.worked_between(start, end) == timedelta(hours=1 + 8 + 1)
    assert CALENDAR.worked_between(end, start) == -timedelta(hours=10)
    assert CALENDAR.worked_between(start, start) == timedelta()


def test_a_moment_without_a_zone_is_refused():
    naive = datetime(2026, 11, 20, 9)  # noqa: DTZ001
    for ask in (CALENDAR.is_open, CALENDAR.next_opening, lambda at: CALENDAR.after_days(at, 1)):
        with pytest.raises(ValueError, match="zone"):
            ask(naive)


def test_a_calendar_that_never_opens_says_so():
    shut = Calendar(days_off=frozenset(range(7)))
    for ask in (lambda at: shut.after_days(at, 1), lambda at: shut.after_hours(at, 1), shut.next_opening):
        with pytest.raises(NeverOpensError):
            ask(local("2026-11-20 09:15"))


@pytest.mark.parametrize(
    "intervals", [(), ((time(9), time(9)),), ((time(9), time(8)),), ((time(13), time(17)), (time(7), time(11)))]
)
def test_intervals_that_make_no_day_are_refused(intervals):
    with pytest.raises(ValueError, match=r"interval|working day"):
        Calendar(intervals=intervals)


@pytest.mark.parametrize("ask", [lambda at: CALENDAR.after_days(at, 0), lambda at: CALENDAR.after_hours(at, -1)])
def test_a_term_that_is_none_is_refused(ask):
    with pytest.raises(ValueError, match=r"term|backwards"):
        ask(local("2026-11-20 09:15"))


def test_the_fixed_zone_agrees_with_the_zone_table():
    table = ZoneInfo("Asia/Ho_Chi_Minh")
    for year in range(1976, 2101):
        for month in range(1, 13):
            at = datetime(year, month, 1, tzinfo=UTC)
            assert at.astimezone(VIETNAM).utcoffset() == at.astimezone(table).utcoffset()


# An independent, slow reckoner: it knows nothing of intervals, it asks of every minute whether it is worked.

MINUTE = timedelta(minutes=1)


def is_worked(calendar: Calendar, minute: datetime) -> bool:
    here = minute.astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    day = here.date()
    if day in calendar.closed or (here.isoweekday() - 1 in calendar.days_off and day not in calendar.opened):
        return False
    clock = here.hour * 60 + here.minute
    return any(a.hour * 60 + a.minute <= clock < b.hour * 60 + b.minute for a, b in calendar.intervals)


def slowly_after_minutes(calendar: Calendar, received: datetime, minutes: int) -> datetime:
    at, left = received, minutes
    while left:
        left -= is_worked(calendar, at)
        at += MINUTE
    return at


def slowly_after_days(calendar: Calendar, received: datetime, days: int) -> datetime:
    day, left = received.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date(), days
    while left:
        day += timedelta(days=1)
        noon = datetime.combine(day, calendar.intervals[0][0], ZoneInfo("Asia/Ho_Chi_Minh"))
        left -= is_worked(calendar, noon)
    return datetime.combine(day, calendar.intervals[-1][1], ZoneInfo("Asia/Ho_Chi_Minh"))


INTERVALS = st.sampled_from(
    [
        HALF_DAYS,
        ((time(7, 30), time(11, 30)), (time(13), time(16, 30))),
        ((time(0), time(12)), (time(12, 1), time(23, 59))),
        ((time(8), time(8, 30)),),
    ]
)
DAYS = st.frozensets(st.dates(date(2026, 1, 1), date(2029, 12, 31)), max_size=40)
NEAR_DAYS = st.builds(
    lambda first, gaps: frozenset(first + timedelta(days=gap) for gap in gaps),
    st.dates(date(2026, 1, 1), date(2029, 12, 1)),
    st.sets(st.integers(0, 20), max_size=15),
)
CALENDARS = st.builds(
    Calendar, INTERVALS, st.frozensets(st.integers(0, 6), max_size=5), DAYS | NEAR_DAYS, st.one_of(DAYS, NEAR_DAYS)
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
MINUTES = MOMENTS.map(lambda at: at.replace(second=0, microsecond=0))


@settings(max_examples=60, deadline=None)
@given(CALENDARS, MINUTES, st.integers(1, 300))
def test_hours_end_when_a_slow_reckoner_says(calendar, received, minutes):
    expected = slowly_after_minutes(calendar, received, minutes)
    assert calendar.after_work(received, minutes * MINUTE) == expected
    assert abs(calendar.after_hours(received, minutes / 60) - expected) <= timedelta(microseconds=1)


@settings(max_examples=150, deadline=None)
@given(CALENDARS, MINUTES, st.integers(1, 40))
def test_days_end_when_a_slow_reckoner_says(calendar, received, days):
    assert calendar.after_days(received, days) == slowly_after_days(calendar, received, days)


@settings(max_examples=60, deadline=None)
@given(CALENDARS, MINUTES, st.integers(0, 10_000))
def test_time_between_is_what_a_slow_reckoner_counts(calendar, start, minutes):
    counted = sum(is_worked(calendar, start + n * MINUTE) for n in range(minutes))
    assert calendar.worked_between(start, start + minutes * MINUTE) == counted * MINUTE


def test_a_slow_reckoner_agrees_on_every_seventh_hour_of_four_years():
    at, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
    while at < end:
        assert CALENDAR.after_days(at, 3) == slowly_after_days(CALENDAR, at, 3)
        assert CALENDAR.is_open(at) == is_worked(CALENDAR, at)
        at += timedelta(hours=7)


@settings(deadline=None)
@given(CALENDARS, MOMENTS, st.timedeltas(timedelta(), timedelta(hours=200)))
def test_working_for_a_span_takes_that_span(calendar, received, work):
    assert calendar.worked_between(received, calendar.after_work(received, work)) == work


@settings(deadline=None)
@given(CALENDARS, MOMENTS, MOMENTS, st.integers(1, 20))
def test_who_comes_later_is_not_due_earlier(calendar, one, other, amount):
    first, second = sorted((one, other))
    assert calendar.after_days(first, amount) <= calendar.after_days(second, amount)
    assert calendar.after_hours(first, amount) <= calendar.after_hours(second, amount)


@settings(deadline=None)
@given(CALENDARS, MOMENTS)
def test_nothing_opens_before_the_next_opening(calendar, at):
    opening = calendar.next_opening(at)
    assert opening > at
    assert calendar.is_open(opening)
    assert not calendar.is_open(opening - timedelta.resolution)
    if not calendar.is_open(at):
        assert calendar.worked_between(at, opening) == timedelta()
