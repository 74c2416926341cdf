"""Working time: when offices are open, and when a number of working hours or days is over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from itertools import pairwise
from typing import Final

# The legal time of Vietnam has had no changes since 1975, so the zone needs no table from the machine it runs on.
VIETNAM: Final = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

Interval = tuple[time, time]
HALF_DAYS: Final[tuple[Interval, ...]] = ((time(7), time(11, 30)), (time(13, 30), time(17)))
WEEKEND: Final = frozenset({5, 6})

_A_DAY: Final = timedelta(days=1)
_NOTHING: Final = timedelta()
_LONGEST_CLOSURE: Final = 366


class NeverOpensError(ValueError):
    """The calendar has no working day for more than a year: nothing can fall due by it."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When offices work: intervals of a working day, weekly days off (Monday is 0), closed days and make-up days.

    `closed` wins over `opened`, and `opened` over the week. Intervals are in order and do not touch midnight; an office
    is open from the first moment of an interval up to, but not including, its last.
    """

    intervals: tuple[Interval, ...] = HALF_DAYS
    days_off: frozenset[int] = WEEKEND
    closed: frozenset[date] = frozenset()
    opened: frozenset[date] = frozenset()
    zone: tzinfo = VIETNAM

    def __post_init__(self) -> None:
        if not self.intervals:
            raise ValueError("a working day needs an interval")
        if any(opens >= closes for opens, closes in self.intervals):
            raise ValueError("an interval must open before it closes")
        if any(before[1] > after[0] for before, after in pairwise(self.intervals)):
            raise ValueError("intervals must be in order and apart")

    def works_on(self, day: date) -> bool:
        """Whether `day`, a local date, is a working day."""
        return day not in self.closed and (day in self.opened or day.weekday() not in self.days_off)

    def is_open(self, at: datetime) -> bool:
        """Whether an office works at this aware moment."""
        return any(opens <= at < closes for opens, closes in self._on(self._day(at)))

    def next_opening(self, at: datetime) -> datetime:
        """The first opening after `at`, in UTC; when offices are open, the one after the coming break."""
        return next(opens for opens, _ in self._sessions(at) if opens > at)

    def after_hours(self, received: datetime, hours: float) -> datetime:
        """When `hours` working hours are over, in UTC; they run from the next opening for what came outside them."""
        return self.after_work(received, timedelta(hours=hours))

    def after_work(self, received: datetime, work: timedelta) -> datetime:
        """When this much working time is over, in UTC: at the close of an interval rather than at the next opening."""
        if work < _NOTHING:
            raise ValueError("working time does not run backwards")
        left = work
        sessions = self._sessions(received)
        while True:
            opens, closes = next(sessions)
            start = max(opens, received.astimezone(UTC))
            if left <= closes - start:
                return start + left
            left -= closes - start

    def after_days(self, received: datetime, days: int) -> datetime:
        """Close of the `days`-th working day after the local day of `received`, in UTC; that day itself is not counted.

        Source: Civil Code 2015, Art. 147 (the first day is left out) and Art. 148 (an end on a day off moves on).
        """
        if days < 1:
            raise ValueError("a term of days has at least one")
        last = self._day(received)
        for _ in range(days):
            last = self._working_day_from(last + _A_DAY)
        return self._on(last)[-1][1]

    def worked_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; below zero when `end` comes first."""
        if end < start:
            return -self.worked_between(end, start)
        days = (end.astimezone(self.zone).date() - self._day(start)).days
        open_hours = (session for n in range(days + 1) for session in self._on(self._day(start) + n * _A_DAY))
        return sum((_shared(opens, closes, start, end) for opens, closes in open_hours), _NOTHING)

    def hours_between(self, start: datetime, end: datetime) -> float:
        """Working hours from `start` to `end`; below zero when `end` comes first."""
        return self.worked_between(start, end) / timedelta(hours=1)

    def _day(self, at: datetime) -> date:
        if at.tzinfo is None:
            raise ValueError("a moment without a zone has no local day")
        return at.astimezone(self.zone).date()

    def _on(self, day: date) -> list[tuple[datetime, datetime]]:
        """The intervals of one local day, in UTC; none on a day off."""
        if not self.works_on(day):
            return []
        return [(self._moment(day, opens), self._moment(day, closes)) for opens, closes in self.intervals]

    def _moment(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def _sessions(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Intervals that close after `at`, in UTC, without end."""
        day = self._day(at)
        while True:
            day = self._working_day_from(day)
            yield from (session for session in self._on(day) if session[1] > at)
            day += _A_DAY

    def _working_day_from(self, day: date) -> date:
        for n in range(_LONGEST_CLOSURE):
            if self.works_on(day + n * _A_DAY):
                return day + n * _A_DAY
        raise NeverOpensError(f"no working day within a year from {day}")


def _shared(opens: datetime, closes: datetime, start: datetime, end: datetime) -> timedelta:
    return max(min(closes, end) - max(opens, start), _NOTHING)
