"""Officials hear of each stage of a deadline once, at its moment."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsgw.domain.deadlines import (
    STAGES,
    AtDue,
    Audience,
    Lead,
    Level,
    Measure,
    OpeningAfterDue,
    Rule,
    Share,
    Stage,
    Term,
    due,
    look_again_at,
    reached,
    the_rule,
)
from smsgw.domain.workdays import VIETNAM, Calendar

CALENDAR = Calendar(closed=frozenset({date(2026, 11, 24), date(2027, 1, 1)}))
TODAY = date(2026, 11, 20)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def rule(
    category=None, unit=None, *, level=Level.NORMAL, amount=5, measure=Measure.DAYS, since="2026-01-01", until=None
):
    return Rule(
        category=category,
        level=level,
        amount=amount,
        measure=measure,
        source="demo table",
        confirmed=False,
        valid_from=date.fromisoformat(since),
        valid_to=until and date.fromisoformat(until),
        unit=unit,
    )


EVERY = rule()
LIGHT = rule("HT", amount=3)
LIGHT_HERE = rule("HT", "AB", amount=2)
ALL_HERE = rule(unit="AB", amount=4)
URGENT = rule(level=Level.URGENT, amount=4, measure=Measure.HOURS)
RULES = (EVERY, LIGHT, LIGHT_HERE, ALL_HERE, URGENT)


@pytest.mark.parametrize(
    ("category", "urgent", "unit", "expected"),
    [
        ("GT", False, None, EVERY),
        (None, False, None, EVERY),
        ("HT", False, None, LIGHT),
        ("HT", False, "CA", LIGHT),
        ("HT", False, "AB", LIGHT_HERE),
        ("GT", False, "AB", ALL_HERE),
        (None, False, "AB", ALL_HERE),
        ("HT", True, "AB", URGENT),
    ],
)
def test_the_most_specific_rule_wins(category, urgent, unit, expected):
    for rules in (RULES, RULES[::-1]):
        assert the_rule(rules, category, urgent, TODAY, unit) is expected


def test_an_urgent_matter_without_urgent_rule_takes_the_normal_one():
    assert the_rule((EVERY, LIGHT), "HT", True, TODAY) is LIGHT


def test_a_normal_matter_never_takes_an_urgent_rule():
    assert the_rule((URGENT,), "HT", False, TODAY) is None


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2025-12-31", None), ("2026-01-01", 5), ("2026-06-30", 5), ("2026-07-01", 3), ("2027-07-01", 3)],
)
def test_a_rule_holds_on_the_first_and_last_day_of_its_validity(on, expected):
    rules = (rule(until="2026-06-30"), rule(amount=3, since="2026-07-01"))
    found = the_rule(rules, "GT", False, date.fromisoformat(on))
    assert (found and found.amount) == expected


def test_of_two_rules_in_force_the_later_one_wins():
    old, new = rule(), rule(amount=3, since="2026-07-01")
    assert the_rule((old, new), None, False, TODAY) is new
    assert the_rule((new, old), None, False, TODAY) is new


def test_a_term_carries_what_may_be_said_of_it():
    asked = local("2026-11-20 09:15")
    assert due(asked, EVERY, CALENDAR) == Term(local("2026-11-30 17:00"), False, "demo table")
    assert due(asked, URGENT, CALENDAR).at == local("2026-11-20 15:15")


RECEIVED = local("2026-11-20 09:15")
DUE = local("2026-11-30 17:00")  # 5 days: 5.75 + 5 x 8 working hours

TOLD = [
    ("2026-11-20 09:15", None, "2026-11-26 08:07:30"),
    ("2026-11-26 08:07:29", None, "2026-11-26 08:07:30"),
    ("2026-11-26 08:07:30", "half", "2026-11-30 11:00"),
    ("2026-11-30 10:59:59", "half", "2026-11-30 11:00"),
    ("2026-11-30 11:00", "near", "2026-11-30 17:00"),
    ("2026-11-30 16:59:59", "near", "2026-11-30 17:00"),
    ("2026-11-30 17:00", "due", "2026-12-01 07:00"),
    ("2026-12-01 06:59:59", "due", "2026-12-01 07:00"),
    ("2026-12-01 07:00", "overdue", None),
    ("2028-01-01 00:00", "overdue", None),
]


@pytest.mark.parametrize(("now", "stage", "again"), TOLD, ids=[row[0] for row in TOLD])
def test_stages_are_reached_at_exactly_their_moments(now, stage, again):
    found = reached(RECEIVED, DUE, local(now), CALENDAR)
    assert (found and found.name) == stage
    assert look_again_at(RECEIVED, DUE, local(now), CALENDAR) == (again and local(again))


def test_in_a_term_of_one_day_near_comes_after_half():
    received, last = local("2026-11-19 18:00"), local("2026-11-20 17:00")
    moments = [stage.moment(received, last, CALENDAR) for stage in STAGES]
    assert moments == [local(f"2026-11-{at}") for at in ("20 11:00", "20 15:24", "20 17:00", "23 07:00")]


def test_a_term_of_hours_is_overdue_at_the_next_opening_of_the_same_day():
    received, last = local("2026-11-20 07:00"), local("2026-11-20 11:00")
    assert reached(received, last, local("2026-11-20 13:29"), CALENDAR).name == "due"
    assert reached(received, last, local("2026-11-20 13:30"), CALENDAR).name == "overdue"


def test_after_an_outage_only_the_latest_stage_is_told():
    assert reached(RECEIVED, DUE, local("2027-03-01 09:00"), CALENDAR) is STAGES[-1]


def test_leaders_hear_of_overdue_matters_only():
    assert [stage.name for stage in STAGES if Audience.LEADER in stage.to] == ["overdue"]
    assert all(Audience.OFFICIAL in stage.to for stage in STAGES)


def test_a_due_moment_outside_working_time_is_still_the_due_moment():
    sunday = local("2026-11-22 12:00")
    assert reached(RECEIVED, sunday, sunday, CALENDAR).name == "due"
    assert look_again_at(RECEIVED, sunday, sunday, CALENDAR) == local("2026-11-23 07:00")


@pytest.mark.parametrize("last", ["2026-11-20 09:15", "2026-11-19 17:00", "2026-11-21 10:00"])
def test_a_term_without_working_time_goes_straight_to_due(last):
    received = max(RECEIVED, local(last))
    assert reached(received, local(last), received, CALENDAR).name in ("due", "overdue")


def test_a_stage_that_a_locality_adds_is_one_row():
    warning = Stage("two days left", (Lead(16),), frozenset({Audience.LEADER}))
    assert look_again_at(RECEIVED, DUE, RECEIVED, CALENDAR, (warning, *STAGES)) == local("2026-11-26 08:07:30")
    assert reached(RECEIVED, DUE, local("2026-11-26 16:59"), CALENDAR, (*STAGES, warning)).name == "half"
    assert reached(RECEIVED, DUE, local("2026-11-26 17:00"), CALENDAR, (*STAGES, warning)) is warning


def test_of_stages_at_one_moment_the_last_of_the_table_is_told():
    first, second = (Stage(name, (AtDue(),), frozenset({Audience.OFFICIAL})) for name in ("first", "second"))
    assert reached(RECEIVED, DUE, DUE, CALENDAR, (first, second)) is second
    assert reached(RECEIVED, DUE, DUE, CALENDAR, (second, first)) is first


@pytest.mark.parametrize("wrong", [lambda: Share(1.5), lambda: Share(-0.1), lambda: Lead(-1)])
def test_marks_outside_a_term_are_refused(wrong):
    with pytest.raises(ValueError, match=r"share|lead"):
        wrong()


MOMENTS = st.datetimes(datetime(2026, 11, 1), datetime(2027, 2, 1), timezones=st.just(UTC))  # noqa: DTZ001
MARKS = st.one_of(
    st.builds(Share, st.floats(0, 1)), st.builds(Lead, st.floats(0, 60)), st.just(AtDue()), st.just(OpeningAfterDue())
)
TABLES = st.just(STAGES) | st.lists(st.tuples(MARKS) | st.tuples(MARKS, MARKS), min_size=1, max_size=6).map(
    lambda rows: tuple(Stage(str(n), marks, frozenset(Audience)) for n, marks in enumerate(rows))
)
STEPS = st.lists(st.timedeltas(timedelta(), timedelta(days=9)), min_size=1, max_size=30)


def by_time(stages, received, last):
    """The stages as a walk meets them; sorting keeps the table's order where moments are the same."""
    return sorted(stages, key=lambda stage: stage.moment(received, last, CALENDAR))


@settings(deadline=None)
@given(MOMENTS, st.timedeltas(timedelta(), timedelta(days=30)), TABLES, STEPS)
def test_walking_the_clock_in_any_steps_tells_each_stage_at_most_once(received, term, stages, steps):
    last, now, told = received + term, received, []
    for step in steps:
        now += step
        stage = reached(received, last, now, CALENDAR, stages)
        if stage is not None and (not told or told[-1] != stage):
            told.append(stage)
    order = by_time(stages, received, last)
    assert [order.index(stage) for stage in told] == sorted({order.index(stage) for stage in told})


@settings(deadline=None)
@given(MOMENTS, st.timedeltas(timedelta(), timedelta(days=30)), TABLES)
def test_looking_again_when_told_to_misses_no_moment(received, term, stages):
    last, seen = received + term, []
    now = received - timedelta.resolution
    while (again := look_again_at(received, last, now, CALENDAR, stages)) is not None:
        assert again > now
        assert reached(received, last, again - timedelta.resolution, CALENDAR, stages) == (seen[-1] if seen else None)
        now = again
        seen.append(reached(received, last, now, CALENDAR, stages))
    by_moment = {stage.moment(received, last, CALENDAR): stage for stage in by_time(stages, received, last)}
    assert seen == [by_moment[moment] for moment in sorted(by_moment)]


@settings(deadline=None)
@given(MOMENTS, st.timedeltas(timedelta(), timedelta(days=30)), MARKS)
def test_only_the_opening_after_it_comes_later_than_the_due_moment(received, term, mark):
    last = received + term
    assert (mark.moment(received, last, CALENDAR) > last) is isinstance(mark, OpeningAfterDue)
