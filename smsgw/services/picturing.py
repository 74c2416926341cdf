"""Draws the leader's picture of a period, and counts how figures were dressed up."""

from collections.abc import Iterable
from datetime import UTC, datetime, time

from sqlalchemy.orm import Session

from smsgw.domain.candour import LATE, Candour, candour
from smsgw.domain.picture import Picture, Timed, picture, steps
from smsgw.domain.statistics import NEAR_HOURS, Period
from smsgw.domain.workdays import Calendar
from smsgw.domain.worktime import Worktime
from smsgw.store import tallies
from smsgw.store.officials import Scope
from smsgw.store.tallies import Between


def draw(session: Session, scope: Scope, period: Period, as_of: datetime, calendar: Calendar) -> Picture:
    """The picture of a scope; a period that still runs is drawn as it stands."""
    parts = steps(period)
    begins = [datetime.combine(day, time(), period.zone).astimezone(UTC) for day in parts]
    moment = min(as_of, period.ends)
    near = calendar.after_hours(moment, NEAR_HOURS)
    counted = tallies.counts(session, scope, begins, moment, near)
    passed = _timed(tallies.passed_on(session, scope, begins, moment), calendar)
    answered = _timed(tallies.answers(session, scope, begins, moment), calendar)
    return picture(parts, counted, passed, answered, dressed(session, period, as_of, scope))


def dressed(session: Session, period: Period, as_of: datetime, scope: Scope | None = None) -> Candour:
    """What was done in a period that makes figures look better than they are."""
    span = period.begins, min(as_of, period.ends)
    return candour(
        tallies.deeds(session, scope, *span),
        serially=tallies.prolonged_serially(session, scope, *span),
        little=tallies.answers_that_lack(session, scope, *span),
        first_after=tallies.first_after(session, span[1] + LATE),
    )


def _timed(spans: list[Between], calendar: Calendar) -> list[Timed]:
    worktime = Worktime.around(calendar, _ends(spans))
    return [(where, worktime.hours(start, end)) for where, start, end in spans]


def _ends(spans: Iterable[Between]) -> Iterable[datetime]:
    """The first and the last moment of all."""
    moments = [moment for _, *both in spans for moment in both]
    return (min(moments), max(moments)) if moments else ()
