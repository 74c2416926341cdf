"""Several offices, one answer: each gives its part on the desk, and one office writes to the citizen."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from smsgw.gateway import Gateway
from smsgw.services import duty
from smsgw.services.duty import Absence
from smsgw.store.tables import Contribution, Official, Outgoing
from tests.conftest import Clock
from tests.handlers.desks import AN_BINH, Desk, filed, hidden, row, signed_in, texts, units

pytestmark = pytest.mark.slow  # many sign-ins

QUESTION = "Công an có xử phạt không?"
PART = "Công an phạt chủ xe ngày 24/11."


@pytest.fixture
def focal(app: Flask) -> Desk:
    return signed_in(app, "dau-moi-ankhe")


@pytest.fixture
def police(app: Flask) -> Desk:
    return signed_in(app, "congan-ankhe")


@pytest.fixture
def reference(gateway: Gateway, focal: Desk) -> str:
    reference = filed(gateway)
    office = str(units(gateway)["23617-ca"])
    assert focal.posts(f"/desk/{reference}/offices", part_office=office, question=QUESTION, by="").status_code == 302
    return reference


def part(gateway: Gateway) -> Contribution:
    with gateway.database.read() as session:
        return session.scalars(select(Contribution)).one()


def test_the_asked_office_finds_it_on_its_list_and_gives_its_part(
    reference: str, police: Desk, gateway: Gateway
) -> None:
    assert f'href="/desk/{reference}/part"' in police.opens("/desk/").text
    page = police.opens(f"/desk/{reference}/part").text
    assert QUESTION in page
    assert "Den duong hem 12 tat" in page
    assert "+84900001234" not in page
    assert police.posts(f"/desk/{reference}/part/give", words=PART).status_code == 302
    assert f'href="/desk/{reference}/part"' not in police.opens("/desk/").text
    assert texts(gateway) == []


def test_the_parts_stand_beside_the_answer_and_a_missing_one_is_named(app: Flask, reference: str, police: Desk) -> None:
    officer = signed_in(app, "canbo-kinhte")
    assert (
        "is still missing" in officer.web.post(f"/desk/{reference}/answer?lang=en", data=_form(officer, reference)).text
    )
    police.posts(f"/desk/{reference}/part/give", words=PART)
    assert PART in officer.opens(f"/desk/{reference}").text
    assert (
        "is still missing"
        not in officer.web.post(f"/desk/{reference}/answer?lang=en", data=_form(officer, reference)).text
    )
    assert officer.answers(reference, "Đội điện thay bóng, công an phạt chủ xe ngày 24/11.").status_code == 302


def _form(desk: Desk, reference: str) -> dict[str, str]:
    told = hidden(desk.opens(f"/desk/{reference}").text)
    return {"text": "Đội điện thay bóng sáng nay.", "seen": told["seen"], "csrf_token": told["csrf_token"]}


def test_nobody_but_the_asked_office_sees_the_page(app: Flask, reference: str, police: Desk, gateway: Gateway) -> None:
    assert signed_in(app, "canbo-kinhte").opens(f"/desk/{reference}/part").status_code == 404
    assert police.opens(f"/desk/{reference}").status_code == 404
    other = filed(gateway, unit=AN_BINH, phone="+84900001009")
    assert police.opens(f"/desk/{other}/part").status_code == 404


def test_a_deputy_for_another_office_gives_the_parts_of_both(
    reference: str, focal: Desk, police: Desk, gateway: Gateway
) -> None:
    known = units(gateway)
    focal.posts(f"/desk/{reference}/offices", part_office=str(known["23617-tyt"]), question="Có ai ốm không?", by="")
    with gateway.database.write() as session:
        named = {one.username: one for one in session.scalars(select(Official))}
        today = gateway.now().date()
        duty.add_leave(session, Absence(named["tramyte-ankhe"], named["congan-ankhe"], today, today), today=today)
    for question, words in ((QUESTION, PART), ("Có ai ốm không?", "Không có ai.")):
        page = police.opens(f"/desk/{reference}/part").text
        assert question in page
        office = hidden(page)["office"]
        assert police.posts(f"/desk/{reference}/part/give", words=words, office=office).status_code == 302
    with gateway.database.read() as session:
        given = session.scalars(select(Contribution).order_by(Contribution.id)).all()
    assert [one.words for one in given] == [PART, "Không có ai."]
    other = str(known["23617-vp"])
    assert police.posts(f"/desk/{reference}/part/give", words=PART, office=other).status_code == 404


def test_once_answered_nothing_is_owed_any_more(reference: str, focal: Desk, police: Desk) -> None:
    focal.answers(reference, "Đội điện thay bóng sáng nay.")
    assert reference not in police.opens("/desk/").text
    assert police.opens(f"/desk/{reference}/part").status_code == 404


def test_an_overdue_part_is_told_to_the_office_once(reference: str, gateway: Gateway, clock: Clock) -> None:
    due = part(gateway).due_at
    assert due == row(gateway, reference).due_at
    clock.at = due - timedelta(seconds=1)  # type: ignore[operator]
    assert gateway.part_watch().batch() == 0
    clock.moves(minutes=1)
    assert (gateway.part_watch().batch(), gateway.part_watch().batch()) == (1, 0)
    with gateway.database.read() as session:
        told = session.scalars(select(Outgoing).where(Outgoing.kind == "PartOverdue")).all()
    assert [reference in one.body for one in told] == [True] * len(told)
    assert told


def test_asked_again_the_newer_question_and_day_count(
    reference: str, focal: Desk, police: Desk, gateway: Gateway, clock: Clock
) -> None:
    police.posts(f"/desk/{reference}/part/give", words=PART)
    by = (clock.at + timedelta(days=2)).date().isoformat()
    office = str(units(gateway)["23617-ca"])
    assert (
        focal.posts(f"/desk/{reference}/offices", part_office=office, question="Còn gì nữa?", by=by).status_code == 302
    )
    assert (part(gateway).question, part(gateway).given_at) == ("Còn gì nữa?", None)
    assert part(gateway).due_at < row(gateway, reference).due_at  # type: ignore[operator]


@pytest.mark.parametrize(
    "wrong", [{"question": " "}, {"part_office": "1"}, {"by": "2026-11-20"}, {"part_office": "own"}]
)
def test_what_makes_no_sense_is_not_asked(focal: Desk, gateway: Gateway, wrong: dict[str, str]) -> None:
    reference = filed(gateway, phone="+84900001009")
    if wrong.get("part_office") == "own":
        wrong = {"part_office": str(row(gateway, reference).office_id)}
    told = {"part_office": str(units(gateway)["23617-ca"]), "question": QUESTION, "by": ""} | wrong
    assert focal.posts(f"/desk/{reference}/offices", **told).status_code == 422


@pytest.mark.parametrize("way", ["unit", "seal"])
def test_what_leaves_the_unit_or_the_desk_takes_no_part_along(
    app: Flask, reference: str, focal: Desk, police: Desk, gateway: Gateway, way: str
) -> None:
    police.posts(f"/desk/{reference}/part/give", words=PART)
    focal.posts(f"/desk/{reference}/{way}", unit=str(units(gateway)[AN_BINH]), reason="Ở An Bình")
    there = signed_in(app, "dau-moi-anbinh" if way == "unit" else "dau-moi-ankhe")
    page = there.opens(f"/desk/{reference}").text
    assert PART not in page
    assert QUESTION not in page
    assert police.opens(f"/desk/{reference}/part").status_code == 404
