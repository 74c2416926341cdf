"""Officials come and go."""

import re
import time
from typing import Literal
from unicodedata import normalize
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smsgw.gateway import Gateway
from smsgw.services import personnel
from smsgw.store import officials
from tests.handlers.desks import hidden, signed_in

PASSWORD = "demo-an-khe"
MARKED = "mật khẩu của tôi"


def tries(web: FlaskClient, username: str, password: str, **more: str):
    token = hidden(web.get("/login").text)["csrf_token"]
    fields = {"username": username, "password": password, "csrf_token": token, **more}
    return web.post("/login", data=fields)


def without_token(page: str) -> str:
    return re.sub(r'value="[^"]*"', "", page)


def test_signing_in_leads_to_the_desk(app: Flask):
    desk = signed_in(app, "canbo-kinhte")
    assert desk.opens("/start").headers["Location"] == "/desk/"
    assert desk.opens("/desk/").status_code == 200


def test_an_administrator_begins_at_the_tables(app: Flask):
    assert signed_in(app, "quantri").opens("/start").headers["Location"] == "/admin/"


def test_a_stranger_is_sent_to_the_login_page_and_back(web: FlaskClient):
    response = web.get("/desk/?state=waiting")
    assert response.status_code == 302
    assert tries_and_lands(web, response.headers["Location"]) == "/desk/?state=waiting"


def tries_and_lands(web: FlaskClient, login: str) -> str:
    fields = hidden(web.get(login).text) | {"username": "canbo-kinhte", "password": PASSWORD}
    return web.post(login, data=fields).headers["Location"]


@pytest.mark.parametrize("typed", ["NFC", "NFD"])
@pytest.mark.parametrize("chosen", ["NFC", "NFD"])
def test_a_password_with_marks_signs_in_however_a_keyboard_composes_them(
    gateway: Gateway, web: FlaskClient, chosen: Literal["NFC", "NFD"], typed: Literal["NFC", "NFD"]
):
    with gateway.database.write() as session:
        account = officials.by_username(session, "canbo-kinhte")
        assert account
        code = personnel.admit(session, account, gateway.now())
    told = hidden(web.get(f"/new-password?code={code}").text)
    told |= dict.fromkeys(("password", "again"), normalize(chosen, MARKED))
    assert web.post("/new-password/take-up", data=told).status_code == 302
    assert tries(web, "canbo-kinhte", normalize(typed, MARKED)).status_code == 302


def test_capitals_in_a_user_name_do_not_matter(web: FlaskClient):
    assert tries(web, " DAU-MOI-AnKhe", PASSWORD).status_code == 302


@pytest.mark.parametrize("elsewhere", ["https://evil.example.org/", "//evil.example.org/x", "/\\evil.example.org"])
def test_after_signing_in_nobody_is_sent_elsewhere(web: FlaskClient, elsewhere: str):
    response = tries(web, "canbo-kinhte", PASSWORD, next=elsewhere)
    there = urlsplit(response.headers.get("Location", ""))
    assert (there.scheme, there.netloc) == ("", "")
    assert "\\" not in there.path


def test_an_unknown_name_and_a_wrong_password_hear_the_same(web: FlaskClient):
    unknown, wrong = tries(web, "khong-co-ai", PASSWORD), tries(web, "canbo-kinhte", "sai-mat-khau")
    assert (unknown.status_code, wrong.status_code) == (200, 200)
    assert without_token(unknown.text) == without_token(wrong.text)
    assert web.get("/desk/").status_code == 302


@pytest.mark.parametrize("username", ["khong-co-ai", "canbo-kinhte"])
def test_a_password_longer_than_can_be_hashed_is_a_wrong_one(web: FlaskClient, username: str):
    assert tries(web, username, "x" * 5000).status_code == 200
    assert tries(web, username, "\ufdfa" * 200).status_code == 200  # which is spelled out with 18 signs


def test_an_account_that_is_switched_off_is_out_at_once(app: Flask, gateway: Gateway, web: FlaskClient):
    desk = signed_in(app, "canbo-kinhte")
    with gateway.database.write() as session:
        account = officials.by_username(session, "canbo-kinhte")
        assert account
        account.active = False
    assert desk.opens("/desk/").status_code == 302
    assert tries(web, "canbo-kinhte", PASSWORD).status_code == 200


def test_guessing_is_slowed_down_without_a_broker_too(web: FlaskClient):
    answers = [tries(web, "canbo-kinhte", f"guess-{n}").status_code for n in range(11)]
    assert answers == [200] * 10 + [429]


def test_the_addresses_of_one_ipv6_subscriber_count_as_one(web: FlaskClient):
    def guesses(address: str) -> int:
        web.environ_base["REMOTE_ADDR"] = address
        return tries(web, "canbo-kinhte", "guess").status_code

    assert [guesses(f"2001:db8:0:7:{n:x}::1") for n in range(11)] == [200] * 10 + [429]
    assert guesses("2001:db8:0:8::1") == 200
    assert [guesses(f"::ffff:192.0.2.{n}") for n in range(11)] == [200] * 11


def test_signing_in_well_is_never_limited(app: Flask):
    assert all(signed_in(app, "canbo-kinhte") for _ in range(12))


def test_signing_out_is_a_button_and_ends_it(app: Flask):
    desk = signed_in(app, "canbo-kinhte")
    assert desk.opens("/logout").status_code == 405
    desk.posts("/logout")
    assert desk.opens("/desk/").status_code == 302


def test_a_sitting_ends_after_twelve_hours_at_the_latest(app: Flask):
    desk = signed_in(app, "canbo-kinhte")
    with desk.web.session_transaction() as cookie:
        cookie["fs_paa"] = time.time() - 12 * 3600 - 1
    assert desk.opens("/desk/").status_code == 302


def test_the_session_changes_when_somebody_signs_in(app: Flask):
    web = app.test_client()
    web.get("/login")
    before = web.get_cookie("smsgw")
    tries(web, "canbo-kinhte", PASSWORD)
    after = web.get_cookie("smsgw")
    assert before
    assert after
    assert before.value != after.value


def test_the_cookie_is_closed_to_scripts_and_strangers_and_idles_out(web: FlaskClient):
    response = tries(web, "canbo-kinhte", PASSWORD)
    [cookie] = [value for name, value in response.headers if name == "Set-Cookie" and value.startswith("smsgw=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" in cookie


def test_the_login_form_needs_its_token(web: FlaskClient):
    response = web.post("/login", data={"username": "canbo-kinhte", "password": PASSWORD})
    assert response.status_code == 400
    assert web.get("/desk/").status_code == 302


def test_a_token_in_a_header_signs_nobody_in(app: Flask, web: FlaskClient):
    desk = signed_in(app, "canbo-kinhte")
    with app.test_request_context():
        token = officials_token(app, "canbo-kinhte")
    assert desk.opens("/desk/").status_code == 200
    assert web.get("/desk/", headers={"Authentication-Token": token}).status_code == 302


def officials_token(app: Flask, username: str) -> str:
    """The library's own token of this account, which our accounts do not honour."""
    account = app.extensions["security"].datastore.find_user(username=username)
    token: str = account.get_auth_token()
    return token


@pytest.mark.parametrize("username", ["khong-co-ai", "canbo-kinhte"])
def test_a_machine_that_asks_for_json_learns_no_names_of_accounts(web: FlaskClient, username: str):
    token = hidden(web.get("/login").text)["csrf_token"]
    wrong = {"username": username, "password": "sai-mat-khau"}
    answer = web.post("/login", json=wrong, headers={"X-CSRFToken": token, "Accept": "application/json"})
    assert (answer.status_code, answer.content_type) == (415, "text/html; charset=utf-8")
    form = web.post("/login", data=wrong | {"csrf_token": token}, headers={"Accept": "application/json"})
    assert form.content_type.startswith("text/html")
    assert without_token(form.text) == without_token(tries(web, "nguoi-khac", "sai").text)


def test_json_signs_nobody_in(web: FlaskClient):
    token = hidden(web.get("/login").text)["csrf_token"]
    web.post("/login", json={"username": "canbo-kinhte", "password": PASSWORD}, headers={"X-CSRFToken": token})
    assert web.get("/desk/").status_code == 302
