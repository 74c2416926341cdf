"""What everybody may see."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from handlers.public import digits, ussd_shown
from smsgw.gateway import Gateway
from smsgw.store.tables import Citizen, Complaint, Unit
from tests.conftest import Clock

PAGES = ("/", "/leaflet", "/loudspeaker")
SECRET = "nha toi bi ngap o hem sau cho"


def complaint(gateway: Gateway, number: int, **more: object) -> None:
    """A complaint that came an hour ago, with two days to go."""
    now = gateway.now()
    with gateway.database.write() as session:
        citizen = Citizen(phone=f"+8490000090{number}", created_at=now)
        session.add(citizen)
        session.flush()
        unit_id = session.query(Unit.id).filter(Unit.kind == "ward").order_by(Unit.id).limit(1).scalar()
        told = {
            "key": f"test:{number}",
            "reference": f"9000{number}",
            "citizen_id": citizen.id,
            "channel": "sms",
            "text": SECRET,
            "unit_id": unit_id,
            "state": "assigned",
            "received_at": now - timedelta(hours=1),
            "due_at": now + timedelta(days=2),
        }
        session.add(Complaint(**{**told, **more}))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_opens_for_a_stranger_in_both_languages(web: FlaskClient, path: str, language: str):
    response = web.get(path, query_string={"lang": language})
    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.text


@pytest.mark.parametrize("path", PAGES)
def test_every_page_names_the_service_and_its_number(web: FlaskClient, gateway: Gateway, path: str):
    page = web.get(path).text
    assert gateway.settings.name in page
    assert gateway.settings.public_number in page
    assert gateway.settings.price_note in page


@pytest.mark.parametrize("path", PAGES)
def test_no_page_claims_to_be_another_service(web: FlaskClient, path: str):
    assert "1022" not in web.get(path).text


@pytest.mark.parametrize("path", ["/", "/leaflet"])
def test_the_emergency_numbers_are_named(web: FlaskClient, path: str):
    page = web.get(path).text
    assert [number for number in ("113", "114", "115", "112", "111") if number not in page] == []


@pytest.mark.parametrize("path", PAGES)
def test_examples_and_pages_carry_no_inline_script_or_style(web: FlaskClient, path: str):
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", web.get(path).text) == []


def test_open_figures_count_answers_and_lateness(web: FlaskClient, gateway: Gateway, clock: Clock):
    complaint(gateway, 1)
    complaint(gateway, 2, state="answered", answered_at=clock.at)
    complaint(gateway, 3, due_at=clock.at - timedelta(minutes=1))
    complaint(gateway, 4, state="answered", answered_at=clock.at, due_at=clock.at - timedelta(minutes=1))
    page = web.get("/?lang=en").text
    assert re.findall(r"<dd>(.*?)</dd></div>\s", page)[-3:] == ["4", "2 of 4", "50 %"]


def test_no_share_is_shown_before_anything_came(web: FlaskClient):
    page = web.get("/?lang=en").text
    assert re.findall(r"<dd>(.*?)</dd></div>\s", page)[-3:] == ["0", "0 of 0", "–"]


def test_what_a_citizen_wrote_is_never_public(web: FlaskClient, gateway: Gateway):
    complaint(gateway, 1)
    assert [path for path in PAGES if SECRET in web.get(path).text] == []


def test_the_loudspeaker_text_is_read_in_about_a_minute(web: FlaskClient):
    for language in ("vi", "en"):
        page = web.get("/loudspeaker", query_string={"lang": language}).text
        speech = re.search(r'class="speech">(.*?)</article>', page, re.DOTALL)
        assert speech
        assert 140 <= len(re.sub(r"<[^>]*>", " ", speech[1]).split()) <= 180


def test_a_number_is_read_aloud_digit_by_digit():
    assert digits("8079", "vi") == "tám không bảy chín"
    assert digits("8079", "en") == "eight zero seven nine"


@pytest.mark.parametrize(
    ("providers", "demo", "shown"),
    [
        (("africastalking",), False, "*8079#"),
        (("simulator", "africastalking"), True, "*8079#"),
        (("simulator",), True, "*8079# (demo)"),
        (("simulator",), False, ""),
        ((), True, ""),
    ],
)
def test_a_code_is_advertised_only_where_dialling_it_reaches_somebody(
    providers: tuple[str, ...], demo: bool, shown: str
):
    assert ussd_shown(providers, "*8079#", demo=demo) == shown


def test_strangers_elsewhere_are_not_pointed_to_the_phone(web: FlaskClient):
    assert 'href="/phone"' in web.get("/").text
    assert 'href="/phone"' not in web.get("/", environ_overrides={"REMOTE_ADDR": "10.0.0.7"}).text


def test_the_page_says_how_to_text_even_when_the_database_is_away(web: FlaskClient, breaks: Callable[[], None]):
    breaks()
    response = web.get("/?lang=en")
    assert response.status_code == 200
    assert "The figures cannot be read just now" in response.text
