"""A number has one spelling, however it was written, and is shown only as far as it must be."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from smsgw.domain.phone import for_eyes, is_answered, is_mobile, masked, normalised, without_numbers

SPELLINGS = [
    "+84900001234",
    "84900001234",
    "0084900001234",
    "0900001234",
    "0900 001 234",
    "0900.001.234",
    "(+84) 900-001-234",
    " +84 900 001 234\n",
    "０９００００１２３４",
]


@pytest.mark.parametrize("raw", SPELLINGS)
def test_every_spelling_of_a_number_becomes_one(raw):
    assert normalised(raw) == "+84900001234"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("0269 3800 000", "+842693800000"),
        ("19001234", "+8419001234"),
        ("+15005550006", "+15005550006"),
        ("+254 700 000 000", "+254700000000"),
        ("01600001234", "+841600001234"),  # possible, though those lines were converted in 2018
    ],
)
def test_other_numbers_become_e164_too(raw, expected):
    assert normalised(raw) == expected


@pytest.mark.parametrize(
    "raw", ["1022", "113", "8077", "6089", "AnKhe", "ANKHE1022", "VIETTEL-CSKH", "1800FLOWERS", "", "+"]
)
def test_short_codes_and_names_stay_as_they_are(raw):
    assert normalised(f" {raw} ") == raw
    assert masked(raw) == raw
    assert for_eyes(raw) == raw
    assert not is_mobile(raw)


# Prefixes of every network that had numbers in 2026, and 95 and 992, which were new then.
MOBILE = [
    "32",
    "39",
    "522",
    "56",
    "58",
    "59",
    "70",
    "76",
    "79",
    "81",
    "85",
    "86",
    "87",
    "88",
    "896",
    "90",
    "93",
    "94",
    "95",
    "96",
    "992",
]


@pytest.mark.parametrize("prefix", MOBILE)
def test_mobile_lines_may_be_answered(prefix):
    national = f"{prefix:0<6}123"
    for raw in (f"+84{national}", f"84{national}", f"0{national}"):
        assert normalised(raw) == f"+84{national}"
        assert is_mobile(raw)


@pytest.mark.parametrize(
    "number", ["02693800000", "19001234", "18001234", "01600001234", "+254700000000", "09000012", "x"]
)
def test_other_lines_are_no_mobile_lines_of_ours(number):
    assert not is_mobile(number)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+84900001234", "09x xxx x234"),
        ("0900001234", "09x xxx x234"),
        ("+842693800000", "02x xxx xx000"),
        ("+254700000123", "+254 xxx xxx 123"),
        ("254711000123", "xxxxxxxxx123"),
        ("0900001234 (vo)", "xxxxxxx234 (vo)"),
    ],
)
def test_a_masked_number_keeps_its_ends(number, expected):
    assert masked(number) == expected


def test_people_see_numbers_as_they_write_them():
    assert for_eyes("+84900001234") == "0900 001 234"
    assert for_eyes("+254700000123").startswith("+254 700")


@settings(deadline=None)  # the library reads each country's plan when it first meets it
@given(st.text(max_size=30) | st.from_regex(r"[+0]?[0-9 .-]{0,16}", fullmatch=True))
def test_whatever_a_network_gives_as_sender_has_one_settled_spelling(raw):
    once = normalised(raw)
    assert normalised(once) == once
    assert is_mobile(raw) == is_mobile(once)


@given(st.integers(200_000_000, 999_999_999))
def test_no_mask_shows_more_than_five_digits_of_a_number(national):
    shown = masked(f"+84{national}")
    assert sum(sign.isdigit() for sign in shown) <= 5
    assert str(national)[1:-3] not in shown.replace(" ", "")


@given(st.from_regex(r"[0-9 ]{7,20}", fullmatch=True))
@example("0020000000")
def test_no_mask_of_a_long_row_of_digits_shows_it(raw):
    digits = [sign for sign in masked(raw) if sign.isdigit()]
    assert len(digits) <= 6


@pytest.mark.parametrize(
    ("number", "ranges", "answered"),
    [
        ("+84900000001", ("+84",), True),
        ("+84590000001", ("+84",), True),
        ("+84900000001", ("+8491", "+8498"), False),
        ("+842363821111", ("+84",), False),
        ("+841900545415", ("+84",), False),
        ("+33612345678", ("+84",), False),
        ("+33612345678", ("+84", "+33"), True),
        ("+33892123456", ("+84", "+33"), False),
        ("1022", ("+84",), False),
        ("MobiFone", ("+84",), False),
        ("", ("+84",), False),
    ],
)
def test_only_mobile_lines_of_the_ranges_are_answered(number: str, ranges: tuple[str, ...], answered: bool) -> None:
    assert is_answered(number, ranges) is answered


def test_numbers_among_a_persons_words_are_masked_and_others_are_not():
    said = "goi toi 0905 123 456 hoac +84905123457, nha so 12, ngay 20/11/2026, ma 12345678"
    assert without_numbers(said) == "goi toi 09x xxx x456 hoac 09x xxx x457, nha so 12, ngay 20/11/2026, ma 12345678"
