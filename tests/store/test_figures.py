"""What reports and monitors count, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from smsgw.gateway import Gateway
from smsgw.services.heartbeat import beat
from smsgw.store import gauges, tallies
from smsgw.store.dues import due_by
from smsgw.store.exchanges import owners, unread
from smsgw.store.figures import matters, open_figures
from smsgw.store.officials import Scope
from smsgw.store.pending import heaps
from smsgw.store.tables import Citizen, Complaint, Event, Outgoing, Unit
from tests.conftest import MONDAY_MORNING as NOW

HOUR = timedelta(hours=1)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Gateway:
    """A house with four complaints and two texts: answered in time, overdue, withdrawn, refused an hour late."""
    house: Gateway = request.getfixturevalue("gateway" if request.param == "sqlite" else "on_postgres")
    with house.database.write() as session:
        citizen = Citizen(phone="+84900000901", created_at=NOW)
        unit = session.scalars(select(Unit).where(Unit.kind == "ward").order_by(Unit.id)).first()
        assert unit
        session.add(citizen)
        session.flush()
        for n, (state, due) in enumerate(
            (("answered", NOW + HOUR), ("assigned", NOW - HOUR), ("withdrawn", NOW - HOUR), ("refused", NOW - HOUR))
        ):
            complaint = Complaint(
                key=f"k{n}",
                reference=f"9000{n}",
                citizen_id=citizen.id,
                channel="sms",
                text="x",
                unit_id=unit.id,
                state=state,
                received_at=NOW - 5 * HOUR,
                due_at=due,
                answered_at=NOW if state == "answered" else None,
            )
            session.add(complaint)
            session.flush()
            settled = {"withdrawn": NOW - 2 * HOUR, "refused": NOW}
            if state in settled:
                session.add(Event(complaint_id=complaint.id, at=settled[state], kind=state))
        for n, state in enumerate(("queued", "accepted")):
            session.add(
                Outgoing(
                    key=f"o{n}",
                    kind="Help",
                    lane=1,
                    recipient="+84900000901",
                    body="x",
                    segments=1,
                    state=state,
                    provider_used="simulator",
                    next_attempt_at=NOW - HOUR,
                    created_at=NOW - HOUR,
                )
            )
        beat(session, "clock", NOW - timedelta(seconds=7))
    return house


def test_a_complaint_is_settled_by_its_answer_or_as_its_history_says(house: Gateway) -> None:
    with house.database.read() as session:
        found = {
            m.due_at: m
            for m in matters(session, NOW - 9 * HOUR, NOW + HOUR, NOW + HOUR)
            if m.answered or m.settled_at is None
        }
        settled = sorted(m.settled_at for m in matters(session, NOW - 9 * HOUR, NOW + HOUR, NOW + HOUR) if m.settled_at)
    assert [found[NOW + HOUR].settled_at, found[NOW - HOUR].settled_at] == [NOW, None]
    assert settled == [NOW - 2 * HOUR, NOW, NOW]


def test_what_was_settled_before_the_period_is_not_in_it(house: Gateway) -> None:
    with house.database.read() as session:
        assert len(matters(session, NOW - HOUR, NOW + HOUR, NOW + HOUR)) == 3
        assert matters(session, NOW - 9 * HOUR, NOW - 5 * HOUR, NOW - 5 * HOUR) == []


def test_open_figures_are_summed_by_the_database(house: Gateway) -> None:
    with house.database.read() as session:
        figures = open_figures(session, NOW - 9 * HOUR, NOW)
        nothing = open_figures(session, NOW, NOW)
    assert (figures.received, figures.answered, figures.late, figures.on_time_share) == (4, 1, 2, 0.5)
    assert (nothing.received, nothing.on_time_share) == (0, None)


def test_gauges_count_states_and_waits(house: Gateway) -> None:
    told = {gauge.name: dict(gauge.samples) for gauge in gauges.read(house.database, NOW)}
    assert told["smsgw_complaints"] == {("answered",): 1, ("assigned",): 1, ("refused",): 1, ("withdrawn",): 1}
    assert told["smsgw_outbox"] == {("accepted", "1"): 1, ("queued", "1"): 1}
    assert told["smsgw_oldest_waiting_seconds"][("outbox",)] == 3600
    assert told["smsgw_heartbeat_age_seconds"] == {("clock",): 7}


def test_only_open_complaints_are_due(house: Gateway) -> None:
    with house.database.read() as session:
        assert [due.reference for due in due_by(session, NOW)] == ["90001"]


def test_the_outbox_is_told_by_heading(house: Gateway) -> None:
    with house.database.read() as session:
        found = heaps(session, 10)
    assert {name: heap.total for name, heap in found.items()} == {"waiting": 1, "in_doubt": 0, "failed": 0}


def test_phones_of_officials_come_before_duty_phones(house: Gateway) -> None:
    with house.database.read() as session:
        roles = [owner.role for owner in owners(session)]
        assert unread(session, "simulator") == {"+84900000901": 1}
    assert "" in roles
    assert "focal" in roles
    assert roles == sorted(roles, key=lambda role: role == "")


def test_a_period_is_found_by_indexes_whatever_came_before(gateway: Gateway) -> None:
    heard: list[tuple[str, object]] = []
    engine = gateway.database.engine

    def hears(_connection, _cursor, statement, parameters, _context, _many):  # type: ignore[no-untyped-def]
        heard.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", hears)
    with gateway.database.read() as session:
        everything = Scope(frozenset(session.scalars(select(Unit.id))))
        heard.clear()
        matters(session, NOW - HOUR, NOW, NOW)
        tallies.counts(session, everything, [NOW - HOUR], NOW, NOW)
        tallies.answers(session, everything, [NOW - HOUR], NOW)
        tallies.times_done(session, everything, NOW - HOUR, NOW)
    event.remove(engine, "before_cursor_execute", hears)
    with engine.connect() as connection:
        plans = [
            "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"explain query plan {statement}", parameters))
            for statement, parameters in heard
            if statement.startswith("SELECT")
        ]
    assert len(plans) >= 5
    assert [plan for plan in plans if "SCAN complaints" in plan or "SCAN events" in plan] == []
    assert all(name in "\n".join(plans) for name in ("ix_events_deeds", "ix_complaints_answered_at"))
