"""A citizen's text, its reply and its report, and a USSD session, over Africa's Talking's documented shapes."""

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select

from smsgw.store.tables import Complaint, Outgoing
from tests.journeys.conftest import AFRICASTALKING, AT_TOKEN, Town

CITIZEN = "+84905123456"


@pytest.fixture
def environment(environment: dict[str, str], httpserver: HTTPServer) -> dict[str, str]:
    return {**environment, **AFRICASTALKING, "AFRICASTALKING_API_BASE": httpserver.url_for("/version1").rstrip("/")}


def _texts(town: Town, text: str, ident: str = "at-1", token: str = AT_TOKEN):  # type: ignore[no-untyped-def]
    form = {"id": ident, "from": CITIZEN, "to": "8079", "text": text, "date": "2026-11-23 02:00:00", "linkId": "l-1"}
    return town.client().post(f"/sms/africastalking/{token}", data=form)


def _dials(town: Town, text: str) -> str:
    form = {"sessionId": "s1", "phoneNumber": CITIZEN, "networkCode": "99999", "serviceCode": "*8079#", "text": text}
    answer = town.client().post(f"/ussd/africastalking/{AT_TOKEN}", data=form)
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    return answer.get_data(as_text=True)


def test_a_text_is_taken_with_an_empty_body_and_replied_to(town: Town, at_sends: list[dict[str, str]]) -> None:
    answer = _texts(town, "PA GT duong Quang Trung phuong Tay Son hu")
    assert (answer.status_code, answer.data) == (200, b"")
    town.works()
    (sent,) = at_sends
    assert sent["to"] == CITIZEN
    assert sent["message"].startswith("So 10008: da nhan phan anh.")


def test_a_wrong_token_is_refused(town: Town) -> None:
    assert _texts(town, "PA", token="guess").status_code == 403
    assert town.client().post("/sms/africastalking", data={"id": "1"}).status_code == 403


def test_a_delivery_report_settles_the_message(town: Town, at_sends: list[dict[str, str]]) -> None:
    _texts(town, "PA GT duong Quang Trung phuong Tay Son hu")
    town.works()
    report = {"id": "ATXid_1", "status": "Success", "phoneNumber": CITIZEN, "networkCode": "99999"}
    assert town.client().post(f"/receipts/africastalking/{AT_TOKEN}", data=report).status_code == 200
    with town.gateway.database.read() as session:
        assert session.scalars(select(Outgoing)).one().state == "delivered"


def test_a_complaint_is_filed_key_by_key_and_its_number_comes_by_sms_too(
    town: Town, at_sends: list[dict[str, str]]
) -> None:
    assert _dials(town, "").startswith("CON ")
    text = ""
    for answer in ("1", "1", "1", "99", "duong Quang Trung hu nang * sau", "5"):
        text = f"{text}*{answer}" if text else answer
        assert _dials(town, text).startswith("CON ")
    end = _dials(town, f"{text}*1")
    assert end.startswith("END So 10008: da nhan phan anh.")
    assert _dials(town, f"{text}*1") == end
    town.works()
    assert len(at_sends) == 1
    with town.gateway.database.read() as session:
        assert session.scalars(select(Complaint.text)).all() == ["duong Quang Trung hu nang * sau"]


def test_the_end_of_a_session_is_taken(town: Town) -> None:
    _dials(town, "")
    notice = {
        "sessionId": "s1",
        "phoneNumber": CITIZEN,
        "serviceCode": "*8079#",
        "networkCode": "99999",
        "status": "Incomplete",
        "durationInMillis": "4000",
        "hopsCount": "1",
        "input": "",
    }
    answer = town.client().post(f"/ussd/africastalking/{AT_TOKEN}/ended", data=notice)
    assert (answer.status_code, answer.data) == (200, b"")
