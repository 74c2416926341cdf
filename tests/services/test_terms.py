"""Terms follow one another, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from smsgw.domain.categories import CategoryCode
from smsgw.domain.deadlines import Level, Measure
from smsgw.gateway import Gateway
from smsgw.services.terms import NewTerm, set_term
from smsgw.store.tables import DeadlineRule, Unit


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Gateway:
    return request.getfixturevalue("gateway" if request.param == "sqlite" else "on_postgres")


@pytest.mark.parametrize("field", [CategoryCode.GT, None])
@pytest.mark.parametrize("code", ["23617", None])
def test_one_term_of_a_field_and_unit_ends_where_the_next_begins(
    house: Gateway, field: CategoryCode | None, code: str | None
) -> None:
    today = house.now().date()
    with house.database.write() as session:
        unit = session.scalars(select(Unit).where(Unit.code == code, Unit.kind == "ward")).one() if code else None
        first = NewTerm(field, unit, Level.NORMAL, 4, Measure.DAYS, "QD 12/2026/QD-UBND", confirmed=True, first=today)
        untouched = set_term(session, replace(first, level=Level.URGENT), today=today)
        former = set_term(session, first, today=today)
        following = set_term(session, replace(first, amount=9, first=today + timedelta(days=30)), today=today)
        session.flush()
        open_ended = session.scalars(select(DeadlineRule).where(DeadlineRule.valid_to.is_(None))).all()
    assert former.valid_to == today + timedelta(days=29)
    assert former not in open_ended
    assert following in open_ended
    assert untouched in open_ended
