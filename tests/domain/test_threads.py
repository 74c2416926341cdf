"""Later texts of a phone: the right complaint, a new one, or a question which."""

from datetime import timedelta

import pytest

from smsgw.data.load import load_reader
from smsgw.domain.threads import Asks, Joins, Opens, Thread, Verdict, belongs
from tests.conftest import MONDAY_MORNING

READER = load_reader()
WINDOW = timedelta(hours=72)
HOUR = timedelta(hours=1)


def thread(number: int, text: str, ago: timedelta = 2 * HOUR, *, hidden: bool = False) -> Thread:
    read = READER.read(text)
    return Thread(number, read.category, read.ward, read.place_text or "", text, MONDAY_MORNING - ago, hidden)


def verdict(text: str, *threads: Thread) -> Verdict:
    return belongs(text, READER.read(text), threads, MONDAY_MORNING, WINDOW)


LAMP = thread(1, "bong den cao ap duong Quang Trung phuong Tay Son bi hong")
WATER = thread(2, "mat nuoc ca thon 2 xa Cuu An tu hom qua", 3 * HOUR)


def test_the_first_text_opens_a_complaint() -> None:
    assert verdict("den duong tat") == Opens()


def test_the_same_matter_told_again_is_the_same_one() -> None:
    assert verdict("bong den cao ap duong Quang Trung phuong Tay Son van bi hong chua ai sua", LAMP, WATER) == Joins(1)


def test_another_matter_or_another_place_is_a_new_one() -> None:
    assert verdict("rac chat dong boc mui hoi thoi o hem 12 phuong An Phu", LAMP) == Opens()
    assert verdict("bong den cao ap thon 4 xa Song An bi hong", LAMP) == Opens()


def test_the_same_matter_after_the_window_is_a_new_one() -> None:
    assert verdict(LAMP.text, thread(1, LAMP.text, 100 * HOUR)) == Opens()


def test_words_without_a_matter_go_on_with_the_only_complaint() -> None:
    assert verdict("lau qua chua thay ai", LAMP) == Joins(1)
    assert verdict("bo sung: gan cho cu", thread(1, LAMP.text, 200 * HOUR)) == Joins(1)


def test_of_two_the_one_of_the_place_or_of_just_now_else_the_citizen_is_asked() -> None:
    assert verdict("bo sung: o thon 2 xa Cuu An", LAMP, WATER) == Joins(2)
    assert verdict("bo sung: van chua xong", thread(1, LAMP.text, HOUR / 6), WATER) == Joins(1)
    assert verdict("bo sung: van chua xong", LAMP, WATER) == Asks((1, 2))


def test_nobody_is_asked_while_people_are_in_danger() -> None:
    text = "day dien roi xuong duong o thon 2 xa Cuu An nguy hiem lam"
    assert isinstance(verdict(text, thread(1, "dien chap chon o xa Cuu An")), Opens | Joins)


def test_a_private_complaint_takes_no_text_of_another_hour() -> None:
    assert verdict("bo sung: van chua xong", thread(1, LAMP.text, hidden=True)) == Opens()
    assert verdict("bo sung: van chua xong", thread(1, LAMP.text, HOUR / 6, hidden=True)) == Joins(1)


@pytest.mark.parametrize("text", ["", "?", "...", "\x00"])
def test_texts_of_nothing_are_put_somewhere(text: str) -> None:
    assert verdict(text, LAMP) is not None
