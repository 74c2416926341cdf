"""A complaint with two matters becomes two, each with a number; the citizen hears of it once."""

import re

import pytest
from flask import Flask

from smsgw.gateway import Gateway
from tests.conftest import Clock
from tests.handlers.desks import CITIZEN, Desk, filed, row, signed_in, texts

pytestmark = pytest.mark.slow  # many sign-ins

LAMP, WASTE = "den duong to 5 tat.", "rac hem 12 chua ai thu"
BOTH = f"{LAMP} {WASTE}"


@pytest.fixture
def focal(app: Flask) -> Desk:
    return signed_in(app, "dau-moi-ankhe")


def divided(desk: Desk, gateway: Gateway, reference: str, field: str = "MT") -> str:
    response = desk.posts(f"/desk/{reference}/divide", stays=LAMP, goes=WASTE, field=field)
    assert response.status_code == 302, response.text
    [text] = texts(gateway)
    return next(number for number in re.findall(r"\d{5,}", text.body) if number != reference)


def test_the_second_matter_gets_a_number_a_desk_and_a_term_from_when_the_text_came(
    gateway: Gateway, focal: Desk, clock: Clock
) -> None:
    reference = filed(gateway, BOTH, place_text="to 5")
    clock.moves(days=1)
    second = row(gateway, divided(focal, gateway, reference))
    first = row(gateway, reference)
    assert (first.text, second.text) == (LAMP, WASTE)
    assert (second.category, second.state, second.received_at) == ("MT", "assigned", first.received_at)
    assert second.due_at is not None
    assert (second.citizen_id, second.unit_id, second.place) == (first.citizen_id, first.unit_id, first.place)


def test_the_citizen_is_told_both_numbers_in_one_text(gateway: Gateway, focal: Desk) -> None:
    reference = filed(gateway, BOTH)
    second = divided(focal, gateway, reference)
    [text] = texts(gateway, CITIZEN)
    assert (text.segments, text.kind) == (1, "Divided")
    assert reference in text.body
    assert second in text.body


def test_both_pages_say_where_the_other_is_and_the_first_keeps_its_history(gateway: Gateway, focal: Desk) -> None:
    reference = filed(gateway, BOTH)
    focal.posts(f"/desk/{reference}/note", note="Hai việc khác nhau")
    second = divided(focal, gateway, reference)
    first_page, second_page = (
        focal.opens(f"/desk/{reference}?lang=en").text,
        focal.opens(f"/desk/{second}?lang=en").text,
    )
    assert "Divided: the second matter has a number of its own" in first_page
    assert second in first_page
    assert "Hai việc khác nhau" in first_page
    assert "The second matter of another complaint" in second_page
    assert "Hai việc khác nhau" not in second_page


def test_each_is_found_by_its_own_words_and_answered_alone(gateway: Gateway, focal: Desk) -> None:
    reference = filed(gateway, BOTH)
    second = divided(focal, gateway, reference)
    assert re.findall(r'href="/desk/(\d+)"', focal.opens("/desk/?q=rac+hem").text) == [second]
    focal.answers(second, "Đội môi trường đã thu rác sáng nay.")
    assert (row(gateway, reference).state, row(gateway, second).state) == ("assigned", "answered")


@pytest.mark.parametrize(
    ("stays", "goes"), [(LAMP, "rac hem 12"), (LAMP, f"{WASTE} va cong nghet"), ("", BOTH), (LAMP, "...")]
)
def test_nothing_is_divided_where_words_are_lost_or_added(gateway: Gateway, focal: Desk, stays: str, goes: str) -> None:
    reference = filed(gateway, BOTH)
    response = focal.posts(f"/desk/{reference}/divide", stays=stays, goes=goes, field="MT")
    assert response.status_code == 422
    assert row(gateway, reference).text == BOTH
    assert texts(gateway) == []
    assert f">{goes}</textarea>" in response.text


def test_without_a_field_the_second_waits_in_triage_and_it_can_be_done_again(gateway: Gateway, focal: Desk) -> None:
    reference = filed(gateway, BOTH)
    second = divided(focal, gateway, reference, field="")
    assert (row(gateway, second).state, row(gateway, second).office_id) == ("received", None)
    assert focal.posts(f"/desk/{reference}/divide", stays="den duong", goes="to 5 tat", field="HT").status_code == 302
    assert len(texts(gateway)) == 2


def test_what_is_over_is_not_divided(gateway: Gateway, focal: Desk) -> None:
    reference = filed(gateway, BOTH)
    focal.answers(reference, "Đội điện đã thay bóng.")
    assert focal.posts(f"/desk/{reference}/divide", stays=LAMP, goes=WASTE, field="MT").status_code == 409
