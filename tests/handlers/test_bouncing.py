"""What offices pass to one another goes to the leader the third time, and the citizen is told once that it moved."""

import pytest
from flask import Flask
from sqlalchemy import select

from smsgw.gateway import Gateway
from smsgw.store.tables import Outgoing
from tests.handlers.desks import AN_BINH, Desk, filed, row, signed_in, texts, units

pytestmark = pytest.mark.slow  # many sign-ins


@pytest.fixture
def focal(app: Flask) -> Desk:
    return signed_in(app, "dau-moi-ankhe")


@pytest.fixture
def leader(app: Flask) -> Desk:
    return signed_in(app, "lanhdao-ankhe")


@pytest.fixture
def bounced(gateway: Gateway, focal: Desk) -> str:
    """Passed on three times within the unit."""
    reference = filed(gateway)
    for office in ("23617-ca", "23617-vp", "23617-ca"):
        to = str(units(gateway)[office])
        assert focal.posts(f"/desk/{reference}/pass", office=to, reason="Không phải việc của tôi").status_code == 302
    return reference


def test_the_citizen_hears_once_who_answers_now(gateway: Gateway, bounced: str) -> None:
    [text] = texts(gateway)
    assert (text.kind, text.segments) == ("PassedOn", 1)
    assert bounced in text.body


def test_the_third_time_it_lies_with_the_leader_who_is_told_and_decides(
    gateway: Gateway, focal: Desk, leader: Desk, bounced: str
) -> None:
    complaint = row(gateway, bounced)
    assert (complaint.state, complaint.office_id, complaint.triage_reason) == ("received", None, "bounced")
    assert "decides which office answers." in leader.opens(f"/desk/{bounced}?lang=en").text
    office = str(units(gateway)["23617-kt"])
    assert 'id="assign"' not in focal.opens(f"/desk/{bounced}").text
    assert focal.posts(f"/desk/{bounced}/triage", category="HT", office=office).status_code == 409
    assert 'id="assign"' in leader.opens(f"/desk/{bounced}").text
    assert leader.posts(f"/desk/{bounced}/triage", category="HT", office=office).status_code == 302
    assert (row(gateway, bounced).state, row(gateway, bounced).office_id) == ("assigned", int(office))


def test_the_leader_decides_while_the_citizen_is_asked_something(
    gateway: Gateway, focal: Desk, leader: Desk, bounced: str
) -> None:
    focal.agrees(bounced, focal.previews(bounced, "Đèn ở hẻm nào ạ?", "question"), "question")
    assert row(gateway, bounced).state == "waiting"
    assert 'id="assign"' in leader.opens(f"/desk/{bounced}").text
    office = str(units(gateway)["23617-kt"])
    assert leader.posts(f"/desk/{bounced}/triage", category="HT", office=office).status_code == 302
    assert (row(gateway, bounced).state, row(gateway, bounced).office_id) == ("waiting", int(office))


def test_the_leader_is_texted_without_a_word_of_the_citizens(gateway: Gateway, bounced: str) -> None:
    with gateway.database.read() as session:
        told = session.scalars(select(Outgoing).where(Outgoing.kind == "Bounced")).all()
    assert len(told) == 1
    assert bounced in told[0].body
    assert "den duong" not in told[0].body.lower()


def test_a_leader_decides_only_on_what_bounces(gateway: Gateway, leader: Desk) -> None:
    reference = filed(gateway, category=None)
    assert 'id="assign"' not in leader.opens(f"/desk/{reference}").text
    assert leader.posts(f"/desk/{reference}/triage", category="HT", office="").status_code == 409


def test_after_the_decision_it_takes_three_more(gateway: Gateway, focal: Desk, leader: Desk, bounced: str) -> None:
    kt, ca = (str(units(gateway)[f"23617-{code}"]) for code in ("kt", "ca"))
    leader.posts(f"/desk/{bounced}/triage", category="HT", office=kt)
    focal.posts(f"/desk/{bounced}/pass", office=ca, reason="Nhầm")
    assert row(gateway, bounced).office_id == int(ca)


def test_between_units_the_third_ones_leader_decides(app: Flask, gateway: Gateway, focal: Desk) -> None:
    reference, there = filed(gateway), signed_in(app, "dau-moi-anbinh")
    homes = units(gateway)
    for desk, unit in ((focal, AN_BINH), (there, "23617"), (focal, AN_BINH)):
        assert desk.posts(f"/desk/{reference}/unit", unit=str(homes[unit]), reason="Không ở đây").status_code == 302
    assert row(gateway, reference).triage_reason == "bounced"
    assert there.posts(f"/desk/{reference}/triage", category="HT", office="").status_code == 409
    assert len(texts(gateway)) == 1
