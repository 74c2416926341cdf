"""Tells a term's sum day by day: which day counted, for how much, and why another did not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from smsgw.domain.deadlines import Counting, Measure, Rule, due
from smsgw.domain.pauses import Counted, Stop, continued
from smsgw.domain.workdays import Calendar

_A_DAY = timedelta(days=1)

Span = tuple[datetime, datetime]


class Why(StrEnum):
    """What a day is to a term."""

    FIRST = "first"
    WORKED = "worked"
    MADE_UP = "made_up"
    EVERY_DAY = "every_day"
    DAY_OFF = "day_off"
    CLOSED = "closed"
    STOPPED = "stopped"
    MOVED = "moved"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Line:
    """One local day of a sum. `spans` is the time that counted, aware, of a term of hours; of a term of days the time that
    offices work on a day that counted. `counted` is in the term's measure, minutes or whole days; `total` is up to then."""

    day: date
    why: Why
    spans: tuple[Span, ...]
    counted: int
    total: int

    @property
    def minutes(self) -> int:
        """Whole minutes of the spans."""
        return _minutes(self.spans)


@dataclass(frozen=True, slots=True)
class Sum:
    """A term from its first day to the due moment (UTC)."""

    rule: Rule
    received: datetime
    due: datetime
    lines: tuple[Line, ...]


def sum_of(received: datetime, rule: Rule, calendar: Calendar, stops: Sequence[Stop] = ()) -> Sum:
    """The term of a matter that came at `received` (aware), with stops of its clock in order."""
    how = Counted(rule.measure, rule.counting, calendar.day_of(received))
    at = due(received, rule, calendar).at
    for stop in stops:
        at = continued(at, stop, how, calendar)
    lines = _of_days if rule.measure is Measure.DAYS else _of_hours
    return Sum(rule, received, at, tuple(lines(received, at, rule, calendar, stops)))


def _of_days(received: datetime, at: datetime, rule: Rule, calendar: Calendar, stops: Sequence[Stop]) -> Iterator[Line]:
    total = 0
    for day in _days(received, at, calendar):
        why = _of_a_day(day, received, rule, calendar, stops)
        if why in (Why.WORKED, Why.MADE_UP, Why.EVERY_DAY) and total == rule.amount:
            why = Why.MOVED
        counts = why in (Why.WORKED, Why.MADE_UP, Why.EVERY_DAY)
        total += counts
        spans = tuple(calendar.sessions_on(day)) if counts and rule.counting is Counting.WORKING else ()
        yield Line(day, why, spans, int(counts), total)


def _of_a_day(day: date, received: datetime, rule: Rule, calendar: Calendar, stops: Sequence[Stop]) -> Why:
    if day == calendar.day_of(received):
        return Why.FIRST
    why = Why.EVERY_DAY if rule.counting is Counting.CALENDAR else _of_the_week(day, calendar)
    stands = any(stop.stands_at_close(calendar.close_of(day)) for stop in stops)
    return Why.STOPPED if stands and why not in (Why.DAY_OFF, Why.CLOSED) else why


def _of_hours(
    received: datetime, at: datetime, rule: Rule, calendar: Calendar, stops: Sequence[Stop]
) -> Iterator[Line]:
    total = 0
    for day in _days(received, at, calendar):
        known = _whole(day, calendar) if rule.counting is Counting.CALENDAR else calendar.sessions_on(day)
        open_then = [one for span in known if (one := _clipped(span, received, at))]
        spans = tuple(part for span in open_then for part in _without(span, stops))
        counted = _minutes(spans)
        total += counted
        yield Line(day, _of_spans(day, rule, calendar, spans, stood=bool(open_then)), spans, counted, total)


def _of_spans(day: date, rule: Rule, calendar: Calendar, spans: Sequence[Span], *, stood: bool) -> Why:
    why = Why.EVERY_DAY if rule.counting is Counting.CALENDAR else _of_the_week(day, calendar)
    if spans or why in (Why.DAY_OFF, Why.CLOSED):
        return why
    return Why.STOPPED if stood else Why.OVER


def _of_the_week(day: date, calendar: Calendar) -> Why:
    if day in calendar.closed:
        return Why.CLOSED
    if day.weekday() in calendar.days_off:
        return Why.MADE_UP if calendar.works_on(day) else Why.DAY_OFF
    return Why.WORKED


def _days(received: datetime, at: datetime, calendar: Calendar) -> Iterator[date]:
    """Local days from the one of receipt to the one of the due moment."""
    day = calendar.day_of(received)
    while day <= calendar.day_of(at):
        yield day
        day += _A_DAY


def _whole(day: date, calendar: Calendar) -> list[Span]:
    return [
        (datetime.combine(day, time(), calendar.zone), datetime.combine(day + _A_DAY, time(), calendar.zone)),
    ]


def _clipped(span: Span, first: datetime, last: datetime) -> Span | None:
    opens, closes = max(span[0], first), min(span[1], last)
    return (opens, closes) if opens < closes else None


def _without(span: Span, stops: Sequence[Stop]) -> Iterator[Span]:
    """The parts of a span in which the clock ran."""
    opens, closes = span
    for stop in stops:
        if opens < stop.ended and stop.began < closes:
            if opens < stop.began:
                yield opens, stop.began
            opens = stop.ended
    if opens < closes:
        yield opens, closes


def _minutes(spans: Sequence[Span]) -> int:
    return round(sum((closes - opens for opens, closes in spans), timedelta()) / timedelta(minutes=1))
