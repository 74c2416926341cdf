"""Whatever happens in whatever order, a text goes only along the table's edges, and nobody gets it twice unflagged."""

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event, text

from smsgw.domain.ledger import Capability, NoWord, Sighting
from smsgw.domain.messages import Accepted, Delivery, InDoubt, Never, Outcome, OutgoingSms, Receipt, TryLater
from smsgw.domain.notices import Lane
from smsgw.domain.outbox_states import State, may_follow
from smsgw.gateway import Gateway
from smsgw.store import outbox
from tests.conftest import Clock
from tests.services.offices import SortingOffice

SEQUENCES = int(os.environ.get("SMSGW_SEQUENCES", "300"))
PHONES = ("+84900000001", "+84900000002")
KINDS = {
    "a list": frozenset({Capability.CALLBACK, Capability.LOOK_UP}),
    "our own ids": frozenset({Capability.CALLBACK, Capability.LOOK_UP, Capability.SAME_ID}),
    "callbacks": frozenset({Capability.CALLBACK}),
    "phones in receipts": frozenset({Capability.PHONE_IN_RECEIPT}),
}
EMPTIED = ("receipts", "outbox", "provider_health", "buckets", "steps")
REPORTS_WITHIN = timedelta(days=3)
WATCH = """
create trigger if not exists watch after update of state on outbox when old.state <> new.state
begin insert into steps (text_id, was, became) values (old.id, old.state, new.state); end
"""
ENDS = (
    "well",
    "well",
    "well",
    "dead before it calls",
    "dead before it writes down the answer",
    "asleep, and wakes too late",
)
SILENTLY, ALTERED = "takes, says nothing", "takes and alters, says nothing"
BEHAVIOURS = ("takes", SILENTLY, SILENTLY, ALTERED, ALTERED, "says nothing", "busy", "refuses")


class Network:
    """A provider as it really is: what it took and when, whatever it said about that, and what it altered of it."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.can: frozenset[Capability] = frozenset()
        self.behaves = "takes"
        self.asked_in_vain = False
        self.taken: list[tuple[str, OutgoingSms]] = []
        self.at: dict[str, datetime] = {}
        self.altered: set[str] = set()

    def send(self, message: OutgoingSms) -> Outcome:
        if self.behaves == "busy":
            return TryLater("busy")
        if self.behaves == "refuses":
            return Never("no such number")
        if self.behaves == "says nothing":
            return InDoubt("no answer came")
        if Capability.SAME_ID not in self.can or message.ref not in [one.ref for _, one in self.taken]:
            self._takes(f"N{len(self.taken)}", message)
        silent = self.behaves in (SILENTLY, ALTERED)
        return InDoubt("no answer came") if silent else Accepted(self._id_of(message))

    def _takes(self, ref: str, message: OutgoingSms) -> None:
        self.taken.append((ref, message))
        self.at[ref] = self.clock()
        if self.behaves == ALTERED:
            self.altered.add(ref)

    def look_up(self, message: OutgoingSms, since: datetime) -> list[Sighting]:
        if self.asked_in_vain:
            raise NoWord("nobody there")
        if Capability.SAME_ID in self.can:
            return [Sighting(ref, one.to, None, Delivery.PENDING) for ref, one in self.taken if one.ref == message.ref]
        return [
            Sighting(
                ref, one.to, None, Delivery.PENDING, same_words=one.text == message.text and ref not in self.altered
            )
            for ref, one in self.taken
            if one.to == message.to and self.at[ref] >= since
        ]

    def _id_of(self, message: OutgoingSms) -> str:
        return next(ref for ref, one in reversed(self.taken) if one.ref == message.ref)


class Outbox(RuleBasedStateMachine):
    """One provider of each kind in turn, texts to two phones, and everything that may happen to them."""

    def __init__(self, office: SortingOffice, clock: Clock) -> None:
        super().__init__()
        self.clock, self.network = clock, Network(clock)
        self.office = office
        office.postman = _with(office, self.network)
        with office.gateway.database.write() as session:
            for table in EMPTIED:
                session.execute(text(f"delete from {table}"))
        self.count = 0

    @initialize(
        kind=st.sampled_from(sorted(KINDS)),
        lanes=st.lists(st.sampled_from(list(Lane)), min_size=2, max_size=4),
        behaves=st.sampled_from(BEHAVIOURS),
    )
    def opens(self, kind: str, lanes: list[Lane], behaves: str) -> None:
        """Sequences that first have to meet with trouble by chance seldom come to what follows from it."""
        self.network.can = KINDS[kind]
        for lane in lanes:
            self.a_text_is_put_in(lane, PHONES[0])
        self.the_sender_works(behaves, "well")

    @rule(lane=st.sampled_from(list(Lane)), phone=st.sampled_from(PHONES))
    def a_text_is_put_in(self, lane: Lane, phone: str) -> None:
        self.count += 1
        self.office.put(f"t{self.count}", lane, phone)

    @rule(behaves=st.sampled_from(BEHAVIOURS), ends=st.sampled_from(ENDS))
    def the_sender_works(self, behaves: str, ends: str) -> None:
        self.network.behaves = behaves
        if ends == "well":
            self.office.postman.batch()
            return
        claimed = self.office.postman._claim().first
        if ends == "dead before it calls":
            return
        answers = [(parcel, self.network.send(parcel.message)) for parcel in claimed]
        if ends == "asleep, and wakes too late":
            self.time_passes(200, in_vain=False)
            self.office.postman._settle(answers)

    @rule(seconds=st.sampled_from([1, 61, 125, 700]), in_vain=st.booleans())
    def time_passes(self, seconds: int, *, in_vain: bool) -> None:
        self.clock.moves(seconds=seconds)
        self.network.asked_in_vain = in_vain
        self.office.postman.look_after()
        self.office.rematches()

    @rule()
    def the_provider_is_asked_as_often_as_it_takes_and_the_sender_goes_on(self) -> None:
        for _ in range(4):
            self.time_passes(61, in_vain=False)
        self.the_sender_works("takes", "well")

    @rule()
    def three_days_pass_without_receipts(self) -> None:
        now = self.clock.moves(hours=73)
        with self.office.gateway.database.write() as session:
            outbox.give_up_receipts(session, now - timedelta(hours=72), now)

    @precondition(lambda self: self.network.taken)
    @rule(data=st.data(), delivery=st.sampled_from(list(Delivery)), times=st.integers(1, 3))
    def a_receipt_comes(self, data: st.DataObject, delivery: Delivery, times: int) -> None:
        reported = [one for one in self.network.taken if self.clock() - self.network.at[one[0]] <= REPORTS_WITHIN]
        if not reported:
            return
        its_id, message = data.draw(st.sampled_from(reported))
        for _ in range(times):
            if Capability.CALLBACK in self.network.can:
                told = Receipt("first", delivery, message.ref, its_id, delivery.value)
                self.office.told(told, self.office.gateway.open_ref(message.ref))
            else:
                self.office.told(Receipt("first", delivery, None, its_id, delivery.value, phone=message.to))

    @rule(delivery=st.sampled_from(list(Delivery)), provider=st.sampled_from(["first", "second"]))
    def a_receipt_is_forged(self, delivery: Delivery, provider: str) -> None:
        before = [row.state for row in self.office.rows()]
        self.office.told(Receipt(provider, delivery, None, "made-up", delivery.value))
        self.office.rematches()
        assert [row.state for row in self.office.rows()] == before

    @invariant()
    def no_text_went_where_no_edge_leads(self) -> None:
        with self.office.gateway.database.read() as session:
            steps = session.execute(text("select distinct was, became from steps")).all()
        assert not [step for step in steps if not may_follow(State(step.was), State(step.became))]

    @invariant()
    def nobody_got_a_text_twice_without_its_being_flagged(self) -> None:
        takes = Counter(self.office.gateway.open_ref(message.ref) for _, message in self.network.taken)
        for row in self.office.rows():
            assert takes[row.id] <= 1 + row.possible_duplicate

    @invariant()
    def no_report_is_taken_for_another_texts(self) -> None:
        owner = {ref: self.office.gateway.open_ref(message.ref) for ref, message in self.network.taken}
        assert not [row for row in self.office.rows() if row.provider_ref and owner[row.provider_ref] != row.id]

    @invariant()
    def what_counts_as_taken_was_taken(self) -> None:
        taken = {self.office.gateway.open_ref(message.ref) for _, message in self.network.taken}
        proven = (State.ACCEPTED, State.DELIVERED, State.UNDELIVERED, State.DELIVERY_UNKNOWN)
        assert not [row for row in self.office.rows() if row.state in proven and row.id not in taken]


def _with(office: SortingOffice, network: Network):  # type: ignore[no-untyped-def]
    return replace(office.postman, providers={"first": network}, order=("first",), patience=())


def _without_waiting_for_the_disk(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture
def one_by_one() -> Iterator[ThreadPoolExecutor]:
    """Texts of one batch are handed over in their order, so that a sequence means the same each time."""
    with ThreadPoolExecutor(1) as sender:
        yield sender


@pytest.mark.sqlite
@pytest.mark.slow
@pytest.mark.timeout(0)
def test_no_sequence_of_events_breaks_the_outbox(
    gateway: Gateway, one_by_one: ThreadPoolExecutor, clock: Clock
) -> None:
    """SMSGW_SEQUENCES says how many sequences to try: 300 where it is not set, always the same ones. The long run is
    10,000 of them, new ones each time."""
    event.listen(gateway.database.engine, "connect", _without_waiting_for_the_disk)
    gateway.database.engine.dispose()
    with gateway.database.write() as session:
        session.execute(text("create table steps (text_id integer, was text, became text)"))
        session.execute(text(WATCH))
    office = SortingOffice.open(gateway, one_by_one)
    always_the_same = "SMSGW_SEQUENCES" not in os.environ
    run_state_machine_as_test(
        partial(Outbox, office, clock),
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=25,
            deadline=None,
            database=None,
            derandomize=always_the_same,
            suppress_health_check=list(HealthCheck),
        ),
    )
