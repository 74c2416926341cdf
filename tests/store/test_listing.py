"""The desk's list and what is found in it, on both databases."""

import pytest

from smsgw.gateway import Gateway
from smsgw.services import contributing, undoing
from smsgw.services.answering import Writer
from smsgw.services.contributing import Asked
from smsgw.store import contributions, listing, officials, searching
from smsgw.store.listing import MARKS, Today, Wanted
from smsgw.store.officials import Scope
from smsgw.store.tables import Complaint
from tests.conftest import Clock
from tests.handlers.desks import AN_KHE, filed, row, units


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Gateway:
    return request.getfixturevalue("gateway" if request.param == "sqlite" else "on_postgres")


@pytest.fixture
def scope(house: Gateway) -> Scope:
    return Scope(units=frozenset({units(house)[AN_KHE]}))


def found(house: Gateway, scope: Scope, **wanted: object) -> list[str]:
    with house.database.read() as session:
        rows = listing.listed(session, scope, Wanted(**wanted), Today(house.now(), house.now()))  # type: ignore[arg-type]
    return [one.complaint.reference or "" for one in rows]


def test_every_mark_finds_what_bears_it_and_nothing_else(house: Gateway, scope: Scope) -> None:
    plain = filed(house, "mot", phone="+84900001001")
    for number, mark in enumerate(MARKS):
        reference = filed(house, mark, phone=f"+8490000200{number}")
        with house.database.write() as session:
            complaint = session.get_one(Complaint, row(house, reference).id)
            session.get_one(Complaint, row(house, plain).id).facts = {"name": "bac Ba"}
            complaint.emergency, complaint.urgent = mark == "emergency", mark == "urgent"
            complaint.missing = ["place"] if mark == "incomplete" else []
            complaint.facts = {} if mark == "unverified" else {"name": "bac Ba"}
            complaint.private, complaint.on_behalf = mark == "private", mark == "for_another"
            if mark == "together":
                session.get_one(Complaint, row(house, plain).id).merged_into_id = complaint.id
        assert found(house, scope, marks=frozenset({mark})) == [reference]


def test_words_follow_what_is_changed_and_go_with_it(house: Gateway, scope: Scope) -> None:
    reference = filed(house, "Cống nghẹt ở hẻm 12")
    assert found(house, scope, words=searching.words_of("CỐNG hem")) == [reference]
    with house.database.write() as session:
        complaint = session.get_one(Complaint, row(house, reference).id)
        complaint.place = "Quang Trung"
        for _ in range(2):
            searching.keep(session, complaint)
    assert found(house, scope, words=("quang", "trung")) == [reference]
    with house.database.write() as session:
        complaint = session.get_one(Complaint, row(house, reference).id)
        complaint.text = ""
        searching.keep(session, complaint)
    assert found(house, scope, words=("quang",)) == []


def test_a_part_is_asked_given_and_told_of_once_it_is_overdue(house: Gateway, clock: Clock) -> None:
    reference, police = filed(house), units(house)["23617-ca"]
    with house.database.write() as session:
        focal = next(one for one in officials.everyone(session) if one.username == "dau-moi-ankhe")
        complaint, writer = session.get_one(Complaint, row(house, reference).id), Writer(focal.id, {"focal"})
        asked = Asked(police, "Có phạt không?")
        assert contributing.ask(session, house.handbook(session), complaint, asked, writer, now=clock.at) is None
    clock.moves(days=60)
    assert (house.part_watch().batch(), house.part_watch().batch()) == (1, 0)
    with house.database.write() as session:
        owed = contributions.by_reference(session, {police}, reference, to_change=True)
        assert owed is not None
        contributing.give(session, owed, "Đã phạt.", writer, now=clock.at)
    with house.database.read() as session:
        assert contributions.owed_by(session, {police}, 5) == []


def test_what_was_never_answered_is_not_called_back(house: Gateway, clock: Clock) -> None:
    reference = filed(house)
    with house.database.write() as session:
        complaint = session.get_one(Complaint, row(house, reference).id)
        assert not undoing.call_back(session, complaint, Writer(1, {"focal"}), now=clock.at)
