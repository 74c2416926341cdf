"""Texts are marked as senders become idle, and what was claimed is handed over whatever becomes of the others."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import pytest

from smsgw.domain.messages import Outcome, OutgoingSms
from smsgw.gateway import Gateway
from smsgw.services.delivery import GROUP
from tests.services.offices import SortingOffice, takes


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
