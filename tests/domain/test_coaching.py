"""One question at a time, each once, three at most."""

from itertools import chain, combinations

import pytest

from smsgw.domain.coaching import Question, next_question

GAPS = ("what", "place", "when", "who")


@pytest.mark.parametrize("missing", list(chain.from_iterable(combinations(GAPS, n) for n in range(5))))
@pytest.mark.parametrize("ward_only", [False, True])
def test_asking_ends_whatever_is_answered(missing: tuple[str, ...], ward_only: bool) -> None:
    asked: list[Question] = []
    while question := next_question(missing, asked, ward_only=ward_only):
        asked.append(question)
        assert len(asked) <= 3
    assert len(set(asked)) == len(asked)


def test_what_happened_is_asked_before_where_and_where_before_when() -> None:
    assert next_question(("when", "place", "what"), ()) is Question.WHAT
    assert next_question(("when", "place"), ("what",)) is Question.PLACE
    assert next_question(("when",), ("what", "place")) is Question.WHEN


def test_of_a_numbered_hamlet_only_the_ward_is_asked() -> None:
    assert next_question(("place",), ("place",), ward_only=True) is Question.WARD
    assert next_question(("place",), ("place", "ward"), ward_only=True) is None


def test_the_locality_may_ask_less_or_nothing() -> None:
    assert next_question(GAPS, (), most=0) is None
    assert next_question(GAPS, ("what",), most=1) is None
