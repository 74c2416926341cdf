"""An official writes in the evening: the text waits for the morning, unless they say that it cannot."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from smsgw.gateway import Gateway
from smsgw.services.citizens import citizen_of
from smsgw.store.tables import Complaint, Outgoing
from tests.conftest import Clock
from tests.handlers.desks import CITIZEN, Desk, filed, row, signed_in, texts

AT_SEVEN = "07:00 24/11/2026"


@pytest.fixture
def officer(app: Flask) -> Desk:
    return signed_in(app, "canbo-kinhte")


@pytest.fixture
def reference(gateway: Gateway, clock: Clock) -> str:
    """A complaint of the morning; it is 22:00 by now."""
    made = filed(gateway)
    clock.moves(hours=13)
    return made


def states(gateway: Gateway) -> list[str]:
    return [text.state for text in texts(gateway)]


def test_by_day_an_answer_goes_at_once_and_the_preview_says_so(gateway: Gateway, officer: Desk):
    preview = officer.previews(filed(gateway), "Da xong.")
    assert "Tin được gửi đi ngay." in preview.text
    assert 'name="at_once"' not in preview.text


def test_at_night_the_preview_says_when_the_text_goes_and_it_waits_until_then(
    gateway: Gateway, officer: Desk, reference: str, clock: Clock, works
):
    preview = officer.previews(reference, "Da xong.")
    assert AT_SEVEN in preview.text
    agreed = officer.agrees(reference, preview)
    works()
    assert states(gateway) == ["queued"]
    page = officer.opens(agreed.headers["Location"] + "?lang=en").text
    assert "Your answer goes out at 07:00:00 24/11/2026. Until then you can call it back." in page
    assert f"goes out at {AT_SEVEN}" in page
    assert "notice done" not in page
    clock.moves(hours=8, minutes=59)
    works()
    assert states(gateway) == ["queued"]
    clock.moves(minutes=1)
    works()
    assert states(gateway) == ["accepted"]


def test_what_cannot_wait_goes_at_night_when_the_official_says_so(
    gateway: Gateway, officer: Desk, reference: str, works
):
    preview = officer.previews(reference, "Da xong.")
    officer.agrees(reference, preview, ticked=("at_once",))
    works()
    assert states(gateway) == ["accepted"]


def test_at_night_an_answer_is_called_back_until_the_morning_and_no_word_is_about_it_before(
    gateway: Gateway, officer: Desk, reference: str, clock: Clock, works
):
    officer.answers(reference, "Da xong.")
    works()
    clock.moves(hours=8)
    assert row(gateway, reference).verdict_asked_at == gateway.now() + timedelta(hours=1)
    assert officer.posts(f"/desk/{reference}/call-back").status_code == 302
    clock.moves(hours=2)
    works()
    assert states(gateway) == ["cancelled"]


def test_a_question_waits_for_the_morning_too(gateway: Gateway, officer: Desk, reference: str, works):
    preview = officer.previews(reference, "So nha bao nhieu?", kind="question")
    officer.agrees(reference, preview, kind="question")
    works()
    assert states(gateway) == ["queued"]


def test_a_reminder_waits_for_the_morning_but_one_that_is_watched_comes_at_once(
    gateway: Gateway, officer: Desk, reference: str, clock: Clock, works
):
    alerts = select(Outgoing.state, Outgoing.error).where(Outgoing.kind == "DeadlineAlert")
    officer.posts(f"/desk/{reference}/near")
    clock.moves(seconds=46)
    while gateway.chaser().batch() or gateway.bundler().batch():
        works()
    with gateway.database.read() as session:
        assert {state for state, _ in session.execute(alerts)} == {"accepted"}
    other = filed(gateway, "Mat nuoc", phone="+84900001235")
    with gateway.database.write() as session:
        made = session.scalars(select(Complaint).where(Complaint.reference == other)).one()
        made.due_at = made.look_at = clock.at + timedelta(seconds=45)
    clock.moves(seconds=46)
    while gateway.chaser().batch() or gateway.bundler().batch():
        works()
    with gateway.database.read() as session:
        assert ("queued", "quiet hours") in {tuple(one) for one in session.execute(alerts)}


def test_a_citizen_who_said_stop_still_gets_the_answer(gateway: Gateway, officer: Desk, works):
    made = filed(gateway)
    with gateway.database.write() as session:
        citizen_of(session, CITIZEN, gateway.now()).opted_out_at = gateway.now()
    officer.answers(made, "Da xong.")
    works()
    assert states(gateway) == ["accepted"]


def test_the_operators_list_says_why_a_text_waits_and_what_the_day_cost(
    app: Flask, gateway: Gateway, officer: Desk, reference: str, works
):
    officer.answers(reference, "Da xong.")
    works()
    listed = app.test_cli_runner().invoke(args=["outbox"]).stdout
    assert "next 2026-11-24 07:00  may be called back until then" in listed
    assert "Today: 0 segments of a budget of 2000" in listed


def test_monitors_read_what_the_day_cost_and_may_cost(
    app: Flask, gateway: Gateway, officer: Desk, reference: str, works
):
    officer.agrees(reference, officer.previews(reference, "Da xong."), ticked=("at_once",))
    works()
    told = app.test_client().get("/metrics").text
    assert "smsgw_segments_today 1.0" in told
    assert "smsgw_segments_budget 2000.0" in told
