"""Short texts are read in the light of the question that was asked."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.data.load import load_reader
from smsgw.domain.answers import Answer, answer, day_of, is_finer_than, is_numbered
from smsgw.domain.coaching import Question

MONDAY = date(2026, 11, 23)
READER = load_reader()


def heard(question: Question | None, text: str) -> Answer:
    return answer(question, text, READER.read(text), MONDAY)


@pytest.mark.parametrize(
    ("question", "text", "fact", "value"),
    [
        (Question.PLACE, "to 5", "place", "to 5"),
        (Question.PLACE, "1", "place", "1"),
        (Question.PLACE, "truoc UBND", "place", "truoc UBND"),
        (Question.PLACE, "nha ong Ba Tu", "place", "nha ong Ba Tu"),
        (Question.PLACE, "thon 2 Tu An", "place", "thon 2 Tu An"),
        (Question.PLACE, "hẻm 12 đường Lê Lợi", "place", "hẻm 12 đường Lê Lợi"),
        (Question.WHEN, "hom qua", "when", "hom qua"),
        (Question.WHEN, "hqua", "when", "hqua"),
        (Question.WHEN, "toi qua luc 7h", "when", "toi qua luc 7h"),
        (Question.WHEN, "lau roi", "when", "lau roi"),
        (Question.WHEN, "Tối", "when", "Tối"),
        (Question.WHO, "Nguyen Van An", "who", "Nguyen Van An"),
        (Question.WHO, "123456", "who", "123456"),
        (Question.WHO, "ho so 45/2026", "who", "ho so 45/2026"),
        (Question.NAME, "toi ten Tran Thi Hoa o thon 2", "name", "Tran Thi Hoa"),
        (Question.NAME, "toi ten Tran Thi Hoa o thon 2", "home", "thon 2"),
        (Question.NAME, "Le Hoa, to 3", "home", "to 3"),
    ],
)
def test_a_bare_answer_is_what_was_asked_for(question: Question, text: str, fact: str, value: str) -> None:
    found = heard(question, text)
    assert found.fills
    assert found.bare
    assert found.told[fact] == value


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (Question.PLACE, "hom qua"),
        (Question.PLACE, "phuong Tay Son"),
        (Question.PLACE, "lam cho xong di"),
        (Question.PLACE, "sao ki vay"),
        (Question.WHEN, "to 5"),
        (Question.WHEN, "1"),
        (Question.WHO, "1"),
        (Question.WHO, "thi cu toi coi di"),
        (Question.WHAT, "buc xuc qua"),
    ],
)
def test_what_answers_something_else_fills_nothing(question: Question, text: str) -> None:
    assert not heard(question, text).fills


@pytest.mark.parametrize(
    "text", ["Khong biet", "k bit", "toi ko nho", "ai biet dau", "toi khong ro cho do ten gi", "chiu"]
)
@pytest.mark.parametrize("question", [Question.PLACE, Question.WHEN, Question.WHO])
def test_nobody_has_to_know(question: Question, text: str) -> None:
    found = heard(question, text)
    assert found.knows_not
    assert not found.told


def test_an_answer_beside_thanks_is_heard() -> None:
    assert heard(Question.PLACE, "cam on, o to 5").plainly


def test_an_answer_behind_i_do_not_know_is_heard() -> None:
    assert heard(Question.PLACE, "khong ro so nha, hem 12 duong Le Loi").fills


@pytest.mark.parametrize("text", ["ok", "da", "vang a", "Uhm"])
def test_a_mere_ok_is_no_answer_yet(text: str) -> None:
    assert heard(Question.PLACE, text).acknowledges


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("hom qua", date(2026, 11, 22)),
        ("sang nay", MONDAY),
        ("toi hom kia", date(2026, 11, 21)),
        ("3 ngay nay", date(2026, 11, 20)),
        ("20/11", date(2026, 11, 20)),
        ("25/12", date(2025, 12, 25)),
        ("1/2/26", date(2026, 2, 1)),
        ("thu sau", date(2026, 11, 20)),
        ("thu hai", date(2026, 11, 16)),
        ("chu nhat", date(2026, 11, 22)),
        ("31/2", None),
        ("lau roi", None),
    ],
)
def test_a_time_points_to_a_day_where_it_can(text: str, day: date | None) -> None:
    assert day_of(text, MONDAY) == day


def test_a_place_is_more_than_its_ward() -> None:
    assert not is_finer_than("phuong Tay Son", "Tây Sơn")
    assert is_finer_than("to 5 phuong Tay Son", "Tây Sơn")
    assert is_numbered("o to 5")
    assert not is_numbered("hem 12 duong Le Loi")


@given(st.text(max_size=300), st.sampled_from([None, *Question]))
def test_any_text_is_read_without_an_exception(text: str, question: Question | None) -> None:
    heard(question, text)
