"""The desk's looks at the tables, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from smsgw.gateway import Gateway
from smsgw.store import complaints, listing, officials
from smsgw.store.listing import Today, Wanted
from smsgw.store.officials import Scope
from smsgw.store.tables import Citizen, Complaint
from tests.conftest import Clock
from tests.handlers.desks import AN_BINH, filed, units


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Gateway:
    return request.getfixturevalue("gateway" if request.param == "sqlite" else "on_postgres")


@pytest.fixture
def listed(house: Gateway) -> Callable[..., list[str]]:
    """References of An Khê's list."""

    def look(**wanted: object) -> list[str]:
        with house.database.read() as session:
            scope = Scope(units=frozenset({units(house)["23617"]}))
            today = Today(house.now(), house.now() + timedelta(hours=8))
            rows = listing.listed(session, scope, Wanted(**wanted), today)  # type: ignore[arg-type]
            return [row.complaint.reference or "" for row in rows]

    return look


def test_emergencies_come_first_then_what_is_due_first_and_all_of_them_newest_first(
    house: Gateway, clock: Clock, listed: Callable[..., list[str]]
):
    over = filed(house, phone="+84900001001")
    late = filed(house, phone="+84900001002")
    clock.moves(days=20)
    fresh = filed(house, phone="+84900001003")
    emergency = filed(house, phone="+84900001004", emergency=True)
    with house.database.write() as session:
        complaint = complaints.within(session, Scope(units=frozenset({units(house)["23617"]})), over, to_change=True)
        assert complaint
        complaint.state = "answered"
    assert listed(states=()) == [fresh, emergency, over, late]
    assert listed() == [emergency, late, fresh]


def test_a_reference_is_sought_by_its_first_digits_and_nothing_else(house: Gateway, listed: Callable[..., list[str]]):
    reference = filed(house)
    assert listed(reference=reference[:2]) == [reference]
    assert listed(reference="%") == []
    assert listed(reference="_0") == []


def test_figures_of_an_empty_scope_are_noughts(house: Gateway):
    filed(house)
    with house.database.read() as session:
        counts = listing.counted(session, Scope(), now=house.now(), near_until=house.now(), since=house.now())
    assert (counts.in_hand, counts.late, counts.answered, counts.received) == (0, 0, 0, 0)


def test_figures_tell_late_from_nearly_due(house: Gateway, clock: Clock):
    filed(house, phone="+84900001001")
    clock.moves(days=20)
    filed(house, phone="+84900001002")
    filed(house, phone="+84900001003", unit=AN_BINH)
    scope = Scope(units=frozenset({units(house)["23617"]}))
    with house.database.read() as session:
        now, soon = house.now(), house.now() + timedelta(days=9)
        counts = listing.counted(session, scope, now=now, near_until=soon, since=now)
    assert (counts.in_hand, counts.late, counts.nearly_due) == (2, 1, 1)


@pytest.mark.parametrize(
    ("unit", "duties", "seen"),
    [
        ("23617", ["focal"], {"23617"}),
        ("23617", ["leader"], {"23617"}),
        ("23617-kt", ["officer"], {"23617-kt"}),
        ("23617-kt", ["officer", "auditor"], {"23617-kt"}),
        ("52", ["supervisor"], {"52", "23614", "23617", "23629"}),
        ("52", ["admin"], set()),
    ],
)
def test_a_scope_follows_unit_and_role(house: Gateway, unit: str, duties: list[str], seen: set[str]):
    ids = units(house)
    with house.database.read() as session:
        scope = officials.scope_of(session, ids[unit], duties)
    codes = {code for code, known in ids.items() if known in scope.units | scope.offices}
    assert seen <= codes
    assert {code for code in codes if code in ("23614", "23617", "23629", "52", "23617-kt")} == seen


@pytest.mark.postgres
def test_an_answer_and_a_text_about_the_same_complaint_wait_for_each_other_in_turn(
    on_postgres: Gateway, pool: ThreadPoolExecutor
):
    reference = filed(on_postgres)
    scope = Scope(units=frozenset({units(on_postgres)["23617"]}))

    def desk_answers() -> None:
        with on_postgres.database.write() as session:
            complaint = complaints.within(session, scope, reference, to_change=True)
            assert complaint
            complaint.state, complaint.citizen.prompt = "waiting", "question"

    with on_postgres.database.write() as session:
        citizen = session.scalars(select(Citizen).with_for_update()).one()
        desk = pool.submit(desk_answers)
        while not somebody_waits(on_postgres) and not desk.done():
            pass
        complaint = session.scalars(select(Complaint).with_for_update()).one()
        complaint.place, citizen.tone_marks = "hem 12", True
    desk.result(10)
    with on_postgres.database.read() as session:
        complaint = session.scalars(select(Complaint)).one()
        assert (complaint.state, complaint.place) == ("waiting", "hem 12")
        assert (complaint.citizen.prompt, complaint.citizen.tone_marks) == ("question", True)


def somebody_waits(house: Gateway) -> bool:
    with house.database.read() as session:
        return bool(session.scalar(text("select count(*) from pg_stat_activity where wait_event_type = 'Lock'")))
