"""Which row of the table a complaint comes under, that it keeps it, and what that costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event, select

from smsgw.domain.categories import CategoryCode
from smsgw.domain.deadlines import Counting, Level, Measure, Step
from smsgw.domain.workdays import VIETNAM
from smsgw.gateway import Gateway
from smsgw.services import terms
from smsgw.services.terms import NewTerm, TermError, set_term
from smsgw.store.tables import DeadlineRule, Unit
from tests.conftest import Clock
from tests.handlers.desks import filed, row

TODAY = date(2026, 11, 23)
NEW = NewTerm(None, None, Level.NORMAL, 4, Measure.DAYS, "QD 12/2026/QD-UBND", confirmed=True, first=TODAY)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def sets(gateway: Gateway, new: NewTerm, code: str | None = None, kind: str = "office") -> int:
    with gateway.database.write() as session:
        unit = session.scalars(select(Unit).where(Unit.code == code, Unit.kind == kind)).one() if code else None
        return set_term(session, replace(new, unit=unit), today=TODAY).id


def rule(gateway: Gateway, rule_id: int | None) -> DeadlineRule:
    with gateway.database.read() as session:
        return session.get_one(DeadlineRule, rule_id)


def test_a_row_of_the_office_goes_before_one_of_its_ward(gateway: Gateway):
    of_office = sets(gateway, replace(NEW, amount=2), "23617-kt")
    sets(gateway, replace(NEW, field=CategoryCode.HT, amount=9), "23617", "ward")
    complaint = row(gateway, filed(gateway))
    assert (complaint.rule_id, complaint.due_at) == (of_office, local("2026-11-26 17:00"))
    other = row(gateway, filed(gateway, category=CategoryCode.GD, phone="+84900001235"))
    assert other.rule_id != of_office, "another office of the ward"


def test_every_step_with_a_row_gets_its_own_due_moment(gateway: Gateway):
    receive = sets(gateway, replace(NEW, step=Step.RECEIVE, measure=Measure.HOURS, amount=8))
    resolve = sets(gateway, replace(NEW, step=Step.RESOLVE, counting=Counting.CALENDAR, amount=2))
    steps = row(gateway, filed(gateway)).steps
    assert {step: told["rule"] for step, told in steps.items()} | {"pass_on": 0} == {
        "receive": receive,
        "resolve": resolve,
        "pass_on": 0,
    }
    assert datetime.fromisoformat(steps["receive"]["due"]) == local("2026-11-25 09:00")
    assert datetime.fromisoformat(steps["resolve"]["due"]) == local("2026-11-25 17:00")


def test_hours_by_the_clock_run_at_night_and_their_alerts_too(gateway: Gateway, clock: Clock):
    sets(gateway, replace(NEW, measure=Measure.HOURS, counting=Counting.CALENDAR, amount=6), "23617-kt")
    clock.at = local("2026-11-23 20:00")
    complaint = row(gateway, filed(gateway))
    assert (complaint.due_at, complaint.look_at) == (local("2026-11-24 02:00"), local("2026-11-23 23:00"))


def test_a_complaint_keeps_the_row_it_came_under_whatever_the_table_says_later(gateway: Gateway, clock: Clock):
    before = row(gateway, filed(gateway))
    changed = sets(gateway, replace(NEW, field=CategoryCode.HT, amount=1))
    old, kept = row(gateway, before.reference or ""), rule(gateway, before.rule_id)
    assert (old.rule_id, old.due_at, old.due_source) == (before.rule_id, before.due_at, kept.source)
    assert kept.amount == 3
    assert row(gateway, filed(gateway, phone="+84900001235")).rule_id == changed


def test_a_row_replaced_on_its_first_day_stays_for_those_who_came_under_it(gateway: Gateway):
    first = sets(gateway, replace(NEW, field=CategoryCode.HT, amount=9))
    complaint = row(gateway, filed(gateway))
    second = sets(gateway, replace(NEW, field=CategoryCode.HT, amount=2))
    assert (complaint.rule_id, rule(gateway, first).amount) == (first, 9)
    assert row(gateway, filed(gateway, phone="+84900001235")).rule_id == second


def test_confirming_makes_a_row_of_its_own_from_today_on(gateway: Gateway):
    before = row(gateway, filed(gateway))
    with gateway.database.write() as session:
        following = terms.confirm(session, before.rule_id or 0, today=TODAY).id
    after = row(gateway, filed(gateway, phone="+84900001235"))
    assert (before.due_confirmed, after.due_confirmed, after.rule_id) == (False, True, following)
    assert after.due_at == before.due_at
    with gateway.database.write() as session, pytest.raises(TermError, match="confirmed already"):
        terms.confirm(session, following, today=TODAY)


def days_from_today(gateway: Gateway, field: CategoryCode) -> list[tuple[int, int | None, int, bool]]:
    """First and last day, counted from today, figure and whether confirmed, of every row of a field, in order."""
    with gateway.database.read() as session:
        rows = session.scalars(select(DeadlineRule).where(DeadlineRule.category == field.value)).all()
        told = [
            ((one.valid_from - TODAY).days, (one.valid_to - TODAY).days if one.valid_to else None, one)
            for one in rows
            if one.valid_to is None or one.valid_to >= max(TODAY, one.valid_from)
        ]
    return [(first, last, one.amount, one.confirmed) for first, last, one in sorted(told, key=lambda row: row[0])]


def two_rows(gateway: Gateway) -> int:
    """One not confirmed from today on, another figure from the thirtieth day on; the first one's id."""
    first = sets(gateway, replace(NEW, field=CategoryCode.KH, amount=4, confirmed=False))
    sets(gateway, replace(NEW, field=CategoryCode.KH, amount=9, first=TODAY + timedelta(days=30)))
    return first


def test_confirming_a_row_leaves_those_that_come_after_it(gateway: Gateway):
    first = two_rows(gateway)
    with gateway.database.write() as session:
        terms.confirm(session, first, today=TODAY)
    assert days_from_today(gateway, CategoryCode.KH) == [(0, 29, 4, True), (30, None, 9, True)]


def test_confirming_a_row_replaces_no_other_even_one_of_the_same_days(gateway: Gateway):
    first = sets(gateway, replace(NEW, field=CategoryCode.KH, confirmed=False))
    with gateway.database.write() as session:
        known = session.get_one(DeadlineRule, first)
        names = [column.name for column in DeadlineRule.__table__.columns if column.name != "id"]
        session.add(DeadlineRule(**{name: getattr(known, name) for name in names} | {"amount": 7}))
        terms.confirm(session, first, today=TODAY)
    assert sorted(days_from_today(gateway, CategoryCode.KH)) == [(0, None, 4, True), (0, None, 7, False)]


@pytest.mark.parametrize(
    ("days", "rows"),
    [
        ((5, 10), [(0, 4, 4, False), (5, 10, 2, True), (11, 29, 4, False), (30, None, 9, True)]),
        ((0, 10), [(0, 10, 2, True), (11, 29, 4, False), (30, None, 9, True)]),
        ((5, 29), [(0, 4, 4, False), (5, 29, 2, True), (30, None, 9, True)]),
        ((25, 35), [(0, 24, 4, False), (25, 35, 2, True), (36, None, 9, True)]),
        ((40, 45), [(0, 29, 4, False), (30, 39, 9, True), (40, 45, 2, True), (46, None, 9, True)]),
        ((5, None), [(0, 4, 4, False), (5, None, 2, True)]),
    ],
)
def test_a_row_with_a_last_day_takes_its_days_and_no_others(
    gateway: Gateway, days: tuple[int, int | None], rows: list[tuple[int, int | None, int, bool]]
):
    two_rows(gateway)
    first, last = (TODAY + timedelta(days=day) if day is not None else None for day in days)
    sets(gateway, replace(NEW, field=CategoryCode.KH, amount=2, first=first or TODAY, last=last))
    assert days_from_today(gateway, CategoryCode.KH) == rows


def test_an_ended_row_gives_way_to_the_next_less_special_one(gateway: Gateway):
    mine = sets(gateway, replace(NEW, amount=2), "23617-kt")
    with gateway.database.write() as session:
        terms.end(session, mine, today=TODAY)
    assert rule(gateway, row(gateway, filed(gateway)).rule_id).category == "HT"


@pytest.mark.parametrize("preset", terms.presets())
def test_the_rows_of_an_act_carry_their_source_and_are_not_confirmed(gateway: Gateway, preset: str):
    with gateway.database.write() as session:
        made = terms.adopt(session, preset, first=TODAY, today=TODAY)
        assert made
        assert all(row.source and not row.confirmed for row in made)
    with gateway.database.read() as session:
        known = {known.id for known in gateway.handbook(session).rules}
    assert {row.id for row in made} <= known


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"first": TODAY - timedelta(days=1)}, "in the past"),
        ({"last": TODAY - timedelta(days=1)}, "before it begins"),
        ({"source": " "}, "the act"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(gateway: Gateway, wrong: dict[str, object], sentence: str):
    with pytest.raises(TermError, match=sentence):
        sets(gateway, replace(NEW, **wrong))  # type: ignore[arg-type]


@contextmanager
def counted(gateway: Gateway) -> Iterator[list[str]]:
    """The statements that the database hears meanwhile."""
    heard: list[str] = []

    def hear(_connection, _cursor, statement, *_more) -> None:  # type: ignore[no-untyped-def]
        heard.append(" ".join(statement.split()))

    event.listen(gateway.database.engine, "before_cursor_execute", hear)
    yield heard
    event.remove(gateway.database.engine, "before_cursor_execute", hear)


def test_a_batch_of_complaints_reads_the_table_of_terms_once_at_most(gateway: Gateway):
    from smsgw.domain.messages import SmsReceived
    from smsgw.services import intake

    def arrive(first: int) -> None:
        with gateway.database.write() as session:
            for n in range(first, first + 40):
                body = f"PA GT duong Quang Trung phuong Tay Son hu nang doan {n}"
                sms = SmsReceived("simulator", "demo", f"m{n}", f"+849000{n:05}", "8079", body)
                intake.receive(session, sms, gateway.now())

    listener = gateway.listener()
    arrive(0)
    with counted(gateway) as first:
        listener.batch()
    arrive(40)
    with counted(gateway) as second:
        listener.batch()
    assert sum("FROM deadline_rules" in statement for statement in first) == 1
    assert sum("FROM deadline_rules" in statement or "FROM office_hours" in statement for statement in second) == 0
