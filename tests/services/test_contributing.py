"""An office gives its part while somebody else acts on the same complaint: neither waits for the other in a ring."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from time import sleep

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from smsgw.gateway import Gateway
from smsgw.services import contributing
from smsgw.services.answering import Writer
from smsgw.services.contributing import Asked
from smsgw.store import complaints, contributions
from smsgw.store.officials import Scope
from smsgw.store.tables import Contribution, Official
from tests.handlers.desks import AN_KHE, filed, units

pytestmark = pytest.mark.postgres

AGAIN = "Còn gì nữa?"


def who(session: Session, username: str, duty: str) -> Writer:
    return Writer(session.scalars(select(Official.id).where(Official.username == username)).one(), {duty})


def asks(house: Gateway, reference: str, question: str, meanwhile: Callable[[], object] = lambda: None) -> None:
    """The focal official, as at the desk; `meanwhile` is done while the complaint is theirs."""
    known = units(house)
    with house.database.write() as session:
        complaint = complaints.within(session, Scope(frozenset({known[AN_KHE]})), reference, to_change=True)
        assert complaint
        meanwhile()
        focal, asked = who(session, "dau-moi-ankhe", "focal"), Asked(known[f"{AN_KHE}-ca"], question)
        contributing.ask(session, house.handbook(session), complaint, asked, focal, now=house.now())


def gives(house: Gateway, reference: str) -> None:
    with house.database.write() as session:
        police = [units(house)[f"{AN_KHE}-ca"]]
        asked = contributions.by_reference(session, police, reference, to_change=True)
        assert asked
        contributing.give(session, asked, "Đã phạt.", who(session, "congan-ankhe", "officer"), now=house.now())


def part(house: Gateway) -> Contribution:
    with house.database.read() as session:
        return session.scalars(select(Contribution)).one()


def test_an_office_that_is_asked_again_while_it_gives_its_part_waits_its_turn(on_postgres: Gateway) -> None:
    reference = filed(on_postgres)
    asks(on_postgres, reference, "Có phạt không?")
    with ThreadPoolExecutor(1) as office:

        def begins() -> None:
            given.append(office.submit(gives, on_postgres, reference))
            sleep(0.5)

        given: list[Future[None]] = []
        asks(on_postgres, reference, AGAIN, begins)
        given[0].result()
    assert (part(on_postgres).question, part(on_postgres).words) == (AGAIN, "Đã phạt.")
