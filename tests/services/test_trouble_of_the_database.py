"""Trouble of the database while texts are worked on is no text's fault, in whatever words its driver says so."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, InterfaceError

from smsgw.domain.messages import Part, SmsReceived
from smsgw.gateway import Gateway
from smsgw.services import intake, joining, listening
from smsgw.store.tables import Inbound
from tests.conftest import Clock
from tests.services.conftest import CITIZEN, Line
from tests.services.handsets import Handset

ROAD = "PA GT duong Quang Trung phuong Tay Son hu nang"
WITH_POSTGRES = ["gateway", pytest.param("on_postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=WITH_POSTGRES)
def line(request: pytest.FixtureRequest, pool: ThreadPoolExecutor) -> Line:
    return Line(request.getfixturevalue(request.param), pool)


@contextmanager
def losing_connections(house: Gateway, at: str) -> Iterator[None]:
    """Closes the connection below each statement that begins so. A closed SQLite file is no `OperationalError`."""

    def lose(cursor: Any, statement: str, _parameters: Any, context: Any) -> None:
        if statement.lower().startswith(at):
            context.root_connection.connection.driver_connection.close()

    with _listening(house, lose):
        yield


@contextmanager
def out_of_sync(house: Gateway, at: str) -> Iterator[None]:
    """What a driver says of itself, and not of what it was asked to write."""

    def refuse(_cursor: Any, statement: str, _parameters: Any, context: Any) -> None:
        if statement.lower().startswith(at):
            raise context.dialect.dbapi.InterfaceError("the cursor is closed")

    with _listening(house, refuse):
        yield


@contextmanager
def _listening(house: Gateway, hears: Any) -> Iterator[None]:
    names = ("do_execute", "do_executemany")
    for name in names:
        event.listen(house.database.engine, name, hears)
    try:
        yield
    finally:
        for name in names:
            event.remove(house.database.engine, name, hears)


@pytest.mark.parametrize("trouble", [losing_connections, out_of_sync])
def test_a_text_that_meets_it_again_and_again_has_no_strike(line: Line, trouble: Any) -> None:
    line.arrives(ROAD)
    with trouble(line.gateway, at="insert into complaints"):
        for _ in range(3 * listening.STRIKES):
            with pytest.raises(DBAPIError):
                line.gateway.listener().batch()
    assert [(row.state, row.attempts) for row in line.texts()] == [("received", 0)]
    line.works()
    (complaint,) = line.complaints()
    assert (complaint.text, complaint.triage_reason) == (ROAD, "")
    assert len(line.outbox()) == 1


def test_it_is_raised_while_parts_are_joined_and_the_parts_go_on_waiting(line: Line) -> None:
    house = line.gateway
    for number in (1, 2):
        sms = SmsReceived("kannel", "op", f"p{number}", CITIZEN, "8079", "PA ", part=Part(7, 2, number))
        intake.take_in(house.database, sms, house.now())
    with house.database.read() as session:
        marks = joining.ready(session, house.now())
    with out_of_sync(house, at="insert into inbound"), pytest.raises(InterfaceError):
        joining.join(house.database, marks, house.now())
    assert line.texts() == []
    joining.join(house.database, marks, house.now())
    assert [row.body for row in line.texts()] == ["PA PA "]


def test_it_is_raised_while_a_text_is_set_apart_and_the_text_is_set_apart_later_with_its_reply(line: Line) -> None:
    ident = line.arrives(ROAD)
    with line.gateway.database.write() as session:
        session.get_one(Inbound, ident).attempts = listening.STRIKES + 1
    with out_of_sync(line.gateway, at="insert into outbox"), pytest.raises(InterfaceError):
        line.gateway.listener().batch()
    assert [row.state for row in line.texts()] == ["received"]
    line.works()
    assert [row.state for row in line.texts()] == ["quarantined"]
    assert len(line.outbox()) == 1


def test_it_puts_off_no_case_whose_question_was_met_with_silence(line: Line, clock: Clock) -> None:
    line.text("PA GT duong hu nang qua")
    (complaint,) = line.complaints()
    assert complaint.asking == "place"
    clock.moves(days=3)
    coach = line.gateway.coach()
    with out_of_sync(line.gateway, at="insert into "), pytest.raises(InterfaceError):
        coach.batch()
    assert coach.batch() == 1
    (complaint,) = line.complaints()
    assert complaint.asking == ""


def test_it_puts_off_no_session_that_broke_off(line: Line, clock: Clock) -> None:
    handset = Handset(line.gateway, clock)
    handset.dials()
    handset.presses("1", "1", "1", "99", "duong hu nang qua xe khong di duoc")
    clock.moves(hours=2)
    gatherer = line.gateway.gatherer()
    with out_of_sync(line.gateway, at="insert into inbound"), pytest.raises(InterfaceError):
        gatherer.batch()
    assert gatherer.batch() == 1
    line.works()
    assert len(line.complaints()) == 1
