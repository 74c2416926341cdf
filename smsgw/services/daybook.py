"""Keeps the locality's calendar: days off and make-up days, one by one or a file of them, and the hours offices work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from sqlalchemy.orm import Session

from smsgw.domain.dayfile import Day
from smsgw.domain.marks import N_
from smsgw.store.calendar import public_holidays
from smsgw.store.tables import CalendarDay, OfficeHours, UnitClosure


class DayError(ValueError):
    """What was asked cannot be done; the text is a sentence for the administrator."""


class Change(StrEnum):
    """What a day of a file would do."""

    NEW = "new"
    OTHER = "other"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Looked:
    """A day of a file beside what is known: the locality's own row, and whether the library has the day off."""

    day: Day
    change: Change
    off_already: bool


@dataclass(frozen=True, slots=True)
class Hours:
    """Two intervals of a working day."""

    opens: time
    breaks: time
    resumes: time
    closes: time


def looked_at(session: Session, days: Sequence[Day]) -> list[Looked]:
    """What taking over these days would change; nothing is changed."""
    found = []
    for one in days:
        row = session.get(CalendarDay, one.day)
        same = row is not None and (row.working, row.name, row.source) == (one.working, one.name, one.source)
        change = Change.SAME if same else Change.OTHER if row else Change.NEW
        found.append(Looked(one, change, one.day in public_holidays(one.day.year)[0]))
    return found


def keep_days(session: Session, days: Sequence[Day]) -> int:
    """Writes the days down, each with the act it comes from; how many are new or other than before."""
    if any(not day.name.strip() or not day.source.strip() for day in days):
        raise DayError(N_("Give each day a name, and the act it comes from."))
    changed = [one.day for one in looked_at(session, days) if one.change is not Change.SAME]
    for day in changed:
        session.merge(CalendarDay(day=day.day, working=day.working, name=day.name.strip(), source=day.source.strip()))
    return len(changed)


def forget_day(session: Session, day: date) -> None:
    """The week and the library of public holidays decide about this day again."""
    row = session.get(CalendarDay, day)
    if row is not None:
        session.delete(row)


def keep_closure(session: Session, unit_id: int, day: Day) -> None:
    """The offices of one ward or commune are closed on this day, with the act that says so."""
    if day.working:
        raise DayError(N_("A make-up day is one for every ward and commune."))
    if not day.name.strip() or not day.source.strip():
        raise DayError(N_("Give each day a name, and the act it comes from."))
    session.merge(UnitClosure(unit_id=unit_id, day=day.day, name=day.name.strip(), source=day.source.strip()))


def forget_closure(session: Session, unit_id: int, day: date) -> None:
    """The calendar of all decides about this day here again."""
    row = session.get(UnitClosure, (unit_id, day))
    if row is not None:
        session.delete(row)


def keep_hours(session: Session, first: date, hours: Hours, source: str, *, today: date) -> None:
    """From this day on offices work in these hours."""
    if first < today:
        raise DayError(N_("Hours cannot begin in the past: what was counted stays."))
    if not hours.opens < hours.breaks <= hours.resumes < hours.closes:
        raise DayError(N_("Give the hours in order: morning from and to, afternoon from and to."))
    if not source.strip():
        raise DayError(N_("Give the act that the hours come from."))
    session.merge(
        OfficeHours(
            valid_from=first,
            opens=hours.opens,
            breaks=hours.breaks,
            resumes=hours.resumes,
            closes=hours.closes,
            source=source.strip(),
        )
    )


def forget_hours(session: Session, first: date, *, today: date) -> None:
    """Hours that have not begun are dropped; those that have, stay."""
    row = session.get(OfficeHours, first)
    if row is None or first <= today:
        raise DayError(N_("Only hours that have not begun can be dropped."))
    session.delete(row)
