"""The structured words citizens text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.domain.categories import CategoryCode
from smsgw.domain.grammar import Command, Verb, parse

ALONE = {
    "HD": Verb.HELP, "hd.": Verb.HELP, "Hướng dẫn": Verb.HELP, "MENU": Verb.MENU, "menu!": Verb.MENU,
    "Danh mục": Verb.MENU,
    "STOP": Verb.STOP, "Stop.": Verb.STOP, "HUY": Verb.STOP, "Hủy": Verb.STOP, "Huỷ": Verb.STOP, "TC": Verb.STOP,
    "tc": Verb.STOP, "Từ chối": Verb.STOP, "START": Verb.START, "Mở lại": Verb.START, "MO LAI": Verb.START,
    "CO DAU": Verb.TONES_ON, "có dấu": Verb.TONES_ON, "KHONG DAU": Verb.TONES_OFF, "Không dấu": Verb.TONES_OFF,
    "VI": Verb.LANG_VI, "EN": Verb.LANG_EN, "TT": Verb.STATUS, "kq?": Verb.STATUS, "": Verb.EMPTY, " \n ": Verb.EMPTY,
}  # fmt: skip

WITH_REFERENCE = [
    ("TT 20457", Command(Verb.STATUS, "", "20457")),
    ("tt20457", Command(Verb.STATUS, "", "20457")),
    ("KQ #20457", Command(Verb.STATUS, "", "20457")),
    ("TC AK20457.", Command(Verb.STATUS, "", "20457")),
    ("TT mã số 20457", Command(Verb.STATUS, "", "20457")),
    ("20457 TT", Command(Verb.STATUS, "", "20457")),
    ("TT 1000008", Command(Verb.STATUS, "", "1000008")),
    ("HUY 20457", Command(Verb.WITHDRAW, "", "20457")),
    ("Hủy phản ánh 20457", Command(Verb.WITHDRAW, "", "20457")),
    ("BS 20457 số nhà 12", Command(Verb.ADD, "số nhà 12", "20457")),
    ("20457 BS số nhà 12", Command(Verb.ADD, "số nhà 12", "20457")),
    ("BS #AK20457: thêm một cột nữa", Command(Verb.ADD, "thêm một cột nữa", "20457")),
]

RATINGS = [
    ("DG 20457 5", Command(Verb.RATE, "", "20457", 5)),
    ("DG 5 20457", Command(Verb.RATE, "", "20457", 5)),
    ("20457 DG 5", Command(Verb.RATE, "", "20457", 5)),
    ("dg20457 4/5 làm nhanh", Command(Verb.RATE, "làm nhanh", "20457", 4)),
    ("ĐG 3 sao", Command(Verb.RATE, "", None, 3)),
    ("DG5", Command(Verb.RATE, "", None, 5)),
    ("DG", Command(Verb.RATE)),
    ("DG 20457", Command(Verb.RATE, "", "20457")),
    ("DG 20457 9", Command(Verb.RATE, "9", "20457")),
]

COMPLAINTS = [
    ("PA", Command(Verb.COMPLAINT)),
    ("PA DN xã Tú An mất nước", Command(Verb.COMPLAINT, "xã Tú An mất nước", field=CategoryCode.DN)),
    ("pa. gt; An Phú: ổ gà", Command(Verb.COMPLAINT, "An Phú: ổ gà", field=CategoryCode.GT)),
    ("PA An Bình mất điện", Command(Verb.COMPLAINT, "An Bình mất điện")),
    ("PA AN An Bình trộm chó", Command(Verb.COMPLAINT, "An Bình trộm chó", field=CategoryCode.AN)),
    ("PA mất điện", Command(Verb.COMPLAINT, "mất điện")),
    ("GT", Command(Verb.COMPLAINT, field=CategoryCode.GT)),
    ("GT đường Quang Trung hư", Command(Verb.COMPLAINT, "đường Quang Trung hư", field=CategoryCode.GT)),
]

ORDINARY = [
    "tc cho mẹ tôi bị cắt",
    "huy động dân đóng tiền",
    "stop lại đi mấy ông ơi",
    "bs trạm y tế bỏ trực",
    "AN cơm chưa",
    "dg Trần Hưng Đạo có ổ gà",
    "dg 3 tháng 2 ngập",
    "có dấu hiệu lừa đảo",
    "menu quán ghi giá sai",
    "50000 đồng một lần gửi xe",
    "0900000001 là số của tôi",
]


@pytest.mark.parametrize(("text", "verb"), ALONE.items())
def test_a_keyword_alone_counts(text: str, verb: Verb) -> None:
    assert parse(text) == Command(verb)


@pytest.mark.parametrize(("text", "command"), [*WITH_REFERENCE, *RATINGS, *COMPLAINTS])
def test_a_structured_text_is_taken_apart(text: str, command: Command) -> None:
    assert parse(text) == command


@pytest.mark.parametrize("text", ORDINARY)
def test_elsewhere_keywords_are_ordinary_words(text: str) -> None:
    assert parse(text) == Command(Verb.FREE, text)


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("01", 1), ("2.", 2), ("12", 12), ("(3)", 3)])
def test_a_bare_digit_is_an_answer(text: str, number: int) -> None:
    assert parse(text) == Command(Verb.DIGIT, number=number)


@pytest.mark.parametrize("text", ["20457", "#20457", "AK 20457"])
def test_a_bare_reference_keeps_its_digits(text: str) -> None:
    assert parse(text) == Command(Verb.FREE, "", "20457")


def test_a_free_text_may_open_with_a_reference() -> None:
    assert parse("20457 nặng hơn rồi") == Command(Verb.FREE, "nặng hơn rồi", "20457")


def test_a_question_mark_is_not_nothing() -> None:
    assert parse("?").verb is Verb.FREE


@given(st.text(max_size=80))
def test_no_text_breaks_the_grammar(text: str) -> None:
    command = parse(text)
    assert command.rest in text
