"""A text of an office's that did not reach the citizen is phoned: once, by name, and not when it arrived after all."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text, update

from smsgw.domain.calls import Outcome, Standing, Unheard
from smsgw.domain.messages import Delivery, Receipt
from smsgw.domain.progress import Refusal
from smsgw.gateway import Gateway
from smsgw.services import calling, receipts, tracking
from smsgw.services.answering import Kind, Letter, LookAgain, Sent, Writer, preview, send
from smsgw.services.calling import CallMade
from smsgw.services.passing import NoReasonError
from smsgw.store import calls, complaints
from smsgw.store.calls import Reach
from smsgw.store.tables import Call, Complaint, Event, Official, Outgoing
from tests.conftest import Clock
from tests.handlers.desks import CITIZEN, filed, texts

OFFICER, HEAD, FOCAL = "+84900000103", "+84900000104", "+84900000101"


@dataclass
class Office:
    """The office of one complaint, its texts, and what becomes of them."""

    house: Gateway
    reference: str

    def writes(self, kind: Kind = Kind.ANSWER, words: str = "Da thay bong.", username: str = "canbo-kinhte") -> int:
        """Sends a letter as agreed; the outbox id of its text."""
        with self.house.database.write() as session:
            complaint = self._complaint(session)
            letter = Letter(kind, words, seen=complaints.newest_line(session, complaint.id))
            letter = replace(letter, proof=preview(session, self.house.speech, complaint, letter).proof)
            handbook, writer = self.house.handbook(session), self._writer(session, username)
            outcome = send(session, self.house.speech, handbook, complaint, letter, writer, now=self.house.now())
            assert isinstance(outcome, Sent), outcome
        return texts(self.house)[-1].id

    def becomes(self, outbox_id: int, state: str, **more: object) -> None:
        """Settles a text as delivery would."""
        values = {"state": state, "lease_until": None, **more}
        with self.house.database.write() as session:
            session.execute(update(Outgoing).where(Outgoing.id == outbox_id).values(**values))

    def reported(self, outbox_id: int, delivery: Delivery) -> None:
        told = Receipt("simulator", delivery, None, f"late-{outbox_id}", delivery.value)
        with self.house.database.write() as session:
            receipts.record(session, told, outbox_id, self.house.now())

    def ticks(self) -> int:
        return self.house.switchboard().batch()

    def calls(self) -> list[Call]:
        with self.house.database.read() as session:
            return list(session.scalars(select(Call).order_by(Call.id)))

    def notes(self, outcome: Outcome, words: str = "", username: str = "canbo-kinhte", tries: int | None = None):
        """Notes how a try went, as the page in front of the official has the call."""
        call = self.calls()[-1]
        made = CallMade(call.id, call.tries if tries is None else tries, outcome, words)
        with self.house.database.write() as session:
            complaint = self._complaint(session)
            return calling.record(session, complaint, made, self._writer(session, username), now=self.house.now())

    def history(self) -> list[Event]:
        with self.house.database.read() as session:
            return list(complaints.history(session, self._complaint(session).id))

    def alerts(self, phone: str = OFFICER) -> list[Outgoing]:
        return [row for row in texts(self.house, phone) if row.kind == "CallCitizen"]

    def _complaint(self, session) -> Complaint:
        return session.scalars(select(Complaint).where(Complaint.reference == self.reference)).one()

    def _complaint_id(self) -> int:
        with self.house.database.read() as session:
            return self._complaint(session).id

    def _writer(self, session, username: str) -> Writer:
        official = session.scalars(select(Official).where(Official.username == username)).one()
        return Writer(official.id, [role.name for role in official.roles])


@pytest.fixture(params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest) -> Iterator[Gateway]:
    """The same house on each database."""
    return request.getfixturevalue("gateway" if request.param == "sqlite" else "on_postgres")


@pytest.fixture
def office(house: Gateway) -> Office:
    return Office(house, filed(house))


@pytest.mark.parametrize(("kind", "unheard"), [(Kind.ANSWER, Unheard.ANSWER), (Kind.QUESTION, Unheard.QUESTION)])
@pytest.mark.parametrize("state", ["failed", "undelivered", "unknown"])
def test_a_text_that_did_not_arrive_opens_one_call(office: Office, kind: Kind, unheard: Unheard, state: str) -> None:
    office.becomes(office.writes(kind), state)
    assert [office.ticks(), office.ticks()] == [1, 0]
    [call] = office.calls()
    assert (call.state, call.unheard, call.opened_at) == ("open", unheard, office.house.now())
    assert [line.kind for line in office.history()].count("call_needed") == 1


@pytest.mark.parametrize("state", ["queued", "accepted", "delivered", "delivery_unknown", "cancelled"])
def test_what_may_have_arrived_opens_none(office: Office, state: str) -> None:
    office.becomes(office.writes(), state)
    assert office.ticks() == 0
    assert office.calls() == []


def test_a_doubt_that_may_still_resolve_itself_opens_none(office: Office, clock: Clock) -> None:
    office.becomes(office.writes(), "unknown", lease_until=clock.at + timedelta(minutes=2))
    assert office.ticks() == 0


def test_a_receipt_or_an_alert_that_failed_opens_none(office: Office) -> None:
    written = office.writes()
    with office.house.database.write() as session:
        session.execute(update(Outgoing).where(Outgoing.id == written).values(kind="ComplaintReceived", state="failed"))
    assert office.ticks() == 0


def test_whoever_wrote_the_answer_hears_of_it_by_one_text(office: Office) -> None:
    office.becomes(office.writes(), "failed")
    office.ticks()
    [alert] = office.alerts()
    assert alert.body == (
        f"So {office.reference}: tra loi khong gui duoc, hay goi dien cho dan. So may xem o ban lam viec."
    )
    assert (alert.segments, CITIZEN[-4:] in alert.body) == (1, False)
    assert office.alerts(HEAD) == []


def test_when_the_writer_has_no_phone_those_who_answer_for_it_hear(office: Office) -> None:
    office.becomes(office.writes(), "failed")
    with office.house.database.write() as session:
        session.execute(update(Official).where(Official.username == "canbo-kinhte").values(phone=""))
    office.ticks()
    assert len(office.alerts(HEAD)) == 1
    assert office.alerts(FOCAL) == []


def test_the_call_is_noted_under_the_officials_name_and_ends(office: Office) -> None:
    office.becomes(office.writes(), "undelivered")
    office.ticks()
    assert office.notes(Outcome.NOT_REACHED) is None
    assert office.calls()[0].state == Standing.OPEN
    assert office.notes(Outcome.TOLD, "ba  con\ncam on") is None
    [call] = office.calls()
    assert (call.state, call.tries, call.closed_at) == (Standing.TOLD, 2, office.house.now())
    told = [
        (line.details["outcome"], line.note, line.official.username)  # type: ignore[union-attr]
        for line in office.history()
        if line.kind == "phoned"
    ]
    assert told == [("not_reached", "", "canbo-kinhte"), ("told", "ba con cam on", "canbo-kinhte")]


def test_the_same_form_twice_is_one_try(office: Office) -> None:
    office.becomes(office.writes(), "failed")
    office.ticks()
    assert office.notes(Outcome.NOT_REACHED, tries=0) is None
    assert office.notes(Outcome.NOT_REACHED, tries=0) is Refusal.NO_CALL
    assert office.notes(Outcome.TOLD) is None
    assert office.notes(Outcome.TOLD) is Refusal.NO_CALL
    assert [line.kind for line in office.history()].count("phoned") == 2


def test_nobody_is_unreachable_without_a_reason(office: Office) -> None:
    office.becomes(office.writes(), "failed")
    office.ticks()
    with pytest.raises(NoReasonError):
        office.notes(Outcome.UNREACHABLE, "  ")
    assert office.calls()[0].tries == 0
    assert office.notes(Outcome.UNREACHABLE, "So dien thoai khong con dung") is None
    assert office.calls()[0].state == Standing.UNREACHABLE


def test_a_leader_notes_no_call(office: Office) -> None:
    office.becomes(office.writes(), "failed")
    office.ticks()
    assert office.notes(Outcome.TOLD, username="lanhdao-ankhe") is Refusal.NOT_YOURS
    assert office.calls()[0].state == Standing.OPEN


@pytest.mark.parametrize("state", ["failed", "undelivered", "unknown"])
def test_a_late_receipt_that_says_delivered_closes_it(office: Office, state: str) -> None:
    written = office.writes()
    office.becomes(written, state)
    office.ticks()
    office.reported(written, Delivery.DELIVERED)
    assert [office.ticks(), office.ticks()] == [1, 0]
    assert office.calls()[0].state == Standing.ARRIVED
    assert office.history()[-1].details == {"why": "arrived"}
    assert office.notes(Outcome.TOLD) is Refusal.NO_CALL


def test_a_receipt_that_says_undelivered_opens_it_and_delivered_before_the_tick_does_not(office: Office) -> None:
    written = office.writes()
    office.becomes(written, "accepted")
    office.reported(written, Delivery.UNDELIVERED)
    office.reported(written, Delivery.DELIVERED)
    assert office.ticks() == 0
    assert office.calls() == []


def test_an_answer_sent_again_that_arrives_closes_it_and_keeps_when_it_was_first_given(
    office: Office, clock: Clock
) -> None:
    first_given = clock.at
    office.becomes(office.writes(), "failed")
    office.ticks()
    clock.moves(hours=3)
    again = office.writes(words="Da thay bong den hem 12.")
    office.becomes(again, "accepted")
    assert office.ticks() == 0
    assert office.calls()[0].state == Standing.OPEN
    office.reported(again, Delivery.DELIVERED)
    assert office.ticks() == 1
    assert office.calls()[0].state == Standing.ARRIVED
    with office.house.database.read() as session:
        assert session.scalars(select(Complaint.answered_at)).one() == first_given


def test_an_answer_sent_again_that_fails_too_leaves_one_call_open(office: Office) -> None:
    office.becomes(office.writes(), "failed")
    office.ticks()
    office.becomes(office.writes(words="Xin bao lai."), "failed")
    office.ticks()
    assert [call.state for call in office.calls()] == [Standing.REPLACED, Standing.OPEN]
    assert len(office.alerts()) == 2


def test_an_answer_that_was_heard_is_not_sent_again(office: Office) -> None:
    office.becomes(office.writes(), "failed")
    office.ticks()
    office.notes(Outcome.TOLD)
    with pytest.raises(AssertionError, match="ANSWERED"):
        office.writes()


def test_no_answer_ends_a_complaint_whose_question_did_not_arrive_until_the_call_is_noted(office: Office) -> None:
    office.becomes(office.writes(Kind.QUESTION), "undelivered")
    office.ticks()
    with pytest.raises(AssertionError, match="CALL_FIRST"):
        office.writes()
    office.notes(Outcome.UNREACHABLE, "May tat ca tuan")
    office.writes()


def test_a_reply_ends_the_call_of_a_question_in_doubt_but_not_of_one_that_surely_failed(office: Office, clock: Clock):
    asked = office.writes(Kind.QUESTION)
    office.becomes(asked, "failed")
    office.ticks()
    clock.moves(minutes=5)
    with office.house.database.write() as session:
        complaint_id = session.scalars(select(Complaint.id)).one()
        session.add(Event(complaint_id=complaint_id, kind="added", at=clock.at, note="so 12"))
    assert office.ticks() == 0
    office.becomes(asked, "unknown")
    assert office.ticks() == 1
    assert office.calls()[0].state == Standing.REPLIED


def test_a_complaint_that_is_taken_back_is_not_phoned_about(office: Office) -> None:
    office.becomes(office.writes(Kind.QUESTION), "failed")
    office.ticks()
    with office.house.database.write() as session:
        assert tracking.withdraw(session, session.scalars(select(Complaint)).one(), office.house.now())
    office.ticks()
    assert office.calls()[0].state == Standing.WITHDRAWN
    with office.house.database.write() as session:
        session.execute(text("delete from calls"))
    assert office.ticks() == 0


def test_two_clocks_open_one_call(office: Office) -> None:
    office.becomes(office.writes(), "failed")
    together = Barrier(4)

    def tick() -> None:
        together.wait()
        office.ticks()

    clocks = [Thread(target=tick) for _ in range(4)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()
    assert len(office.calls()) == len(office.alerts()) == 1
    assert [line.kind for line in office.history()].count("call_needed") == 1


def test_one_that_cannot_be_seen_to_does_not_stop_the_others(office: Office) -> None:
    poison = office.writes()
    other = Office(office.house, filed(office.house, "Nuoc yeu"))
    for written in (poison, other.writes()):
        office.becomes(written, "failed")
    with office.house.database.write() as session:
        first_line = Event.complaint_id == office._complaint(session).id, Event.kind == "received"
        session.execute(update(Event).where(*first_line).values(details=["broken"]))
    assert [office.ticks(), office.ticks()] == [1, 0]
    assert [call.complaint_id for call in office.calls()] == [other._complaint_id()]


def test_a_letter_agreed_to_before_the_call_was_noted_is_looked_at_again(office: Office) -> None:
    """What the call brought is a line of the history that the official has not read."""
    office.becomes(office.writes(Kind.QUESTION), "failed")
    office.ticks()
    with office.house.database.read() as session:
        complaint = office._complaint(session)
        seen = complaints.newest_line(session, complaint.id)
    office.notes(Outcome.TOLD, "nha so 12")
    with office.house.database.write() as session:
        complaint = office._complaint(session)
        letter = Letter(Kind.ANSWER, "Da xong.", seen=seen)
        letter = replace(letter, proof=preview(session, office.house.speech, complaint, letter).proof)
        writer = office._writer(session, "canbo-kinhte")
        assert isinstance(
            send(
                session,
                office.house.speech,
                office.house.handbook(session),
                complaint,
                letter,
                writer,
                now=office.house.now(),
            ),
            LookAgain,
        )


def test_the_figures_count_what_no_text_could_bring_and_what_was_told_by_phone(office: Office, clock: Clock) -> None:
    begins = clock.at
    office.becomes(office.writes(), "failed")
    office.ticks()
    silent = Office(office.house, filed(office.house, "Nuoc yeu"))
    silent.becomes(silent.writes(), "delivery_unknown")

    def told() -> Reach:
        with office.house.database.read() as session:
            return calls.reach(session, begins, begins + timedelta(days=1))

    assert told() == Reach(not_delivered=1, told_by_phone=0, to_phone=1, unknown=1)
    office.notes(Outcome.TOLD)
    assert told() == Reach(not_delivered=1, told_by_phone=1, to_phone=0, unknown=1)
    with office.house.database.read() as session:
        assert calls.reach(session, begins - timedelta(days=9), begins) == Reach(0, 0, 0, 0)


@pytest.mark.sqlite
def test_looking_for_lost_letters_reads_their_index_only(gateway: Gateway) -> None:
    asked = str(select(Outgoing.id).where(*calls._is_lost()).compile(compile_kwargs={"literal_binds": True}))
    with gateway.database.read() as session:
        plan = [row.detail for row in session.execute(text(f"explain query plan {asked}"))]
    assert any("ix_outbox_lost_letters" in line for line in plan), plan
