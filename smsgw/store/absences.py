"""Leave: who is away on a day, and who stands in for whom."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from smsgw.domain.ladder import Absences
from smsgw.store.tables import Leave, Official


def on(session: Session, day: date) -> Sequence[Leave]:
    """The leaves that cover a local day, with the people."""
    query = select(Leave).where(Leave.last >= day, Leave.first <= day).order_by(Leave.id)
    return session.scalars(query.options(joinedload(Leave.official), joinedload(Leave.deputy))).all()


def of(leaves: Sequence[Leave]) -> Absences:
    """The same as the rule wants it."""
    deputies: dict[int, list[int]] = {}
    for one in leaves:
        deputies.setdefault(one.official_id, []).append(one.deputy_id)
    textable = {one.deputy_id for one in leaves if one.deputy.active and one.deputy.phone}
    return Absences(deputies, textable)


def stood_in_for(session: Session, official_id: int, day: date) -> Sequence[Official]:
    """Those who are away on this day and named this official as their deputy."""
    query = select(Official).join(Leave, Leave.official_id == Official.id)
    covers = Leave.deputy_id == official_id, Leave.last >= day, Leave.first <= day, Official.active
    return session.scalars(query.where(*covers).options(joinedload(Official.unit)).distinct()).all()


def listed(session: Session, since: date) -> Sequence[Leave]:
    """Those not over before this day, first day first."""
    query = select(Leave).where(Leave.last >= since).order_by(Leave.first, Leave.id)
    return session.scalars(query.options(joinedload(Leave.official), joinedload(Leave.deputy))).all()
