"""Which texts are a verdict on an answer, on which one, and when silence is enough."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from smsgw.domain.verdicts import Said, Verdict, WhyLook, Window, meant, only_reference, read, why_look

DONE, NOT_DONE, UNCLEAR = Verdict
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1", Said(DONE)),
        (" 2.", Said(NOT_DONE)),
        ("3!", Said(UNCLEAR)),
        ("xong", Said(DONE)),
        ("Xong rồi, cảm ơn", Said(DONE)),
        ("Đã xong", Said(DONE)),
        ("chua", Said(NOT_DONE)),
        ("CHƯA XONG", Said(NOT_DONE)),
        ("chua xong, duong van ngap", Said(NOT_DONE)),
        ("khong ro", Said(UNCLEAR)),
        ("2 chua xong", Said(NOT_DONE)),
        ("2. van con ngap", Said(NOT_DONE)),
        ("20457 1", Said(DONE, "20457")),
        ("2 20457", Said(NOT_DONE, "20457")),
        ("so 20457 chua xong", Said(NOT_DONE, "20457")),
        ("#20457: 3", Said(UNCLEAR, "20457")),
        ("xong so 20457", Said(DONE, "20457")),
    ],
)
def test_a_digit_or_its_word_is_a_verdict(text: str, said: Said) -> None:
    assert read(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4",
        "12",
        "1 2",
        "2 nha bi ngap",
        "2, 3 nha bi ngap",
        "1.5 km duong hong",
        "1. van con ngap",
        "chua co dien ba ngay nay",
        "chua thay ai den sua",
        "chuan bi",
        "xong viec nay thi con viec kia",
        "khong ro vi sao mat nuoc",
        "DG 20457 1",
        "TT 20457",
        "20457",
        "chua xong " + "x" * 200,
    ],
)
def test_what_tells_anything_else_is_none(text: str) -> None:
    assert read(text) is None


def test_a_number_alone_is_one_and_nothing_else_is() -> None:
    assert only_reference("so 20457.") == "20457"
    assert only_reference("20457 1") == ""


@dataclass
class Answered:
    """An answer that its citizen was asked about."""

    verdict_asked_at: datetime | None
    ending: str = ""


def test_the_last_answer_is_meant_and_with_it_those_of_the_same_day() -> None:
    old, near, new = (Answered(MONDAY - timedelta(hours=hours)) for hours in (72, 20, 0))
    assert meant([old, near, new]) == [new, near]
    assert meant([old]) == [old]
    assert meant([Answered(None)]) == []


def test_one_that_has_closed_is_meant_only_where_no_other_is() -> None:
    waits, closed = Answered(MONDAY - timedelta(days=9)), Answered(MONDAY, "confirmed")
    assert meant([waits, closed]) == [waits]
    assert meant([closed, Answered(MONDAY - timedelta(hours=1), "silence")]) == [closed]


def test_silence_is_enough_where_nothing_speaks_against_it() -> None:
    usual = {"category": "HT", "arrived": True, "reopened": False, "asked": True}
    assert why_look(Window(), **usual) == ()
    assert why_look(Window(), **usual | {"arrived": False}) == (WhyLook.NOT_CONFIRMED,)
    assert why_look(Window(), **usual | {"reopened": True, "asked": False}) == (WhyLook.REOPENED, WhyLook.NOT_ASKED)
    assert why_look(Window(look_fields=frozenset({"HT"})), **usual) == (WhyLook.FIELD,)
    assert why_look(Window(look_always=True), **usual | {"category": None}) == (WhyLook.FIELD,)
