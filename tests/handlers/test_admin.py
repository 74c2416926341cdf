"""What administrators look up."""

import pytest
from flask import Flask

from tests.handlers.desks import signed_in

ROOMS = {
    "units": ("Phường An Khê", "Văn phòng HĐND và UBND", "23617"),
    "officials": ("dau-moi-ankhe", "0900 000 101"),
    "fields": ("GT", "Phòng Kinh tế"),
    "terms": ("960/QĐ-UBND", "not confirmed"),
    "calendar": ("10/01/2026", "Quyết định của Chính phủ"),
    "ussd": ("Where USSD sessions break off", "No session broke off."),
    "texts": ("Waiting to be sent", "In doubt: perhaps sent", "Failed or not delivered"),
}


@pytest.mark.parametrize(("room", "words"), ROOMS.items())
def test_the_tables_show_what_the_locality_decided(app: Flask, room: str, words: tuple[str, ...]):
    page = signed_in(app, "quantri").opens(f"/admin/{room}?lang=en").text
    assert [word for word in words if word not in page] == []


@pytest.mark.parametrize("room", ROOMS)
def test_the_tables_are_for_administrators(app: Flask, room: str):
    assert signed_in(app, "lanhdao-ankhe").opens(f"/admin/{room}").status_code == 403


def test_an_office_without_a_field_leaves_the_cell_to_a_person(app: Flask):
    assert "demo" in signed_in(app, "quantri").opens("/admin/units").text
