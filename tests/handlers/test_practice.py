"""Practice: the real desk on a house of one's own. Nothing of it reaches a person, a figure or the real desk."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, func, select, text

from smsgw.data.load import load_reader
from smsgw.gateway import Gateway
from smsgw.store import figures, practice
from smsgw.store.tables import Base, FirstStep, Unit
from tests.conftest import Bell, Clock
from tests.handlers.desks import Desk, filed, hidden, row, signed_in

REFERENCE = re.compile(r'href="/practice/desk/(\d+)"')
OFFICER, FOCAL, HEAD = "canbo-kinhte", "dau-moi-ankhe", "truong-kinhte"


reader = cache(load_reader)


@pytest.fixture(autouse=True)
def one_reader(gateway: Gateway) -> None:
    """Loaded once for all tests."""
    gateway.reader = reader()


def practises(app: Flask, username: str) -> Desk:
    """Signed in, with a practice begun."""
    desk = signed_in(app, username)
    begun = desk.posts("/practise/begin")
    assert (begun.status_code, begun.headers["Location"]) == (302, "/practice/desk/")
    return desk


def test_it_is_begun_when_a_unit_has_a_later_one_for_its_successor(app: Flask, gateway: Gateway) -> None:
    with gateway.database.write() as session:
        session.get_one(Unit, 2).successor_id = session.scalars(select(func.max(Unit.id))).one()
    practises(app, OFFICER)


def references(desk: Desk, state: str = "open") -> list[str]:
    return list(dict.fromkeys(REFERENCE.findall(desk.opens(f"/practice/desk/?state={state}").text)))


def counted(gateway: Gateway) -> dict[str, int]:
    """How many rows each table of the real house has; what was learned is all that practice adds."""
    with gateway.database.read() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
            if table.name != FirstStep.__tablename__
        }


def files(gateway: Gateway) -> list[Path]:
    return sorted(practice.folder(gateway.settings.home).glob("*"))


def answers(desk: Desk, reference: str, words: str) -> None:
    """By preview and agreement, in practice."""
    seen = hidden(desk.opens(f"/practice/desk/{reference}").text)["seen"]
    shown = desk.posts(f"/practice/desk/{reference}/answer", text=words, seen=seen)
    assert shown.status_code == 200
    form = re.search(r'<section class="before".*?</section>', shown.text, re.DOTALL)
    assert form
    sent = desk.web.post(f"/practice/desk/{reference}/answer", data=hidden(form[0]))
    assert (sent.status_code, sent.headers["Location"]) == (302, f"/practice/desk/{reference}")


def plays(desk: Desk) -> None:
    """Whatever may be done: answer one, ask about one, pass one on, bring one near, reply as a citizen."""
    first, second, third, fourth, *_ = references(desk)
    answers(desk, first, "Thứ năm đội chiếu sáng đến thay bóng đèn.")
    desk.posts(f"/practice/desk/{second}/near")
    office = re.search(r'<option value="(\d+)"', desk.opens(f"/practice/desk/{third}").text.partition("to-office")[2])
    assert office
    assert desk.posts(f"/practice/desk/{third}/pass", office=office[1], reason="việc của bên kia").status_code == 302
    compose = hidden(desk.opens("/practice/phone?number=%2B84900000001").text)
    texted = desk.posts("/practice/phone/send", **{**compose, "text": "PA HT den duong tat", "number": "+84900000001"})
    assert texted.status_code == 303
    desk.opens(f"/practice/desk/{fourth}")


@pytest.mark.slow
def test_nothing_practised_reaches_a_figure_an_alert_an_outbox_or_a_bell(
    app: Flask, gateway: Gateway, bell: Bell, clock: Clock, works: Callable[[], None]
):
    filed(gateway)
    works()
    before, rung = counted(gateway), list(bell.rung)
    desk = practises(app, OFFICER)
    plays(desk)
    clock.moves(minutes=2)
    assert gateway.chaser().batch() == 0
    works()
    desk.opens("/practice/desk/")
    assert counted(gateway) == before
    assert bell.rung == rung
    with gateway.database.read() as session:
        assert figures.open_figures(session, clock() - timedelta(days=365), clock()).received == 1


def test_the_way_out_of_practice_is_the_simulated_phone_whatever_the_house_sends_by(gateway: Gateway, tmp_path: Path):
    ground = gateway.practice(tmp_path / "1-1-00000000.db")
    assert list(ground.providers) == ["simulator"]
    assert ground.settings.sms_out == ground.settings.sms_in == ground.settings.ussd == ("simulator",)
    assert ground.limits.quiet is None
    ground.close()


@pytest.mark.slow
def test_what_is_answered_comes_back_on_the_simulated_phone(app: Flask):
    desk = practises(app, OFFICER)
    reference = next(one for one in references(desk) if "x001" in desk.opens(f"/practice/desk/{one}").text)
    answers(desk, reference, "Thứ năm đội chiếu sáng đến thay bóng đèn.")
    assert "Thu nam doi chieu sang" in desk.opens("/practice/phone?number=%2B84900000001").text


@pytest.mark.slow
def test_a_colleague_looks_at_once_at_what_waits_for_a_second_person(app: Flask):
    desk = practises(app, OFFICER)
    reference = next(one for one in references(desk) if "x001" in desk.opens(f"/practice/desk/{one}").text)
    answers(desk, reference, "Thứ năm đội chiếu sáng đến thay bóng đèn, xem tại www.vidu.example.")
    desk.opens(f"/practice/desk/{reference}")
    assert "Thu nam doi chieu sang" in desk.opens("/practice/phone?number=%2B84900000001").text


@pytest.mark.slow
def test_an_alert_reaches_the_simulated_phone_by_itself(app: Flask, clock: Clock):
    desk = practises(app, OFFICER)
    reference = references(desk)[1]
    desk.posts(f"/practice/desk/{reference}/near")
    clock.moves(minutes=1)
    desk.opens("/practice/desk/")
    phones = [desk.opens(f"/practice/phone?number=%2B84900000{number}").text for number in range(500, 506)]
    assert any(f"so {reference}" in page for page in phones)


@pytest.mark.slow
def test_a_text_that_does_not_arrive_brings_a_call_to_practise(app: Flask):
    desk = practises(app, OFFICER)
    lost = next(one for one in references(desk) if "0900 000 404" in desk.opens(f"/practice/desk/{one}").text)
    answers(desk, lost, "Sáng nay thợ nước đã thay ống trước nhà sinh hoạt.")
    assert 'class="act first call"' in desk.opens(f"/practice/desk/{lost}").text


@pytest.mark.slow
def test_every_page_of_practice_says_so(app: Flask):
    desk = practises(app, FOCAL)
    desk.opens("/desk/?lang=en")
    for path in ("desk/", "desk/?state=all", "desk/10008", "phone", "desk/99994"):
        assert "PRACTICE: nothing here is real" in desk.opens(f"/practice/{path}").text
        assert "PRACTICE" not in desk.opens(f"/{path}").text


@pytest.mark.slow
def test_each_official_has_the_samples_of_their_own_desk(app: Flask):
    assert len(references(practises(app, OFFICER))) == 6
    focal = practises(app, FOCAL)
    assert len(references(focal)) == 6
    assert "Phân công" in focal.opens("/practice/desk/").text
    head = practises(app, HEAD)
    assert any("decide" in head.opens(f"/practice/desk/{one}").text for one in references(head))


@pytest.mark.slow
def test_a_second_begin_starts_anew_and_leaves_one_practice(app: Flask, gateway: Gateway):
    desk = practises(app, OFFICER)
    reference = next(one for one in references(desk) if "0900 000 404" not in desk.opens(f"/practice/desk/{one}").text)
    answers(desk, reference, "Thứ năm đội chiếu sáng đến thay bóng đèn.")
    assert len(references(desk)) == 5
    desk.posts("/practise/begin")
    assert len(references(desk)) == 6
    assert len([file for file in files(gateway) if file.suffix == ".db"]) == 1


@pytest.mark.slow
def test_ending_wipes_it_and_an_old_tab_can_do_nothing_real(app: Flask, gateway: Gateway):
    real = filed(gateway)
    desk = practises(app, OFFICER)
    assert real in references(desk)  # the same number in both houses
    version = row(gateway, real).version
    ended = desk.posts("/practise/end")
    assert (ended.status_code, files(gateway)) == (302, [])
    late = desk.posts(f"/practice/desk/{real}/answer", text="Thứ năm đội đến thay bóng.", seen="1")
    assert (late.status_code, late.headers["Location"]) == (302, "/practise")
    assert row(gateway, real).version == version


@pytest.mark.slow
def test_the_clock_wipes_it_after_a_day(app: Flask, gateway: Gateway, clock: Clock):
    desk = practises(app, OFFICER)
    clock.moves(hours=23)
    with gateway.database.read():
        assert practice.sweep(gateway.settings.home, clock()) == 0
    clock.moves(hours=1)
    assert practice.found(gateway.settings.home, 3, clock()) is None
    assert practice.sweep(gateway.settings.home, clock()) == 1
    assert files(gateway) == []
    assert desk is not None


@pytest.mark.slow
def test_only_desk_and_phone_are_practised(app: Flask):
    desk = practises(app, FOCAL)
    for path in ("admin/units", "", "leaflet", "healthz", "practise"):
        assert desk.opens(f"/practice/{path}").status_code == 404


@pytest.mark.slow
def test_strangers_sign_in_first_and_auditors_do_not_practise(app: Flask, web: FlaskClient):
    for path in ("/practice/desk/", "/practice/phone", "/practice/desk/10008"):
        assert web.get(path).headers["Location"] == "/login"
        assert signed_in(app, "kiemtoan").opens(path).headers["Location"] == "/start"
        assert signed_in(app, OFFICER).opens(path).headers["Location"] == "/practise"


def test_providers_find_no_door_in_practice(web: FlaskClient):
    told = {"from": "+84900000001", "to": "8079", "text": "PA HT den tat", "id": "x1"}
    assert web.post("/practice/sms/simulator", json=told).status_code in (302, 400, 404)


@pytest.mark.slow
def test_no_password_address_or_number_of_a_colleague_is_copied(app: Flask, gateway: Gateway):
    practises(app, OFFICER)
    file = next(file for file in files(gateway) if file.suffix == ".db")
    assert file.stat().st_mode & 0o077 == 0
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        people = connection.execute(text("select password, email, phone from officials")).all()
        duty = connection.execute(text("select distinct duty_phone from units")).scalars().all()
    engine.dispose()
    assert {(password, email) for password, email, _ in people} == {(None, None)}
    assert all(phone == "" or phone.startswith("+849000005") for *_, phone in people)
    assert duty == [""]


@pytest.mark.slow
def test_what_was_learned_in_practice_is_ticked_on_the_real_desk(app: Flask):
    desk = practises(app, OFFICER)
    plays(desk)
    guide = desk.opens("/desk/?lang=en").text.partition('class="act first-day"')[2].partition("</section>")[0]
    done = re.findall(r'class="done"><a [^>]*>([^<]+)<', guide)
    assert done == ["Take up", "Pass on", "Answer"]
