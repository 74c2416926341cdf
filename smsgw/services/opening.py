"""Open figures of the last twelve whole months, safe to be shown to everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from smsgw.domain.openly import Case, Key, gathered, is_early, months_before, pooled
from smsgw.domain.workdays import VIETNAM, Calendar
from smsgw.domain.worktime import Worktime
from smsgw.store.openly import Told, received
from smsgw.text.sheets import Sheet, Value, as_csv

MONTHS = 12
COLUMNS = (
    "month",
    "unit",
    "unit_name",
    "field",
    "field_name",
    "received",
    "answered",
    "on_time",
    "early",
    "late",
    "reopened",
    "rated",
    "satisfied",
    "median_working_hours",
    "p90_working_hours",
)


@dataclass(frozen=True, slots=True)
class Opened:
    """The lines, the months they are of, and the names of units by code."""

    months: Sequence[date]
    lines: Mapping[Key, Sequence[Case]]
    units: Mapping[str, str]


def opened(session: Session, now: datetime, calendar: Calendar) -> Opened:
    """By the month in which complaints were received, as they stand now. The month that runs is left out."""
    today = now.astimezone(VIETNAM).date()
    months = months_before(today, MONTHS)
    begins, ends = (datetime.combine(day, time(), VIETNAM).astimezone(UTC) for day in (months[0], today.replace(day=1)))
    told = received(session, begins, ends)
    worktime = Worktime.around(calendar, _ends(told))
    cells = gathered((_key(one), _case(one, now, worktime)) for one in told)
    return Opened(months, pooled(cells), {one.unit: one.unit_name for one in told})


def _ends(told: Sequence[Told]) -> Sequence[datetime]:
    moments = [moment for one in told if one.answered_at for moment in (one.received_at, one.answered_at)]
    return (min(moments), max(moments)) if moments else ()


def _key(one: Told) -> Key:
    return Key(one.unit, one.field or "", one.received_at.astimezone(VIETNAM).date().replace(day=1))


def _case(one: Told, now: datetime, worktime: Worktime) -> Case:
    answered = one.answered_at
    return Case(
        answered=answered is not None,
        late=one.due_at is not None and one.due_at < (one.settled_at or now),
        early=is_early(one.due_at, answered, lambda at: at.astimezone(VIETNAM).date()),
        reopened=one.reopened,
        rating=one.rating,
        hours=worktime.hours(one.received_at, answered) if answered else None,
    )


def opened_as_csv(rows: Sequence[Sequence[Value]]) -> str:
    """Open data: names of columns are for machines and stay as they are."""
    return as_csv(Sheet("figures", COLUMNS, rows))
