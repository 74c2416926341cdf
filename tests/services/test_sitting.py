"""USSD: a complaint filed key by key, as Africa's Talking tells it: everything typed so far joined by stars."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from smsgw.domain.messages import UssdEvent, UssdScreen, UssdTurn
from smsgw.store.tables import Sitting
from smsgw.text.fit import Alphabet, measure
from tests.services.conftest import CITIZEN, Line

DIALOGUE = ["1", "1", "1", "duong Quang Trung hu nang * gan cho #2", "1"]


@dataclass
class Handset:
    """A phone in one USSD session; `history` is what the network has gathered."""

    line: Line
    session_id: str = "s1"
    phone: str = CITIZEN
    typed: list[str] = field(default_factory=list)

    def dials(self) -> UssdScreen:
        self.typed = []
        return self._turn(UssdEvent.START)

    def presses(self, *answers: str) -> UssdScreen:
        screen = UssdScreen("", more=True)
        for answer in answers:
            self.typed.append(answer)
            screen = self._turn(UssdEvent.INPUT)
        return screen

    def again(self) -> UssdScreen:
        """The provider repeats its last call."""
        return self._turn(UssdEvent.INPUT)

    def hangs_up(self) -> UssdScreen:
        return self._turn(UssdEvent.END)

    def _turn(self, event: UssdEvent) -> UssdScreen:
        history = "*".join(self.typed)
        last = self.typed[-1] if self.typed else ""
        turn = UssdTurn("simulator", self.session_id, self.phone, "*8079#", event, last, history)
        house = self.line.gateway
        with house.database.write() as session:
            return house.usher(session).turn(turn)


@pytest.fixture
def handset(line: Line) -> Handset:
    return Handset(line)


def test_a_complaint_is_filed_and_the_last_screen_tells_its_number(line: Line, handset: Handset) -> None:
    handset.dials()
    end = handset.presses(*DIALOGUE)
    (complaint,) = line.complaints()
    assert end.text.startswith(f"So {complaint.reference}: da nhan phan anh.")
    assert not end.more
    assert (complaint.category, complaint.channel, complaint.text) == ("GT", "ussd", DIALOGUE[3])
    assert complaint.office_id is not None


def test_the_number_comes_by_sms_too(line: Line, handset: Handset) -> None:
    handset.dials()
    handset.presses(*DIALOGUE)
    line.works()
    assert len(line.inbox()) == 1


def test_a_turn_that_comes_again_shows_the_same_screen_and_files_nothing_twice(line: Line, handset: Handset) -> None:
    handset.dials()
    end = handset.presses(*DIALOGUE)
    assert handset.again() == end
    assert len(line.complaints()) == 1


def test_stars_and_hashes_in_the_text_stay_in_the_text(line: Line, handset: Handset) -> None:
    handset.dials()
    confirm = handset.presses(*DIALOGUE[:-1])
    assert "* gan cho #2" in confirm.text


def test_every_screen_fits_the_network_in_plain_gsm(handset: Handset) -> None:
    keys = ("1", "9", "9", "77", "3", "1", "x" * 200, "2", "0", "0", "0", "0")
    screens = [handset.dials(), *(handset.presses(key) for key in keys)]
    for screen in screens:
        fit = measure(screen.text)
        assert (fit.segments, fit.alphabet) == (1, Alphabet.GSM7), screen.text


def test_a_wrong_key_shows_the_choices_again(handset: Handset) -> None:
    handset.dials()
    assert handset.presses("7").text.startswith("Xin chon lai.")
    assert "1 Duong sa" in handset.presses("1").text


def test_back_leads_back_and_dropping_files_nothing(line: Line, handset: Handset) -> None:
    first = handset.dials()
    assert handset.presses("1", "0") == first
    end = handset.presses("1", "1", "1", "duong hu nang qua", "0")
    assert not end.more
    assert line.complaints() == []


def test_status_by_ussd_needs_no_number_for_ones_own_newest(line: Line, handset: Handset) -> None:
    handset.dials()
    handset.presses(*DIALOGUE)
    other = Handset(line, "s2")
    other.dials()
    assert "dang giai quyet" in other.presses("2", "1").text


def test_an_emergency_by_ussd_is_told_to_call(line: Line, handset: Handset) -> None:
    handset.dials()
    end = handset.presses("1", "1", "1", "CHAY NHA o hem 12 Quang Trung cuu voi", "1")
    assert end.text.startswith("DAY KHONG PHAI SO CAP CUU")


def test_hanging_up_ends_the_sitting_and_shows_nothing(line: Line, handset: Handset) -> None:
    handset.dials()
    assert handset.hangs_up().text == ""
    with line.gateway.database.read() as session:
        assert session.scalars(select(Sitting)).one().state == "ended"


def test_another_phone_with_the_same_session_id_has_a_sitting_of_its_own(line: Line, handset: Handset) -> None:
    handset.dials()
    mine = handset.presses(*DIALOGUE)
    stranger = Handset(line, handset.session_id, phone="+84900000002")
    stranger.typed = list(handset.typed)
    assert stranger.again() != mine
    first, *_ = line.complaints()
    stranger.dials()
    theirs = stranger.presses(*DIALOGUE)
    assert (first.reference or "") not in theirs.text
    assert len({complaint.citizen_id for complaint in line.complaints()}) == 2
    assert handset.again() == mine
