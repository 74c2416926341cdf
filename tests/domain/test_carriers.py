"""Each provider's own: what a segment costs, which signs its networks refuse, whether tone marks are worth it, what is
registered."""

from decimal import Decimal

import pytest

from smsgw.domain.carriers import Carrier, Carriers, Marked, Price
from smsgw.domain.registered import is_template, matches

DONG = Price(Decimal(350), "VND")


def test_a_text_costs_its_segments() -> None:
    assert DONG.of(3) == Price(Decimal(1050), "VND")
    assert Price(Decimal("0.0725"), "USD").of(2).amount == Decimal("0.145")


def test_forbidden_signs_are_named_once_in_their_order() -> None:
    assert Carrier(forbidden="%#&[]@").refuses("50% & 20% @ [a]") == "%&@[]"
    assert Carrier().refuses("50%") == ""


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("Nhan DG [so] 1-5.", "Nhan DG (so) 1-5."),
        ("Van phong HDND & UBND", "Van phong HDND + UBND"),
        ("a @ b % c", "a b c"),
        ("dong 1 #\ndong 2", "dong 1\ndong 2"),
        ("nothing to change  here", "nothing to change  here"),
    ],
)
def test_our_own_sentences_lose_forbidden_signs_and_nothing_else(said: str, taken: str) -> None:
    assert Carrier(forbidden="%#&[]{}\\<@").taken(said) == taken


def test_a_look_alike_that_is_forbidden_too_is_left_out() -> None:
    assert Carrier(forbidden="&+").taken("a & b") == "a b"


def test_a_text_goes_by_the_provider_its_reader_wrote_through_else_by_the_first_real_one() -> None:
    carriers = Carriers(order=("simulator", "kannel", "android"))
    assert [carriers.name(heard) for heard in ("android", "twilio", "", "simulator")] == [
        "android",
        "kannel",
        "kannel",
        "simulator",
    ]
    assert Carriers(order=("simulator",)).name("") == "simulator"
    assert Carriers().of("kannel") == Carrier()


@pytest.mark.parametrize(
    ("marked", "carried", "letter", "wears"),
    [
        (Marked.ALL, True, False, True),
        (Marked.LETTERS, True, True, True),
        (Marked.LETTERS, True, False, False),
        (Marked.NONE, True, True, False),
        (Marked.ALL, False, True, False),
    ],
)
def test_tone_marks_are_worn_by_kind_and_where_the_provider_carries_them(
    marked: Marked, carried: bool, letter: bool, wears: bool
) -> None:
    assert Carriers(marked=marked).wears_marks(Carrier(tone_marks=carried), letter=letter) is wears


def test_tone_marks_are_worn_up_to_a_price_where_one_is_known() -> None:
    carriers = Carriers(marks_up_to=Decimal(1000))
    assert carriers.worth_marks(Carrier(price=DONG), 2)
    assert not carriers.worth_marks(Carrier(price=DONG), 3)
    assert carriers.worth_marks(Carrier(), 9)
    assert Carriers().worth_marks(Carrier(price=DONG), 9)


@pytest.mark.parametrize(
    ("text", "matching"),
    [
        ("So 10008: Da thay bong den. Cham diem: nhan DG 10008 va 1-5.", True),
        ("SO 10008:   đã thay bóng đèn. Chấm điểm: nhắn DG 10008 và 1-5.", True),
        ("So 10008: Da thay bong den.", False),
        ("So : Cham diem: nhan DG  va 1-5.", False),
        ("Chao ba con. So 10008: xong. Cham diem: nhan DG 10008 va 1-5.", False),
    ],
)
def test_a_text_matches_what_is_registered_as_a_whole(text: str, matching: bool) -> None:
    assert matches(text, ["khac han", "So {so}: {noi dung} Cham diem: nhan DG {so} va 1-5."]) is matching


def test_signs_of_a_registered_text_mean_themselves() -> None:
    assert matches("Gia 5.000 (d)", ["Gia {gia} (d)"])
    assert not matches("Gia 5.000 xd)", ["Gia {gia} (d)"])


def test_slots_alone_are_no_registered_text() -> None:
    assert not is_template("{a} {b}: .")
    assert is_template("So {a}")
