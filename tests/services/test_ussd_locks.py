"""Turns, the clock and whoever answers texts never wait for each other: whoever is locked, citizens are locked first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from threading import Barrier
from typing import Any

import pytest
from structlog.testing import capture_logs

from smsgw.domain.messages import UssdEvent, UssdTurn
from smsgw.domain.ussd.script import Name
from smsgw.gateway import Gateway
from smsgw.services import citizens
from smsgw.services.cut_off import Gatherer
from smsgw.services.drafts import Clerk
from smsgw.services.sitting import Usher
from tests.conftest import Clock
from tests.services.handsets import Handset

pytestmark = pytest.mark.postgres
TEXT = "nuoc duc ca tuan nay"
PATIENCE_S = 20


@dataclass
class Meeting:
    """Two threads wait for each other here, once."""

    barrier: Barrier
    is_over: bool = False

    def __call__(self) -> None:
        if not self.is_over:
            self.is_over = True
            self.barrier.wait(PATIENCE_S)


@pytest.fixture
def meeting() -> Meeting:
    return Meeting(Barrier(2))


def slow(clerk: Clerk, meets: Callable[[], None]) -> Clerk:
    """One that meets the other thread before it takes a draft in."""

    class Slow(Clerk):
        def file(self, *args: Any, **told: Any) -> Any:
            meets()
            return super().file(*args, **told)

    return Slow(**{field.name: getattr(clerk, field.name) for field in fields(clerk)})


def turn_of(handset: Handset, session_id: str, event: UssdEvent, history: str) -> UssdTurn:
    return UssdTurn("simulator", session_id, handset.phone, "*8079#", event, "", history)


def drafted(house: Gateway, clock: Clock, phone: str) -> Handset:
    handset = Handset(house, clock, phone=phone)
    handset.dials()
    handset.presses("1", "2", "1", "99", TEXT)
    return handset


def test_the_clock_holds_one_citizen_at_a_time(
    on_postgres: Gateway, clock: Clock, pool: ThreadPoolExecutor, meeting: Meeting
) -> None:
    early, late = "+84900000001", "+84900000002"
    for phone in (early, late):
        Handset(on_postgres, clock, phone=phone).dials()
    handsets = [drafted(on_postgres, clock, phone) for phone in (late, early)]
    clock.moves(minutes=14)
    gatherer = Gatherer(on_postgres.database, lambda s: slow(on_postgres.clerk(s), meeting), on_postgres.now)

    def answers_both() -> None:
        with on_postgres.database.write() as session:
            citizens.citizen_of(session, early, clock.at)
            meeting.barrier.wait(PATIENCE_S)
            citizens.citizen_of(session, late, clock.at)

    seen, answered = pool.submit(gatherer.batch), pool.submit(answers_both)
    answered.result(PATIENCE_S)
    assert seen.result(PATIENCE_S) == 2
    assert [len(handset.complaints()) for handset in handsets] == [1, 1]


def test_a_redial_and_the_clock_want_the_same_session(
    on_postgres: Gateway, clock: Clock, pool: ThreadPoolExecutor, meeting: Meeting
) -> None:
    handset = drafted(on_postgres, clock, "+84900000001")
    clock.moves(minutes=14)

    def clerk(session: Any) -> Clerk:
        found = on_postgres.clerk(session)
        meeting()
        return found

    def redials() -> None:
        with on_postgres.database.write() as session:
            citizens.citizen_of(session, handset.phone, clock.at)
            meeting.barrier.wait(PATIENCE_S)
            on_postgres.usher(session).turn(turn_of(handset, "again", UssdEvent.INPUT, ""))

    with capture_logs() as told:
        seen = pool.submit(Gatherer(on_postgres.database, clerk, on_postgres.now).batch)
        redialled = pool.submit(redials)
        redialled.result(PATIENCE_S)
        seen.result(PATIENCE_S)
    assert [line["event"] for line in told if line["log_level"] == "error"] == []
    handset.session_id = "again"
    assert (handset.screen, handset.standing().draft.text, handset.complaints()) == (Name.RESUME, TEXT, [])


def test_a_redial_and_the_late_notice_of_the_end_want_the_same_session(
    on_postgres: Gateway, clock: Clock, pool: ThreadPoolExecutor, meeting: Meeting
) -> None:
    handset = drafted(on_postgres, clock, "+84900000001")
    history = "*".join([*handset.typed, "thung ra ca san"])
    ended = handset.session_id

    def now() -> Any:
        meeting()
        return clock.at

    def ends() -> None:
        with on_postgres.database.write() as session:
            usher = on_postgres.usher(session)
            Usher(session, usher.clerk, now, usher.patience).turn(turn_of(handset, ended, UssdEvent.END, history))

    def redials() -> None:
        with on_postgres.database.write() as session:
            citizens.citizen_of(session, handset.phone, clock.at)
            meeting.barrier.wait(PATIENCE_S)
            on_postgres.usher(session).turn(turn_of(handset, "again", UssdEvent.INPUT, ""))

    both = [pool.submit(ends), pool.submit(redials)]
    for one in both:
        one.result(PATIENCE_S)
    handset.session_id = "again"
    assert handset.standing().draft.text == f"{TEXT}. thung ra ca san"
