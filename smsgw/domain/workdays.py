"""Working time: when offices are open, and when a number of working hours or days is over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from itertools import pairwise
from typing import Final, Protocol

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


class Pace(Protocol):
    """Time that counts: the offices' working time, or all of it; in UTC."""

    def after_work(self, received: datetime, work: timedelta) -> datetime: ...
    def worked_between(self, start: datetime, end: datetime) -> timedelta: ...
    def next_opening(self, at: datetime) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Calendar:
    """When offices work: intervals of a working day, weekly days off (Monday is 0), closed days and make-up days.

    `closed` wins over `opened`, and `opened` over the week. Intervals are in order and do not touch midnight; an office
    is open from the first moment of an interval up to, but not including, its last. `seasons` are other intervals, each
    from a day on; of several that have begun the latest counts.
    """

    intervals: tuple[Interval, ...] = HALF_DAYS
    days_off: frozenset[int] = WEEKEND
    closed: frozenset[date] = frozenset()
    opened: frozenset[date] = frozenset()
    zone: tzinfo = VIETNAM
    seasons: tuple[tuple[date, tuple[Interval, ...]], ...] = ()

    def __post_init__(self) -> None:
        for intervals in (self.intervals, *(of_season for _, of_season in self.seasons)):
            _check(intervals)
        if any(before[0] >= after[0] for before, after in pairwise(self.seasons)):
            raise ValueError("seasons must be in order")

    def intervals_on(self, day: date) -> tuple[Interval, ...]:
        """When offices work on `day`, if they work at all that day."""
        return next((hours for first, hours in reversed(self.seasons) if first <= day), self.intervals)

    def works_on(self, day: date) -> bool:
        """Whether `day`, a local date, is a working day."""
        return day not in self.closed and (day in self.opened or day.weekday() not in self.days_off)

    def is_open(self, at: datetime) -> bool:
        """Whether an office works at this aware moment."""
        return any(opens <= at < closes for opens, closes in self.sessions_on(self.day_of(at)))

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
        last = self.day_of(received)
        for _ in range(days):
            last = self.working_day_from(last + _A_DAY)
        return self.close_of(last)

    def after_calendar_days(self, received: datetime, days: int) -> datetime:
        """Close of the `days`-th day after the local day of `received`, days off counted too, or of the first working day
        after it, in UTC. Source: Civil Code 2015, Art. 147 and 148."""
        if days < 1:
            raise ValueError("a term of days has at least one")
        return self.close_of(self.working_day_from(self.day_of(received) + days * _A_DAY))

    def close_of(self, day: date) -> datetime:
        """When the last interval of a local day ends, in UTC; of a day off, when it would."""
        return self._moment(day, self.intervals_on(day)[-1][1])

    def worked_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; below zero when `end` comes first."""
        if end < start:
            return -self.worked_between(end, start)
        days = (end.astimezone(self.zone).date() - self.day_of(start)).days
        open_hours = (session for n in range(days + 1) for session in self.sessions_on(self.day_of(start) + n * _A_DAY))
        return sum((_shared(opens, closes, start, end) for opens, closes in open_hours), _NOTHING)

    def day_of(self, at: datetime) -> date:
        """The local day of an aware moment."""
        if at.tzinfo is None:
            raise ValueError("a moment without a zone has no local day")
        return at.astimezone(self.zone).date()

    def sessions_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """The intervals of one local day, in UTC; none on a day off."""
        if not self.works_on(day):
            return []
        return [(self._moment(day, opens), self._moment(day, closes)) for opens, closes in self.intervals_on(day)]

    def _moment(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def _sessions(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Intervals that close after `at`, in UTC, without end."""
        day = self.day_of(at)
        while True:
            day = self.working_day_from(day)
            yield from (session for session in self.sessions_on(day) if session[1] > at)
            day += _A_DAY

    def working_day_from(self, day: date) -> date:
        """`day` itself, or the first working day after it."""
        for n in range(_LONGEST_CLOSURE):
            if self.works_on(day + n * _A_DAY):
                return day + n * _A_DAY
        raise NeverOpensError(f"no working day within a year from {day}")


@dataclass(frozen=True, slots=True)
class AllHours:
    """Time by the clock on the wall, nights and days off included; offices open as `calendar` says."""

    calendar: Calendar

    def after_work(self, received: datetime, work: timedelta) -> datetime:
        return received.astimezone(UTC) + work

    def worked_between(self, start: datetime, end: datetime) -> timedelta:
        return end - start

    def next_opening(self, at: datetime) -> datetime:
        return self.calendar.next_opening(at)


def _check(intervals: tuple[Interval, ...]) -> None:
    if not intervals:
        raise ValueError("a working day needs an interval")
    if any(opens >= closes for opens, closes in intervals):
        raise ValueError("an interval must open before it closes")
    if any(before[1] > after[0] for before, after in pairwise(intervals)):
        raise ValueError("intervals must be in order and apart")


def _shared(opens: datetime, closes: datetime, start: datetime, end: datetime) -> timedelta:
    return max(min(closes, end) - max(opens, start), _NOTHING)
