"""Texts are marked as senders become idle, and what was claimed is handed over whatever becomes of the others."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event, Thread

import pytest
from sqlalchemy import update

from smsgw.domain.messages import Outcome, OutgoingSms
from smsgw.gateway import Gateway
from smsgw.services.delivery import GROUP
from smsgw.store.tables import Outgoing
from tests.services.offices import PHONE, SortingOffice, takes

OTHER = "+84900000002"


@pytest.fixture
def office(gateway: Gateway) -> Iterator[SortingOffice]:
    with ThreadPoolExecutor(GROUP) as senders:
        yield SortingOffice.open(gateway, senders)


def states(office: SortingOffice) -> list[str]:
    return [row.state for row in office.rows()]


def test_no_more_texts_are_marked_than_there_are_senders(office: SortingOffice) -> None:
    others_may_answer, next_one_began = Event(), Event()

    def in_turn(message: OutgoingSms) -> Outcome:
        if len(office.first.sent) > GROUP:
            next_one_began.set()
        if message.text != "tin 0":
            others_may_answer.wait(10)
        return takes(message)

    office.first.answer = in_turn
    for number in range(2 * GROUP):
        office.put(str(number))
    batch = Thread(target=office.postman.batch)
    batch.start()
    began = next_one_began.wait(10)
    marked = states(office).count("dispatching")
    others_may_answer.set()
    batch.join(30)
    assert (began, marked) == (True, GROUP)
    assert set(states(office)) == {"accepted"}


def test_texts_that_may_not_be_sent_keep_no_others_from_going_at_once(office: SortingOffice) -> None:
    office.postman = replace(office.postman, may_text=lambda _session, _provider, phone: phone == PHONE)
    for number in range(GROUP + 1):
        office.put(f"no{number}", phone=OTHER)
    office.put("yes")
    office.postman.batch()
    assert office.row("yes").state == "accepted"


def test_texts_that_another_took_up_meanwhile_keep_no_others_from_going(office: SortingOffice) -> None:
    taken = [f"t{number}" for number in range(GROUP, 3 * GROUP)]

    def somebody_takes_up(message: OutgoingSms) -> Outcome:
        if message.text == "tin t0":
            with office.gateway.database.write() as session:
                theirs = update(Outgoing).where(Outgoing.key.in_(taken))
                session.execute(theirs.values(attempts=Outgoing.attempts + 1))
            done.set()
        done.wait(10)
        return takes(message)

    done = Event()
    office.first.answer = somebody_takes_up
    for number in range(3 * GROUP + 5):
        office.put(f"t{number}")
    office.postman.batch()
    assert [office.row(f"t{3 * GROUP + number}").state for number in range(5)] == ["accepted"] * 5
    assert {office.row(key).state for key in taken} == {"queued"}
