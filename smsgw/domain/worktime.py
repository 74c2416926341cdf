"""Working time between many pairs of moments: the sum of the calendar, made once."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from smsgw.domain.workdays import Calendar


class Worktime:
    """Tells the working hours between moments of these local days as the calendar would, at the cost of a look-up."""

    def __init__(self, calendar: Calendar, first: date, last: date) -> None:
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        self._opens: list[float] = []
        self._closes: list[float] = []
        self._before: list[float] = []
        done = 0.0
        for opens, closes in (session for day in days for session in calendar.sessions_on(day)):
            self._opens.append(opens.timestamp())
            self._closes.append(closes.timestamp())
            self._before.append(done)
            done += (closes - opens).total_seconds()

    @classmethod
    def around(cls, calendar: Calendar, moments: Iterable[datetime]) -> "Worktime":
        """For these moments; of none, for none."""
        days = sorted({calendar.day_of(at) for at in moments})
        return cls(calendar, days[0], days[-1]) if days else cls(calendar, date.max, date.min)

    def hours(self, start: datetime, end: datetime) -> float:
        """Working hours from `start` to `end`; below zero when `end` comes first."""
        return self.between(start.timestamp(), end.timestamp())

    def between(self, start: float, end: float) -> float:
        """The same of seconds since 1970."""
        return (self._done(end) - self._done(start)) / 3600

    def _done(self, at: float) -> float:
        session = bisect_right(self._opens, at) - 1
        if session < 0:
            return 0.0
        return self._before[session] + min(at, self._closes[session]) - self._opens[session]
