"""The desk after an answer: what the citizen said, what a person must look at, and refusing for a lawful reason."""

import html
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from smsgw.gateway import Gateway
from smsgw.store.tables import Complaint, Event, Outgoing
from tests.conftest import Clock
from tests.handlers.desks import Desk, filed, hidden, row, signed_in, texts


@pytest.fixture
def reference(gateway: Gateway) -> str:
    return filed(gateway)


@pytest.fixture
def leader(app: Flask) -> Desk:
    return signed_in(app, "lanhdao-ankhe")


@pytest.fixture
def held(gateway: Gateway, reference: str, clock: Clock) -> str:
    """Answered, and its citizen said nothing in time; nobody knows whether the answer arrived."""
    with gateway.database.write() as session:
        values = {"state": "answered", "answered_at": clock(), "silence_at": clock(), "held_at": clock()}
        session.execute(update(Complaint).values(**values, verdict_asked_at=clock()))
        complaint = session.scalars(select(Complaint)).one()
        details = {"why": ["not_confirmed"]}
        session.add(Event(complaint_id=complaint.id, kind="to_look_at", at=clock(), note="", details=details))
    return reference


def words_of(page: str) -> str:
    return html.unescape(page)


def test_what_must_be_looked_at_is_listed_and_closed_with_what_was_found(
    gateway: Gateway, held: str, leader: Desk
) -> None:
    assert "/desk/verdicts" in leader.opens("/desk/").text
    assert held in leader.opens("/desk/verdicts").text
    page = words_of(leader.opens(f"/desk/{held}").text)
    assert "chưa rõ câu trả lời đã đến máy người dân chưa" in page
    assert leader.posts(f"/desk/{held}/look", decision="close", reason=" ").status_code == 422
    assert row(gateway, held).ending == ""
    assert leader.posts(f"/desk/{held}/look", decision="close", reason="Da goi, den sang").status_code == 302
    assert (row(gateway, held).ending, row(gateway, held).held_at) == ("silence", None)
    assert "Da goi, den sang" in leader.opens(f"/desk/{held}").text
    again = leader.posts(f"/desk/{held}/look", decision="close", reason="Da goi, den sang")
    assert again.status_code == 409


def test_sent_back_it_is_with_the_office_again_and_the_citizen_hears_the_new_date(
    gateway: Gateway, held: str, leader: Desk
) -> None:
    assert leader.posts(f"/desk/{held}/look", decision="back", reason="Den van tat").status_code == 302
    assert row(gateway, held).state == "assigned"
    assert [text.kind for text in texts(gateway)] == ["NewDate"]


def test_a_complaint_said_not_done_twice_stands_on_the_leaders_list(
    gateway: Gateway, reference: str, leader: Desk, clock: Clock
) -> None:
    with gateway.database.write() as session:
        session.execute(update(Complaint).values(verdict="not_done", not_done=2, due_at=clock() + timedelta(days=3)))
    assert reference in leader.opens("/desk/verdicts").text
    page = words_of(leader.opens(f"/desk/{reference}").text)
    assert "Người dân báo chưa xong 2 lần" in page


def test_a_leader_refuses_for_a_lawful_reason_after_seeing_the_exact_text(
    gateway: Gateway, reference: str, leader: Desk, app: Flask
) -> None:
    page = leader.opens(f"/desk/{reference}").text
    seen = hidden(page)["seen"]
    told = {"ground": "another_body", "reason": "Toa an da thu ly", "seen": seen}
    nowhere = leader.posts(f"/desk/{reference}/refuse", **told)
    assert nowhere.status_code == 422
    preview = leader.posts(f"/desk/{reference}/refuse", **told, where="Công an phường")
    assert "Xin den: Cong an phuong." in preview.text
    assert texts(gateway) == []
    carried = {name: value for name, value in hidden(preview.text).items() if name != "csrf_token"}
    assert leader.posts(f"/desk/{reference}/refuse", **carried).status_code == 302
    (text,) = texts(gateway)
    assert text.segments == 1
    assert reference in text.body
    assert row(gateway, reference).state == "refused"
    assert "154/2026" in leader.opens(f"/desk/{reference}").text
    assert leader.posts(f"/desk/{reference}/refuse", **carried).status_code == 409
    assert len(texts(gateway)) == 1
    with gateway.database.write() as session:
        session.execute(update(Outgoing).values(state="undelivered"))
    while gateway.switchboard().batch():
        pass
    officer = signed_in(app, "canbo-kinhte")
    page = officer.opens(f"/desk/{reference}").text
    assert "Xin den: Cong an phuong." in page
    assert "tel:+84900001234" in page
    call = hidden(page)
    assert officer.posts(f"/desk/{reference}/call", call=call["call"], tries="0", outcome="told").status_code == 302
    assert row(gateway, reference).state == "refused"


def test_an_officer_neither_refuses_nor_looks(app: Flask, held: str) -> None:
    officer = signed_in(app, "canbo-kinhte")
    page = officer.opens(f"/desk/{held}").text
    assert "/refuse" not in page
    assert "/look" not in page
    assert officer.posts(f"/desk/{held}/look", decision="close", reason="Xong").status_code == 403
    assert officer.posts(f"/desk/{held}/refuse", ground="court", reason="x").status_code == 403
