"""A look at the deadlines goes by what has fallen due: by an index of open complaints, page by page, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Select, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite

from smsgw.gateway import Gateway
from smsgw.store import dues
from smsgw.store.tables import Citizen, Complaint, Unit
from tests.conftest import Clock


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Gateway:
    return request.getfixturevalue("gateway" if request.param == "sqlite" else "on_postgres")


def filled(house: Gateway, clock: Clock, number: int) -> None:
    """So many open complaints, due a minute apart up to now, and as many that were answered long ago."""
    with house.database.write() as session:
        citizen = Citizen(phone="+84900000001", created_at=clock())
        session.add(citizen)
        session.flush()
        unit = session.scalars(select(Unit.id).where(Unit.kind == "ward")).first()
        session.execute(
            insert(Complaint),
            [
                {
                    "key": f"test:{n}",
                    "reference": str(n),
                    "citizen_id": citizen.id,
                    "channel": "sms",
                    "text": "mat nuoc",
                    "unit_id": unit,
                    "state": "assigned" if n < number else "answered",
                    "received_at": clock(),
                    "due_at": clock() - timedelta(minutes=n % number // 2),
                    "look_at": clock() if n < number else None,
                }
                for n in range(2 * number)
            ],
        )


def plan(house: Gateway, query: Select[object]) -> str:
    """How the database would go about it."""
    dialect = postgresql.dialect() if house.database.engine.dialect.name == "postgresql" else sqlite.dialect()
    words = str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    with house.database.read() as session:
        if dialect.name == "postgresql":
            session.execute(text("set local enable_seqscan = off"))
            return "\n".join(session.scalars(text(f"explain {words}")))
        return "\n".join(row.detail for row in session.execute(text(f"explain query plan {words}")))


def test_what_is_past_due_is_found_by_the_index_of_what_falls_due(house: Gateway, clock: Clock):
    filled(house, clock, 20)
    for after in (None, (clock(), 1)):
        assert "ix_complaints_falls_due" in plan(house, dues._page(clock(), after))  # type: ignore[arg-type]


def test_what_to_look_at_is_found_by_its_index(house: Gateway, clock: Clock):
    filled(house, clock, 20)
    query = select(Complaint.id).where(Complaint.look_at.is_not(None), Complaint.look_at <= clock())
    assert "ix_complaints_to_look_at" in plan(house, query.order_by(Complaint.look_at, Complaint.id))


@pytest.mark.parametrize("number", [1, dues.PAGE, dues.PAGE + 1, 2 * dues.PAGE + 7])
def test_every_open_one_is_told_once_longest_overdue_first_however_many_pages(
    house: Gateway, clock: Clock, number: int
):
    filled(house, clock, number)
    with house.database.read() as session:
        found = dues.due_by(session, clock())
        assert len({one.reference for one in found}) == len(found) == number
        assert [one.due_at for one in found] == sorted(one.due_at for one in found)
        assert len(dues.to_look_at(session, clock(), 7)) == min(7, number)
