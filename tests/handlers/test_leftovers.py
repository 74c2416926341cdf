"""No text goes unseen: what opened no complaint lies on a page of its own."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.handlers.desks import signed_in


def _texts(web: FlaskClient, ident: str, text: str) -> None:
    form = {"id": ident, "from": "+84900001234", "to": "8079", "text": text}
    assert web.post("/sms/simulator", data=form).status_code == 200


@pytest.fixture
def page(app: Flask, web: FlaskClient, works: Callable[[], None]) -> str:
    _texts(web, "1", "VAY TIEN NHANH lai suat thap, goi ngay")
    _texts(web, "2", "BS 12340 nha o sau truong <script>")
    _texts(web, "3", "TT")
    works()
    return signed_in(app, "dau-moi-ankhe").opens("/desk/texts").text


def test_advertising_and_texts_with_a_strange_number_are_there_for_a_person(page: str) -> None:
    assert "VAY TIEN NHANH" in page
    assert "BS 12340" in page


def test_they_are_shown_as_text_and_their_senders_masked(page: str) -> None:
    assert "<script>" not in page.split("<body", 1)[1].split("BS 12340", 1)[1][:40]
    assert "0900 001 234" not in page
    assert "900001234" not in page


def test_an_office_does_not_see_them(app: Flask) -> None:
    assert signed_in(app, "canbo-kinhte").opens("/desk/texts").status_code == 403


def test_an_emergencys_sender_is_shown_in_full_so_that_somebody_phones(
    app: Flask, web: FlaskClient, works: Callable[[], None]
) -> None:
    _texts(web, "1", "CHAY NHA hem 12 Quang Trung phuong Tay Son cuu voi")
    works()
    assert "tel:+84900001234" in signed_in(app, "dau-moi-ankhe").opens("/desk/10008").text
