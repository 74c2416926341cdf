"""What is looked for at every tick and on every page is found by an index of just those rows, however many others there are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from smsgw.gateway import Gateway
from smsgw.services import joining
from smsgw.store import alarms, alerts, gauges, inbox, leftovers, outbox
from smsgw.store.tables import Alarm, AlertRow, Citizen, Complaint, Inbound, PartRow
from tests.conftest import Clock

MANY = 3000
Ask = Callable[[Session, datetime], object]
LOOKS: dict[str, tuple[Ask, str]] = {
    "parts that may be joined": (joining.ready, "ix_parts_waiting"),
    "how many parts wait": (lambda session, _: gauges._parts(session), "ix_parts_waiting"),
    "texts of no complaint": (leftovers.texts, "ix_inbound_left_over"),
    "texts that nobody could file": (lambda session, now: inbox.set_apart(session, now, 3), "ix_inbound_hopeless"),
    "texts whose lease is over": (lambda session, now: outbox.lapsed(session, now, 32), "ix_outbox_in_flight"),
    "alerts to be told at once": (
        lambda session, _: alerts.whose(session, urgent=False, limit=50),
        "ix_alerts_to_tell",
    ),
    "alarms that climb": (lambda session, now: alarms.climbing(session, now, 50), "ix_alarms_climbing"),
    "texts without a receipt": (
        lambda session, now: outbox.give_up_receipts(session, now, now),
        "ix_outbox_awaits_receipt",
    ),
}


@pytest.fixture(params=["gateway", pytest.param("on_postgres", marks=pytest.mark.postgres)])
def full(request: pytest.FixtureRequest, clock: Clock) -> Gateway:
    """A house with a past: many texts worked on and joined, and a few of each that are looked for."""
    house: Gateway = request.getfixturevalue(request.param)
    with house.database.write() as session:
        session.execute(insert(Inbound), [_text(number, clock.at) for number in range(MANY)])
        first = session.scalar(text("select min(id) from inbound"))
        session.execute(insert(PartRow), [_part(number, clock.at, first) for number in range(MANY)])
        session.execute(_TEXTS_SENT, {"at": clock.at.replace(tzinfo=None), "many": MANY})
        session.add(citizen := Citizen(phone="+84900000001", created_at=clock.at))
        session.flush()
        session.execute(insert(Complaint), [_complaint(number, citizen.id, clock.at) for number in range(MANY)])
        first = session.scalar(text("select min(id) from complaints"))
        session.execute(insert(AlertRow), [_alert(number, first, clock.at) for number in range(MANY)])
        session.execute(insert(Alarm), [_alarm(number + first, citizen.id, clock.at) for number in range(MANY)])
    with house.database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("analyze")
    return house


def _text(number: int, at: datetime) -> dict[str, Any]:
    return {
        "provider": "kannel",
        "account": "op",
        "provider_ref": f"m{number}",
        "sender": f"+849000{number:05}",
        "recipient": "8079",
        "body": "PA",
        "verb": "",
        "received_at": at - timedelta(minutes=number),
        "state": "quarantined" if number % 500 == 0 else "processed",
        "attempts": 1,
    }


def _complaint(number: int, citizen_id: int, at: datetime) -> dict[str, Any]:
    desk = {"citizen_id": citizen_id, "unit_id": 1, "channel": "sms", "text": "x", "state": "answered"}
    return {**desk, "key": f"test:{number}", "reference": str(number), "received_at": at}


def _alert(number: int, complaint_id: int, at: datetime) -> dict[str, Any]:
    told = {"step": "answer", "stage": "due", "phone": "+84900000103", "official_id": 1, "created_at": at}
    waits = None if number % 500 == 0 else at
    return {**told, "key": f"alert:{number}", "complaint_id": complaint_id, "due_at": at, "told_at": waits}


def _alarm(complaint_id: int, citizen_id: int, at: datetime) -> dict[str, Any]:
    climbs_at = at if complaint_id % 500 == 0 else None
    return {"complaint_id": complaint_id, "citizen_id": citizen_id, "raised_at": at, "climbs_at": climbs_at}


def _part(number: int, at: datetime, joined_into: int | None) -> dict[str, Any]:
    return {
        "provider": "kannel",
        "account": "op",
        "provider_ref": f"p{number}",
        "sender": f"+849000{number // 2:05}",
        "recipient": "8079",
        "reference": number % 256 // 2,
        "total": 2,
        "number": number % 2 + 1,
        "body": "PA",
        "received_at": at,
        "inbound_id": None if number % 500 < 2 else joined_into,
    }


_TEXTS_SENT = text("""
insert into outbox (key, kind, lane, recipient, body, segments, provider, optional, state, attempts, doubts,
    possible_duplicate, next_attempt_at, provider_used, provider_ref, error, created_at, accepted_at, settled_at)
with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < :many)
select 'k' || n, 'Help', 2, '+84900000001', 'x', 1, '', false, 'delivered', 1, 0, false, cast(:at as timestamp),
    'kannel', 'r' || n, '', cast(:at as timestamp), cast(:at as timestamp), cast(:at as timestamp)
from numbers
""")


@contextmanager
def overhearing(house: Gateway) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are made meanwhile, with what is put into them."""
    heard: list[tuple[str, Any]] = []

    def hears(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.lower().startswith(("select", "update")):
            heard.append((statement, parameters))

    event.listen(house.database.engine, "before_cursor_execute", hears)
    yield heard
    event.remove(house.database.engine, "before_cursor_execute", hears)


@pytest.mark.parametrize("looks", LOOKS)
def test_it_is_found_by_its_index(full: Gateway, clock: Clock, looks: str) -> None:
    asks, index = LOOKS[looks]
    with overhearing(full) as heard, full.database.write() as session:
        asks(session, clock.at)
    ((statement, parameters),) = heard
    is_sqlite = full.database.engine.dialect.name == "sqlite"
    with full.database.engine.connect() as connection:
        found = connection.exec_driver_sql(f"explain {'query plan ' if is_sqlite else ''}{statement}", parameters)
        plan = "\n".join(str(row[-1]) for row in found)
    assert f"INDEX {index}" in plan if is_sqlite else index in plan, plan


def test_the_few_that_are_looked_for_are_found_among_the_many(full: Gateway, clock: Clock) -> None:
    with full.database.read() as session:
        assert len(joining.ready(session, clock.at)) == MANY // 500
        assert len(leftovers.texts(session, clock.at)) == MANY // 500
        told = {gauge.name: dict(gauge.samples) for gauge in gauges.gauges(session, clock.moves(seconds=90))}
    assert told["smsgw_parts_waiting"] == {(): 2.0 * MANY / 500}
    assert told["smsgw_oldest_waiting_seconds"][("parts",)] == 90.0
