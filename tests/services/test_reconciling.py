"""What a provider has and we have not is taken in, once; other differences are told."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from smsgw.domain.ledger import Capability, NotSetUp, NoWord, Sighting
from smsgw.domain.messages import Delivery, Part, SmsReceived
from smsgw.gateway import Gateway
from smsgw.services import intake, joining
from smsgw.services.reconciling import Reconciler
from smsgw.store import outbox
from smsgw.store.outbox import Draft
from smsgw.store.tables import Inbound, Outgoing, PartRow
from tests.conftest import Clock

CITIZEN = "+84900000001"


@dataclass
class Lister:
    """A provider with books of its own; `trouble` is raised instead of showing them."""

    received: list[SmsReceived] = field(default_factory=list)
    sent: list[Sighting] = field(default_factory=list)
    can: frozenset[Capability] = frozenset({Capability.LISTS_RECEIVED, Capability.LISTS_SENT})
    trouble: Exception | None = None
    asked: list[datetime] = field(default_factory=list)

    def received_since(self, since: datetime) -> Iterable[SmsReceived]:
        self.asked.append(since)
        if self.trouble:
            raise self.trouble
        return [sms for sms in self.received if sms.sent_at and sms.sent_at >= since]

    def sent_since(self, since: datetime) -> Iterable[Sighting]:
        return [one for one in self.sent if one.at and one.at >= since]


@dataclass
class Books:
    gateway: Gateway
    theirs: Lister
    reconciler: Reconciler
    clock: Clock

    def came(self, ref: str) -> SmsReceived:
        """A text that the provider took in just now."""
        sms = SmsReceived("lister", "us", ref, CITIZEN, "8079", f"PA {ref}", self.clock.at)
        self.theirs.received.append(sms)
        return sms

    def webhook(self, sms: SmsReceived) -> None:
        intake.take_in(self.gateway.database, replace(sms, sent_at=None), self.clock.at)

    def inbox(self) -> list[str]:
        with self.gateway.database.read() as session:
            return list(session.scalars(select(Inbound.provider_ref).order_by(Inbound.id)))

    def sent(self, ref: str) -> int:
        """A text that, by our books, the provider took just now."""
        with self.gateway.database.write() as session:
            made = outbox.put(session, Draft(ref, "Help", 2, CITIZEN, "x", 1), self.clock.at)
            row = session.get_one(Outgoing, made)
            row.state, row.provider_used, row.provider_ref, row.accepted_at = "accepted", "lister", ref, self.clock.at
            return row.id

    def came_in_parts(self) -> list[SmsReceived]:
        """A long text that the provider took in just now and joins not."""
        return [replace(self.came(f"part-{n}"), text=f"PA {n} ", part=Part(77, 3, n)) for n in (1, 2, 3)]

    def texts(self) -> list[str]:
        """The words of all that is worked on or waits to be, once everybody has done what is to do."""
        with self.gateway.database.read() as session:
            marks = joining.ready(session, self.clock.at)
        joining.join(self.gateway.database, marks, self.clock.at)
        with self.gateway.database.read() as session:
            return list(session.scalars(select(Inbound.body).order_by(Inbound.id)))


@pytest.fixture(params=["gateway", pytest.param("on_postgres", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Gateway:
    house: Gateway = request.getfixturevalue(request.param)
    return house


@pytest.fixture
def books_of_both(house: Gateway, clock: Clock) -> Books:
    return opened(house, clock)


@pytest.fixture
def books(gateway: Gateway, clock: Clock) -> Books:
    return opened(gateway, clock)


def opened(gateway: Gateway, clock: Clock) -> Books:
    theirs = Lister()
    reconciler = replace(gateway.reconciler(), providers={"lister": theirs}, heard=["lister"], sending=["lister"])
    return Books(gateway, theirs, reconciler, clock)


def test_an_outage_of_ours_costs_no_text_and_late_webhooks_double_none(books: Books, clock: Clock) -> None:
    books.came("older-than-the-house")
    clock.moves(hours=2)
    books.reconciler.look_for_missed()
    known = books.came("known")
    books.webhook(known)
    clock.moves(minutes=3)
    missed = [books.came(f"missed-{number}") for number in range(3)]
    clock.moves(minutes=7)
    assert books.reconciler.look_for_missed() == 3
    for sms in missed:
        books.webhook(sms)
    assert books.inbox() == ["known", "missed-0", "missed-1", "missed-2"]


def test_a_list_is_asked_for_every_five_minutes_and_reaches_back_behind_the_last(books: Books, clock: Clock) -> None:
    books.reconciler.look_for_missed()
    began = clock.at
    for _ in range(24):
        clock.moves(seconds=25)
        books.reconciler.look_for_missed()
    assert books.theirs.asked == [began - timedelta(hours=1), began - timedelta(minutes=55)]


def test_a_provider_that_could_not_be_asked_is_asked_again_for_the_whole_time(books: Books, clock: Clock) -> None:
    books.reconciler.look_for_missed()
    began = clock.at
    books.theirs.trouble = NoWord("nobody there")
    for _ in range(24):
        clock.moves(minutes=30)
        books.came(f"at-{clock.at:%H%M}")
        assert books.reconciler.look_for_missed() == 0
    books.theirs.trouble = None
    clock.moves(minutes=5)
    assert books.reconciler.look_for_missed() == 24
    assert books.theirs.asked[-1] == began - timedelta(hours=1)


def test_two_clocks_ask_once(books: Books, clock: Clock) -> None:
    other = replace(books.reconciler)
    books.reconciler.look_for_missed()
    clock.moves(minutes=5)
    books.reconciler.look_for_missed()
    other.look_for_missed()
    assert len(books.theirs.asked) == 1


def test_what_is_not_set_up_is_passed_over_in_silence_by_the_clock_and_said_to_an_operator(
    books: Books, clock: Clock
) -> None:
    books.theirs.trouble = NotSetUp("KANNEL_ACCESS_LOG is not set")
    books.reconciler.look_for_missed()
    clock.moves(minutes=5)
    assert books.reconciler.look_for_missed() == 0
    (found,) = books.reconciler.compare(clock.at - timedelta(hours=1))
    assert found.silence == "KANNEL_ACCESS_LOG is not set"


def test_what_only_one_side_knows_is_told(books: Books, clock: Clock) -> None:
    since = clock.at
    for ref in ("both", "only-ours"):
        ours = books.sent(ref)
    books.theirs.sent = [Sighting(ref, CITIZEN, clock.at, Delivery.SENT) for ref in ("both", "only-theirs")]
    books.came("missed")
    clock.moves(minutes=11)
    books.sent("still-under-way")
    (found,) = books.reconciler.compare(since)
    assert found.imported == 1
    assert [one.provider_ref for one in found.unknown_to_us] == ["only-theirs"]
    assert [(one.outbox_id, one.provider_ref) for one in found.unknown_to_them] == [(ours, "only-ours")]


def test_books_that_agree_show_no_difference(books: Books, clock: Clock) -> None:
    since = clock.at
    books.sent("both")
    books.theirs.sent = [Sighting("both", CITIZEN, clock.at, Delivery.SENT)]
    clock.moves(minutes=11)
    (found,) = books.reconciler.compare(since)
    assert (found.imported, list(found.unknown_to_us), list(found.unknown_to_them)) == (0, [], [])


def test_long_lists_are_looked_up_piece_by_piece(books: Books, clock: Clock) -> None:
    books.reconciler.look_for_missed()
    for number in range(1201):
        books.came(f"m{number}")
    clock.moves(minutes=5)
    assert books.reconciler.look_for_missed() == 1201
    clock.moves(minutes=5)
    assert books.reconciler.look_for_missed() == 0


def test_parts_that_were_missed_are_taken_in_as_parts_and_late_webhooks_double_none(
    books_of_both: Books, clock: Clock
) -> None:
    books = books_of_both
    books.reconciler.look_for_missed()
    parts = books.theirs.received = books.came_in_parts()
    clock.moves(minutes=5)
    assert books.reconciler.look_for_missed() == 3
    assert books.texts() == ["PA 1 PA 2 PA 3 "]
    for sms in parts:
        books.webhook(sms)
    clock.moves(minutes=5)
    assert books.texts() == ["PA 1 PA 2 PA 3 "]
    assert books.reconciler.look_for_missed() == 0


def test_parts_of_which_only_some_had_reached_us_are_one_text(books_of_both: Books, clock: Clock) -> None:
    books = books_of_both
    books.reconciler.look_for_missed()
    parts = books.theirs.received = books.came_in_parts()
    clock.moves(minutes=5)
    books.webhook(parts[1])
    assert books.reconciler.look_for_missed() == 2
    assert books.texts() == ["PA 1 PA 2 PA 3 "]


def test_parts_that_a_list_took_for_whole_texts_do_not_come_again_as_another(
    books_of_both: Books, clock: Clock
) -> None:
    books = books_of_both
    books.reconciler.look_for_missed()
    parts = books.came_in_parts()
    clock.moves(minutes=5)
    assert books.reconciler.look_for_missed() == 3
    before = books.texts()
    for sms in parts:
        books.webhook(sms)
    assert books.texts() == before
    clock.moves(minutes=5)
    assert books.texts() == before
    with books.gateway.database.read() as session:
        assert session.scalar(select(func.count()).where(PartRow.inbound_id.is_(None))) == 0


def test_a_provider_that_cannot_list_is_not_asked(books: Books, clock: Clock) -> None:
    books.theirs.can = frozenset({Capability.CALLBACK})
    books.reconciler.look_for_missed()
    clock.moves(minutes=5)
    books.reconciler.look_for_missed()
    assert books.theirs.asked == []
    assert list(books.reconciler.compare(clock.at)) == []
