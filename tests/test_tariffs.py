"""Prices, forbidden signs, tone marks and allowed addresses come from the environment, and mistakes are told all at once."""

from decimal import Decimal

import pytest

from smsgw import tariffs
from smsgw.domain.carriers import Carrier, Marked, Price


def test_nothing_told_is_nothing_known() -> None:
    carriers, problems = tariffs.read({}, ["kannel", "simulator"])
    assert problems == []
    assert carriers.known == {"kannel": Carrier(), "simulator": Carrier()}
    assert (carriers.marked, carriers.marks_up_to, carriers.allowed) == (Marked.ALL, None, ("gov.vn",))


def test_each_provider_has_its_own() -> None:
    env = {
        "SMSGW_PRICE_KANNEL": "350 đ",
        "SMSGW_FORBIDDEN_KANNEL": "% # & [ ]",
        "SMSGW_REGISTERED_KANNEL": "yes",
        "SMSGW_TONE_MARKS_KANNEL": "no",
        "SMSGW_PRICE_TWILIO": "0.0725 USD",
        "SMSGW_TONE_MARKS": "letters",
        "SMSGW_TONE_MARKS_UP_TO": "1200",
        "SMSGW_ALLOWED_MENTIONS": "gov.vn, 1022, 0269 3500 100",
    }
    carriers, problems = tariffs.read(env, ["kannel", "twilio"])
    assert problems == []
    assert carriers.of("kannel") == Carrier(Price(Decimal(350), "đ"), "%#&[]", registered=True, tone_marks=False)
    assert carriers.of("twilio").price == Price(Decimal("0.0725"), "USD")
    assert (carriers.marked, carriers.marks_up_to) == (Marked.LETTERS, Decimal(1200))
    assert carriers.allowed == ("gov.vn", "1022", "0269 3500 100")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMSGW_PRICE_KANNEL", "350"),
        ("SMSGW_PRICE_KANNEL", "VND 350"),
        ("SMSGW_REGISTERED_KANNEL", "maybe"),
        ("SMSGW_TONE_MARKS_KANNEL", "1"),
        ("SMSGW_TONE_MARKS", "some"),
        ("SMSGW_TONE_MARKS_UP_TO", "much"),
        ("SMSGW_ALLOWED_MENTIONS", "gov.vn, all of them"),
    ],
)
def test_a_value_that_cannot_be_read_is_told_by_its_name(name: str, value: str) -> None:
    [problem] = tariffs.read({name: value}, ["kannel"])[1]
    assert problem.startswith(name)
