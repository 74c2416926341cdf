"""Rows of the duty roster, and whose watch it is."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from smsgw.domain.shifts import Shift
from smsgw.domain.workdays import VIETNAM
from smsgw.store.tables import DutyShift, Unit

A_NIGHT = timedelta(days=1)  # a shift that goes over midnight ends on the day after its last
_ABOUT = (
    select(DutyShift)
    .where(
        DutyShift.unit_id.in_(bindparam("units", expanding=True)),
        DutyShift.last >= bindparam("eve"),
        DutyShift.first <= bindparam("day"),
    )
    .options(joinedload(DutyShift.official))
    .order_by(DutyShift.id)
)


def on_watch(session: Session, unit_id: int, office_id: int | None, at: datetime) -> Sequence[DutyShift]:
    """The rows of the office that are on at this moment, or where there are none those of the unit."""
    day = at.astimezone(VIETNAM).date()
    units = [one for one in (unit_id, office_id) if one]
    found = session.scalars(_ABOUT, {"units": units, "eve": day - A_NIGHT, "day": day}).all()
    on = [row for row in found if Shift(row.first, row.last, row.begins, row.ends).covers(at)]
    return [row for row in on if row.unit_id == office_id] or [row for row in on if row.unit_id == unit_id]


def listed(session: Session, since: date) -> Sequence[DutyShift]:
    """Those not over before this day, first day first."""
    query = select(DutyShift).where(DutyShift.last >= since).order_by(DutyShift.first, DutyShift.id)
    people = joinedload(DutyShift.official), joinedload(DutyShift.unit).joinedload(Unit.parent)
    return session.scalars(query.options(*people)).all()
