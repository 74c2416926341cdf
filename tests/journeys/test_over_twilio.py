"""A citizen's text, its reply and its receipt over Twilio's real protocol."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import func, select, update

from smsgw.store.tables import Complaint, Inbound, Outgoing, ReceiptRow
from tests.journeys.conftest import PUBLIC, TWILIO, Town, path_of, signed, twilio_form

CITIZEN = "+84905123456"
ROAD = "PA GT đường Quang Trung phường Tây Sơn hư nặng"


@pytest.fixture
def environment(environment: dict[str, str], httpserver: HTTPServer) -> dict[str, str]:
    return {**environment, **TWILIO, "TWILIO_API_BASE": httpserver.url_for("").rstrip("/")}


def _texts(town: Town, text: str, sid: str = ""):  # type: ignore[no-untyped-def]
    form = twilio_form(text, CITIZEN, sid)
    return town.client().post("/sms/twilio", data=form, headers=signed("/sms/twilio", form))


def test_a_signed_text_is_taken_with_nothing_to_send_in_the_answer_and_replied_to_by_rest(
    town: Town, twilio_sends: list[dict[str, str]]
) -> None:
    answer = _texts(town, ROAD)
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert b"<Message" not in answer.data
    assert not answer.headers.getlist("Set-Cookie")
    assert town.bell.rung == ["inbox"]
    town.works()
    (sent,) = twilio_sends
    assert (sent["To"], sent["From"]) == (CITIZEN, TWILIO["TWILIO_FROM"])
    assert sent["Body"].startswith("So 10008: da nhan phan anh.")
    assert sent["StatusCallback"].startswith(f"{PUBLIC}/receipts/twilio?ref=")


def test_a_signed_status_callback_settles_the_message_and_an_altered_reference_does_not(
    town: Town, twilio_sends: list[dict[str, str]]
) -> None:
    _texts(town, ROAD)
    town.works()
    path = path_of(twilio_sends[0]["StatusCallback"])
    form = {"MessageSid": f"SM{1:032x}", "MessageStatus": "delivered", "AccountSid": TWILIO["TWILIO_ACCOUNT_SID"]}
    altered = path.replace("ref=1.", "ref=2.")
    refused = town.client().post(altered, data=form, headers=signed(altered, form))
    assert refused.status_code == 403
    taken = town.client().post(path, data=form, headers=signed(path, form))
    assert taken.status_code == 200
    with town.gateway.database.read() as session:
        assert session.scalars(select(Outgoing)).one().state == "delivered"
        assert session.scalar(select(func.count()).select_from(ReceiptRow)) == 1


def test_unsigned_and_altered_calls_are_refused_and_leave_nothing(town: Town) -> None:
    form = twilio_form(ROAD, CITIZEN)
    altered = {**form, "Body": "PA khac"}
    unsigned = town.client().post("/sms/twilio", data=form)
    forged = town.client().post("/sms/twilio", data=altered, headers=signed("/sms/twilio", form))
    assert (unsigned.status_code, forged.status_code) == (403, 403)
    with town.gateway.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Inbound)) == 0


def test_the_same_webhook_again_at_any_time_is_taken_and_does_nothing(
    town: Town, twilio_sends: list[dict[str, str]]
) -> None:
    for _ in range(3):
        assert _texts(town, ROAD, "SM" + "a" * 32).status_code == 200
        town.works()
    assert len(twilio_sends) == 1


def test_fifty_times_in_parallel_and_again_hours_and_days_later_is_one_complaint_and_one_reply(
    town: Town, twilio_sends: list[dict[str, str]]
) -> None:
    sid = "SM" + "b" * 32
    for later in (timedelta(0), timedelta(hours=5), timedelta(days=40)):
        town.gateway.now.at += later  # type: ignore[attr-defined]
        with ThreadPoolExecutor(10) as crowd:
            codes = list(crowd.map(lambda _: _texts(town, ROAD, sid).status_code, range(50)))
        assert codes == [200] * 50
        town.works()
    with town.gateway.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Inbound)) == 1
        assert session.scalar(select(func.count()).select_from(Complaint)) == 1
    assert len(twilio_sends) == 1


def test_without_sender_or_id_the_answer_is_400(town: Town) -> None:
    for missing in ("From", "MessageSid"):
        form = {name: value for name, value in twilio_form(ROAD, CITIZEN).items() if name not in (missing, "SmsSid")}
        answer = town.client().post("/sms/twilio", data=form, headers=signed("/sms/twilio", form))
        assert answer.status_code == 400, missing


def test_a_provider_that_is_not_open_here_is_not_found_and_a_get_is_not_allowed(town: Town) -> None:
    assert town.client().post("/sms/africastalking/some-token").status_code == 404
    assert town.client().post("/sms/nobody").status_code == 404
    assert town.client().get("/sms/twilio").status_code == 405


def test_a_text_too_big_for_any_sms_is_refused(town: Town) -> None:
    form = twilio_form("a" * 70_000, CITIZEN)
    answer = town.client().post("/sms/twilio", data=form, headers=signed("/sms/twilio", form))
    assert answer.status_code == 413


def test_a_score_is_noted_over_twilio(town: Town, twilio_sends: list[dict[str, str]]) -> None:
    _texts(town, ROAD)
    town.works()
    with town.gateway.database.write() as session:
        session.execute(update(Complaint).values(state="answered", answered_at=town.gateway.now()))
    _texts(town, "DG 5")
    town.works()
    assert "da ghi diem 5/5" in twilio_sends[-1]["Body"]
