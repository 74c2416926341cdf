"""Offices and units become one: what is open follows once, what somebody else holds follows later, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from time import sleep

import pytest
from sqlalchemy import select

from smsgw.domain.categories import CategoryCode
from smsgw.gateway import Gateway
from smsgw.services import filing, merging, practising, reshaping, sealing
from smsgw.services.roster import RosterError
from smsgw.store import changes, practice, searching
from smsgw.store.officials import Scope, with_ended
from smsgw.store.tables import (
    ApprovedField,
    Change,
    Complaint,
    Contribution,
    DutyShift,
    Event,
    Official,
    Route,
    SearchText,
    Unit,
)
from tests.conftest import Clock
from tests.handlers.desks import AN_BINH, AN_KHE, filed, row, units


@pytest.fixture(params=["gateway", pytest.param("on_postgres", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Gateway:
    found: Gateway = request.getfixturevalue(request.param)
    return found


def merges(house: Gateway, clock: Clock) -> tuple[int, int]:
    """The office for economy into the one for culture, from tomorrow on, under the first official's name; their ids."""
    known = units(house)
    old, into = known[f"{AN_KHE}-kt"], known[f"{AN_KHE}-vhxh"]
    with house.database.write() as session:
        changes.watch(session, 1, house.now())
        first = clock().date() + timedelta(days=1)
        pair = session.get_one(Unit, old), session.get_one(Unit, into)
        reshaping.merge(session, *pair, first=first, today=clock().date())
    return old, into


def settles(house: Gateway) -> None:
    settler = house.settler()
    while settler.batch():
        pass


def test_what_is_open_follows_on_the_day_once_with_its_people(house: Gateway, clock: Clock) -> None:
    references = [filed(house, f"Den duong hem {n} tat", phone=f"+8490000{n}") for n in range(1201, 1204)]
    old, into = merges(house, clock)
    settles(house)
    assert {row(house, reference).office_id for reference in references} == {old}
    clock.moves(days=1)
    settles(house)
    settles(house)
    assert {row(house, reference).office_id for reference in references} == {into}
    with house.database.read() as session:
        lines = session.scalars(select(Event.complaint_id).where(Event.kind == "reshaped")).all()
        assert len(lines) == len(set(lines)) == len(references)
        assert session.scalars(select(Official.id).where(Official.unit_id == old)).all() == []
        assert with_ended(session, [into]) == {old, into}
        logged = session.scalars(select(Change).where(Change.what == "units")).one()
        assert (logged.official_id, logged.after["successor_id"]) == (1, into)


def test_what_was_set_up_in_an_office_is_its_successors(house: Gateway, clock: Clock) -> None:
    reference, today = filed(house, category=CategoryCode.AN), clock().date()
    other = row(house, filed(house, "Xe dau via he", category=CategoryCode.AN, phone="+84900001301"))
    old, into = merges(house, clock)
    with house.database.write() as session:
        who = session.scalars(select(Official.id).where(Official.unit_id == old)).first() or 0
        session.add(DutyShift(unit_id=old, official_id=who, first=today, last=today + timedelta(days=9)))
        for complaint_id, office in ((row(house, reference).id, old), (other.id, old), (other.id, into)):
            asked = {"question": "Khi nào sửa?", "asked_by": who, "asked_at": clock.at}
            session.add(Contribution(complaint_id=complaint_id, office_id=office, **asked))
    clock.moves(days=1)
    settles(house)
    with house.database.read() as session:
        assert session.scalars(select(DutyShift.unit_id)).all() == [into]
        parts = session.execute(select(Contribution.complaint_id, Contribution.office_id).order_by(Contribution.id))
        assert {tuple(part) for part in parts} == {(row(house, reference).id, into), (other.id, into)}


def test_what_went_to_another_unit_is_found_there_and_leaves_no_word_behind(house: Gateway, clock: Clock) -> None:
    reference, known = filed(house, "Den duong hem Hoa Mai tat"), units(house)
    there = Scope(frozenset({known[AN_BINH]}))
    with house.database.write() as session:
        session.add(ApprovedField(unit_id=known[AN_KHE], category="HT", set_at=clock.at, set_by=1))
        pair = session.get_one(Unit, known[AN_KHE]), session.get_one(Unit, known[AN_BINH])
        reshaping.merge(session, *pair, first=clock().date() + timedelta(days=1), today=clock().date())
    clock.moves(days=1)
    settles(house)
    complaint = row(house, reference)
    assert complaint.unit_id == known[AN_BINH]
    with house.database.write() as session:
        assert session.scalars(searching.with_words(there, ["hoa", "mai"])).all() == [complaint.id]
        assert session.scalars(select(ApprovedField.unit_id)).all() == [known[AN_BINH]]
        locked = session.get_one(Complaint, complaint.id)
        sealing.put_under_seal(session, house.speech, locked, 1, "Có dấu hiệu", now=clock.at)
    with house.database.read() as session:
        assert session.scalars(select(SearchText)).all() == []


def test_an_answered_complaint_of_what_is_no_more_opens_again_and_goes_to_the_successor(
    house: Gateway, clock: Clock
) -> None:
    reference = filed(house)
    old, into = merges(house, clock)
    with house.database.write() as session:
        complaint = session.scalars(select(Complaint).where(Complaint.reference == reference)).one()
        complaint.state, complaint.answered_at = "answered", house.now()
    clock.moves(days=1)
    settles(house)
    assert row(house, reference).office_id == old
    with house.database.write() as session:
        complaint = session.scalars(select(Complaint).where(Complaint.reference == reference)).one()
        filing.reopen(session, house.handbook(session), complaint, house.now())
    settles(house)
    assert (row(house, reference).office_id, row(house, reference).state) == (into, "assigned")


def test_texts_that_name_a_unit_that_is_no_more_reach_its_successor(house: Gateway, clock: Clock) -> None:
    known = units(house)
    reference = filed(house, unit=AN_BINH)
    with house.database.write() as session:
        pair = session.get_one(Unit, known[AN_BINH]), session.get_one(Unit, known[AN_KHE])
        reshaping.merge(session, *pair, first=clock().date(), today=clock().date())
    with house.database.read() as session:
        handbook = house.handbook(session)
        assert handbook.place(known[AN_BINH]).code == AN_KHE
        assert handbook.name_of(known[AN_BINH]) == "Phường An Bình"
        assert handbook.duty_phone_of(known[AN_BINH])
    settles(house)
    assert row(house, reference).unit_id == known[AN_KHE]
    assert row(house, filed(house, "Den hem 3 tat", unit=AN_BINH)).unit_id == known[AN_KHE]


@pytest.mark.postgres
@pytest.mark.parametrize("turned", [False, True])
def test_two_administrators_who_end_an_office_at_once_end_one_once(
    on_postgres: Gateway, clock: Clock, turned: bool
) -> None:
    known, first = units(on_postgres), clock().date() + timedelta(days=1)
    ids = known[f"{AN_KHE}-kt"], known[f"{AN_KHE}-vhxh"]

    def ends(old: int, into: int, pause: float) -> bool:
        with on_postgres.database.write() as session:
            pair = session.get_one(Unit, old), session.get_one(Unit, into)
            began.wait()
            sleep(pause)
            try:
                reshaping.merge(session, *pair, first=first, today=clock().date())
            except RosterError:
                return False
            session.flush()
            sleep(0.5)
        return True

    began = Barrier(2)
    with ThreadPoolExecutor(2) as people:
        done = [people.submit(ends, *ids, 0), people.submit(ends, *(ids[::-1] if turned else ids), 0.3)]
        assert [one.result() for one in done] == [True, False]
    with on_postgres.database.read() as session:
        ended = session.scalars(select(Unit.id).where(Unit.successor_id.in_(ids))).all()
        routes = session.scalars(
            select(Route.category).where(Route.office_id == ids[1], Route.valid_from == first)
        ).all()
    assert ended == [ids[0]]
    assert len(routes) == len(set(routes))


@pytest.mark.parametrize("named", [0, 1])
def test_what_is_handled_as_one_is_not_torn_apart_by_a_split(house: Gateway, named: int) -> None:
    wards = ["Tú An" if n == named else None for n in range(2)]
    both = [filed(house, f"Den hem {n} tat", phone=f"+8490000120{n}", ward=ward) for n, ward in enumerate(wards)]
    old, new = units(house)[AN_KHE], units(house)[AN_BINH]
    with house.database.write() as session:
        scope = Scope(frozenset({old}))
        merging.merge(session, house.handbook(session), scope, (both[0], both[1]), 1, house.now())
    with house.database.write() as session:
        pair = session.get_one(Unit, old), session.get_one(Unit, new)
        assert reshaping.split(session, *pair, named=["Xã Tú An"], now=house.now()) == 2 * (named == 0)
    main, part = (row(house, reference) for reference in both)
    assert part.merged_into_id == main.id
    assert (part.unit_id, part.office_id) == (main.unit_id, main.office_id)
    assert main.unit_id == (new if named == 0 else old)


@pytest.mark.postgres
def test_a_complaint_that_somebody_holds_follows_later(on_postgres: Gateway, clock: Clock) -> None:
    reference = filed(on_postgres)
    old, into = merges(on_postgres, clock)
    clock.moves(days=1)
    with on_postgres.database.write() as session:
        session.scalars(select(Complaint).where(Complaint.reference == reference).with_for_update()).one()
        on_postgres.settler().batch()  # waits for nobody
        assert row(on_postgres, reference).office_id == old
    settles(on_postgres)
    assert row(on_postgres, reference).office_id == into


@pytest.mark.postgres
def test_practice_is_made_of_a_house_on_postgresql_too(on_postgres: Gateway, clock: Clock, tmp_path: Path) -> None:
    home = tmp_path
    with on_postgres.database.read() as session:
        file = practice.make(home, 3, session, clock())
    ground = on_postgres.practice(file)
    listener = ground.listener()

    def reads() -> None:
        while listener.batch():
            pass

    place = practising.Classroom(ground.database, ground.speech, ground.handbook, reads, "8079", clock(), ground.mint)
    place.fill(3)
    with ground.database.read() as session:
        assert len(session.scalars(select(Complaint.id)).all()) == 7
    ground.close()
    practice.wipe(home, 3)
    assert practice.found(home, 3, clock()) is None
