"""Machines, floods and nights, over a real provider's protocol: nobody is texted more than they bear, nobody is lost."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import func, select

from smsgw.domain.messages import SmsReceived
from smsgw.services import intake
from smsgw.store.tables import Complaint, Inbound, Outgoing
from tests.conftest import Clock
from tests.journeys.conftest import TWILIO, Town, signed, twilio_form

ROBOT = "+84900000701"
FLOODER = "+84900000702"


@pytest.fixture
def environment(environment: dict[str, str], httpserver: HTTPServer) -> dict[str, str]:
    return {**environment, **TWILIO, "TWILIO_API_BASE": httpserver.url_for("").rstrip("/")}


@dataclass
class Street:
    """Phones of one town, and what the network brought each of them."""

    town: Town
    sent: list[dict[str, str]]

    def texts(self, phone: str, text: str) -> None:
        form = twilio_form(text, phone)
        answer = self.town.client().post("/sms/twilio", data=form, headers=signed("/sms/twilio", form))
        assert answer.status_code == 200
        self.town.works()

    def got(self, phone: str) -> list[str]:
        return [form["Body"] for form in self.sent if form["To"] == phone]


@pytest.fixture
def street(town: Town, twilio_sends: list[dict[str, str]]) -> Street:
    return Street(town, twilio_sends)


ROBOTS: dict[str, tuple[int, Callable[[int], str]]] = {
    "at once, always the same": (4, lambda _: "Toi dang lai xe, se goi lai sau."),
    "at once, with the time of day in it": (4, lambda n: f"Tu dong 10:{n:02d}: toi dang hop, se goi lai."),
    "at once, never the same": (4, lambda n: " ".join(["xin chao", *"abcdefghijklmnopqrstuvwxyz"[n : n + 3]])),
    "after a while, always the same": (70, lambda _: "Cam on ban da nhan tin. Chung toi se lien he lai."),
    "after a while, quoting a cry for help": (70, lambda _: "Re: neu co chay nha goi 114"),
}


@pytest.mark.parametrize(("seconds", "words"), ROBOTS.values(), ids=list(ROBOTS))
def test_a_phone_that_answers_by_itself_gets_three_texts_at_most(
    street: Street, clock: Clock, seconds: int, words: Callable[[int], str]
) -> None:
    street.texts(ROBOT, "PA DN xa Tu An mat nuoc tu thu hai")
    written, answered = 1, 0
    while len(street.got(ROBOT)) > answered and written < 20:
        answered = len(street.got(ROBOT))
        clock.moves(seconds=seconds)
        street.texts(ROBOT, words(written))
        written += 1
    assert 1 <= len(street.got(ROBOT)) <= 3
    with street.town.gateway.database.read() as session:
        assert session.scalar(select(func.count()).where(Inbound.sender == ROBOT)) == written
        assert session.scalar(select(func.count()).where(Inbound.state != "processed")) == 0
    before = len(street.got(ROBOT))
    clock.moves(seconds=seconds)
    street.texts(ROBOT, "Chay nha o cho An Khe, co nguoi mac ket")
    assert len(street.got(ROBOT)) == before + 1
    assert "114" in street.got(ROBOT)[-1]


def test_a_thousand_texts_from_one_phone_are_all_kept_and_others_are_served_first(street: Street, clock: Clock) -> None:
    house = street.town.gateway
    with house.database.write() as session:
        for n in range(1000):
            words = f"PA DN xa Tu An nha so {n // 100} {n // 10 % 10} {n % 10} mat nuoc"
            intake.receive(session, SmsReceived("twilio", "x", f"flood{n}", FLOODER, "8079", words), house.now())
    citizens = [f"+8490000080{n}" for n in range(10)]
    for phone in citizens:
        form = twilio_form("PA DN xa Tu An mat nuoc tu thu hai", phone)
        street.town.client().post("/sms/twilio", data=form, headers=signed("/sms/twilio", form))
    house.listener().batch()
    house.postman(street.town.pool).batch()
    assert [len(street.got(phone)) for phone in citizens] == [1] * 10
    street.town.works()
    with house.database.read() as session:
        assert (
            session.scalar(select(func.count()).where(Inbound.sender == FLOODER, Inbound.state == "processed")) == 1000
        )
        assert session.scalar(select(func.count()).select_from(Complaint)) >= 11
    assert 1 <= len(street.got(FLOODER)) <= 10
    for _ in range(5):
        before = len(street.got(FLOODER))
        clock.moves(minutes=30)
        street.town.works()
        assert len(street.got(FLOODER)) - before <= 10
    assert len(street.got(FLOODER)) <= 30
    with house.database.read() as session:
        left = select(func.count()).where(Outgoing.recipient == FLOODER, Outgoing.state == "queued")
        assert session.scalar(left) == 0


def test_a_cry_for_help_amid_a_flood_is_kept_shown_and_answered(street: Street, clock: Clock) -> None:
    for n in range(15):
        clock.moves(seconds=30)
        street.texts(FLOODER, f"PA DN xa Tu An nha so {n} mat nuoc")
    capped = len(street.got(FLOODER))
    assert capped <= 10
    street.texts(FLOODER, "Chay nha o cho An Khe, co nguoi mac ket")
    assert len(street.got(FLOODER)) == capped + 1
    with street.town.gateway.database.read() as session:
        assert session.scalar(select(func.count()).where(Complaint.emergency)) == 1


def test_whoever_writes_at_night_is_answered_at_night(street: Street, clock: Clock) -> None:
    clock.moves(hours=14)
    street.texts(ROBOT, "PA DN xa Tu An mat nuoc tu thu hai")
    assert len(street.got(ROBOT)) == 1


def test_a_text_that_could_not_be_worked_on_for_hours_of_the_night_is_answered_in_the_morning(
    street: Street, clock: Clock
) -> None:
    clock.moves(hours=13)
    form = twilio_form("PA DN xa Tu An mat nuoc tu thu hai", ROBOT)
    street.town.client().post("/sms/twilio", data=form, headers=signed("/sms/twilio", form))
    clock.moves(hours=2)
    street.town.works()
    assert street.got(ROBOT) == []
    clock.moves(hours=7)
    street.town.works()
    assert len(street.got(ROBOT)) == 1


def test_advertising_senders_and_short_codes_are_kept_and_never_answered(street: Street) -> None:
    for sender in ("8077", "VINAPHONE", "+841900545415"):
        street.texts(sender, "PA DN xa Tu An mat nuoc tu thu hai")
    assert street.sent == []
    with street.town.gateway.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Complaint)) == 3
