"""What the locality decided, as administrators look it up: units, offices, routing, terms, calendar."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from smsgw.store.tables import CalendarDay, DeadlineRule, Route, Unit, UnitClosure


def units(session: Session) -> Sequence[Unit]:
    """Every unit and office with its parent, former ones too."""
    return session.scalars(select(Unit).options(joinedload(Unit.parent)).order_by(Unit.code, Unit.valid_from)).all()


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
