"""Two thousand deadlines at one instant: each alert once, bundled for each official, at the provider's rate, urgent ones first.

Two clocks run at the same time, on both databases.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import insert, select

from queues import clock as clocks
from smsgw.gateway import Gateway
from smsgw.store.tables import AlertRow, Citizen, Complaint, Outgoing
from tests.conftest import Bell, Clock

MANY, URGENT, RATE = 2000, 40, 2.0
ROADS, POLICE = "23617-kt", "23617-ca"
LEADER = "+84900000102"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def fall_due_together(house: Gateway, clock: Clock) -> None:
    """As many open complaints of two offices of one ward, all due in a minute; few of them are urgent."""
    with house.database.write() as session:
        handbook = house.handbook(session)
        session.add(citizen := Citizen(phone="+84900000001", created_at=clock()))
        session.flush()
        due = clock() + timedelta(minutes=1)
        common = {"citizen_id": citizen.id, "channel": "sms", "text": "duong hu", "category": "GT", "state": "assigned"}
        common |= {"unit_id": handbook.by_code["23617"].id, "received_at": clock() - timedelta(days=7)}
        common |= {"due_at": due, "look_at": due, "stage": "near"}
        offices = [handbook.by_code[code].id for code in (ROADS, POLICE)]
        rows = [
            {
                **common,
                "key": f"test:{n}",
                "reference": str(50_000 + n),
                "office_id": offices[n % 2],
                "urgent": n % (MANY // URGENT) < 2 and n >= MANY // 2,
            }
            for n in range(MANY)
        ]
        session.execute(insert(Complaint), rows)


def two_clocks_tick(house: Gateway) -> None:
    together = Barrier(2)

    def runs() -> None:
        together.wait()
        clocks.tick(house, Bell(), lambda: 0)  # type: ignore[arg-type]

    threads = [Thread(target=runs) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    clocks.tick(house, Bell(), lambda: 0)  # type: ignore[arg-type]


def laid(house: Gateway) -> list[AlertRow]:
    with house.database.read() as session:
        return list(session.scalars(select(AlertRow).order_by(AlertRow.id)))


def texts(house: Gateway) -> list[Outgoing]:
    with house.database.read() as session:
        return list(session.scalars(select(Outgoing).order_by(Outgoing.dispatched_at, Outgoing.id)))


def sent(house: Gateway, clock: Clock, pool: ThreadPoolExecutor) -> list[Outgoing]:
    """Everything, once a provider that takes so many texts a second has taken it; in the order it was sent."""
    postman = replace(house.postman(pool), rates={"simulator": RATE})
    for _ in range(60):
        postman.batch()
        clock.moves(seconds=1)
    return texts(house)


@pytest.mark.parametrize("where", ["gateway", pytest.param("on_postgres", marks=pytest.mark.postgres)])
def test_each_alert_is_told_once_in_a_few_texts_at_the_providers_rate_and_urgent_ones_first(
    where: str, request: pytest.FixtureRequest, clock: Clock, pool: ThreadPoolExecutor
) -> None:
    house: Gateway = request.getfixturevalue(where)
    fall_due_together(house, clock)
    clock.moves(minutes=1)
    two_clocks_tick(house)
    alerts = laid(house)
    due = [row for row in alerts if row.stage == "due"]
    assert len({row.complaint_id for row in due}) == len(due) == MANY  # each office has one officer with a phone
    assert all(row.outbox_id for row in due)
    told = [row for row in texts(house) if row.kind in ("DeadlineAlert", "ManyAlerts")]
    many = Counter(row.recipient for row in told if row.id not in {one.outbox_id for one in due if one.urgent})
    assert set(many.values()) == {1}
    assert len(told) - len(many) <= 2 * URGENT / 4  # the urgent ones wait for nothing, and so come in a few texts
    assert all(row.segments == 1 for row in told)

    went = sent(house, clock, pool)
    urgent = {row.outbox_id for row in due if row.urgent}
    assert {row.id for row in went[: len(urgent)]} == urgent
    by_second = Counter(row.dispatched_at for row in went)
    assert max(by_second.values()) <= RATE
    assert all(row.state == "accepted" for row in went)

    clock.moves(hours=28)  # the next opening but one: overdue, which the leader hears too
    two_clocks_tick(house)
    overdue = [row for row in laid(house) if row.stage == "overdue"]
    keys = [row.key for row in laid(house)]
    assert len(keys) == len(set(keys))
    assert Counter(row.phone for row in overdue)[LEADER] == MANY
    assert all(row.outbox_id for row in overdue)
    to_the_leader = [row for row in sent(house, clock, pool) if row.recipient == LEADER]
    kinds = Counter(row.kind for row in to_the_leader)
    assert kinds["ManyAlerts"] <= 2 + 2  # urgent and others: the climb of what was due, and what is overdue
    assert kinds["DayDigest"] <= 2
    before = len(texts(house))
    two_clocks_tick(house)
    assert len(texts(house)) == before
