"""Rows written together at the end, on both databases."""

import pytest
from sqlalchemy import func, insert, select

from smsgw.gateway import Gateway
from smsgw.services.citizens import citizen_of
from smsgw.store.later import Later
from smsgw.store.tables import Complaint, Event, Unit

WANTED = 3
ADDED = insert(Unit)


@pytest.fixture(params=["gateway", pytest.param("on_postgres", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Gateway:
    found: Gateway = request.getfixturevalue(request.param)
    return found


def test_ids_are_given_once_and_to_nobody_who_comes_after(house: Gateway) -> None:
    given: list[int] = []
    for _ in range(2):
        with house.database.write() as session:
            later = Later(session, at_once=2)
            for _ in range(WANTED):
                given.append(later.id_for(Unit))
                name = f"unit {given[-1]}"
                row = {"id": given[-1], "code": name, "kind": "office", "name": name, "valid_from": house.now().date()}
                later.add(ADDED, row)
            later.write()
    with house.database.read() as session:
        others = session.scalar(select(func.count()).where(Unit.code.not_like("unit %")))
        assert session.scalar(select(func.count()).select_from(Unit)) == (others or 0) + 2 * WANTED
    assert len(set(given)) == 2 * WANTED


def test_a_row_is_written_before_those_that_name_it_in_whatever_order_they_came(house: Gateway) -> None:
    with house.database.write() as session:
        citizen = citizen_of(session, "+84900000001", house.now())
        later = Later(session)
        number = later.id_for(Complaint)
        told = {"complaint_id": number, "kind": "received", "at": house.now(), "note": "", "details": {}}
        later.add(insert(Event), told)
        home = house.handbook(session).matrix.home_id
        row = {"id": number, "key": "k", "citizen_id": citizen.id, "channel": "sms", "text": "t", "unit_id": home}
        later.add(insert(Complaint), {**row, "state": "received", "received_at": house.now()})
        later.write()
    with house.database.read() as session:
        assert session.scalars(select(Event.complaint_id)).all() == [number]
