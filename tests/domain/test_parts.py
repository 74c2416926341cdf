"""Parts of long texts: out of order, twice, missing, and with a reference that was used before."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.domain.parts import WAIT, Piece, Pieces, by_text, is_rest_of, without

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def piece(number: int, text: str, total: int = 3, after: float = 0, ident: int = 0) -> Piece:
    return Piece(ident or number, number, total, text, NOON + timedelta(seconds=after))


def said(*pieces: Piece) -> list[tuple[str, bool]]:
    return [(text.said(), text.whole) for text in by_text(pieces)]


@given(st.permutations([1, 2, 3, 3, 1]), st.randoms(use_true_random=False))
def test_a_text_is_whole_in_whatever_order_its_parts_come(order: list[int], chance: random.Random) -> None:
    words = {1: "Duong lien ", 2: "thon hong na", 3: "ng"}
    came = [piece(number, words[number], after=at, ident=at + 1) for at, number in enumerate(order)]
    chance.shuffle(came)
    assert said(*came) == [("Duong lien thon hong nang", True)]


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ({1, 2}, "aabb [...]"),
        ({1, 3}, "aa [...] cc"),
        ({2, 3}, "[...] bbcc"),
        ({2}, "[...] bb [...]"),
        ({3}, "[...] cc"),
    ],
)
def test_a_gap_is_seen_where_it_is_and_once(numbers: set[int], text: str) -> None:
    words = {1: "aa", 2: "bb", 3: "cc"}
    assert said(*(piece(number, words[number]) for number in numbers)) == [(text, False)]


def test_a_letter_and_its_mark_on_both_sides_of_a_border_are_one_letter() -> None:
    assert said(piece(1, "ho\u0302", 2), piece(2, "\u0309ng", 2)) == [("hổng", True)]


def test_a_part_that_says_otherwise_begins_another_text() -> None:
    texts = said(piece(1, "A1", 2, 0, 1), piece(2, "A2", 2, 1, 2), piece(1, "B1", 2, 2, 3), piece(2, "B2", 2, 3, 4))
    assert texts == [("A1A2", True), ("B1B2", True)]


def test_a_part_that_comes_long_after_belongs_to_another_text() -> None:
    late = WAIT.total_seconds() + 1
    assert said(piece(1, "A1", 2), piece(2, "B2", 2, late, 2)) == [("A1 [...]", False), ("[...] B2", False)]
    assert said(piece(1, "A1", 2), piece(2, "A2", 2, late - 1, 2)) == [("A1A2", True)]


def test_what_fills_a_gap_is_the_rest_and_what_says_otherwise_is_not() -> None:
    given_up = {1: "A1", 3: "A3"}
    assert is_rest_of(Pieces([piece(2, "A2")]), given_up)
    assert is_rest_of(Pieces([piece(1, "A1"), piece(2, "A2")]), given_up)
    assert not is_rest_of(Pieces([piece(1, "B1"), piece(2, "B2")]), given_up)
    assert [one.text for one in without(Pieces([piece(1, "A1"), piece(2, "A2")]), given_up).came] == ["A2"]


def test_a_text_of_most_parts_with_one_of_them_has_two_gaps() -> None:
    assert said(piece(100, "x", 255)) == [("[...] x [...]", False)]
