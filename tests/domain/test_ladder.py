"""Who hears in whose place: a deputy, and where none is there the next rung; never nobody."""

from hypothesis import given
from hypothesis import strategies as st

from smsgw.domain.ladder import Absences, Hearer, hearers

ANN, BINH, CHI, DUNG = 1, 2, 3, 4  # an officer, the head, the leader, and a colleague who stands in
RUNGS = ([ANN], [BINH], [CHI])
THERE = Absences({}, ())


def away(deputies: dict[int, list[int]], textable: tuple[int, ...] = (ANN, BINH, CHI, DUNG)) -> Absences:
    return Absences(deputies, textable)


def test_who_is_there_hears_themselves() -> None:
    assert hearers(RUNGS, THERE) == [Hearer(ANN, 0)]
    assert hearers(RUNGS, THERE, 1) == [Hearer(BINH, 1)]


def test_a_deputy_hears_in_place_of_who_is_away() -> None:
    assert hearers(RUNGS, away({ANN: [DUNG]})) == [Hearer(DUNG, 0, ANN)]


def test_where_the_deputy_is_away_too_or_has_no_phone_the_head_hears() -> None:
    assert hearers(RUNGS, away({ANN: [DUNG], DUNG: [CHI]})) == [Hearer(BINH, 0, ANN)]
    assert hearers(RUNGS, away({ANN: [DUNG]}, textable=())) == [Hearer(BINH, 0, ANN)]
    assert hearers(RUNGS, away({ANN: [DUNG], DUNG: [CHI], BINH: [DUNG]})) == [Hearer(CHI, 0, ANN)]


def test_a_colleague_who_hears_anyhow_hears_once_and_in_their_own_name() -> None:
    assert hearers(([ANN, DUNG], [BINH]), away({ANN: [DUNG]})) == [Hearer(DUNG, 0)]


def test_an_empty_rung_is_passed_over() -> None:
    assert hearers(([], [], [CHI]), THERE) == [Hearer(CHI, 2)]
    assert hearers(([], []), THERE) == []


PEOPLE = st.lists(st.integers(1, 6), unique=True, max_size=3)


@given(
    rungs=st.lists(PEOPLE, min_size=1, max_size=4),
    deputies=st.dictionaries(st.integers(1, 6), st.lists(st.integers(1, 6), min_size=1, max_size=2), max_size=6),
    start=st.integers(0, 3),
)
def test_never_nobody_and_never_somebody_twice(
    rungs: list[list[int]], deputies: dict[int, list[int]], start: int
) -> None:
    found = hearers(rungs, away(deputies, tuple(range(1, 7))), start)
    told = [one.official for one in found]
    assert len(told) == len(set(told))
    assert bool(found) == any(rungs[start:])
    there = {person for rung in rungs[start:] for person in rung} - set(deputies)
    if there:
        assert not set(told) & set(deputies)  # nobody who is away is told while anybody on the rungs is there
