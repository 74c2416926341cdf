"""What the locality decided, as administrators look it up: units, offices, routing, terms, calendar."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from smsgw.store.tables import OPEN_STATES, CalendarDay, Complaint, DeadlineRule, FieldOff, Route, Unit, UnitClosure


def units(session: Session) -> Sequence[Unit]:
    """Every unit and office with its parent, former ones too."""
    return session.scalars(select(Unit).options(joinedload(Unit.parent)).order_by(Unit.code, Unit.valid_from)).all()


def still_open(session: Session, unit: Unit) -> int:
    """How many complaints of this unit or office are still open."""
    mine = Complaint.office_id == unit.id if unit.kind == "office" else Complaint.unit_id == unit.id
    query = select(func.count()).select_from(Complaint).where(mine, Complaint.state.in_(OPEN_STATES))
    return session.scalar(query) or 0


def fields_of(session: Session, office_id: int, on: date) -> Sequence[str]:
    """The fields that go to an office on a day."""
    valid = Route.valid_from <= on, or_(Route.valid_to.is_(None), Route.valid_to >= on)
    return session.scalars(select(Route.category).where(Route.office_id == office_id, *valid).distinct()).all()


def fields_off(session: Session) -> frozenset[str]:
    """The fields that the locality does not handle."""
    return frozenset(session.scalars(select(FieldOff.category)))


def routes(session: Session) -> Sequence[Route]:
    """The routing matrix, row by row."""
    return session.scalars(select(Route).order_by(Route.unit_id, Route.category, Route.valid_from)).all()


def terms(session: Session) -> Sequence[DeadlineRule]:
    """The deadline rules: those for every field first."""
    order = DeadlineRule.category.is_not(None), DeadlineRule.category, DeadlineRule.level, DeadlineRule.valid_from
    return session.scalars(select(DeadlineRule).order_by(*order)).all()


def closures(session: Session) -> Sequence[UnitClosure]:
    """Days on which one ward or commune is closed."""
    return session.scalars(select(UnitClosure).order_by(UnitClosure.day, UnitClosure.unit_id)).all()


def days(session: Session) -> Sequence[CalendarDay]:
    """The locality's own days off and make-up days."""
    return session.scalars(select(CalendarDay).order_by(CalendarDay.day)).all()
