"""References: digits with one check digit, forgiving of slips."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.domain.reference import is_valid, near_misses, reference_for

counters = st.integers(min_value=1, max_value=900_000)


def test_the_first_references_have_five_digits() -> None:
    assert [len(reference_for(n)) for n in (1, 9000, 9001)] == [5, 5, 6]


def test_no_two_complaints_share_a_reference() -> None:
    assert len({reference_for(n) for n in range(1, 3000)}) == 2999


def test_complaints_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="from 1"):
        reference_for(0)


@given(counters)
def test_every_reference_is_valid(n: int) -> None:
    assert is_valid(reference_for(n))


@given(counters, st.data())
def test_one_wrong_digit_is_always_noticed(n: int, data: st.DataObject) -> None:
    right = reference_for(n)
    at = data.draw(st.integers(0, len(right) - 1))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != right[at]]))
    typed = right[:at] + wrong + right[at + 1 :]
    assert not is_valid(typed)
    assert right in near_misses(typed)


@given(counters, st.data())
def test_two_neighbours_swapped_are_always_noticed(n: int, data: st.DataObject) -> None:
    right = reference_for(n)
    at = data.draw(st.integers(0, len(right) - 2))
    typed = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
    if typed != right:
        assert not is_valid(typed)
        assert right in near_misses(typed)


@given(counters, st.data())
def test_a_digit_left_out_is_found_again(n: int, data: st.DataObject) -> None:
    right = reference_for(n)
    at = data.draw(st.integers(0, len(right) - 1))
    typed = right[:at] + right[at + 1 :]
    assert typed == right or right in near_misses(typed)


@pytest.mark.parametrize("typed", ["", "1234", "12345678", "1000a", "٣٤٥٦٧", "00000", "01234"])
def test_what_has_not_the_shape_of_a_reference_is_not_one(typed: str) -> None:
    assert not is_valid(typed)


@given(st.text(max_size=9))
def test_whatever_is_typed_gets_only_valid_suggestions(typed: str) -> None:
    assert all(is_valid(suggestion) and suggestion != typed for suggestion in near_misses(typed))
