"""No open figure is one person's: every line stands for three or more, and no difference between lines stands for fewer."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from smsgw.domain.openly import ANY, FEWEST, Case, Key, gathered, line, months_before, pooled, together

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
PLAIN = Case(True, False, False, False, None, 8.0)


def cells(*told: tuple[str, str, date, int]) -> dict[Key, list[Case]]:
    return {Key(unit, field, month): [PLAIN] * count for unit, field, month, count in told}


KEYS = st.builds(
    Key, st.sampled_from("abc"), st.sampled_from(("GT", "HT", "DN", "")), st.sampled_from((JANUARY, FEBRUARY))
)
FLAGS = [st.booleans()] * 4
CASES = st.builds(Case, *FLAGS, st.none() | st.integers(1, 5), st.none() | st.floats(0, 99))


@given(st.lists(st.tuples(KEYS, CASES), max_size=40))
def test_lines_stand_for_three_or_more_and_for_each_complaint_once(told: list[tuple[Key, Case]]):
    lines = pooled(gathered(told))
    assert all(len(cases) >= FEWEST for cases in lines.values())
    assert 0 <= len(told) - sum(len(cases) for cases in lines.values()) < FEWEST


@given(st.lists(CASES, min_size=3, max_size=12))
def test_what_fewer_than_three_did_is_not_told(cases: list[Case]):
    told = line(cases)
    assert told.reopened is None or told.reopened == 0 or told.reopened >= FEWEST
    assert told.rated is None or told.rated == 0 or told.rated >= FEWEST
    assert (told.satisfied is None) == (not told.rated)
    assert told.usual is None or sum(case.hours is not None for case in cases) >= FEWEST


def test_small_fields_are_put_together():
    lines = pooled(cells(("a", "GT", JANUARY, 5), ("a", "HT", JANUARY, 2), ("a", "DN", JANUARY, 1)))
    assert {key.field: len(cases) for key, cases in lines.items()} == {"GT": 5, ANY: 3}


def test_one_small_field_takes_the_next_smallest_with_it_so_that_no_difference_tells_it():
    lines = pooled(cells(("a", "GT", JANUARY, 5), ("a", "HT", JANUARY, 3), ("a", "DN", JANUARY, 1)))
    assert {key.field: len(cases) for key, cases in lines.items()} == {"GT": 5, ANY: 4}


def test_a_small_month_and_a_small_unit_are_put_with_others():
    lines = pooled(cells(("a", "GT", JANUARY, 2), ("a", "GT", FEBRUARY, 2), ("b", "GT", JANUARY, 1)))
    assert {key: len(cases) for key, cases in lines.items()} == {Key(ANY, ANY, None): 5}


def test_too_few_are_told_nowhere():
    assert pooled(cells(("a", "GT", JANUARY, 2))) == {}


def test_sums_are_those_of_their_lines():
    lines = pooled(cells(("a", "GT", JANUARY, 5), ("b", "GT", JANUARY, 4), ("b", "HT", FEBRUARY, 3)))
    assert {unit: told.received for unit, told in together(lines, lambda key: key.unit).items()} == {"a": 5, "b": 7}


def test_twelve_whole_months_end_with_the_last_one():
    months = months_before(date(2026, 11, 26), 12)
    assert (months[0], months[-1], len(months)) == (date(2025, 11, 1), date(2026, 10, 1), 12)
