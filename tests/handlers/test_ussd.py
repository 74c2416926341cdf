"""USSD at the door: a session over each provider's dialect, and what administrators and the desk see of it."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from smsgw.domain.messages import UssdEvent, WebAnswer, WebCall
from smsgw.gateway import Gateway
from smsgw.store.tables import Call, Complaint, Sitting
from tests.conftest import Bell, Clock
from tests.handlers.desks import signed_in
from tests.providers.dialects import DIALECTS, TOKEN
from tests.providers.ussd import USSD, Turn

TEXT = "duong Quang Trung hu nang * sau"
TYPED = ("1", "1", "1", "99", TEXT, "5", "1")
OVER_TOKENS = [name for name in USSD if name != "simulator"]
every_ussd = pytest.mark.parametrize("name", USSD)


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    keys = {key: value for name in OVER_TOKENS for key, value in DIALECTS[name].env.items() if key.endswith("_TOKEN")}
    return {**environment, **keys, "SMSGW_USSD": ",".join(USSD), "SMSGW_SMS_OUT": "simulator,africastalking"} | {
        key: value for key, value in DIALECTS["africastalking"].env.items() if "{" not in value
    }


def brings(web: FlaskClient, call: WebCall) -> WebAnswer:
    path, _, _query = call.target.partition("?")
    answer = web.open(path, method=call.method, data=call.body, headers=dict(call.headers))
    return WebAnswer(answer.get_data(as_text=True), answer.content_type, answer.status_code)


def dials(web: FlaskClient, name: str, *typed: str, session: str = "s1") -> tuple[str, bool]:
    """The last screen of a session that types this, and whether it goes on."""
    dialect = USSD[name]
    answer = brings(web, dialect.calls(Turn(session=session)))
    for place, one in enumerate(typed):
        clock: Clock = web.application.extensions["smsgw"].now
        clock.moves(seconds=5)
        answer = brings(web, dialect.calls(Turn(UssdEvent.INPUT, one, session, before=typed[:place])))
        assert answer.status == 200, answer
    return dialect.shows(answer)


@every_ussd
def test_one_script_files_a_complaint_over_every_provider(
    web: FlaskClient, gateway: Gateway, bell: Bell, name: str
) -> None:
    text, more = dials(web, name, *TYPED)
    with gateway.database.read() as session:
        complaint = session.scalars(select(Complaint)).one()
    assert text.startswith(f"So {complaint.reference}: da nhan phan anh.")
    assert (more, complaint.text) == (False, TEXT)
    assert "outbox" in bell.rung


@every_ussd
def test_the_last_turn_brought_again_files_nothing_twice(web: FlaskClient, gateway: Gateway, name: str) -> None:
    end = dials(web, name, *TYPED)
    again = brings(web, USSD[name].calls(Turn(UssdEvent.INPUT, TYPED[-1], "s1", before=TYPED[:-1])))
    assert USSD[name].shows(again) == end
    with gateway.database.read() as session:
        assert len(session.scalars(select(Complaint)).all()) == 1


@pytest.mark.parametrize(
    ("name", "event"), [(n, e) for n in USSD for e in USSD[n].events if e in (UssdEvent.END, UssdEvent.TIMEOUT)]
)
def test_the_end_of_a_session_is_answered_with_nothing(
    web: FlaskClient, gateway: Gateway, name: str, event: UssdEvent
) -> None:
    dials(web, name, "1")
    answer = brings(web, USSD[name].calls(Turn(event, session="s1", before=("1",))))
    assert (answer.status, answer.body) == (200, "")
    with gateway.database.read() as session:
        assert session.scalars(select(Sitting.state)).one() == "ended"


@pytest.mark.parametrize("name", OVER_TOKENS)
@pytest.mark.parametrize("token", ["", "/a-token-that-nobody-ever-made", f"/{TOKEN[:-1]}", f"/{TOKEN}x"])
def test_a_turn_without_its_secret_is_refused(web: FlaskClient, gateway: Gateway, name: str, token: str) -> None:
    call = USSD[name].calls(Turn())
    answer = web.post(f"/ussd/{name}{token}", data=call.body, headers=dict(call.headers))
    assert answer.status_code == 403
    with gateway.database.read() as session:
        assert session.scalars(select(Sitting)).all() == []


@pytest.mark.parametrize("name", OVER_TOKENS)
def test_a_turn_that_makes_no_sense_is_malformed(web: FlaskClient, name: str) -> None:
    assert web.post(f"/ussd/{name}/{TOKEN}", data=b"\xff<", content_type="text/plain").status_code == 400


@every_ussd
def test_without_the_database_a_session_ends_with_what_to_do_instead(
    web: FlaskClient, breaks: Callable[[], None], name: str
) -> None:
    breaks()
    text, more = USSD[name].shows(brings(web, USSD[name].calls(Turn())))
    assert (more, "8079" in text) == (False, True)


def test_administrators_see_where_sessions_break_off(app: Flask, web: FlaskClient, clock: Clock) -> None:
    dials(web, "simulator", "1", "2", session="a")
    dials(web, "hubtel", "1", "2", "1", session="b")
    clock.moves(minutes=5)
    page = signed_in(app, "quantri").opens("/admin/ussd?lang=en").text
    rows = [[cell.split("</")[0] for cell in row.split("<t")[1:7]] for row in page.split("<tr>")[2:]]
    assert [[cell.partition(">")[2] for cell in row] for row in rows] == [
        ["What is wrong", "1", "0", "0", "0", "1"],
        ["Ward or commune", "1", "1", "0", "0", "0"],
    ]
    assert "<strong>2</strong> sessions begun" in page


def test_a_wish_to_be_phoned_is_on_the_desk_until_the_call_is_noted(
    app: Flask, web: FlaskClient, gateway: Gateway
) -> None:
    dials(web, "simulator", *TYPED, session="a")
    dials(web, "simulator", "4", "1", session="b")
    with gateway.database.read() as session:
        complaint, call = session.scalars(select(Complaint)).one(), session.scalars(select(Call)).one()
    desk = signed_in(app, "dau-moi-ankhe")
    assert "phones the citizen, who asked for it." in desk.opens("/desk/?lang=en").text
    page = desk.opens(f"/desk/{complaint.reference}?lang=en").text
    assert "who asked for it" in page
    assert "0900 001 234" in page
    noted = desk.posts(
        f"/desk/{complaint.reference}/call", call=str(call.id), tries="0", outcome="told", words="da noi"
    )
    assert noted.status_code == 302
    with gateway.database.read() as session:
        assert session.scalars(select(Call.state)).one() == "told"
