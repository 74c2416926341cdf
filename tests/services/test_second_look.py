"""Texts that a second person looks at first: nothing leaves before, nothing is lost, and what was shown goes once."""

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from smsgw.domain.carriers import Price
from smsgw.domain.progress import Refusal
from smsgw.domain.second_look import Why
from smsgw.gateway import Gateway
from smsgw.services import answering, duty, hats, merging, passing, sealing, second_look
from smsgw.services.answering import Flaw, Held, Kind, Letter, LookAgain, Sent, Writer
from smsgw.services.duty import Absence
from smsgw.services.second_look import Agreed, NoReasonError
from smsgw.store import complaints, held, officials
from smsgw.store.tables import Complaint, HeldLetter, Official
from tests.conftest import Clock
from tests.handlers.desks import CITIZEN, filed, row, texts, units
from tests.services.conftest import Line

OFFICER, FOCAL, LEADER = "canbo-kinhte", "dau-moi-ankhe", "lanhdao-ankhe"
LINKED = "Đội công cộng đã sửa ngày 24/11, xem ảnh ở bit.ly/3xYz"
PLAIN = "Đội công cộng đã sửa đèn ngày 24/11."


class House:
    """The desk below HTTP: every act is somebody's, in a transaction of its own."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway

    def who(self, session: Any, username: str) -> Writer:
        official = session.scalars(select(Official).where(Official.username == username)).one()
        return Writer(official.id, {role.name for role in official.roles})

    def complaint(self, session: Any, reference: str) -> Complaint:
        query = select(Complaint).where(Complaint.reference == reference).with_for_update()
        complaint: Complaint = session.scalars(query).one()
        return complaint

    def writes(
        self,
        reference: str,
        text: str = LINKED,
        username: str = OFFICER,
        kind: Kind = Kind.ANSWER,
        duties: Collection[str] = (),
    ) -> answering.Outcome:
        with self.gateway.database.write() as session:
            complaint = self.complaint(session, reference)
            letter = Letter(kind, text, seen=complaints.newest_line(session, complaint.id))
            proof = answering.preview(session, self.gateway.speech, complaint, letter).proof
            who = self.who(session, username)
            return answering.send(
                session,
                self.gateway.speech,
                self.gateway.handbook(session),
                complaint,
                replace(letter, proof=proof),
                replace(who, duties=duties or who.duties),
                now=self.gateway.now(),
            )

    def looks(self, reference: str) -> Agreed:
        with self.gateway.database.read() as session:
            complaint = session.scalars(select(Complaint).where(Complaint.reference == reference)).one()
            waiting = held.waiting_of(session, complaint.id)
            assert waiting
            shown = second_look.shown(session, self.gateway.speech, complaint, waiting)
            return Agreed(waiting.id, shown.proof, complaints.newest_line(session, complaint.id))

    def lets_go(
        self, reference: str, username: str = FOCAL, agreed: Agreed | None = None
    ) -> Sent | LookAgain | Refusal:
        agreed = agreed or self.looks(reference)
        with self.gateway.database.write() as session:
            return second_look.let_go(
                session,
                self.gateway.speech,
                self.gateway.handbook(session),
                self.complaint(session, reference),
                agreed,
                self.who(session, username),
                now=self.gateway.now(),
            )

    def sends_back(self, reference: str, username: str = FOCAL, reason: str = "bỏ đường dẫn") -> Refusal | None:
        number = self.looks(reference).number
        with self.gateway.database.write() as session:
            complaint = self.complaint(session, reference)
            who = self.who(session, username)
            return second_look.send_back(session, complaint, number, who, reason=reason, now=self.gateway.now())

    def approves_fields(self, *fields: str) -> None:
        with self.gateway.database.write() as session:
            leader = session.scalars(select(Official).where(Official.username == LEADER)).one()
            second_look.set_fields(session, leader.unit_id, fields, leader.id, now=self.gateway.now())

    def letters(self) -> Sequence[HeldLetter]:
        with self.gateway.database.read() as session:
            return session.scalars(select(HeldLetter).order_by(HeldLetter.id)).all()

    def history(self, reference: str) -> list[str]:
        with self.gateway.database.read() as session:
            complaint = session.scalars(select(Complaint).where(Complaint.reference == reference)).one()
            return [line.kind for line in complaints.history(session, complaint.id)]


@pytest.fixture
def house(gateway: Gateway) -> House:
    return House(gateway)


def test_a_text_with_a_strange_address_waits_and_the_deadline_runs_on(gateway: Gateway, house: House):
    reference = filed(gateway)
    before = row(gateway, reference)
    outcome = house.writes(reference)
    assert isinstance(outcome, Held)
    assert outcome.reasons == (Why.MENTIONS,)
    after = row(gateway, reference)
    assert (after.state, after.due_at, after.look_at) == (before.state, before.due_at, before.look_at)
    assert texts(gateway) == []
    [letter] = house.letters()
    assert (letter.state, letter.body) == ("waiting", LINKED)


def test_a_question_with_a_strange_number_waits_too(gateway: Gateway, house: House):
    reference = filed(gateway)
    assert isinstance(house.writes(reference, "Gọi 0905 123 456 được không?", kind=Kind.QUESTION), Held)
    assert row(gateway, reference).state == "assigned"
    assert isinstance(house.lets_go(reference), Sent)
    assert row(gateway, reference).state == "waiting"
    assert "0905 123 456" in texts(gateway)[0].body


def test_what_was_shown_goes_in_its_writers_name_once(gateway: Gateway, house: House):
    reference = filed(gateway)
    house.writes(reference)
    agreed = house.looks(reference)
    outcome = house.lets_go(reference, agreed=agreed)
    assert isinstance(outcome, Sent)
    assert house.lets_go(reference, LEADER, agreed) is Refusal.NOT_HELD
    [text] = texts(gateway)
    assert text.body == outcome.body
    assert text.key.startswith("answer:")
    assert row(gateway, reference).state == "answered"
    assert [letter.state for letter in house.letters()] == ["sent"]
    assert house.history(reference)[-3:] == ["held", "looked_at", "answered"]
    with gateway.database.read() as session:
        lines = complaints.history(session, row(gateway, reference).id)
        assert [line.official.username for line in lines[-2:] if line.official] == [FOCAL, OFFICER]


@pytest.mark.postgres
def test_two_people_who_let_it_go_at_the_same_moment_send_it_once(on_postgres: Gateway):
    reference = filed(on_postgres)
    house = House(on_postgres)
    house.writes(reference)
    agreed = house.looks(reference)
    with ThreadPoolExecutor(4) as people:
        outcomes = list(people.map(lambda who: house.lets_go(reference, who, agreed), [FOCAL, LEADER] * 2))
    assert sum(isinstance(outcome, Sent) for outcome in outcomes) == 1
    assert [outcome for outcome in outcomes if not isinstance(outcome, Sent)] == [Refusal.NOT_HELD] * 3
    assert len(texts(on_postgres)) == 1


def test_neither_who_wrote_it_nor_another_officer_lets_it_go(gateway: Gateway, house: House):
    reference = filed(gateway)
    house.writes(reference, username=FOCAL)
    assert house.lets_go(reference, OFFICER) is Refusal.NOT_YOURS
    assert house.lets_go(reference, FOCAL) is Refusal.OWN_LETTER
    assert house.sends_back(reference, FOCAL) is Refusal.OWN_LETTER
    assert isinstance(house.lets_go(reference, LEADER), Sent)


def test_an_answer_of_a_field_that_the_leader_approves_waits_for_the_leader(gateway: Gateway, house: House):
    reference = filed(gateway)
    house.approves_fields("HT", "DD")
    outcome = house.writes(reference, PLAIN)
    assert isinstance(outcome, Held)
    assert outcome.reasons == (Why.APPROVAL,)
    assert house.lets_go(reference, FOCAL) is Refusal.NOT_YOURS
    assert isinstance(house.lets_go(reference, LEADER), Sent)


def test_other_fields_other_units_and_questions_go_at_once(gateway: Gateway, house: House):
    house.approves_fields("DD")
    assert isinstance(house.writes(filed(gateway), PLAIN), Sent)
    house.approves_fields("HT")
    question = filed(gateway, phone="+84900001002")
    assert isinstance(house.writes(question, "Ở đâu ạ?", kind=Kind.QUESTION), Sent)
    elsewhere = filed(gateway, unit="23614", phone="+84900001003")
    assert isinstance(house.writes(elsewhere, PLAIN, "dau-moi-anbinh"), Sent)


def test_a_field_that_needs_approval_since_needs_it_of_what_waits_for_another_reason(gateway: Gateway, house: House):
    reference = filed(gateway)
    house.writes(reference)
    house.approves_fields("HT")
    assert house.lets_go(reference, FOCAL) is Refusal.NOT_YOURS
    assert isinstance(house.lets_go(reference, LEADER), Sent)


def test_a_text_that_was_sent_back_is_there_to_be_changed_and_needs_a_new_look(gateway: Gateway, house: House):
    reference = filed(gateway)
    house.writes(reference)
    agreed = house.looks(reference)
    assert house.sends_back(reference) is None
    with gateway.database.read() as session:
        back = held.to_be_changed(session, row(gateway, reference).id)
        assert back
        assert (back.body, back.why_returned) == (LINKED, "bỏ đường dẫn")
    house.writes(reference, LINKED + "/2")
    assert house.lets_go(reference, agreed=agreed) is Refusal.NOT_HELD
    assert [letter.state for letter in house.letters()] == ["replaced", "waiting"]
    assert texts(gateway) == []


def test_sending_back_needs_a_reason(gateway: Gateway, house: House):
    reference = filed(gateway)
    house.writes(reference)
    with pytest.raises(NoReasonError):
        house.sends_back(reference, reason="  ")
    assert house.letters()[0].state == "waiting"


def test_a_changed_text_takes_the_place_of_the_one_that_waits(gateway: Gateway, house: House):
    reference = filed(gateway)
    house.writes(reference)
    agreed = house.looks(reference)
    house.writes(reference, LINKED + "/2", FOCAL)
    assert [letter.state for letter in house.letters()] == ["replaced", "waiting"]
    assert house.lets_go(reference, LEADER, agreed) is Refusal.NOT_HELD


def test_another_answer_that_goes_at_once_ends_the_waiting(gateway: Gateway, house: House):
    reference = filed(gateway)
    house.writes(reference)
    agreed = house.looks(reference)
    assert isinstance(house.writes(reference, PLAIN, FOCAL), Sent)
    assert house.letters()[0].state == "replaced"
    assert house.lets_go(reference, LEADER, agreed) is Refusal.NOT_HELD
    assert len(texts(gateway)) == 1


def test_news_from_the_citizen_is_read_before_the_text_goes(gateway: Gateway, house: House, line: Line):
    reference = filed(gateway)
    house.writes(reference)
    agreed = house.looks(reference)
    line.text(f"BS {reference} gio da co dien lai", CITIZEN)
    outcome = house.lets_go(reference, agreed=agreed)
    assert isinstance(outcome, LookAgain)
    assert outcome.news
    assert row(gateway, reference).state == "assigned"
    assert isinstance(house.lets_go(reference), Sent)


def test_what_a_deputy_wrote_in_anothers_place_goes_too(gateway: Gateway, house: House):
    reference = filed(gateway)
    with gateway.database.write() as session:
        named = {one.username: one for one in session.scalars(select(Official))}
        today = gateway.now().date()
        duty.add_leave(session, Absence(named[OFFICER], named[LEADER], today, today), today=today)
    with gateway.database.write() as session:
        leader = session.scalars(select(Official).where(Official.username == LEADER)).one()
        worn = hats.duties_over(hats.of(session, leader, gateway.now()), house.complaint(session, reference))
    assert isinstance(house.writes(reference, username=LEADER, duties=worn), Held)
    assert isinstance(house.lets_go(reference, FOCAL), Sent)


def test_what_would_now_be_another_text_is_looked_at_again(gateway: Gateway, house: House):
    reference = filed(gateway)
    house.writes(reference)
    agreed = house.looks(reference)
    with gateway.database.write() as session:
        house.complaint(session, reference).citizen.tone_marks = True
    assert isinstance(house.lets_go(reference, agreed=agreed), LookAgain)
    assert texts(gateway) == []


def test_a_complaint_that_was_withdrawn_gets_no_text(gateway: Gateway, house: House):
    reference = filed(gateway)
    house.writes(reference)
    agreed = house.looks(reference)
    with gateway.database.write() as session:
        house.complaint(session, reference).state = "withdrawn"
    assert house.lets_go(reference, agreed=agreed) is Refusal.WITHDRAWN
    with gateway.database.read() as session:
        leader = officials.scope_of(session, row(gateway, reference).unit_id, {"leader"})
        assert held.listed(session, leader) == []


def test_a_complaint_that_goes_to_another_unit_takes_its_text_back(gateway: Gateway, house: House):
    reference = filed(gateway)
    house.writes(reference)
    agreed = house.looks(reference)
    with gateway.database.write() as session:
        passing.pass_to_unit(
            session,
            gateway.speech,
            gateway.handbook(session),
            house.complaint(session, reference),
            house.who(session, FOCAL),
            unit_id=units(gateway)["23614"],
            reason="nhầm nơi",
            now=gateway.now(),
        )
    assert house.lets_go(reference, LEADER, agreed) is Refusal.NOT_HELD
    assert house.letters()[0].state == "taken_back"


def test_a_complaint_that_goes_to_another_office_takes_its_text_back(gateway: Gateway, house: House):
    reference = filed(gateway)
    house.writes(reference)
    agreed = house.looks(reference)
    with gateway.database.write() as session:
        passing.pass_on(
            session,
            gateway.speech,
            gateway.handbook(session),
            house.complaint(session, reference),
            house.who(session, OFFICER),
            office_id=units(gateway)["23617-ca"],
            reason="việc của công an",
            now=gateway.now(),
        )
    assert house.lets_go(reference, LEADER, agreed) is Refusal.NOT_HELD
    assert house.letters()[0].state == "taken_back"


def test_what_goes_with_another_complaint_takes_its_text_back(gateway: Gateway, house: House, clock: Clock):
    older = filed(gateway)
    clock.moves(minutes=1)
    younger = filed(gateway, "den duong hem 12 tat hoai", phone="+84900001002")
    house.writes(younger)
    with gateway.database.write() as session:
        scope = officials.scope_of(session, row(gateway, older).unit_id, {"focal"})
        writer = house.who(session, FOCAL)
        merging.merge(session, gateway.handbook(session), scope, (older, younger), writer.id, gateway.now())
    assert house.letters()[0].state == "taken_back"


def test_nothing_of_it_is_left_on_the_desk_once_the_matter_is_sealed(gateway: Gateway, house: House):
    reference = filed(gateway)
    house.writes(reference)
    house.sends_back(reference)
    with gateway.database.write() as session:
        complaint = house.complaint(session, reference)
        official = house.who(session, FOCAL).id
        sealing.put_under_seal(session, gateway.speech, complaint, official, "tố cáo", now=gateway.now())
    [letter] = house.letters()
    assert (letter.body, letter.why_returned, letter.state) == ("", "", "replaced")


def test_a_blank_that_is_not_filled_in_goes_nowhere(gateway: Gateway, house: House):
    reference = filed(gateway)
    for text in ("Đội sửa ngày {{ngày làm}}.", "{office} đã sửa 24/11."):
        outcome = house.writes(reference, text)
        assert isinstance(outcome, LookAgain)
        assert outcome.preview.flaws == (Flaw.BLANKS,)
    assert house.letters() == []
    assert texts(gateway) == []


@pytest.fixture
def environment(environment: dict[str, str], request: pytest.FixtureRequest) -> dict[str, str]:
    return {**environment, **getattr(request, "param", {})}


CARRIER = {
    "SMSGW_FORBIDDEN_SIMULATOR": "%&@",
    "SMSGW_REGISTERED_SIMULATOR": "yes",
    "SMSGW_PRICE_SIMULATOR": "350 đ",
    "SMSGW_TONE_MARKS_SIMULATOR": "no",
}


@pytest.mark.parametrize("environment", [CARRIER], indirect=True)
def test_signs_that_the_carrier_refuses_stop_a_text_and_one_like_no_registered_one_only_warns(
    gateway: Gateway, house: House
):
    reference = filed(gateway)
    with gateway.database.write() as session:
        house.complaint(session, reference).citizen.tone_marks = True
    outcome = house.writes(reference, "Đội đã sửa 50% & xong 24/11")
    assert isinstance(outcome, LookAgain)
    assert outcome.preview.findings.refused == "%&"
    assert outcome.preview.flaws == (Flaw.REFUSED_SIGNS, Flaw.UNREGISTERED)
    assert outcome.preview.findings.price == Price(Decimal(350), "đ")
    went = house.writes(reference, PLAIN)
    assert isinstance(went, Sent)
    assert "Doi cong cong da sua" in texts(gateway)[0].body == went.body
