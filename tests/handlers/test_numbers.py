"""Pages on which officials and administrators verify numbers, and see what was ordered by text."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from handlers.numbers import DEEDS
from smsgw.domain.orders import Deed
from smsgw.gateway import Gateway
from smsgw.store.tables import Inbound, Official, OfficialPhone, Outgoing, TextOrder
from tests.handlers.desks import Desk, signed_in, texts

NUMBER = "+84900000103"


@pytest.fixture
def officer(app: Flask) -> Desk:
    return signed_in(app, "canbo-kinhte")


@pytest.fixture
def admin(app: Flask) -> Desk:
    return signed_in(app, "quantri")


def code_on(gateway: Gateway, number: str = NUMBER) -> str:
    return re.findall(r"\b\d{6}\b", texts(gateway, number)[-1].body)[0]


def known(gateway: Gateway) -> OfficialPhone:
    with gateway.database.read() as session:
        return session.scalars(select(OfficialPhone).where(OfficialPhone.phone == NUMBER)).one()


def number_of(gateway: Gateway, username: str = "canbo-kinhte") -> int:
    with gateway.database.read() as session:
        return session.scalars(select(Official.id).where(Official.username == username)).one()


def test_an_official_verifies_the_own_number_with_two_forms(officer: Desk, gateway: Gateway) -> None:
    page = officer.opens("/desk/my-number?lang=en").text
    assert "not verified" in page
    assert 'name="code"' not in page
    assert officer.posts("/desk/my-number/code").status_code == 302
    assert 'name="code"' in officer.opens("/desk/my-number").text
    wrong = f"{(int(code_on(gateway)) + 1) % 10**6:06}"
    refused = officer.posts("/desk/my-number/confirm", code=wrong)
    assert refused.status_code == 422
    assert "That is not the code." in refused.text
    assert officer.posts("/desk/my-number/confirm", code=code_on(gateway)).status_code == 302
    assert "verified since" in officer.opens("/desk/my-number").text
    assert known(gateway).verified_by == number_of(gateway)


def test_a_changed_number_is_not_verified_any_more(officer: Desk, gateway: Gateway) -> None:
    officer.posts("/desk/my-number/code")
    officer.posts("/desk/my-number/confirm", code=code_on(gateway))
    assert officer.posts("/desk/my-number/change", phone="12").status_code == 422
    assert officer.posts("/desk/my-number/change", phone="0905 000 001").status_code == 302
    page = officer.opens("/desk/my-number?lang=en").text
    assert "0905 000 001" in page
    assert "not verified" in page


def test_an_administrator_types_what_the_official_reads_out(admin: Desk, gateway: Gateway) -> None:
    whose = number_of(gateway)
    assert admin.posts(f"/admin/numbers/{whose}/code").status_code == 302
    assert admin.posts(f"/admin/numbers/{whose}/confirm", code="1").status_code == 422
    assert admin.posts(f"/admin/numbers/{whose}/confirm", code=code_on(gateway)).status_code == 302
    assert known(gateway).verified_by == number_of(gateway, "quantri")
    assert admin.posts("/admin/numbers/999999/code").status_code == 404


@pytest.mark.slow
def test_a_failing_and_a_locked_number_stand_on_top_until_they_are_mended(admin: Desk, gateway: Gateway) -> None:
    whose, now = number_of(gateway), gateway.now()
    with gateway.database.write() as session:
        session.add(OfficialPhone(official_id=whose, phone=NUMBER, verified_at=now, locked_at=now))
        session.add_all(_lost(gateway))
    page = admin.opens("/admin/numbers?lang=en").text
    assert "none of the last three texts reached 0900 000 103" in page
    assert "too many wrong codes came from this number" in page
    admin.posts(f"/admin/numbers/{whose}/open")
    admin.posts(f"/admin/numbers/{whose}/change", phone="0905 000 001")
    page = admin.opens("/admin/numbers").text
    assert "none of the last three" not in page
    assert "too many wrong codes" not in page


def test_every_order_has_its_words() -> None:
    assert set(DEEDS) == set(Deed) - {Deed.HELP}


def test_orders_are_listed_with_masked_numbers_and_no_words(app: Flask, admin: Desk, gateway: Gateway) -> None:
    with gateway.database.write() as session:
        for number, outcome in enumerate(("done", "wrong_code", "no_reason"), 1):
            values = {"provider": "simulator", "account": "demo", "provider_ref": f"o{number}", "sender": NUMBER}
            at = gateway.now() + timedelta(minutes=number)
            text = Inbound(**values, recipient="8079", body="CHUYEN 123456 CA", verb="order", received_at=at)
            session.add(text)
            session.flush()
            session.add(TextOrder(inbound_id=text.id, at=at, phone=NUMBER, deed="pass", outcome=outcome))
    page = admin.opens("/admin/orders?lang=en").text
    assert all(words in page for words in ("done", "wrong code", "please say why", "09x xxx x103"))
    assert "123456" not in page
    assert page.count("done: pass on") == 2
    assert admin.opens("/admin/orders?only=refused").text.count("done: pass on") == 1
    auditor = signed_in(app, "kiemtoan")
    assert 'href="/admin/orders"' in auditor.opens("/desk/").text
    assert auditor.opens("/admin/orders").status_code == 200


def _lost(gateway: Gateway) -> Iterator[Outgoing]:
    now = gateway.now()
    for number in range(3):
        values = {"kind": "DeadlineAlert", "lane": 3, "recipient": NUMBER, "body": "x", "segments": 1}
        yield Outgoing(key=f"lost:{number}", **values, state="undelivered", next_attempt_at=now, created_at=now)
