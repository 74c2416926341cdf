"""The same story over each provider: a citizen texts, an official answers, a deadline warns."""

from collections.abc import Callable

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select

from smsgw.store.tables import Outgoing
from tests.conftest import Clock
from tests.handlers.desks import signed_in
from tests.journeys.conftest import AFRICASTALKING, AT_TOKEN, TWILIO, Town, signed, twilio_form

CITIZEN, NEIGHBOUR = "+84905123456", "+84905123457"
OFFICE, LEADER = "+84900000103", "+84900000102"
ROAD = "PA GT duong Quang Trung phuong Tay Son hu nang"
ANSWER = "Thu nam co doi den sua duong."

PROVIDERS = {
    "simulator": {},
    "twilio": TWILIO,
    "africastalking": AFRICASTALKING,
}


@pytest.fixture(params=PROVIDERS)
def provider(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def environment(environment: dict[str, str], httpserver: HTTPServer, provider: str) -> dict[str, str]:
    """The house on this provider; its demo may also text the officials."""
    server = httpserver.url_for("").rstrip("/")
    return {
        **environment,
        **PROVIDERS[provider],
        "TWILIO_API_BASE": server,
        "AFRICASTALKING_API_BASE": f"{server}/version1",
        "SMSGW_DEMO_ALLOW": f"{OFFICE},{LEADER},+84900000104",
    }


@pytest.fixture
def texts(
    town: Town, provider: str, twilio_sends: list[dict[str, str]], at_sends: list[dict[str, str]]
) -> Callable[[str, str], None]:
    """A phone's text, as this provider brings it."""

    def arrives(sender: str, text: str) -> None:
        client, ident = town.client(), f"{sender}{text}"
        if provider == "twilio":
            form = twilio_form(text, sender)
            answer = client.post("/sms/twilio", data=form, headers=signed("/sms/twilio", form))
        elif provider == "africastalking":
            form = {"id": ident, "from": sender, "to": "8079", "text": text, "date": "2026-11-23 02:00:00"}
            answer = client.post(f"/sms/africastalking/{AT_TOKEN}", data=form)
        else:
            answer = client.post("/sms/simulator", data={"id": ident, "from": sender, "to": "8079", "text": text})
        assert answer.status_code == 200
        town.works()

    return arrives


@pytest.fixture
def reads(
    town: Town, provider: str, twilio_sends: list[dict[str, str]], at_sends: list[dict[str, str]]
) -> Callable[[str], list[str]]:
    """What a phone was sent, as the provider's own server wrote it down."""

    def inbox(phone: str) -> list[str]:
        if provider == "twilio":
            return [sent["Body"] for sent in twilio_sends if sent["To"] == phone]
        if provider == "africastalking":
            return [sent["message"] for sent in at_sends if sent["to"] == phone]
        with town.gateway.database.read() as session:
            query = select(Outgoing.body).where(Outgoing.recipient == phone, Outgoing.state == "accepted")
            return list(session.scalars(query.order_by(Outgoing.id)))

    return inbox


def test_a_complaint_is_received_answered_and_rated(
    town: Town, texts: Callable[[str, str], None], reads: Callable[[str], list[str]]
) -> None:
    texts(CITIZEN, ROAD)
    (receipt,) = reads(CITIZEN)
    assert receipt.startswith("So 10008: da nhan phan anh. Tra loi truoc 17h 1/12.")
    sent = signed_in(town.app, "canbo-kinhte").answers("10008", ANSWER)
    assert sent.status_code == 302
    town.works()
    assert reads(CITIZEN)[1:] == [f"So 10008: {ANSWER} Nhan 1 xong, 2 chua xong, 3 khong ro."]
    texts(CITIZEN, "DG 10008 5")
    assert reads(CITIZEN)[-1].startswith("So 10008: da ghi diem 5/5.")


def test_a_question_from_the_office_is_answered_by_a_short_text(
    town: Town, texts: Callable[[str, str], None], reads: Callable[[str], list[str]]
) -> None:
    texts(CITIZEN, ROAD)
    desk = signed_in(town.app, "canbo-kinhte")
    desk.agrees("10008", desk.previews("10008", "Doan nao cua duong?", kind="question"), kind="question")
    town.works()
    assert reads(CITIZEN)[-1] == "So 10008: Doan nao cua duong? Xin nhan tin tra loi."
    texts(CITIZEN, "truoc so nha 14, doi dien quan com")
    assert "da ghi them tin" in reads(CITIZEN)[-1]
    assert "doi dien quan com" in desk.opens("/desk/10008").text


def test_a_deadline_alert_reaches_the_officials_phone_and_when_overdue_the_leaders(
    town: Town, texts: Callable[[str, str], None], reads: Callable[[str], list[str]], clock: Clock
) -> None:
    texts(CITIZEN, ROAD)
    signed_in(town.app, "canbo-kinhte").posts("/desk/10008/near")
    clock.moves(minutes=1)
    town.ticks()
    assert "HAN so 10008: den han" in reads(OFFICE)[-1]
    assert reads(LEADER) == []
    clock.moves(hours=30)
    town.ticks()
    town.ticks()
    assert len([words for words in reads(LEADER) if "QUA HAN" in words]) == 1


def test_one_citizen_never_reads_what_another_was_told(
    town: Town, texts: Callable[[str, str], None], reads: Callable[[str], list[str]]
) -> None:
    texts(CITIZEN, ROAD)
    texts(NEIGHBOUR, "TT 10008")
    (reply,) = reads(NEIGHBOUR)
    assert reply.startswith("Khong co so 10008")
