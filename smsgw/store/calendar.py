"""The working calendar: the week, the library's public holidays, and the rows by which the locality corrects both.

The library knows the fixed days and projects Tết of years whose decree is not out yet; a government's swap of working days
that it lacks is a row in `calendar_days`.
"""

from datetime import date
from functools import lru_cache

import holidays
from sqlalchemy import select
from sqlalchemy.orm import Session

from smsgw.domain.workdays import Calendar
from smsgw.store.tables import CalendarDay

YEARS_BACK, YEARS_AHEAD = 1, 2


def calendar(session: Session, today: date) -> Calendar:
    """The calendar around a day: last year to two years ahead."""
    closed, opened = public_holidays(today.year)
    for row in session.scalars(select(CalendarDay)):
        (opened if row.working else closed).add(row.day)
        (closed if row.working else opened).discard(row.day)
    return Calendar(closed=frozenset(closed), opened=frozenset(opened))


def public_holidays(year: int) -> tuple[set[date], set[date]]:
    """Days off and weekend days worked instead, from the library."""
    closed, opened = _library(year)
    return set(closed), set(opened)


@lru_cache(maxsize=8)
def _library(year: int) -> tuple[frozenset[date], frozenset[date]]:
    known = holidays.country_holidays("VN", years=range(year - YEARS_BACK, year + YEARS_AHEAD + 1))
    return frozenset(known), frozenset(known.weekend_workdays)
