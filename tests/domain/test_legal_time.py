"""Legal time is what a slow reckoner counts, minute by minute, in twenty years of calendars, on a host in any zone."""

import json
import os
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsgw.domain.deadlines import (
    STAGES,
    Counting,
    Level,
    Measure,
    Rule,
    due,
    moments,
    pace_of,
)
from smsgw.domain.extensions import flaws
from smsgw.domain.pauses import Counted, Stop, continued, running
from smsgw.domain.sums import Why, sum_of
from smsgw.domain.workdays import Calendar
from smsgw.settings import ROOT
from smsgw.store.calendar import public_holidays
from tests.domain.slow_clock import A_DAY, SlowClock, minute_of, moment_of

YEARS = range(2026, 2047)
A_MINUTE = timedelta(minutes=1)

HOURS = (
    (((7, 0), (11, 30)), ((13, 30), (17, 0))),
    (((7, 30), (11, 30)), ((13, 0), (16, 30))),
    (((8, 0), (12, 0)), ((13, 0), (17, 0))),
)


@lru_cache
def legal_days(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Public holidays and weekend days worked instead, around a year: Tet by the moon among them."""
    closed, opened = public_holidays(year)
    return frozenset(closed), frozenset(opened)


def clocks(hours, days_off, closed, opened, seasons=()):
    """The same calendar for us and for the slow reckoner."""
    later = tuple((first, HOURS[which]) for first, which in seasons)
    ours = Calendar(
        intervals=_times(HOURS[hours]),
        days_off=days_off,
        closed=closed,
        opened=opened,
        seasons=tuple((first, _times(parts)) for first, parts in later),
    )
    slow = SlowClock(
        hours=_minutes(HOURS[hours]),
        days_off=days_off,
        closed=closed,
        made_up=opened,
        later_hours=tuple((first, _minutes(parts)) for first, parts in later),
    )
    return ours, slow


def _times(parts):
    return tuple((time(*opens), time(*closes)) for opens, closes in parts)


def _minutes(parts):
    return tuple((opens[0] * 60 + opens[1], closes[0] * 60 + closes[1]) for opens, closes in parts)


@st.composite
def worlds(draw):
    """A moment in twenty years and the calendar around it: the public holidays of its year, a decree that swaps days, floods
    that close offices, other hours from a day on."""
    year = draw(st.sampled_from(YEARS))
    closed, opened = legal_days(year)
    first = minute_of(datetime.fromisoformat(f"{year}-01-01T00:00:00+07:00"))
    eve_of_tet = min(day for day in closed if day.year == year and (day.month, day.day) != (1, 1))
    near_tet = minute_of(datetime.fromisoformat(f"{eve_of_tet}T00:00:00+07:00"))
    received = draw(
        st.integers(first, first + 365 * A_DAY - 1) | st.integers(near_tet - 9 * A_DAY, near_tet + 9 * A_DAY)
    )
    today = (moment_of(received) + timedelta(hours=7)).date()
    near = st.integers(-3, 25).map(lambda n: today + timedelta(days=n))
    closed |= draw(st.frozensets(near, max_size=8))
    opened |= draw(st.frozensets(near, max_size=6))
    days_off = draw(st.sampled_from([frozenset({5, 6}), frozenset({6})]))
    seasons = sorted(draw(st.dictionaries(near, st.integers(0, 2), max_size=2)).items())
    return received, *clocks(draw(st.integers(0, 2)), days_off, closed, opened, seasons)


@st.composite
def rules(draw):
    measure = draw(st.sampled_from(Measure))
    amount = draw(st.integers(1, 15) if measure is Measure.DAYS else st.integers(1, 60))
    return rule(amount, measure, draw(st.sampled_from(Counting)))


def rule(amount, measure, counting=Counting.WORKING):
    return Rule(None, Level.NORMAL, amount, measure, "an act", True, date(2026, 1, 1), counting=counting)


STOPS = st.lists(st.tuples(st.integers(1, 9 * A_DAY), st.booleans()), min_size=0, max_size=6)


def stops_of(received, gaps, slow):
    """Stops one after another: at every other moment the clock stops, at the next it runs again. Moments are so many minutes
    apart; some are moved to when offices close that day, where a stop is right at the edge of a day."""
    moments_, at = [], received
    for gap, to_the_close in gaps:
        at += gap
        day = at // A_DAY
        moments_.append(max(day * A_DAY + slow.hours_of(day)[-1][1], received) if to_the_close else at)
    return [(began, ended) for n, (began, ended) in enumerate(pairwise(sorted(moments_))) if n % 2 == 0]


def slow_due(slow, term, received):
    if term.measure is Measure.DAYS:
        return slow.after_days(received, received, term.amount)
    return int(slow.after_minutes(received, 60 * term.amount))


def counted_slowly(slow, term):
    slow.every_minute = term.counting is Counting.CALENDAR
    return slow


@settings(max_examples=150, deadline=None)
@given(worlds(), rules())
def test_a_term_is_over_when_a_slow_reckoner_says(world, term):
    received, ours, slow = world
    assert due(moment_of(received), term, ours).at == moment_of(slow_due(counted_slowly(slow, term), term, received))


@settings(max_examples=60, deadline=None)
@given(worlds(), rules(), STOPS, st.integers(0, 40), st.integers(0, 3), st.integers(-A_DAY, 3 * A_DAY))
def test_stops_and_more_time_move_it_as_a_slow_reckoner_says(world, term, offsets, later, granted_after, moved):
    """Pauses in any number; more time granted between two of them, or the due moment moved to any other, a day off or the
    middle of a day among them."""
    received, ours, slow = world
    counted_slowly(slow, term)
    began = ours.day_of(moment_of(received))
    expected = slow_due(slow, term, received)
    found = due(moment_of(received), term, ours).at
    for n, stop in enumerate(stops_of(received, offsets, slow)):
        if n == granted_after and later:
            until = ours.working_day_from(ours.day_of(found) + timedelta(days=later))
            found = ours.close_of(until)
            expected = (
                minute_of(datetime.combine(until, time(), ours.zone))
                + slow.hours_of((until - date(2020, 1, 1)).days)[-1][1]
            )
        if n == granted_after + 1:
            expected = max(expected + moved, received)
            found = moment_of(expected)
        how, before = Counted(term.measure, term.counting, began), found
        found = continued(found, Stop(*map(moment_of, stop)), how, ours)
        expected = slow.goes_on(received, expected, stop, in_days=term.measure is Measure.DAYS)
        assert found == moment_of(expected)
        assert found >= before, "a stop gives time and takes none"


@settings(max_examples=100, deadline=None)
@given(worlds(), rules(), st.integers(1, 12 * A_DAY), st.floats(0, 1), st.integers(0, 3 * A_DAY))
def test_no_stop_makes_a_term_shorter_wherever_its_due_moment_was_moved(world, term, lasts, begins, stands):
    """Also where that is no end of office hours: in the middle of a day, at night, on a day off."""
    received, ours, slow = world
    counted_slowly(slow, term)
    last, began = received + lasts, received + int(begins * lasts)
    how = Counted(term.measure, term.counting, ours.day_of(moment_of(received)))
    found = continued(moment_of(last), Stop(moment_of(began), moment_of(began + stands)), how, ours)
    assert found >= moment_of(last)
    in_days = term.measure is Measure.DAYS
    assert found == moment_of(slow.goes_on(received, last, (began, began + stands), in_days=in_days))


@pytest.mark.parametrize(
    ("last", "began", "ended", "follows"),
    [
        ("2026-11-27T16:00", "2026-11-26T16:00", "2026-11-26T16:30", "2026-11-27T16:30"),  # no day lost, nor gained
        ("2026-11-27T16:00", "2026-11-26T16:00", "2026-11-27T07:30", "2026-11-30T07:30"),
        ("2026-11-27T17:00", "2026-11-26T16:00", "2026-11-26T16:30", "2026-11-27T17:00"),
        ("2026-11-27T06:00", "2026-11-26T16:00", "2026-11-26T16:30", "2026-11-27T07:30"),
        ("2026-11-27T06:00", "2026-11-26T18:00", "2026-11-26T19:00", "2026-11-27T06:00"),
    ],
)
def test_a_due_moment_within_a_day_moves_by_the_office_time_that_it_lost(last, began, ended, follows):
    ours, _ = clocks(0, frozenset({5, 6}), frozenset(), frozenset())
    at = {text: datetime.fromisoformat(f"{text}+07:00") for text in (last, began, ended, follows)}
    how = Counted(Measure.DAYS, Counting.WORKING, date(2026, 11, 23))
    assert continued(at[last], Stop(at[began], at[ended]), how, ours) == at[follows]


@settings(max_examples=100, deadline=None)
@given(worlds(), rules().filter(lambda term: term.counting is Counting.WORKING), STOPS)
def test_a_stop_takes_away_exactly_the_time_in_which_the_clock_stood(world, term, offsets):
    """Counting only minutes, and ends of days, at which the clock ran comes to the same as going on after each stop."""
    received, ours, slow = world
    slow.stops = stops_of(received, offsets, slow)
    found = sum_of(moment_of(received), term, ours, [Stop(*map(moment_of, stop)) for stop in slow.stops])
    assert found.due == moment_of(slow_due(slow, term, received))


@settings(max_examples=100, deadline=None)
@given(worlds(), rules(), STOPS)
def test_the_lines_of_a_sum_come_to_its_term(world, term, offsets):
    received, ours, slow = world
    stops = [Stop(*map(moment_of, stop)) for stop in stops_of(received, offsets, slow)]
    told = sum_of(moment_of(received), term, ours, stops)
    assert [line.day for line in told.lines] == sorted({line.day for line in told.lines})
    assert told.lines[0].day == ours.day_of(moment_of(received))
    assert told.lines[-1].day == ours.day_of(told.due)
    assert told.lines[-1].total == sum(line.counted for line in told.lines)
    expected = term.amount if term.measure is Measure.DAYS else 60 * term.amount
    assert told.lines[-1].total == expected
    assert all(
        line.counted == 0 for line in told.lines if line.why in (Why.DAY_OFF, Why.CLOSED, Why.STOPPED, Why.FIRST)
    )


@settings(max_examples=80, deadline=None)
@given(worlds(), rules().filter(lambda term: term.amount <= 20), STOPS)
def test_alerts_come_at_shares_of_the_time_that_counted(world, term, offsets):
    received, ours, slow = world
    counted_slowly(slow, term)
    slow.stops = stops_of(received, offsets, slow)
    stops = [Stop(*map(moment_of, stop)) for stop in slow.stops]
    last = sum_of(moment_of(received), term, ours, stops).due
    found = {
        stage.name: at
        for stage, at in moments(moment_of(received), last, running(pace_of(term.counting, ours), stops), STAGES)
    }
    counted = slow.minutes_between(received, minute_of(last))
    if counted == 0:
        return

    def after(minutes: Fraction) -> datetime:
        return min(last, moment_of(slow.after_minutes(received, minutes))) if minutes > 0 else moment_of(received)

    near = max(Fraction(4, 5) * counted, Fraction(counted - 240))
    assert abs(found["half"] - after(Fraction(counted, 2))) < A_MINUTE / 60
    assert abs(found["near"] - after(near)) < A_MINUTE / 60
    assert found["due"] == last
    opening = minute_of(last)
    while not (slow.is_open(opening + 1) and not slow.is_open(opening)):
        opening += 1
    assert found["overdue"] == moment_of(opening + 1)


@pytest.mark.parametrize("hours", [0, pytest.param(1, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)])
def test_a_walk_through_twenty_years_finds_no_difference(hours):
    """Every 1009 hours from 2026 to 2046: each time of day and of the week comes by."""
    kinds = [
        rule(1, Measure.DAYS),
        rule(5, Measure.DAYS),
        rule(8, Measure.HOURS),
        rule(3, Measure.DAYS, Counting.CALENDAR),
    ]
    first, last = (minute_of(datetime.fromisoformat(f"{year}-01-01T00:00:00+07:00")) for year in (2026, 2047))
    for at in range(first + 17 * hours, last, 1009 * 60):
        ours, slow = clocks(hours, frozenset({5, 6}), *legal_days(moment_of(at).year))
        for term in kinds:
            found = due(moment_of(at), term, ours).at
            assert found == moment_of(slow_due(counted_slowly(slow, term), term, at)), (moment_of(at), term)


EXAMPLES = [
    # the published examples: received, days or hours, due
    ("2026-11-20T09:15", 5, Measure.DAYS, "2026-11-30T17:00"),
    ("2026-11-20T09:15", 4, Measure.HOURS, "2026-11-20T15:15"),
    ("2026-11-21T10:00", 8, Measure.HOURS, "2026-11-23T17:00"),
    ("2026-11-23T20:10", 1, Measure.DAYS, "2026-11-25T17:00"),
    ("2027-02-03T15:00", 1, Measure.DAYS, "2027-02-11T17:00"),
    ("2027-02-03T15:00", 4, Measure.HOURS, "2027-02-11T09:00"),
]


@pytest.mark.parametrize(("received", "amount", "measure", "last"), EXAMPLES)
def test_the_slow_reckoner_knows_the_published_examples(received, amount, measure, last):
    closed = frozenset({date(2026, 11, 24), date(2027, 1, 1), *(date(2027, 2, day) for day in range(4, 11))})
    slow = SlowClock(hours=_minutes(HOURS[0]), closed=closed)
    minute = minute_of(datetime.fromisoformat(f"{received}+07:00"))
    assert moment_of(slow_due(slow, rule(amount, measure), minute)) == datetime.fromisoformat(f"{last}+07:00")


ZONES = ("UTC", "Asia/Ho_Chi_Minh", "America/St_Johns", "Pacific/Kiritimati", "Pacific/Niue")
SUMS = """
import json, sys
from datetime import UTC, datetime, timedelta
from tests.domain.test_legal_time import HOURS, Counting, Measure, Stop, clocks, legal_days, moments, pace_of, rule, sum_of
ours, _ = clocks(0, frozenset({5, 6}), *legal_days(2027))
told, at = [], datetime(2027, 1, 20, 16, 40, tzinfo=UTC)
while at.year == 2027 and at.month < 4 or at.month in (10, 11):
    for term in (rule(5, Measure.DAYS), rule(8, Measure.HOURS), rule(4, Measure.HOURS, Counting.CALENDAR)):
        found = sum_of(at, term, ours, [Stop(at + timedelta(hours=3), at + timedelta(hours=30))])
        alerts = [moment.timestamp() for _, moment in moments(at, found.due, pace_of(term.counting, ours))]
        told.append([found.due.timestamp(), [[str(line.day), line.counted] for line in found.lines], alerts])
    at += timedelta(hours=7) if at.month != 3 or at.day < 30 else timedelta(days=190)
json.dump(told, sys.stdout)
"""


def test_the_sums_are_the_same_in_every_zone_of_the_host():
    told = {zone: _told_in(zone) for zone in ZONES}
    assert len(told["UTC"]) > 300
    assert {zone for zone in ZONES if told[zone] != told["UTC"]} == set()


def _told_in(zone: str) -> list[object]:
    environ = os.environ | {"TZ": zone}
    done = subprocess.run(
        [sys.executable, "-c", SUMS], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_more_time_is_a_later_day_that_is_worked_while_the_answer_is_not_late():
    ours, _ = clocks(0, frozenset({5, 6}), *legal_days(2026))
    last, now = (datetime.fromisoformat(f"2026-11-{at}+07:00") for at in ("30T17:00", "26T09:00"))

    def found(day: str, reason: str = "cho vat tu", at: datetime = now) -> list[str]:
        return [flaw.value for flaw in flaws(date.fromisoformat(day), reason, last, at, ours)]

    assert found("2026-12-04") == []
    assert found("2026-11-30") == ["not_later"]
    assert found("2026-12-05") == ["day_off"]
    assert found("2027-12-03") == ["too_far"]
    assert found("2026-12-04", " ") == ["no_reason"]
    assert found("2026-12-04", at=last) == ["late_already"]
