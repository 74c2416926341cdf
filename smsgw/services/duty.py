"""Keeps the duty roster, leave with its deputies, and who wishes for the day's digest."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from smsgw.domain.marks import N_
from smsgw.domain.progress import Duty
from smsgw.domain.shifts import Shift
from smsgw.store.tables import AlertRow, DutyShift, Leave, Official, Unit

A_DAY = timedelta(days=1)
NO_CASES = frozenset({Duty.ADMIN, Duty.AUDITOR})


class DutyError(ValueError):
    """What was asked cannot be done; the text is a sentence for whoever asked."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Days of leave, both included, and who stands in."""

    official: Official
    deputy: Official
    first: date
    last: date


def add_shift(session: Session, unit: Unit, official: Official, shift: Shift, *, today: date) -> DutyShift:
    """Puts a row into the roster; the same row twice is one."""
    if shift.last < shift.first:
        raise DutyError(N_("The last day lies before the first."))
    if shift.last < today:
        raise DutyError(N_("These days are over."))
    if shift.begins is not None and shift.begins == shift.ends:
        raise DutyError(N_("A watch begins and ends at different times."))
    if not official.active or not official.phone:
        raise DutyError(N_("Who is on watch needs a phone that texts reach."))
    if not _is_of(official, unit):
        raise DutyError(N_("Who is on watch must belong to that unit, to one of its offices or to the unit above."))
    values = {"unit_id": unit.id, "official_id": official.id, "first": shift.first, "last": shift.last}
    values |= {"begins": shift.begins, "ends": shift.ends}
    same = (getattr(DutyShift, name).is_not_distinct_from(value) for name, value in values.items())
    if known := session.scalars(select(DutyShift).where(*same).limit(1)).one_or_none():
        return known
    row = DutyShift(**values)
    session.add(row)
    session.flush()
    return row


def remove_shift(session: Session, shift_id: int) -> None:
    """Takes a row out of the roster."""
    if row := session.get(DutyShift, shift_id):
        session.delete(row)


def add_leave(session: Session, absence: Absence, *, today: date) -> Leave:
    """An official is away: alerts and cases are with the deputy on these days."""
    official, deputy = absence.official, absence.deputy
    if absence.last < absence.first:
        raise DutyError(N_("The last day lies before the first."))
    if absence.last < today:
        raise DutyError(N_("These days are over."))
    if official.id == deputy.id:
        raise DutyError(N_("Nobody stands in for themselves."))
    if not deputy.active or not deputy.phone or _has_no_cases(deputy) or _home(deputy) != _home(official):
        raise DutyError(N_("A deputy handles cases of the same unit and has a phone that texts reach."))
    overlaps = Leave.official_id == official.id, Leave.first <= absence.last, Leave.last >= absence.first
    if session.scalars(select(Leave.id).where(*overlaps).limit(1)).first():
        raise DutyError(N_("On some of these days this official is on leave already."))
    row = Leave(official_id=official.id, deputy_id=deputy.id, first=absence.first, last=absence.last)
    session.add(row)
    session.flush()
    return row


def end_leave(session: Session, leave_id: int, *, today: date) -> None:
    """They are back from today on; a leave that has not begun is taken out."""
    row = session.get(Leave, leave_id)
    if row is None:
        return
    if row.first >= today:
        session.delete(row)
    else:
        row.last = min(row.last, today - A_DAY)


def wish_for_digest(session: Session, official: Official, *, wished: bool) -> None:
    """Without it, what could wait is told at once, each by itself; what waits now too."""
    official.digest = wished
    if not wished:
        theirs = AlertRow.official_id == official.id, AlertRow.told_at.is_(None), AlertRow.waits.is_(True)
        session.execute(update(AlertRow).where(*theirs).values(waits=False))


def _home(official: Official) -> int | None:
    """The ward, commune or province that they work for."""
    return official.unit.parent_id if official.unit.kind == "office" else official.unit_id


def _is_of(official: Official, unit: Unit) -> bool:
    whole = unit.parent_id if unit.kind == "office" else unit.id
    return official.unit_id == unit.id or _home(official) == whole or official.unit_id == unit.parent_id


def _has_no_cases(official: Official) -> bool:
    return {role.name for role in official.roles} <= NO_CASES
