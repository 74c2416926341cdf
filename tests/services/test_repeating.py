"""A text that a provider brings again under a new id opens nothing and is answered with nothing."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import event, func, select

from smsgw.domain.messages import SmsReceived
from smsgw.domain.understanding import Reader, Understanding
from smsgw.gateway import Gateway
from smsgw.services import intake
from smsgw.store.tables import Complaint, Inbound, Outgoing
from tests.conftest import Clock
from tests.services.conftest import CITIZEN, NUMBERS, Line

ROAD = "PA GT duong Quang Trung phuong Tay Son hu nang"
CRY = "CHAY NHA o hem 12 phuong Tay Son cuu voi"
DUTY = "+84900000100"


def brings(
    house: Gateway, text: str, *, provider: str = "kannel", sender: str = CITIZEN, sent_at: datetime | None = None
) -> int:
    """The provider brings a text under an id that it never used before; the text's own."""
    sms = SmsReceived(provider, "operator", f"new-{next(NUMBERS)}", sender, "8079", text, sent_at)
    intake.take_in(house.database, sms, house.now())
    with house.database.read() as session:
        return session.scalars(select(Inbound.id).where(Inbound.provider_ref == sms.provider_ref)).one()


def repeats(line: Line) -> list[int | None]:
    return [row.repeat_of for row in line.texts()]


@pytest.mark.parametrize("provider", ["kannel", "android", "africastalking"])
def test_the_same_text_again_under_a_new_id_is_kept_beside_the_first_and_does_nothing(
    line: Line, clock: Clock, provider: str
) -> None:
    first = brings(line.gateway, ROAD, provider=provider)
    line.works()
    clock.moves(seconds=110)
    brings(line.gateway, ROAD, provider=provider)
    line.works()
    assert len(line.outbox()) == len(line.complaints()) == 1
    assert repeats(line) == [None, first]
    assert [row.complaint_id for row in line.texts()] == [line.complaints()[0].id] * 2
    assert [row.state for row in line.texts()] == ["processed"] * 2


def test_repeats_of_one_batch_are_found_too(line: Line) -> None:
    first = brings(line.gateway, ROAD)
    for _ in range(3):
        brings(line.gateway, ROAD)
    line.works()
    assert len(line.outbox()) == len(line.complaints()) == 1
    assert repeats(line) == [None, first, first, first]
    assert {row.complaint_id for row in line.texts()} == {line.complaints()[0].id}


def test_the_same_words_after_the_window_are_a_complaint_of_their_own(line: Line, clock: Clock) -> None:
    brings(line.gateway, ROAD)
    line.works()
    clock.moves(seconds=121)
    brings(line.gateway, ROAD)
    line.works()
    assert len(line.outbox()) == len(line.complaints()) == 2


def test_what_two_phones_write_alike_are_two_complaints(line: Line) -> None:
    brings(line.gateway, ROAD)
    brings(line.gateway, ROAD, sender="+84900000002")
    line.works()
    assert len(line.complaints()) == 2


@pytest.mark.parametrize("provider", ["simulator", "twilio"])
def test_where_ids_can_be_trusted_two_ids_are_two_texts(line: Line, provider: str) -> None:
    brings(line.gateway, ROAD, provider=provider)
    brings(line.gateway, ROAD, provider=provider)
    line.works()
    assert len(line.complaints()) == 2


def test_short_answers_are_each_answered(line: Line) -> None:
    brings(line.gateway, ROAD)
    line.works()
    for _ in range(2):
        brings(line.gateway, "TT")
        line.works()
    assert len(line.outbox()) == 3


def test_texts_sent_long_apart_and_brought_together_are_two(line: Line, clock: Clock) -> None:
    brings(line.gateway, ROAD, sent_at=clock() - timedelta(hours=3))
    brings(line.gateway, ROAD, sent_at=clock() - timedelta(hours=1))
    line.works()
    assert len(line.complaints()) == 2


def test_a_repeated_cry_for_help_rings_the_duty_phone_once(line: Line) -> None:
    for _ in range(2):
        brings(line.gateway, CRY)
        line.works()
    assert len(line.outbox(DUTY)) == len(line.outbox()) == len(line.complaints()) == 1


def test_what_was_set_apart_is_no_first_so_the_repeat_gets_its_chance(line: Line) -> None:
    first = brings(line.gateway, ROAD)
    with line.gateway.database.write() as session:
        session.get_one(Inbound, first).state = "quarantined"
    brings(line.gateway, ROAD)
    line.works()
    assert len(line.complaints()) == 1
    assert repeats(line) == [None, None]


def test_a_repeat_that_waits_beside_a_text_that_cannot_be_read_is_still_found(line: Line) -> None:
    class Choosy(Reader):
        def read(self, text: str) -> Understanding:
            if "poison" in text:
                raise ValueError("cannot be read")
            return line.gateway.reader.read(text)

    first = brings(line.gateway, ROAD)
    brings(line.gateway, "poison", sender="+84900000002")
    brings(line.gateway, ROAD)
    listener = replace(line.gateway.listener(), reader=Choosy.__new__(Choosy))
    for _ in range(5):
        listener.batch()
    assert repeats(line) == [None, None, first]
    assert [complaint.text for complaint in line.complaints()] == [ROAD, "poison"]


def test_providers_with_ids_to_trust_cost_no_question_to_the_database(line: Line) -> None:
    asked: list[str] = []
    event.listen(line.gateway.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    brings(line.gateway, ROAD, provider="twilio")
    line.works()
    assert not [statement for statement in asked if "repeat_of IS NULL" in statement]
    brings(line.gateway, ROAD)
    brings(line.gateway, ROAD, sender="+84900000002")
    line.works()
    assert len([statement for statement in asked if "repeat_of IS NULL" in statement]) == 1


def _race(house: Gateway, texts: Sequence[str]) -> None:
    """Each text comes by a thread of its own, and each thread has a worker of its own."""
    together = Barrier(len(texts))

    def run(text: str) -> None:
        together.wait()
        brings(house, text)
        while house.listener().batch():
            pass

    threads = [Thread(target=run, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("where", ["gateway", "on_postgres"])
def test_two_that_come_side_by_side_to_workers_side_by_side_are_one_complaint_and_one_reply(
    where: str, request: pytest.FixtureRequest, pool: ThreadPoolExecutor
) -> None:
    house: Gateway = request.getfixturevalue(where)
    line = Line(house, pool)
    for number in range(10):
        _race(house, [f"{ROAD} doan thu {number} ben trai"] * 4)
    line.works()
    with house.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Inbound)) == 40
        assert session.scalar(select(func.count()).where(Inbound.repeat_of.is_not(None))) == 30
        assert session.scalar(select(func.count()).select_from(Complaint)) == 10
        assert session.scalar(select(func.count()).select_from(Outgoing)) == 10
        firsts = select(Inbound.id).where(Inbound.repeat_of.is_(None))
        assert session.scalar(select(func.count()).where(Inbound.repeat_of.in_(firsts))) == 30


def test_behind_a_flood_nobodys_text_is_taken_for_its_own_repeat(line: Line) -> None:
    for number in range(50):
        brings(line.gateway, f"PA DN xa Tu An nha so {number} mat nuoc tu hom qua", sender="+84900000666")
    neighbours = [f"+849000007{number:02d}" for number in range(14)]
    for number, phone in enumerate(neighbours):
        brings(line.gateway, f"PA GT thon {number} xa Tu An duong hu nang", sender=phone)
    for number in range(50, 100):
        brings(line.gateway, f"PA DN xa Tu An nha so {number} mat nuoc tu hom qua", sender="+84900000666")
    line.works()
    assert set(repeats(line)) == {None}
    assert len(line.complaints()) == 114
    with line.gateway.database.read() as session:
        replied = session.scalars(select(Outgoing.recipient).where(Outgoing.recipient.in_(neighbours))).all()
    assert sorted(replied) == neighbours
