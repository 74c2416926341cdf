"""The limits on real tables: counted once, right with two senders at once, and seen by whoever asks why a text waits."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from smsgw.domain.limits import Limits
from smsgw.domain.messages import Outcome, OutgoingSms, TryLater
from smsgw.domain.notices import Lane
from smsgw.gateway import Gateway
from smsgw.providers.simulator import Simulator
from smsgw.services import limiting
from smsgw.services.citizens import citizen_of
from smsgw.services.delivery import Postman
from smsgw.store import allowances, outbox
from smsgw.store.outbox import Draft, Due
from smsgw.store.tables import Allowance, Outgoing
from tests.conftest import Clock

PHONE = "+84900000001"
OTHER = "+84900000002"
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@dataclass
class Post:
    """An outbox and who empties it."""

    house: Gateway
    pool: ThreadPoolExecutor
    limits: Limits = field(default_factory=lambda: Limits(quiet=None))

    def put(
        self, key: str, lane: Lane = Lane.REMINDER, kind: str = "Survey", phone: str = PHONE, **more: object
    ) -> None:
        draft = Draft(key, kind, lane, phone, f"tin {key}", 1, **more)  # type: ignore[arg-type]
        with self.house.database.write() as session:
            assert outbox.put(session, draft, self.house.now())

    def postman(self) -> Postman:
        return replace(self.house.postman(self.pool), limits=self.limits)

    def works(self) -> None:
        while self.postman().batch():
            pass

    def works_patiently(self) -> None:
        """As under a clock, which rings again after a batch that met a lock for too long."""
        for _ in range(20):
            try:
                return self.works()
            except OperationalError:
                continue
        raise AssertionError("the outbox was never emptied")

    def row(self, key: str) -> Outgoing:
        with self.house.database.read() as session:
            return session.scalars(select(Outgoing).where(Outgoing.key == key)).one()

    def states(self, *keys: str) -> list[str]:
        return [self.row(key).state for key in keys]

    def spent(self) -> int:
        with self.house.database.read() as session:
            return allowances.spent(session, self.house.now().astimezone(limiting.VIETNAM).date())


@pytest.fixture(params=BOTH)
def house(request: pytest.FixtureRequest) -> Gateway:
    house: Gateway = request.getfixturevalue("gateway" if request.param == "sqlite" else "on_postgres")
    return house


@pytest.fixture
def post(house: Gateway, pool: ThreadPoolExecutor) -> Post:
    return Post(house, pool)


def test_the_fourth_text_of_an_hour_waits_and_says_why(post: Post, clock: Clock) -> None:
    for key in "abcd":
        post.put(key)
    post.works()
    assert post.states(*"abcd") == ["accepted"] * 3 + ["queued"]
    row = post.row("d")
    assert (row.error, row.next_attempt_at) == ("too many texts to this phone", clock.at + timedelta(hours=1))
    clock.moves(minutes=59)
    post.works()
    assert post.states("d") == ["queued"]
    clock.moves(minutes=1)
    post.works()
    assert post.states("d") == ["accepted"]


def test_what_waits_is_not_counted_as_stuck_and_keeps_nobody_behind_it_waiting(post: Post) -> None:
    for n in range(200):
        post.put(f"n{n}")
    post.put("other", phone=OTHER)
    assert post.postman().batch() > 0
    post.works()
    assert post.states("other") == ["accepted"]
    with post.house.database.read() as session:
        assert outbox.waiting(session, post.house.now()) == 0


def test_an_officials_phone_has_a_limit_of_its_own(post: Post) -> None:
    for n in range(13):
        post.put(f"n{n}", kind="DeadlineAlert", official_id=1)
    post.put("alarm", Lane.URGENT, "EmergencyDuty")
    post.works()
    assert post.states(*(f"n{n}" for n in range(13))) == ["accepted"] * 12 + ["queued"]
    assert post.states("alarm") == ["accepted"]


def test_a_text_that_is_tried_again_is_counted_once(post: Post, clock: Clock, first: "Busy") -> None:
    for key in "abc":
        post.put(key)
    postman = replace(post.postman(), providers={"simulator": first})
    postman.batch()
    assert post.spent() == 3
    clock.moves(seconds=31)
    post.works()
    assert post.states(*"abc") == ["accepted"] * 3
    assert post.spent() == 3


def test_a_text_that_is_tried_again_after_hours_is_counted_once(post: Post, clock: Clock, first: "Busy") -> None:
    for key in ("reply", "another"):  # what is written for the second forgets the first
        post.put(key, Lane.RECEIPT, "ComplaintReceived")
        replace(post.postman(), providers={"simulator": first}).batch()
        clock.moves(hours=1)
    clock.moves(hours=1)
    for key in "abcdefghijkl":
        post.put(key, kind="ComplaintReceived")
    post.works()
    assert post.states("reply", "another") == ["accepted"] * 2
    assert post.states(*"abcdefghijkl").count("accepted") == 1 + 6 + 3
    assert post.spent() == 2 + 10


class Busy(Simulator):
    """A network that is busy."""

    def send(self, message: OutgoingSms) -> Outcome:
        return TryLater("busy")


@pytest.fixture
def first() -> Busy:
    return Busy()


def test_the_reserve_of_the_days_budget_is_for_answers_and_the_urgent(post: Post, clock: Clock) -> None:
    post.limits = replace(post.limits, budget=10)
    for n in range(9):
        post.put(f"n{n}", kind="DeadlineAlert", official_id=1)
    for n in range(3):
        post.put(f"answer{n}", Lane.ANSWER, "OfficeAnswer")
    post.works()  # two answers find room in the reserve beside what the alerts may use
    post.put("help", Lane.URGENT, "EmergencyAdvice")
    post.works()
    assert post.states("help", "answer0", "answer1", "answer2") == ["accepted"] * 4
    assert [post.row(f"n{n}").error for n in range(9)].count("the open part of the day's budget is used up") == 4
    for n in range(3, 6):
        post.put(f"answer{n}", Lane.ANSWER, "OfficeAnswer")
    post.works()
    assert post.row("answer5").error == "the day's budget is used up"
    clock.moves(hours=15)
    post.works()
    assert post.states("answer5", "n8") == ["accepted"] * 2


@pytest.mark.parametrize("end", ["hold", "postpone", "cancel"])
def test_a_text_that_does_not_go_is_under_no_lease(post: Post, end: str, clock: Clock) -> None:
    post.put("a")
    made, later = post.row("a").id, clock.at + timedelta(minutes=2)
    with post.house.database.write() as session:
        outbox.claim(session, [made], "simulator", later)
    assert post.row("a").lease_until == later
    with post.house.database.write() as session:
        getattr(outbox, end)(session, [made], "why", clock.at + timedelta(hours=1))
    assert post.row("a").lease_until is None


def test_most_of_a_budget_used_up_is_said_once(post: Post, capsys: pytest.CaptureFixture[str]) -> None:
    post.limits = replace(post.limits, budget=10)
    for n in range(9):
        post.put(f"answer{n}", Lane.ANSWER, "OfficeAnswer")
        post.works()
    assert capsys.readouterr().out.count("most of the day's budget is used up") == 1


def test_an_answer_held_over_night_has_as_long_as_any_other_from_the_morning_on(
    post: Post, clock: Clock, first: Busy
) -> None:
    post.limits = Limits()
    clock.moves(hours=13)  # 22:00
    post.put("note", Lane.RECEIPT, "PassedOn")
    post.works()
    assert (post.row("note").error, post.row("note").state) == ("quiet hours", "queued")
    clock.moves(hours=9)
    replace(post.postman(), providers={"simulator": first}).batch()
    assert (post.row("note").error, post.row("note").state) == ("busy", "queued")


def test_stop_is_asked_for_when_a_text_is_taken_up_and_spares_the_answer(post: Post) -> None:
    post.put("survey", optional=True)
    post.put("answer", Lane.ANSWER, "OfficeAnswer", optional=True)
    post.put("receipt", Lane.RECEIPT, "ComplaintReceived", optional=True)
    with post.house.database.write() as session:
        citizen_of(session, PHONE, post.house.now()).opted_out_at = post.house.now()
    post.works()
    assert post.states("survey", "answer", "receipt") == ["cancelled", "accepted", "accepted"]
    assert post.row("survey").error == "the person wants no optional texts"


@pytest.mark.parametrize("phone", ["1022", "MobiFone", "+842363821111", "+19005550123", "+33612345678", "+841900545"])
def test_only_mobile_lines_in_the_allowed_ranges_are_answered(post: Post, phone: str) -> None:
    post.put("receipt", Lane.RECEIPT, "ComplaintReceived", phone=phone)
    post.works()
    assert post.row("receipt").state == "cancelled"
    assert post.row("receipt").error == "its number is outside the ranges that are answered"


def test_a_range_that_is_named_is_answered_but_not_its_premium_numbers(post: Post) -> None:
    post.limits = replace(post.limits, ranges=("+84", "+33"))
    post.put("mobile", Lane.RECEIPT, "ComplaintReceived", phone="+33612345678")
    post.put("premium", Lane.RECEIPT, "ComplaintReceived", phone="+33892123456")
    post.works()
    assert post.states("mobile", "premium") == ["accepted", "cancelled"]


@contextmanager
def claiming(post: Post, keys: str) -> Iterator[list[bool]]:
    """A claim of these texts that has not ended yet: which of them pass."""
    with post.house.database.write() as session:
        mine = select(*(getattr(Outgoing, name) for name in Due._fields)).where(Outgoing.key.in_(list(keys)))
        rows = [Due(*row) for row in session.execute(mine.order_by(Outgoing.id))]
        gate = limiting.open_gate(session, rows, post.limits, post.house.now())
        yield [gate.stops(row) is None for row in rows]
        gate.close()


def test_two_senders_at_once_never_grant_the_same_allowance(post: Post) -> None:
    """The second asks while the first has not committed yet."""
    for key in "abcdef":
        post.put(key)
    second: list[bool] = []
    asked, ready = threading.Event(), threading.Event()

    def other() -> None:
        asked.set()
        with claiming(post, "def") as passed:
            second.extend(passed)
            ready.set()

    with claiming(post, "abc") as first:
        thread = threading.Thread(target=other)
        thread.start()
        asked.wait(5)
        assert not ready.wait(0.3)
    thread.join(10)
    assert (first, second) == ([True] * 3, [False] * 3)
    assert post.spent() == 3


def test_two_senders_that_empty_a_full_outbox_keep_to_limits_and_budget(post: Post) -> None:
    post.limits = replace(post.limits, budget=100)
    for n in range(150):
        post.put(f"n{n}", phone=f"+8490000{n % 30:04d}")
    for n in range(150):
        post.put(f"answer{n}", Lane.ANSWER, "OfficeAnswer", phone=f"+8490000{n % 30:04d}")
    senders = [threading.Thread(target=post.works_patiently) for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(60)
    with post.house.database.read() as session:
        went = select(Outgoing.recipient, func.count()).where(Outgoing.state == "accepted")
        unasked = went.where(Outgoing.kind == "Survey").group_by(Outgoing.recipient)
        assert all(count <= 3 for _, count in session.execute(unasked))
        assert session.scalar(select(func.count()).where(Outgoing.state == "accepted")) == 100
        assert session.scalar(select(func.count()).where(Outgoing.state == "dispatching")) == 0
    assert post.spent() == 100


def test_what_no_limit_asks_for_any_more_is_forgotten(post: Post, clock: Clock) -> None:
    post.put("a")
    post.works()
    with post.house.database.write() as session:
        allowances.forget(session, clock.at)
        assert session.scalar(select(func.count()).select_from(Allowance)) == 2
        allowances.forget(session, clock.at + timedelta(seconds=1))
        assert session.scalar(select(func.count()).select_from(Allowance)) == 0


def test_nothing_of_what_a_person_wrote_is_kept_in_it(line, gateway: Gateway) -> None:  # type: ignore[no-untyped-def]
    line.text("mat nuoc o xa Tu An")
    with gateway.database.read() as session:
        kept = session.scalars(select(Allowance).where(Allowance.holder.startswith("+"))).all()
    assert len(kept) == 1
    assert "nuoc" not in str(kept[0].lately)
