"""The simulated phone: picked up by hand, without scripts, as a browser of 2005 would."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from handlers.web import create_app
from smsgw.gateway import Gateway, open_gateway
from smsgw.settings import load
from smsgw.store.tables import Complaint, Inbound, Outgoing
from tests.conftest import Bell

CITIZEN = "+84900000001"
TEXT = "PA DN xa Tu An mat nuoc tu thu hai"


@dataclass
class Handset:
    """One phone on the page."""

    web: FlaskClient
    number: str = CITIZEN

    def looks(self, **more: str) -> str:
        """The page as it stands."""
        return self.web.get("/phone", query_string={"number": self.number, "lang": "en", **more}).text

    def posts(self, what: str, page: str, **fields: str) -> TestResponse:
        """Sends a form of that page, with the fields the page gave it."""
        hidden = {name: field(page, name) for name in ("csrf_token", "message_id", "session", "history")}
        told = {"number": self.number, **{name: value for name, value in hidden.items() if value is not None}, **fields}
        return self.web.post(f"/phone/{what}", data=told, follow_redirects=True)

    def texts(self, text: str) -> TestResponse:
        return self.posts("send", self.looks(), text=text)

    def bubbles(self) -> list[str]:
        return [unescape(text) for text in re.findall(r"<bdi>(.*?)</bdi>", self.looks(), re.DOTALL)]

    def dials(self, code: str = "*8079#") -> TestResponse:
        return self.posts("dial", self.looks(typed=code), typed=code)


def field(page: str, name: str) -> str | None:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return unescape(found[1]) if found else None


def screen(response: TestResponse) -> str:
    found = re.search(r'class="screen">(.*?)</p>', response.text, re.DOTALL)
    assert found, response.text
    return unescape(found[1])


def count(gateway: Gateway, table: type[Inbound] | type[Complaint]) -> int:
    with gateway.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def handset(web: FlaskClient) -> Handset:
    return Handset(web)


@pytest.mark.parametrize("address", ["/phone", "/phone/", "/login/"])
def test_a_slash_too_many_leads_to_the_page_all_the_same(web: FlaskClient, address: str):
    assert web.get(address).status_code == 200


def test_a_text_from_the_phone_is_taken_in_and_wakes_a_worker(handset: Handset, gateway: Gateway, bell: Bell):
    assert handset.texts(TEXT).status_code == 200
    with gateway.database.read() as session:
        row = session.scalars(select(Inbound)).one()
    assert (row.provider, row.sender, row.recipient, row.body) == ("simulator", CITIZEN, "8079", TEXT)
    assert bell.rung == ["inbox"]


def test_the_reply_is_read_on_the_phone(handset: Handset, works: Callable[[], None], gateway: Gateway):
    handset.texts(TEXT)
    works()
    with gateway.database.read() as session:
        reference = session.scalars(select(Complaint.reference)).one()
    mine, reply = handset.bubbles()
    assert mine == TEXT
    assert reference in reply


def test_a_text_counts_as_delivered_once_it_is_shown(handset: Handset, works: Callable[[], None], gateway: Gateway):
    def state() -> str:
        with gateway.database.read() as session:
            return session.scalars(select(Outgoing.state)).one()

    handset.texts(TEXT)
    works()
    assert state() == "accepted"
    handset.looks()
    assert state() == "delivered"
    assert len(handset.bubbles()) == 2


def test_pressing_send_twice_sends_one_text(handset: Handset, gateway: Gateway):
    page = handset.looks()
    handset.posts("send", page, text=TEXT)
    handset.posts("send", page, text=TEXT)
    assert count(gateway, Inbound) == 1


def test_another_phone_sees_none_of_it(handset: Handset, web: FlaskClient, works: Callable[[], None]):
    handset.texts(TEXT)
    works()
    assert Handset(web, "+84900000002").bubbles() == []


def test_the_script_is_told_the_conversation_and_who_has_unread_texts(
    handset: Handset, web: FlaskClient, works: Callable[[], None]
):
    handset.texts(TEXT)
    works()
    elsewhere = web.get("/phone/texts", query_string={"number": "+84900000002"}).get_json()
    assert elsewhere["unread"][CITIZEN] == 1
    here = web.get("/phone/texts", query_string={"number": CITIZEN}).get_json()
    assert here["bubbles"].count("<li") == 2
    assert here["unread"][CITIZEN] == 0


def test_what_a_citizen_writes_is_shown_as_text_and_not_as_markup(handset: Handset):
    handset.texts("<b>ngap</b> & <script>x</script>")
    assert "<b>ngap" not in handset.looks()
    assert handset.bubbles() == ["<b>ngap</b> & <script>x</script>"]


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("a" * 160, "0 left, 1 text(s)"),
        ("a" * 161, "145 left, 2 text(s)"),
        ("€" * 81, "143 left, 2 text(s)"),
        ("đ" + "a" * 69, "0 left, 1 text(s)"),
        ("đ" + "a" * 70, "63 left, 2 text(s)"),
    ],
)
def test_without_scripts_the_server_counts_segments(handset: Handset, text: str, figure: str):
    page = handset.posts("count", handset.looks(), text=text).text
    assert figure in page
    assert text in page


def test_counting_sends_nothing(handset: Handset, gateway: Gateway):
    handset.posts("count", handset.looks(), text=TEXT)
    assert count(gateway, Inbound) == 0


@pytest.mark.parametrize("text", ["", "   ", "x" * 1601])
def test_an_empty_or_endless_text_is_not_sent(handset: Handset, gateway: Gateway, text: str):
    assert handset.texts(text).status_code == 400
    assert count(gateway, Inbound) == 0


def test_a_complaint_is_filed_by_dialling(handset: Handset, gateway: Gateway, bell: Bell):
    response = handset.dials()
    assert "1 " in screen(response)
    for typed in ("1", "1", "1", "99", "o ga to truoc nha so 5 duong Quang Trung", "5", "1"):
        response = handset.posts("answer", response.text, typed=typed)
    with gateway.database.read() as session:
        complaint = session.scalars(select(Complaint)).one()
    assert complaint.reference in screen(response)
    assert (complaint.channel, complaint.category) == ("ussd", "GT")
    assert "outbox" in bell.rung
    assert handset.bubbles() == []


def test_the_same_answer_twice_is_one_step(handset: Handset):
    menu = handset.dials()
    once = handset.posts("answer", menu.text, typed="1")
    twice = handset.posts("answer", menu.text, typed="1")
    assert screen(once) == screen(twice)


def test_reloading_shows_the_same_screen(handset: Handset):
    menu = handset.dials()
    assert screen(handset.web.get(menu.request.full_path)) == screen(menu)


def test_keys_write_into_the_answer_without_scripts(handset: Handset):
    session = field(handset.dials().text, "session") or ""
    assert field(handset.looks(session=session, typed="1", key="0"), "typed") == "10"


def test_hanging_up_ends_the_session(handset: Handset):
    menu = handset.dials()
    session = field(menu.text, "session") or ""
    handset.posts("hang-up", menu.text)
    with handset.web.application.extensions["smsgw"].database.read() as db:
        from smsgw.store.tables import Sitting

        assert db.scalars(select(Sitting.state).where(Sitting.session_id == session)).one() == "ended"


def test_a_code_that_is_not_ours_reaches_nobody(handset: Handset):
    response = handset.dials("*100#")
    assert response.status_code == 400
    assert "*8079#" in response.text


def test_another_phones_session_is_not_shown(handset: Handset, web: FlaskClient):
    session = field(handset.dials().text, "session") or ""
    assert 'class="screen"' not in Handset(web, "+84900000002").looks(session=session)


def test_the_phones_of_demo_officials_and_the_duty_desk_are_there_to_pick_up(handset: Handset):
    page = handset.looks()
    assert "0900 000 101" in page
    assert "0900 000 100" in page
    assert "Duty phone" in page


@pytest.mark.parametrize("number", ["abc", "113", "+14155550100"])
def test_what_is_no_mobile_number_cannot_be_picked_up(web: FlaskClient, number: str):
    assert web.get("/phone", query_string={"number": number}).status_code == 400
    assert web.get("/phone/texts", query_string={"number": number}).status_code == 400


@pytest.mark.parametrize("address", ["10.0.0.7", "8.8.8.8", "2001:db8::1", ""])
def test_the_phone_is_for_this_machine_only(web: FlaskClient, address: str):
    assert web.get("/phone", environ_overrides={"REMOTE_ADDR": address}).status_code == 404


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_every_loopback_address_is_this_machine(web: FlaskClient, address: str):
    assert web.get("/phone", environ_overrides={"REMOTE_ADDR": address}).status_code == 200


def test_whoever_comes_through_a_proxy_is_not_on_this_machine(web: FlaskClient):
    assert web.get("/phone", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404


def test_there_is_no_phone_in_production(gateway: Gateway, bell: Bell):
    env = {
        **gateway.settings.env,
        "SMSGW_ENV": "production",
        "SMSGW_NAME": "Phan anh An Khe",
        "SMSGW_PUBLIC_NUMBER": "8079",
        "SMSGW_PRICE_NOTE": "500 dong",
        "SMSGW_DUTY_PHONE": "+84900000100",
        "PUBLIC_URL": "https://an-khe.example.vn",
        "SMSGW_SMS_IN": "twilio",
        "SMSGW_SMS_OUT": "twilio",
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "token-of-the-tests-only",
        "TWILIO_FROM": "+15005550006",
    }
    house = open_gateway(load(env), now=gateway.now)
    web = create_app(house, bell).test_client()  # type: ignore[arg-type]
    assert web.get("/phone").status_code == 404
    house.close()


@pytest.mark.parametrize("what", ["send", "count", "dial", "answer", "hang-up"])
def test_a_form_without_its_token_does_nothing(web: FlaskClient, gateway: Gateway, what: str):
    told = {"number": CITIZEN, "text": TEXT, "message_id": "0" * 32, "session": "0" * 32, "typed": "*8079#"}
    assert web.post(f"/phone/{what}", data=told).status_code == 400
    assert count(gateway, Inbound) == 0


def test_the_page_has_no_inline_script_and_no_inline_style(handset: Handset, app: Flask):
    page = handset.looks()
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page) == []
