"""A house that texts through a real provider lets its officials practise, and that provider hears nothing of it."""

import re
import secrets

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from smsgw.gateway import Gateway
from smsgw.services import roster
from smsgw.services.roster import NewOfficial
from smsgw.store import practice
from smsgw.store.tables import Outgoing
from tests.handlers.desks import hidden
from tests.handlers.test_production import environment

__all__ = ["environment"]

pytestmark = pytest.mark.slow

HTTPS = "https://an-khe.example.vn"
PASSWORD = secrets.token_urlsafe(12)


@pytest.fixture
def officer(app: Flask, gateway: Gateway, clock) -> FlaskClient:  # type: ignore[no-untyped-def]
    """Signed in over HTTPS."""
    with gateway.database.write() as session:
        unit = roster.find(session, "23617", clock().date(), kinds=("ward",))
        home = roster.find(session, "kt", clock().date(), kinds=("office",), inside=unit)
        new = NewOfficial("Lê Văn C", "le-van-c", "officer", PASSWORD, secrets.token_hex(16), "0905123456")
        roster.add_official(session, new, home)
    web = app.test_client()
    token = hidden(web.get("/login", base_url=HTTPS).text)["csrf_token"]
    typed = {"username": "le-van-c", "password": PASSWORD, "csrf_token": token}
    assert web.post("/login", data=typed, base_url=HTTPS).status_code == 302
    return web


def test_nothing_goes_to_the_real_provider(officer: FlaskClient, gateway: Gateway):
    token = hidden(officer.get("/practise", base_url=HTTPS).text)["csrf_token"]
    begun = officer.post("/practise/begin", data={"csrf_token": token}, base_url=HTTPS)
    assert begun.headers["Location"] == "/practice/desk/"
    page = officer.get("/practice/desk/", base_url=HTTPS).text
    assert len(set(re.findall(r'href="/practice/desk/(\d+)"', page))) == 6
    assert officer.get("/practice/phone", base_url=HTTPS).status_code == 200
    assert officer.get("/phone", base_url=HTTPS).status_code == 404
    file = next(practice.folder(gateway.settings.home).glob("*.db"))
    ground = gateway.practice(file)
    with gateway.database.read() as real, ground.database.read() as practised:
        assert real.scalars(select(Outgoing.id)).all() == []
        sent = practised.scalars(select(Outgoing)).all()
        assert sent
        assert {text.provider_used for text in sent} == {"simulator"}
        assert "+84905123456" not in {text.recipient for text in sent}
    ground.close()
