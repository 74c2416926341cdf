"""A text message wears tone marks where person, kind, provider and price allow it, and nothing that its networks refuse."""

from decimal import Decimal

import pytest

from smsgw.data import tables
from smsgw.domain import notices as n
from smsgw.domain.carriers import Carrier, Carriers, Marked, Price
from smsgw.settings import ROOT
from smsgw.text import catalogs
from smsgw.text.speech import House, Speech

HOUSE = House("Phan anh An Khe", "8079", "500d", tables.whole("emergency.toml"))
CATALOGS = catalogs.load(ROOT / "locale")
ANSWER = n.OfficeAnswer("10008", "Đội công cộng đã sửa đèn ngày 24/11.")
DONG = Price(Decimal(350), "đ")


def said(carriers: Carriers, notice: n.Notice, *, tone_marks: bool = True, heard: str = "kannel") -> str:
    speech = Speech(CATALOGS, HOUSE, carriers)
    return speech.text(notice, language="vi", tone_marks=tone_marks, heard=heard)


@pytest.mark.parametrize(
    ("carriers", "answer", "receipt"),
    [
        (Carriers(), True, True),
        (Carriers(marked=Marked.LETTERS), True, False),
        (Carriers(marked=Marked.NONE), False, False),
        (Carriers(("kannel",), {"kannel": Carrier(tone_marks=False)}), False, False),
        (Carriers(("kannel",), {"kannel": Carrier(price=DONG)}, marks_up_to=Decimal(300)), False, False),
        (Carriers(("kannel",), {"kannel": Carrier(price=DONG)}, marks_up_to=Decimal(350)), True, True),
        (Carriers(("kannel", "android"), {"android": Carrier(tone_marks=False)}), True, True),
    ],
)
def test_tone_marks_are_worn_where_kind_provider_and_price_allow_it(
    carriers: Carriers, answer: bool, receipt: bool
) -> None:
    assert ("Đội công cộng" in said(carriers, ANSWER)) is answer
    assert (not said(carriers, n.Withdrawn("10008")).isascii()) is receipt


def test_nobody_gets_tone_marks_who_does_not_want_them() -> None:
    assert said(Carriers(), ANSWER, tone_marks=False) == "So 10008: Doi cong cong da sua den ngay 24/11."


def test_our_sentences_leave_without_forbidden_signs_and_an_officials_words_as_they_are() -> None:
    carriers = Carriers(("kannel",), {"kannel": Carrier(forbidden="()&%")})
    assert "(" in said(Carriers(), n.HowToRate(), tone_marks=False)
    assert not set("()&%").intersection(said(carriers, n.HowToRate(), tone_marks=False))
    assert "50%" in said(carriers, n.OfficeAnswer("10008", "Xong 50% ngày 24/11."), tone_marks=False)
