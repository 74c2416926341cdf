"""A clock that was stopped: which time counts all the same, and when a term is over that was interrupted.

Working time within a stop does not count. Of a term of days, a day counts when the clock runs as offices close on it. So a stop
moves a due moment by exactly what it took away, and a short one within a day takes no day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice, takewhile

from smsgw.domain.deadlines import Counting, Measure, pace_of
from smsgw.domain.workdays import Calendar, Pace

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stop:
    """From when until when a clock stood, both aware; its first moment does not count, its last one does."""

    began: datetime
    ended: datetime

    def __post_init__(self) -> None:
        if self.ended < self.began:
            raise ValueError("a stop ends after it began")

    def stands_at_close(self, close: datetime) -> bool:
        """Whether the clock stood as offices closed: in the moment before."""
        return self.began < close <= self.ended


@dataclass(frozen=True, slots=True)
class Stopped:
    """Time at some pace without the stops, which are in order and apart."""

    pace: Pace
    stops: tuple[Stop, ...]

    def after_work(self, received: datetime, work: timedelta) -> datetime:
        at, left = received, work
        for stop in self.stops:
            before = max(self.pace.worked_between(at, stop.began), timedelta()) if at < stop.began else timedelta()
            if at < stop.began and left <= before:
                break
            at, left = max(at, stop.ended), left - before
        return self.pace.after_work(at, left)

    def worked_between(self, start: datetime, end: datetime) -> timedelta:
        if end < start:
            return -self.worked_between(end, start)
        stood = (self._within(stop, start, end) for stop in self.stops)
        return self.pace.worked_between(start, end) - sum(stood, timedelta())

    def next_opening(self, at: datetime) -> datetime:
        return self.pace.next_opening(at)

    def _within(self, stop: Stop, start: datetime, end: datetime) -> timedelta:
        first, last = max(stop.began, start), min(stop.ended, end)
        return self.pace.worked_between(first, last) if first < last else timedelta()


@dataclass(frozen=True, slots=True)
class Counted:
    """How a term is counted, from the day it began on, which itself is no day of it."""

    measure: Measure
    counting: Counting
    began_on: date


def continued(due: datetime, stop: Stop, how: Counted, calendar: Calendar) -> datetime:
    """The due moment, in UTC, of a term that was interrupted: what was left of it at the stop follows the stop.

    A term that was over before the stop stays as it was, and no stop makes one shorter. A term of days whose due moment was
    moved into a day, by hand or by hours that changed, goes on as one of hours: no number of closes leads there.
    """
    if due <= stop.began:
        return due
    ends_a_day = calendar.close_of(calendar.day_of(due)) <= due
    follows = _close_after if how.measure is Measure.DAYS and ends_a_day else _work_after
    return max(due, follows(due, stop, how, calendar))


def _work_after(due: datetime, stop: Stop, how: Counted, calendar: Calendar) -> datetime:
    pace = pace_of(how.counting, calendar)
    left = pace.worked_between(stop.began, due)
    return pace.after_work(stop.ended, left) if left else stop.ended


def _close_after(due: datetime, stop: Stop, how: Counted, calendar: Calendar) -> datetime:
    """Days are over as offices close: as many closes as were still to come follow the stop."""
    left = sum(1 for _ in takewhile(lambda close: close <= due, _closes(stop.began, how, calendar)))
    if not left:
        return stop.ended
    last = next(islice(_closes(stop.ended, how, calendar), left - 1, None))
    return calendar.close_of(calendar.working_day_from(calendar.day_of(last)))


def _closes(after: datetime, how: Counted, calendar: Calendar) -> Iterator[datetime]:
    """When offices close on the days that count, after a moment and after the day the term began on; without end."""
    every_day = how.counting is Counting.CALENDAR
    day = max(calendar.day_of(after), how.began_on + _A_DAY)
    while True:
        day = day if every_day else calendar.working_day_from(day)
        if calendar.close_of(day) > after:
            yield calendar.close_of(day)
        day += _A_DAY


def running(pace: Pace, stops: Sequence[Stop]) -> Pace:
    """The pace of a clock with these stops."""
    return Stopped(pace, tuple(stops)) if stops else pace
