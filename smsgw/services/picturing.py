"""Draws the leader's picture of a period, and counts how figures were dressed up."""

from datetime import UTC, datetime, time

from sqlalchemy.orm import Session

from smsgw.domain.candour import PAUSED, PROLONGED, Candour, in_bulk
from smsgw.domain.histories import CLOSED_OTHERWISE, REOPENED
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
    span = session, scope, period.begins, min(as_of, period.ends)
    done = tallies.times_done(*span)
    return Candour(
        by_citizen=done.get("withdrawn", 0),
        by_office=sum(done.get(kind, 0) for kind in CLOSED_OTHERWISE if kind != "withdrawn"),
        in_bulk=in_bulk(tallies.busy_closings(*span)),
        prolonged=done.get(PROLONGED, 0),
        serially=tallies.prolonged_serially(*span),
        paused=done.get(PAUSED, 0),
        reopened=done.get(REOPENED, 0),
        out_of_order=tallies.out_of_order(*span),
        little=tallies.answers_that_lack(*span),
    )


def _timed(spans: list[Between], calendar: Calendar) -> list[Timed]:
    if not spans:
        return []
    moments = [moment for _, *both in spans for moment in both]
    ends = (datetime.fromtimestamp(moment, UTC) for moment in (min(moments), max(moments)))
    worktime = Worktime.around(calendar, ends)
    return [(where, worktime.between(start, end)) for where, start, end in spans]
