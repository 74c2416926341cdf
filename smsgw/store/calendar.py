"""The working calendar: the week, the library's public holidays, and the rows by which the locality corrects both.

The library knows the fixed days and projects Tết of years whose decree is not out yet; a government's swap of working days
that it lacks is a row in `calendar_days`. Other hours than the usual ones are rows in `office_hours`; a ward or commune whose
offices are closed when others work has rows in `unit_closures`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

import holidays
from sqlalchemy import select
from sqlalchemy.orm import Session

from smsgw.domain.workdays import Calendar
from smsgw.store.tables import CalendarDay, OfficeHours, UnitClosure

YEARS_BACK, YEARS_AHEAD = 1, 2


def calendar(session: Session, today: date, unit_id: int | None = None) -> Calendar:
    """The calendar around a day: last year to two years ahead. With `unit_id`, that of a ward or commune."""
    closed, opened = public_holidays(today.year)
    for row in session.scalars(select(CalendarDay)):
        (opened if row.working else closed).add(row.day)
        (closed if row.working else opened).discard(row.day)
    if unit_id is not None:
        closed |= closures(session).get(unit_id, frozenset())
    seasons = tuple(
        (row.valid_from, ((row.opens, row.breaks), (row.resumes, row.closes))) for row in office_hours(session)
    )
    return Calendar(closed=frozenset(closed), opened=frozenset(opened), seasons=seasons)


def office_hours(session: Session) -> Sequence[OfficeHours]:
    """From which day on which hours hold, first day first."""
    return session.scalars(select(OfficeHours).order_by(OfficeHours.valid_from)).all()


def closures(session: Session) -> Mapping[int, frozenset[date]]:
    """Days on which one ward or commune is closed, by its id."""
    days: dict[int, set[date]] = {}
    for unit_id, day in session.execute(select(UnitClosure.unit_id, UnitClosure.day)):
        days.setdefault(unit_id, set()).add(day)
    return {unit_id: frozenset(found) for unit_id, found in days.items()}


def names(session: Session, year: int, language: str, unit_id: int | None = None) -> Mapping[date, str]:
    """What days off and make-up days around a year are called; the locality's own rows as they were written."""
    own = {row.day: row.name for row in session.scalars(select(CalendarDay))}
    here = select(UnitClosure).where(UnitClosure.unit_id == unit_id)
    return {**library_names(year, language), **own, **{row.day: row.name for row in session.scalars(here)}}


@lru_cache(maxsize=16)
def library_names(year: int, language: str) -> Mapping[date, str]:
    """The library's words for its days, in Vietnamese or English."""
    spoken = "vi" if language == "vi" else "en_US"
    known = holidays.country_holidays("VN", years=range(year - YEARS_BACK, year + YEARS_AHEAD + 1), language=spoken)
    return dict(known)


def public_holidays(year: int) -> tuple[set[date], set[date]]:
    """Days off and weekend days worked instead, from the library."""
    closed, opened = _library(year)
    return set(closed), set(opened)


@lru_cache(maxsize=8)
def _library(year: int) -> tuple[frozenset[date], frozenset[date]]:
    known = holidays.country_holidays("VN", years=range(year - YEARS_BACK, year + YEARS_AHEAD + 1))
    return frozenset(known), frozenset(known.weekend_workdays)
