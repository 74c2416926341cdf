"""The leader's picture adds up to the periodic report, whatever happened, and shows how figures were dressed up."""

from datetime import timedelta
from random import Random

import pytest

from smsgw.domain.candour import BULK
from smsgw.domain.picture import Count
from smsgw.domain.statistics import Period, Report
from smsgw.domain.workdays import VIETNAM
from smsgw.gateway import Gateway
from smsgw.services import picturing
from smsgw.services.answering import Kind
from smsgw.services.reporting import reported
from smsgw.store.figures import matters
from smsgw.store.officials import Scope
from smsgw.store.tables import Complaint, Event
from tests.conftest import Clock
from tests.services.lives import Lives
from tests.services.test_recount import periods

ANSWER = "To sua chua da thay bong den sang nay."


@pytest.fixture(params=["gateway", pytest.param("on_postgres", marks=[pytest.mark.postgres, pytest.mark.slow])])
def house(request: pytest.FixtureRequest) -> Gateway:
    return request.getfixturevalue(request.param)


def everything(house: Gateway) -> Scope:
    with house.database.read() as session:
        return Scope(frozenset(house.handbook(session).places))


def columns(found: Report) -> Count:
    return Count(
        found.received,
        found.carried_over,
        found.in_hand.late,
        found.in_hand.nearly_due,
        found.in_hand.not_due,
        found.done.late,
        found.done.on_time,
        found.answered,
    )


def test_the_picture_shows_the_figures_of_the_report(house: Gateway, clock: Clock):
    random, scope = Random(11), everything(house)
    Lives(house, clock, random).happen(40)
    with house.database.read() as session:
        calendar = house.handbook(session).calendar
        for period in periods(clock, random, 8):
            drawn = picturing.draw(session, scope, period, house.now(), calendar)
            told = reported(session, period, house.now(), calendar).figures
            assert drawn.total.count == columns(told), period
            for rows in (drawn.by_unit, drawn.by_office, drawn.by_field, drawn.by_step):
                assert sum((row.count for row in rows.values()), Count()) == drawn.total.count
                assert sum(row.answering.of for row in rows.values()) == drawn.total.answering.of
            assert {code: row.count.received for code, row in drawn.by_field.items() if row.count.received} == dict(
                told.categories
            )


@pytest.mark.slow
def test_a_scope_shows_its_own_complaints_only(house: Gateway, clock: Clock):
    random = Random(3)
    Lives(house, clock, random).happen(40)
    (period,) = periods(clock, random, 1)
    whole = everything(house)
    with house.database.read() as session:
        calendar = house.handbook(session).calendar
        drawn = picturing.draw(session, whole, period, house.now(), calendar)
        for unit_id, row in drawn.by_unit.items():
            own = picturing.draw(session, Scope(frozenset({unit_id})), period, house.now(), calendar)
            assert (own.total.count, set(own.by_unit)) == (row.count, {unit_id})
            begins, ends, now = period.begins, period.ends, house.now()
            assert len(matters(session, begins, ends, now, Scope(frozenset({unit_id})))) == row.count.to_handle


def test_closing_by_the_dozen_and_prolonging_again_are_counted(house: Gateway, clock: Clock):
    lives = Lives(house, clock, Random(5))
    lives.happen(1)
    scope = everything(house)
    with house.database.write() as session:
        for _ in range(BULK + 2):
            lives._files(session)
    clock.moves(hours=1)
    for complaint_id in range(2, BULK + 3):
        clock.moves(seconds=40)
        with house.database.write() as session:
            assert lives._letter(session, session.get_one(Complaint, complaint_id), Kind.ANSWER, "Da ghi nhan.")
    clock.moves(seconds=1)
    (period,) = periods(clock, Random(1), 1)
    with house.database.read() as session:
        whole = type(period)(period.first - timedelta(days=9), period.last + timedelta(days=30))
        told = picturing.dressed(session, whole, house.now(), scope)
    assert told.in_bulk == BULK + 1
    assert told.little == BULK + 1
    assert (told.by_citizen, told.by_office, told.out_of_order) == (0, 0, 0)


@pytest.mark.slow
def test_a_line_written_after_later_ones_is_counted(house: Gateway, clock: Clock):
    lives = Lives(house, clock, Random(5))
    lives.happen(1)
    with house.database.write() as session:
        for _ in range(2):
            lives._files(session)
    began = clock.at
    for complaint_id in (1, 2):
        clock.moves(hours=30)
        with house.database.write() as session:
            assert lives._letter(session, session.get_one(Complaint, complaint_id), Kind.ANSWER, ANSWER)

    def counted(first: timedelta, last: timedelta) -> int:
        days = [(began + span).astimezone(VIETNAM).date() for span in (first, last)]
        with house.database.read() as session:
            return picturing.dressed(session, Period(*days), clock.moves(minutes=1), everything(house)).out_of_order

    whole, past = (timedelta(), timedelta(days=9)), (timedelta(), timedelta(days=1))
    assert (counted(*whole), counted(*past)) == (0, 0)
    with house.database.write() as session:
        session.add(Event(complaint_id=1, at=began + timedelta(hours=2), kind="answered", note="", details={}))
    assert (counted(*whole), counted(*past)) == (1, 1)
