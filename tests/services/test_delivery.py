"""What waits is sent once, in order of urgency; what is in doubt is flagged, never silently doubled."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Event
from typing import ClassVar

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from smsgw.domain.ledger import Capability
from smsgw.domain.messages import (
    Accepted,
    AccountWrong,
    Delivery,
    InDoubt,
    Never,
    OptedOut,
    Outcome,
    OutgoingSms,
    Receipt,
    TryLater,
)
from smsgw.domain.notices import Lane
from smsgw.gateway import Gateway
from smsgw.services import receipts
from smsgw.services.citizens import citizen_of
from smsgw.services.delivery import Postman
from smsgw.store import outbox
from smsgw.store.database import Database
from smsgw.store.outbox import Draft
from smsgw.store.tables import Citizen, Outgoing
from tests.conftest import Clock

PHONE = "+84900000001"


@dataclass
class Scripted:
    """A provider that writes down what it was asked to send and answers as told."""

    sends: ClassVar[bool] = True
    can: ClassVar[frozenset[Capability]] = frozenset()
    answer: Callable[[OutgoingSms], Outcome] = lambda message: Accepted(f"p-{message.ref}")
    sent: list[OutgoingSms] = field(default_factory=list)

    def send(self, message: OutgoingSms) -> Outcome:
        self.sent.append(message)
        return self.answer(message)


@dataclass
class Office:
    """A postman with scripted providers on real tables."""

    gateway: Gateway
    postman: Postman

    def put(self, key: str, lane: Lane = Lane.RECEIPT, **more: object) -> int:
        draft = Draft(key, "Help", lane, PHONE, f"tin {key}", 1, **more)  # type: ignore[arg-type]
        with self.gateway.database.write() as session:
            made = outbox.put(session, draft, self.gateway.now())
        assert made
        return made

    def row(self, key: str) -> Outgoing:
        with self.gateway.database.read() as session:
            return session.scalars(select(Outgoing).where(Outgoing.key == key)).one()

    def receipt(self, key: str, delivery: Delivery) -> None:
        row = self.row(key)
        told = Receipt("first", delivery, None, row.provider_ref, delivery.value)
        with self.gateway.database.write() as session:
            receipts.record(session, told, row.id, self.gateway.now())


@pytest.fixture
def first() -> Scripted:
    return Scripted()


@pytest.fixture
def second() -> Scripted:
    return Scripted()


@pytest.fixture
def office(gateway: Gateway, pool: ThreadPoolExecutor, first: Scripted, second: Scripted) -> Office:
    postman = replace(
        gateway.postman(pool),
        providers={"first": first, "second": second},
        order=("first", "second"),
        may_text=lambda *_: True,
    )
    return Office(gateway, postman)


def test_a_text_that_waits_is_sent_once(office: Office, first: Scripted) -> None:
    office.put("a")
    assert office.postman.batch() == 1
    assert office.postman.batch() == 0
    assert [message.text for message in first.sent] == ["tin a"]
    assert office.row("a").state == "accepted"


def test_the_same_key_is_one_text(office: Office) -> None:
    office.put("a")
    with pytest.raises(AssertionError):
        office.put("a")


def test_urgent_texts_go_before_receipts_answers_and_reminders(office: Office) -> None:
    for lane in (Lane.REMINDER, Lane.ANSWER, Lane.URGENT, Lane.RECEIPT):
        office.put(lane.name, lane)
    claimed = office.postman._claim()
    assert [parcel.lane for parcel in claimed.first] == [Lane.URGENT, Lane.RECEIPT, Lane.ANSWER, Lane.REMINDER]


def test_a_reply_leaves_by_the_provider_the_person_wrote_through(office: Office, second: Scripted) -> None:
    office.put("a", provider="second")
    office.postman.batch()
    assert len(second.sent) == 1


def test_a_provider_that_cannot_send_hands_over_to_the_first_in_order(office: Office, first: Scripted) -> None:
    office.put("a", provider="ear-only")
    office.postman.batch()
    assert len(first.sent) == 1


@pytest.mark.parametrize("order", [("twilio", "simulator"), ("simulator", "twilio"), ("simulator",)])
@pytest.mark.parametrize("provider", ["twilio", "kannel"])
def test_the_simulator_never_stands_in_for_a_real_provider(
    office: Office, first: Scripted, second: Scripted, order: tuple[str, ...], provider: str
) -> None:
    first.answer = lambda _: AccountWrong("no balance")
    office.postman = replace(office.postman, providers={"twilio": first, "simulator": second}, order=order)
    office.put("a", provider=provider)
    office.put("alert", Lane.REMINDER)
    office.postman.batch()
    office.postman = replace(office.postman, now=lambda: office.gateway.now() + timedelta(seconds=31))
    office.postman.batch()
    assert "tin a" not in [message.text for message in second.sent]
    assert [message.text for message in second.sent] == ([] if "twilio" in order else ["tin alert"])
    assert office.row("a").state == "queued"


def test_the_simulators_people_are_answered_by_the_simulator(office: Office, first: Scripted, second: Scripted) -> None:
    order = ("twilio", "simulator")
    office.postman = replace(office.postman, providers={"twilio": first, "simulator": second}, order=order)
    office.put("a", provider="simulator")
    office.postman.batch()
    assert (len(first.sent), len(second.sent)) == (0, 1)


def test_trouble_for_a_moment_is_tried_again_later(office: Office, first: Scripted, clock: Clock) -> None:
    first.answer = lambda _: TryLater("busy")
    office.put("a")
    office.postman.batch()
    assert office.row("a").state == "queued"
    assert office.postman.batch() == 0
    first.answer = lambda _: Accepted("x")
    clock.moves(seconds=31)
    office.postman.batch()
    assert office.row("a").state == "accepted"


def test_a_receipt_text_is_given_up_after_four_hours(
    office: Office, first: Scripted, second: Scripted, clock: Clock
) -> None:
    first.answer = second.answer = lambda _: TryLater("busy")
    office.put("a")
    for _ in range(60):
        office.postman.batch()
        clock.moves(minutes=10)
    assert office.row("a").state == "failed"
    assert len(first.sent + second.sent) < 12


@pytest.mark.parametrize("refusal", [Never("no such number"), OptedOut("STOP")])
def test_a_refusal_for_good_is_never_tried_again(office: Office, first: Scripted, refusal: Outcome) -> None:
    first.answer = lambda _: refusal
    office.put("a")
    office.postman.batch()
    office.postman.batch()
    assert (office.row("a").state, len(first.sent)) == ("failed", 1)


def test_a_providers_stop_is_the_persons_stop(office: Office, first: Scripted, gateway: Gateway) -> None:
    with gateway.database.write() as session:
        citizen_of(session, PHONE, gateway.now())
    first.answer = lambda _: OptedOut("STOP")
    office.put("a")
    office.postman.batch()
    with gateway.database.read() as session:
        assert session.scalars(select(Citizen).where(Citizen.phone == PHONE)).one().opted_out_at is not None


def test_a_wrong_account_rests_at_once_and_the_next_provider_takes_over(
    office: Office, first: Scripted, second: Scripted, clock: Clock
) -> None:
    first.answer = lambda _: AccountWrong("no balance")
    office.put("a")
    office.postman.batch()
    clock.moves(seconds=31)
    office.postman.batch()
    assert (len(first.sent), len(second.sent)) == (1, 1)
    assert office.row("a").provider_used == "second"


def test_a_text_in_doubt_is_sent_once_more_and_flagged(office: Office, first: Scripted, clock: Clock) -> None:
    first.answer = lambda _: InDoubt("no answer came")
    office.put("a")
    office.postman.batch()
    assert office.row("a").state == "unknown"
    for _ in range(5):
        clock.moves(minutes=3)
        office.postman.look_after()
        office.postman.batch()
    assert len(first.sent) == 2
    assert (office.row("a").state, office.row("a").possible_duplicate) == ("unknown", True)


def test_a_reminder_in_doubt_is_not_sent_again(office: Office, first: Scripted, clock: Clock) -> None:
    first.answer = lambda _: InDoubt("no answer came")
    office.put("a", Lane.REMINDER)
    for _ in range(3):
        office.postman.batch()
        clock.moves(minutes=3)
        office.postman.look_after()
    assert len(first.sent) == 1


def test_a_receipt_settles_a_text_in_doubt(office: Office, first: Scripted, clock: Clock) -> None:
    first.answer = lambda _: InDoubt("no answer came")
    office.put("a")
    office.postman.batch()
    office.receipt("a", Delivery.DELIVERED)
    clock.moves(minutes=3)
    office.postman.look_after()
    office.postman.batch()
    assert (office.row("a").state, len(first.sent)) == ("delivered", 1)


def test_a_sender_that_died_leaves_a_text_that_is_sent_once_more_and_flagged(
    office: Office, first: Scripted, clock: Clock
) -> None:
    office.put("a")
    assert len(office.postman._claim().first) == 1
    assert office.postman.batch() == 0
    clock.moves(seconds=121)
    office.postman.look_after()
    office.postman.batch()
    assert (office.row("a").state, office.row("a").possible_duplicate, len(first.sent)) == ("accepted", True, 1)


class CutShort(Exception):
    """The time of a job is up."""


class Shaky(Database):
    """Its first write takes the texts up; then as many fail as `failing` says."""

    def __init__(self, url: str, failing: int) -> None:
        super().__init__(url)
        self.writes, self.failing = 0, failing
        self.trouble: Exception = OperationalError("begin", {}, Exception("database is locked"))

    def write(self):  # type: ignore[no-untyped-def]
        self.writes += 1
        if 1 < self.writes <= 1 + self.failing:
            raise self.trouble
        return super().write()


@pytest.fixture
def shaky(office: Office, gateway: Gateway) -> Iterator[Callable[[int], Postman]]:
    """A postman whose database is locked so many times when it would write down what was sent."""
    opened: list[Shaky] = []

    def one(failing: int) -> Postman:
        opened.append(Shaky(gateway.settings.database_url, failing))
        return replace(office.postman, database=opened[-1], patience=(0, 0))

    yield one
    for database in opened:
        database.close()


def test_a_lock_while_settling_doubles_no_text(
    office: Office, shaky: Callable[[int], Postman], first: Scripted, clock: Clock
) -> None:
    for name in "abc":
        office.put(name)
    shaky(2).batch()
    clock.moves(seconds=300)
    office.postman.look_after()
    office.postman.batch()
    assert [office.row(name).state for name in "abc"] == ["accepted"] * 3
    assert len(first.sent) == 3


def test_a_group_that_cannot_be_settled_does_not_cost_the_others_theirs(
    office: Office, shaky: Callable[[int], Postman], first: Scripted
) -> None:
    others_may_answer = Event()

    def in_turn(message: OutgoingSms) -> Outcome:
        if message.text != "tin a":
            others_may_answer.wait(10)
        return Accepted(message.ref)

    first.answer = in_turn
    for name in "abc":
        office.put(name)
    postman = shaky(3)
    settle = postman.database.write

    def write():  # type: ignore[no-untyped-def]
        try:
            return settle()
        finally:
            if postman.database.writes == 4:  # type: ignore[attr-defined]
                others_may_answer.set()

    postman.database.write = write  # type: ignore[method-assign]
    with pytest.raises(OperationalError):
        postman.batch()
    assert [office.row(name).state for name in "abc"] == ["dispatching", "accepted", "accepted"]


def test_what_cannot_be_settled_in_time_is_not_begun_and_goes_with_the_next_batch(
    office: Office, first: Scripted, clock: Clock
) -> None:
    def slowly(message: OutgoingSms) -> Outcome:
        clock.moves(seconds=91)
        return Accepted(message.ref)

    first.answer = slowly
    office.put("a")
    office.put("b")
    with ThreadPoolExecutor(1) as alone:
        replace(office.postman, pool=alone).batch()
        assert (len(first.sent), office.row("b").state) == (1, "queued")
        replace(office.postman, pool=alone).batch()
    assert [message.text for message in first.sent] == ["tin a", "tin b"]
    assert not office.row("b").possible_duplicate


def test_a_batch_that_is_cut_short_sends_nothing_afterwards(
    office: Office, shaky: Callable[[int], Postman], first: Scripted
) -> None:
    goes_on = Event()
    first.answer = lambda message: Accepted(message.ref) if message.text == "tin a" or goes_on.wait(10) else Never("")
    for name in "abc":
        office.put(name)
    with ThreadPoolExecutor(1) as alone:
        postman = shaky(1)
        postman.database.trouble = CutShort()  # type: ignore[attr-defined]
        with pytest.raises(CutShort):
            replace(postman, pool=alone).batch()
        goes_on.set()
    assert "tin c" not in [message.text for message in first.sent]


def test_a_reminder_that_waited_a_day_is_not_sent(office: Office, first: Scripted, clock: Clock) -> None:
    office.put("alert", Lane.REMINDER)
    office.put("answer", Lane.ANSWER)
    clock.moves(hours=25)
    office.postman.batch()
    assert [message.text for message in first.sent] == ["tin answer"]
    assert (office.row("alert").state, office.row("alert").error) == ("cancelled", "too late to be of use")


def test_a_sender_that_wakes_too_late_changes_nothing(office: Office, clock: Clock) -> None:
    office.put("a")
    (parcel,) = office.postman._claim().first
    clock.moves(seconds=121)
    office.postman.look_after()
    office.postman.batch()
    office.postman._settle([(parcel, Never("late"))])
    assert office.row("a").state == "accepted"


@pytest.mark.parametrize(
    "told",
    [
        [Delivery.SENT, Delivery.DELIVERED],
        [Delivery.DELIVERED, Delivery.SENT, Delivery.PENDING],
        [Delivery.UNDELIVERED, Delivery.DELIVERED],
        [Delivery.DELIVERED, Delivery.UNDELIVERED, Delivery.DELIVERED],
    ],
)
def test_receipts_in_any_order_end_in_delivered(office: Office, told: list[Delivery]) -> None:
    office.put("a")
    office.postman.batch()
    for delivery in told:
        office.receipt("a", delivery)
    assert office.row("a").state == "delivered"


def test_a_receipt_that_comes_before_its_message_is_recorded_is_matched_later(office: Office, gateway: Gateway) -> None:
    early = Receipt("first", Delivery.DELIVERED, None, "p-early", "ok")
    with gateway.database.write() as session:
        receipts.record(session, early, None, gateway.now())
    made = office.put("a")
    office.postman.batch()
    with gateway.database.write() as session:
        row = session.get_one(Outgoing, made)
        row.provider_ref = "p-early"
        late = receipts.late(session, gateway.now())
        assert receipts.match_late(session, late, gateway.now()) == 1
    assert office.row("a").state == "delivered"
    with gateway.database.read() as session:
        assert receipts.late(session, gateway.now()) == []


def test_receipts_of_nothing_we_know_give_the_clock_nothing_to_do(office: Office, gateway: Gateway) -> None:
    office.put("a")
    office.postman.batch()
    with gateway.database.write() as session:
        for number in range(300):
            receipts.record(session, Receipt("first", Delivery.SENT, None, f"x{number}", "ok"), None, gateway.now())
        assert receipts.late(session, gateway.now()) == []


def test_optional_texts_stop_when_the_person_said_stop_and_others_do_not(
    office: Office, gateway: Gateway, first: Scripted
) -> None:
    with gateway.database.write() as session:
        citizen_of(session, PHONE, gateway.now()).opted_out_at = gateway.now()
    office.put("survey", optional=True)
    office.put("answer", Lane.ANSWER)
    office.postman.batch()
    assert [message.text for message in first.sent] == ["tin answer"]
    assert office.row("survey").state == "cancelled"


def test_texts_nobody_reported_on_for_three_days_stay_unknown(office: Office, gateway: Gateway, clock: Clock) -> None:
    office.put("a")
    office.postman.batch()
    now = clock.moves(hours=73)
    with gateway.database.write() as session:
        assert outbox.give_up_receipts(session, now - timedelta(hours=72), now) == 1
    assert office.row("a").state == "delivery_unknown"
