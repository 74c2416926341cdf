"""When one of two providers dies, texts move over within a minute, and back little by little; rates are kept."""

import math
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from smsgw.domain.limits import Rate
from smsgw.domain.messages import AccountWrong, InDoubt, Outcome, OutgoingSms, TryLater
from smsgw.domain.notices import Lane
from smsgw.domain.quiet import QuietHours
from smsgw.gateway import Gateway
from smsgw.services import health
from smsgw.services.allotting import Allotter
from smsgw.services.delivery import BATCH, GROUP, PACES_S
from smsgw.store import outbox
from smsgw.store.outbox import Draft
from smsgw.store.tables import Bucket, Outgoing, ProviderHealth
from tests.conftest import Clock
from tests.services.offices import NO_LIMITS, SortingOffice, takes

A_SECOND = timedelta(seconds=1)
ANSWER_WAITED_FOR = timedelta(seconds=10)


@pytest.fixture
def office(gateway: Gateway, pool: ThreadPoolExecutor) -> SortingOffice:
    return SortingOffice.open(gateway, pool)


def refuses(_: OutgoingSms) -> Outcome:
    return TryLater("not reached")


def is_silent(_: OutgoingSms) -> Outcome:
    return InDoubt("no answer came")


@dataclass
class Stream:
    """Texts that come evenly while simulated time passes; a silent provider costs the sender the time it waits."""

    office: SortingOffice
    clock: Clock
    own: str
    a_second: int = 20
    put: int = 0
    used: list[tuple[datetime, str]] = field(default_factory=list)

    def flows(self, seconds: float) -> None:
        end = self.clock.at + timedelta(seconds=seconds)
        while self.clock.at < end:
            began = self.clock.at
            self._send()
            self.clock.moves(seconds=1)
            self._come(began)
            self.office.postman.look_after()

    def _send(self) -> None:
        office = self.office
        before = {"first": len(office.first.sent), "second": len(office.second.sent)}
        office.postman.batch()
        now = {"first": len(office.first.sent), "second": len(office.second.sent)}
        self.used += [(self.clock.at, name) for name in now for _ in range(now[name] - before[name])]
        if office.first.answer is is_silent:
            self.clock.at += ANSWER_WAITED_FOR * math.ceil((now["first"] - before["first"]) / GROUP)

    def _come(self, began: datetime) -> None:
        with self.office.gateway.database.write() as session:
            for number in range(int((self.clock.at - began).total_seconds() * self.a_second)):
                self.put += 1
                key, at = f"t{self.put}", began + A_SECOND * number / self.a_second
                draft = Draft(key, "Help", Lane.RECEIPT, f"+8490{self.put:07}", key, 1, provider=self.own)
                outbox.put(session, draft, at)

    def late(self, come_before: datetime) -> float:
        """The part of the texts that came before then and waited for more than a minute."""
        rows = [row for row in self.office.rows() if row.created_at < come_before]
        waited = [(row.accepted_at or self.clock.at) - row.created_at for row in rows]
        return sum(wait > timedelta(seconds=60) for wait in waited) / len(rows)

    def by_first(self, since: datetime, seconds: float) -> float:
        """Which part of what was sent in these seconds went by the first provider."""
        names = [name for at, name in self.used if since <= at < since + timedelta(seconds=seconds)]
        return names.count("first") / len(names)


@pytest.mark.slow
@pytest.mark.parametrize(("dead", "own"), [(refuses, ""), (is_silent, "first")])
def test_a_provider_that_is_dead_for_five_minutes_delays_hardly_anyone(
    office: SortingOffice, clock: Clock, dead: Callable[[OutgoingSms], Outcome], own: str
) -> None:
    stream = Stream(office, clock, own)
    stream.flows(30)
    office.first.answer, died, before = dead, clock.at, len(office.first.sent)
    stream.flows(300)
    healed, tried = clock.at, len(office.first.sent) - before
    office.first.answer, stream.a_second = takes, 4
    stream.flows(200)
    assert stream.late(died - timedelta(seconds=2)) == 0
    assert stream.late(healed) <= 0.02
    assert tried <= 100
    assert stream.by_first(healed + timedelta(seconds=170), 30) == 1.0
    assert {row.state for row in office.rows() if row.created_at < clock.at - timedelta(seconds=190)} == {"accepted"}


@pytest.mark.slow
def test_texts_that_are_nobodys_come_back_little_by_little(office: SortingOffice, clock: Clock) -> None:
    stream = Stream(office, clock, own="", a_second=10)
    office.first.answer = refuses
    stream.flows(60)
    office.first.answer, healed = takes, clock.at
    stream.flows(240)
    shares = [stream.by_first(healed + timedelta(seconds=at), 30) for at in range(0, 240, 30)]
    assert shares[0] < 0.2
    assert shares[-1] == 1.0
    assert all(later - earlier < 0.4 for earlier, later in pairwise(shares))


@pytest.mark.slow
def test_a_provider_that_comes_and_goes_delays_hardly_anyone(office: SortingOffice, clock: Clock) -> None:
    stream = Stream(office, clock, own="", a_second=10)
    for _ in range(8):
        office.first.answer = refuses
        stream.flows(25)
        office.first.answer = takes
        stream.flows(20)
    assert stream.late(clock.at - timedelta(seconds=60)) <= 0.02


@pytest.mark.parametrize("dead", [refuses, is_silent])
def test_texts_claimed_for_a_provider_that_begins_to_fail_are_not_handed_to_it_after_all(
    office: SortingOffice, clock: Clock, dead: Callable[[OutgoingSms], Outcome]
) -> None:
    office.first.answer = dead
    for number in range(BATCH):
        office.put(f"t{number}")
    office.postman.batch()
    assert len(office.first.sent) <= GROUP + 4
    free = [row for row in office.rows() if row.state == "queued" and row.next_attempt_at <= clock.at]
    assert {row.lease_until for row in free} == {None}
    office.postman.batch()
    assert len(office.second.sent) == len(free) >= BATCH - GROUP - 4
    assert not [row for row in office.rows() if row.possible_duplicate]


def test_a_dead_provider_is_tried_once_in_thirty_seconds_with_one_text(office: SortingOffice, clock: Clock) -> None:
    office.first.answer = lambda _: AccountWrong("no balance")
    office.put("a")
    office.postman.batch()
    for second in range(1, 92):
        clock.moves(seconds=1)
        office.put(f"s{second}")
        office.put(f"t{second}")
        office.postman.batch()
    assert len(office.first.sent) == 1 + 3


def test_an_urgent_text_is_no_trial_while_another_provider_is_well(office: SortingOffice, clock: Clock) -> None:
    office.first.answer = lambda _: AccountWrong("no balance")
    office.put("a")
    office.postman.batch()
    clock.moves(seconds=31)
    office.put("help", Lane.URGENT)
    office.postman.batch()
    assert [message.text for message in office.second.sent] == ["tin help", "tin a"]


def test_two_senders_do_not_both_try_the_same_provider(office: SortingOffice, clock: Clock, gateway: Gateway) -> None:
    office.first.answer = lambda _: AccountWrong("no balance")
    office.put("a")
    office.postman.batch()
    clock.moves(seconds=31)
    office.put("b")
    office.put("c")
    first = office.postman._claim().first
    assert sorted(parcel.provider for parcel in first) == ["first", "second", "second"]
    office.put("d")
    assert [parcel.provider for parcel in office.postman._claim().first] == ["second"]


@pytest.mark.parametrize(("wish", "looks"), [(45, 45), (600, 60)])
def test_while_all_providers_rest_a_text_waits_until_one_may_be_tried_a_minute_at_most(
    office: SortingOffice, clock: Clock, wish: int, looks: int
) -> None:
    office.first.answer = lambda _: TryLater("busy", wish)
    office.second.answer = lambda _: TryLater("busy", 900)
    office.put("a", provider="first")
    office.put("b", provider="second")
    office.postman.batch()
    office.put("late", Lane.URGENT)
    office.postman.batch()
    assert office.row("late").next_attempt_at == clock.at + timedelta(seconds=looks)


def test_while_a_provider_is_being_tried_a_text_waits_for_moments(office: SortingOffice, clock: Clock) -> None:
    office.postman = replace(office.postman, order=("first",))
    office.first.answer = lambda _: AccountWrong("no balance")
    office.put("a")
    office.postman.batch()
    clock.moves(seconds=31)
    office.put("late")
    assert len(office.postman._claim().first) == 1
    waits = [row for row in office.rows() if row.state == "queued"]
    assert [row.next_attempt_at for row in waits] == [clock.at + timedelta(seconds=10)]


def test_a_batch_of_which_nothing_is_handed_over_takes_a_pause(office: SortingOffice, clock: Clock) -> None:
    office.postman = replace(office.postman, order=())
    for number in range(3):
        office.put(f"t{number}")
    began = time.monotonic()
    assert office.postman.batch() == 3
    assert time.monotonic() - began >= PACES_S
    assert office.postman.batch() == 0
    assert {row.next_attempt_at for row in office.rows()} == {clock.at + timedelta(seconds=10)}


def test_a_batch_that_only_limits_keep_takes_none(office: SortingOffice) -> None:
    """A flood's replies come to the sender one by one, and behind each somebody else's receipt may wait."""
    office.postman = replace(office.postman, limits=replace(NO_LIMITS, citizens=Rate(1, 1)))
    took = []
    for number in range(6):
        office.put(f"t{number}", Lane.REMINDER)
        began = time.monotonic()
        assert office.postman.batch() == 1
        took.append(time.monotonic() - began)
    assert len(office.first.sent) == 1
    assert min(took[1:]) < PACES_S


@pytest.mark.parametrize("house", ["gateway", pytest.param("on_postgres", marks=pytest.mark.postgres)])
def test_a_text_that_is_held_after_all_leaves_the_trial_to_the_next(
    house: str, request: pytest.FixtureRequest, pool: ThreadPoolExecutor, clock: Clock
) -> None:
    office = SortingOffice.open(request.getfixturevalue(house), pool)
    office.first.answer = lambda _: AccountWrong("no balance")
    office.put("a", phone="+84900000002")
    office.postman.batch()
    office.first.answer = takes
    clock.moves(seconds=31)
    quiet = QuietHours(clock.at.time(), (clock.at + timedelta(hours=1)).time(), UTC)
    night = replace(office.postman, order=("first",), limits=replace(NO_LIMITS, quiet=quiet))
    office.put("held")
    night.batch()
    assert office.row("held").error == "quiet hours"
    assert len(office.first.sent) == 1
    office.put("held too")
    office.put("goes", any_hour=True)
    night.batch()
    assert [message.text for message in office.first.sent] == ["tin a", "tin goes"]
    with office.gateway.database.read() as session:
        assert not health.standings(session, ["first"])["first"].rests


def test_a_sole_provider_that_heals_is_used_within_a_minute(office: SortingOffice, clock: Clock) -> None:
    office.postman = replace(office.postman, order=("first",))
    office.first.answer = refuses
    for number in range(5):
        office.put(f"t{number}")
    office.postman.batch()
    office.put("late")
    for _ in range(60):
        clock.moves(seconds=5)
        office.postman.batch()
    office.first.answer, healed = takes, clock.at
    while any(row.state != "accepted" for row in office.rows() if row.key == "late"):
        clock.moves(seconds=5)
        office.postman.batch()
        assert clock.at - healed <= timedelta(seconds=60)


@pytest.mark.parametrize("lane", [Lane.URGENT, Lane.ANSWER])
def test_a_providers_wish_is_its_own_and_no_other_text_or_provider_waits_for_it(
    office: SortingOffice, clock: Clock, lane: Lane
) -> None:
    office.first.answer = lambda _: TryLater("busy", 86_400)
    office.put("help", lane)
    office.postman.batch()
    clock.moves(seconds=30)
    office.put("a")
    office.postman.batch()
    assert {message.text for message in office.second.sent} == {"tin help", "tin a"}
    assert len(office.first.sent) == 1


def test_a_sole_providers_wish_costs_a_text_no_tries(office: SortingOffice, clock: Clock) -> None:
    office.postman = replace(office.postman, order=("first",))
    office.first.answer = lambda _: TryLater("busy", 86_400)
    office.put("help", Lane.URGENT)
    for _ in range(5 * 12):
        office.postman.batch()
        clock.moves(minutes=5)
    assert office.row("help").state == "queued"
    assert 4 <= len(office.first.sent) <= 6, "once an hour"
    office.first.answer = takes
    for _ in range(13):
        office.postman.batch()
        clock.moves(minutes=5)
    assert office.row("help").state == "accepted"


def limited(office: SortingOffice, **rates: float) -> None:
    office.postman = replace(office.postman, rates=rates)


def test_a_provider_is_handed_no_more_than_its_rate_and_the_rest_waits_untried(
    office: SortingOffice, clock: Clock
) -> None:
    limited(office, first=5)
    for number in range(20):
        office.put(f"t{number}")
    sent = []
    for _ in range(4):
        assert office.postman.batch()
        assert len(office.first.sent) == 20 or office.postman.batch(), "the job goes on while texts are held back"
        sent.append(len(office.first.sent))
        clock.moves(seconds=1)
    assert sent == [5, 10, 15, 20]
    assert office.postman.batch() == 0
    assert {row.attempts for row in office.rows()} == {1}


def test_segments_count_not_texts(office: SortingOffice, clock: Clock) -> None:
    limited(office, first=5)
    with office.gateway.database.write() as session:
        for number in range(4):
            outbox.put(session, Draft(f"t{number}", "Help", 2, "+84900000001", "long", 4), clock())
    sent = []
    for _ in range(4):
        office.postman.batch()
        sent.append(len(office.first.sent))
        clock.moves(seconds=1)
    assert sent == [2, 3, 4, 4]


def test_what_is_urgent_goes_first_whatever_waits(office: SortingOffice, clock: Clock) -> None:
    limited(office, first=5)
    for number in range(100):
        office.put(f"t{number}", Lane.REMINDER)
    office.postman.batch()
    clock.moves(seconds=1)
    office.put("help", Lane.URGENT)
    office.postman.batch()
    assert "tin help" in [message.text for message in office.first.sent[5:]]


def test_a_crowd_before_a_slow_provider_does_not_stand_in_the_way_of_another(
    office: SortingOffice, clock: Clock
) -> None:
    limited(office, first=1)
    for number in range(200):
        office.put(f"t{number}", provider="first")
    office.put("other", Lane.REMINDER, provider="second")
    office.postman.batch()
    office.postman.batch()
    assert [message.text for message in office.second.sent] == ["tin other"]
    assert len(office.first.sent) == 1


@pytest.mark.parametrize("house", ["gateway", pytest.param("on_postgres", marks=pytest.mark.postgres)])
def test_what_one_providers_rate_holds_back_leaves_the_same_claim_to_texts_for_another(
    house: str, request: pytest.FixtureRequest, pool: ThreadPoolExecutor, clock: Clock
) -> None:
    office = SortingOffice.open(request.getfixturevalue(house), pool)
    limited(office, first=5)
    for number in range(2 * BATCH):
        office.put(f"t{number}", Lane.RECEIPT, provider="first")
    for number in range(3):
        office.put(f"other{number}", Lane.REMINDER, provider="second")
    assert office.postman.batch() > BATCH
    assert len(office.first.sent) == 5
    assert {message.text for message in office.second.sent} == {"tin other0", "tin other1", "tin other2"}


def test_a_claim_that_asks_once_more_takes_up_no_more_than_a_batch(office: SortingOffice, clock: Clock) -> None:
    limited(office, first=5)
    for number in range(BATCH):
        office.put(f"t{number}", Lane.RECEIPT, provider="first")
    for number in range(BATCH):
        office.put(f"other{number}", Lane.REMINDER, provider="second")
    claimed = office.postman._claim()
    assert len(claimed.first) + len(claimed.rest) == BATCH


def test_a_claim_that_asks_once_more_keeps_to_the_limits_of_both_halves(office: SortingOffice, clock: Clock) -> None:
    limited(office, first=1)
    office.postman = replace(office.postman, limits=replace(NO_LIMITS, citizens=Rate(2, 9)))
    for number in range(BATCH):
        office.put(f"t{number}", Lane.RECEIPT, provider="first")
    for number in range(3):
        office.put(f"other{number}", Lane.REMINDER, provider="second")
    office.postman.batch()
    assert (len(office.first.sent), len(office.second.sent)) == (1, 1)


def test_a_wish_for_a_provider_that_is_no_longer_named_waits_as_one_for_none(
    office: SortingOffice, clock: Clock
) -> None:
    limited(office, first=1)
    for number in range(2 * BATCH):
        office.put(f"t{number}", provider="gone")
    office.put("other", Lane.REMINDER, provider="second")
    office.postman.batch()
    assert [message.text for message in office.second.sent] == ["tin other"]
    assert len(office.first.sent) == 1


def test_a_rate_is_one_for_all_senders_and_outlives_the_process(office: SortingOffice, clock: Clock) -> None:
    limited(office, first=2, second=0)
    other = replace(office.postman)
    for number in range(9):
        office.put(f"t{number}")
    office.postman.batch()
    other.batch()
    assert len(office.first.sent) == 2
    with office.gateway.database.read() as session:
        assert [bucket.provider for bucket in session.scalars(select(Bucket))] == ["first"]


def test_a_sender_that_loses_the_trial_to_another_goes_on_without_it(
    on_postgres: Gateway, pool: ThreadPoolExecutor, clock: Clock
) -> None:
    office = SortingOffice.open(on_postgres, pool)
    office.first.answer = lambda _: AccountWrong("no balance")
    office.put("a")
    office.postman.batch()
    clock.moves(seconds=31)
    database, order = on_postgres.database, ("first", "second")
    office.put("b")
    with database.write() as slow:
        allotter = Allotter.begin(slow, order, {}, clock())
        with database.write() as quick:
            seen = health.standings(quick, order)["first"]
            assert health.take_probe(quick, "first", seen, clock())
        row = next(row for row in outbox.due(slow, clock(), 9) if row.attempts == 0)
        assert allotter.provider_for(row) == "second"


def test_two_senders_on_postgres_keep_one_rate_and_one_trial(
    on_postgres: Gateway, pool: ThreadPoolExecutor, clock: Clock
) -> None:
    office = SortingOffice.open(on_postgres, pool)
    limited(office, first=8, second=8)
    office.first.answer = lambda _: AccountWrong("no balance")
    office.put("a")
    office.postman.batch()
    clock.moves(seconds=31)
    office.first.answer = takes
    for number in range(40):
        office.put(f"t{number}")
    with ThreadPoolExecutor(4) as senders:
        claims = list(senders.map(lambda _: office.postman._claim(), range(4)))
    given = Counter(parcel.provider for claimed in claims for parcel in claimed.first)
    assert given["first"] == 1
    assert given["second"] == 8
    with on_postgres.database.read() as session:
        row = session.get_one(ProviderHealth, "first")
        assert row.probed_at == clock.at
        assert len(session.scalars(select(Outgoing).where(Outgoing.state == "dispatching")).all()) == 9
