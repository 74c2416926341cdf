"""No text goes unseen: what opened no complaint lies on a page of its own."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smsgw.gateway import Gateway
from smsgw.store.tables import Inbound
from tests.handlers.desks import signed_in


def _texts(web: FlaskClient, ident: str, text: str, sender: str = "+84900001234") -> None:
    form = {"id": ident, "from": sender, "to": "8079", "text": text}
    assert web.post("/sms/simulator", data=form).status_code == 200


@pytest.fixture
def page(app: Flask, web: FlaskClient, works: Callable[[], None]) -> str:
    _texts(web, "1", "VAY TIEN NHANH lai suat thap, goi ngay")
    _texts(web, "2", "BS 12340 nha o sau truong <script>", sender="+84900005678")
    _texts(web, "3", "TT")
    works()
    return signed_in(app, "dau-moi-ankhe").opens("/desk/texts").text


def test_advertising_and_texts_with_a_strange_number_are_there_for_a_person(page: str) -> None:
    assert "VAY TIEN NHANH" in page
    assert "BS 12340" in page


def test_they_are_shown_as_text_and_who_need_not_be_phoned_is_masked(page: str) -> None:
    assert "<script>" not in page.split("<body", 1)[1].split("BS 12340", 1)[1][:40]
    assert "0900 001 234" not in page
    assert "900001234" not in page


def test_whoever_must_be_phoned_is_shown_in_full(page: str) -> None:
    assert 'href="tel:+84900005678"' in page
    assert "0900 005 678" in page


def test_the_sender_of_a_text_that_could_not_be_read_is_shown_in_full(app: Flask, gateway: Gateway) -> None:
    now = gateway.now()
    with gateway.database.write() as session:
        told = {"provider": "simulator", "account": "", "recipient": "8079", "verb": "", "received_at": now}
        for ident, sender in (("1", "+84900005678"), ("2", "VIETTEL")):
            session.add(Inbound(provider_ref=ident, sender=sender, body="?", state="quarantined", **told))
    page = signed_in(app, "dau-moi-ankhe").opens("/desk/texts").text
    assert 'href="tel:+84900005678"' in page
    assert "VIETTEL" in page
    assert "tel:VIETTEL" not in page


def test_an_office_does_not_see_them(app: Flask) -> None:
    assert signed_in(app, "canbo-kinhte").opens("/desk/texts").status_code == 403


def test_an_emergencys_sender_is_shown_in_full_so_that_somebody_phones(
    app: Flask, web: FlaskClient, works: Callable[[], None]
) -> None:
    _texts(web, "1", "CHAY NHA hem 12 Quang Trung phuong Tay Son cuu voi")
    works()
    assert "tel:+84900001234" in signed_in(app, "dau-moi-ankhe").opens("/desk/10008").text
