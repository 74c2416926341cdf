"""A case is shown to everybody once two people agreed, without personal data, never a grave one, and may be taken back."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from smsgw.gateway import Gateway
from smsgw.services import answering, publishing
from smsgw.services.answering import Kind, Letter, Sent, Writer
from smsgw.store import complaints
from smsgw.store.tables import Complaint, Official, Outgoing, Publication
from tests.conftest import Clock
from tests.handlers.desks import AN_BINH, CITIZEN, Desk, filed, signed_in

TEXT = "Cong nha so 45 duong Quang Trung tac, ong Nguyen Van Bay do rac xuong (ma PB0604012345), nuoc thai hoi ca hem"
ANSWER = "To thoat nuoc da thong cong truoc nha ong Bay sang nay, mai kiem tra lai."
SECRETS = ("45", "Bay", "PB0604012345", "Nguyen")
FOCAL, LEADER = "dau-moi-ankhe", "lanhdao-ankhe"


@pytest.fixture
def answered(gateway: Gateway, clock: Clock) -> str:
    """A complaint that was answered."""
    reference = filed(gateway, TEXT)
    answers(gateway, reference)
    clock.moves(hours=1)
    return reference


def answers(gateway: Gateway, reference: str) -> None:
    """As the desk would have it."""
    with gateway.database.write() as session:
        one = session.scalars(select(Complaint).where(Complaint.reference == reference)).one()
        official = session.scalars(select(Official.id).where(Official.username == "canbo-kinhte")).one()
        seen = complaints.newest_line(session, one.id)
        proof = answering.preview(session, gateway.speech, one, Letter(Kind.ANSWER, ANSWER)).proof
        letter, writer = Letter(Kind.ANSWER, ANSWER, proof, seen), Writer(official, ("officer",))
        handbook = gateway.handbook(session)
        sent = answering.send(session, gateway.speech, handbook, one, letter, writer, now=gateway.now())
        assert isinstance(sent, Sent)


def area(page: str, name: str) -> str:
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found, page
    return html.unescape(found[1]).lstrip("\n")


def proposes(desk: Desk, reference: str, text: str = "", answer: str = ""):
    page = desk.opens(f"/desk/{reference}/publication").text
    words = {"text": text or area(page, "text"), "answer": answer or area(page, "answer")}
    return desk.posts(f"/desk/{reference}/publication/proposal", **words)


def number(gateway: Gateway) -> int:
    with gateway.database.read() as session:
        return session.scalars(select(Publication.id).order_by(Publication.id.desc())).first() or 0


def decides(desk: Desk, gateway: Gateway, reference: str, decision: str = "publish"):
    path = f"/desk/{reference}/publication/decision"
    return desk.posts(path, number=str(number(gateway)), decision=decision)


def published(app: Flask, gateway: Gateway, reference: str) -> str:
    assert proposes(signed_in(app, FOCAL), reference).status_code == 302
    assert decides(signed_in(app, LEADER), gateway, reference).status_code == 302
    return f"/published/{number(gateway)}"


def test_nothing_is_public_before_a_second_person_agreed(app: Flask, web: FlaskClient, gateway: Gateway, answered: str):
    focal = signed_in(app, FOCAL)
    assert proposes(focal, answered).status_code == 302
    assert web.get(f"/published/{number(gateway)}").status_code == 404
    assert web.get("/open311/v2/requests.json").get_json() == []
    assert decides(focal, gateway, answered).status_code == 409
    assert web.get(f"/published/{number(gateway)}").status_code == 404
    leader = signed_in(app, LEADER)
    assert f"/desk/{answered}/publication" in leader.opens("/desk/figures").text
    assert decides(leader, gateway, answered).status_code == 302
    page = web.get(f"/published/{number(gateway)}?lang=en").text
    assert "nuoc thai hoi ca hem" in page
    assert "da thong cong" in page


@pytest.mark.slow
def test_no_page_or_export_shows_personal_data(app: Flask, web: FlaskClient, gateway: Gateway, answered: str):
    case = published(app, gateway, answered)
    shown = [web.get(path).text for path in (case, "/published", "/open311/v2/requests.json")]
    shown.append(web.get(case.replace("/published", "/open311/v2/requests") + ".json").text)
    for secret in (*SECRETS, answered, CITIZEN[-6:]):
        assert [page for page in shown if re.search(rf"\b{secret}\b", re.sub(r"0x\w+|[?&]v=\w+", "", page))] == [], (
            secret
        )
    assert all("[...]" in page for page in shown)


@pytest.mark.slow
def test_what_is_published_asks_nobody_for_a_digit(app: Flask, gateway: Gateway, answered: str):
    page = signed_in(app, "dau-moi-ankhe").opens(f"/desk/{answered}/publication").text
    with gateway.database.read() as session:
        sent = session.scalars(select(Outgoing.body).where(Outgoing.key.startswith("answer:"))).one()
    assert "2 chua xong" in sent
    assert "chua xong" not in area(page, "answer")


def test_an_official_may_only_leave_words_out(app: Flask, gateway: Gateway, answered: str):
    focal = signed_in(app, FOCAL)
    focal.opens("/desk/?lang=en")
    told = {"cong tac, chu tich phuong hua roi": "never added or changed", "[...]": "something must be left"}
    for text, says in told.items():
        refused = proposes(focal, answered, text=text)
        assert refused.status_code == 409
        assert says in refused.text
    assert number(gateway) == 0
    assert proposes(focal, answered, text="nuoc thai hoi").status_code == 302


def test_a_grave_or_private_case_is_never_put_forward(app: Flask, gateway: Gateway, answered: str):
    focal, words = signed_in(app, FOCAL), {"text": "nuoc thai hoi", "answer": "da thong cong"}
    for flag in ("emergency", "sensitive", "private", "on_behalf"):
        with gateway.database.write() as session:
            setattr(session.scalars(select(Complaint).where(Complaint.reference == answered)).one(), flag, True)
        assert "<textarea" not in focal.opens(f"/desk/{answered}/publication").text
        assert focal.posts(f"/desk/{answered}/publication/proposal", **words).status_code == 409
        with gateway.database.write() as session:
            setattr(session.scalars(select(Complaint).where(Complaint.reference == answered)).one(), flag, False)
    assert number(gateway) == 0
    assert focal.posts(f"/desk/{answered}/publication/proposal", **words).status_code == 302


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "Nha ben canh chong danh vo keu cuu ca dem",
        "Toi to cao can bo dia chinh nhan hoi lo",
        "Hoc sinh lop 3 bi danh hoi dong o truong",
        "Hom qua co nguoi chet duoi o song Ba",
    ],
)
def test_what_reads_as_grave_is_never_put_forward(gateway: Gateway, text: str):
    reference = filed(gateway, text)
    answers(gateway, reference)
    with gateway.database.read() as session:
        one = session.scalars(select(Complaint).where(Complaint.reference == reference)).one()
        assert publishing.against(one, publishing.draft(session, one), gateway.reader.read)


@pytest.mark.slow
def test_an_open_case_is_not_put_forward(app: Flask, gateway: Gateway):
    page = signed_in(app, FOCAL).opens(f"/desk/{filed(gateway)}/publication").text
    assert "<textarea" not in page


@pytest.mark.slow
def test_it_is_taken_back_at_any_time_and_by_what_comes_up(
    app: Flask, web: FlaskClient, gateway: Gateway, answered: str
):
    case = published(app, gateway, answered)
    with gateway.database.write() as session:
        complaint = session.scalars(select(Complaint).where(Complaint.reference == answered)).one()
        complaint.private = True
    assert web.get(case).status_code == 404
    with gateway.database.write() as session:
        session.scalars(select(Complaint).where(Complaint.reference == answered)).one().private = False
    assert web.get(case).status_code == 200
    assert signed_in(app, FOCAL).posts(f"/desk/{answered}/publication/end").status_code == 302
    assert web.get(case).status_code == 404
    assert proposes(signed_in(app, FOCAL), answered).status_code == 302


@pytest.mark.slow
def test_who_declines_leaves_it_hidden(app: Flask, web: FlaskClient, gateway: Gateway, answered: str):
    proposes(signed_in(app, FOCAL), answered)
    assert decides(signed_in(app, LEADER), gateway, answered, "decline").status_code == 302
    assert web.get(f"/published/{number(gateway)}").status_code == 404


@pytest.mark.slow
def test_what_was_read_is_what_is_published(app: Flask, gateway: Gateway, answered: str):
    focal, leader = signed_in(app, FOCAL), signed_in(app, LEADER)
    proposes(focal, answered)
    read = number(gateway)
    focal.posts(f"/desk/{answered}/publication/end")
    proposes(focal, answered, text="nuoc thai hoi")
    path = f"/desk/{answered}/publication/decision"
    assert leader.posts(path, number=str(read), decision="publish").status_code == 409


@pytest.mark.slow
def test_another_unit_finds_nothing_there(app: Flask, gateway: Gateway):
    foreign, desk = filed(gateway, unit=AN_BINH), signed_in(app, FOCAL)
    path = f"/desk/{foreign}/publication"
    assert desk.opens(path).status_code == 404
    for act in ("proposal", "decision", "end"):
        assert desk.posts(f"{path}/{act}", text="x", answer="x").status_code == 404


@pytest.mark.parametrize("path", ["/published/0", "/published/99999999999", "/open311/v2/requests/7.json"])
def test_a_case_that_is_not_there_is_not_found(web: FlaskClient, path: str):
    assert web.get(path).status_code == 404


def test_open311_lists_the_fields(web: FlaskClient):
    services = web.get("/open311/v2/services.json").get_json()
    assert len(services) == 14
    assert {"service_code", "service_name", "type"} <= set(services[0])
