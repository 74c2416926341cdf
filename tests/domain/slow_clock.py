"""Legal time reckoned the slow way, minute by minute: written from the rule and its examples, knowing nothing of our code.

The rule. Offices work in two intervals on every day that is no weekly day off, no public holiday and no day the locality is
closed; a make-up day is worked although the week has it off. A term of working hours is over when that many hours in which an
office was open have gone by since the text came. A term of working days leaves out the day the text came and is over when
offices close on the last of its days (Civil Code, Art. 147 and 148). Counted by the calendar, every hour and every day counts,
and a last day on which no office works moves on to the next that is worked. While the clock stands, no minute counts; a day
counts when the clock runs in its last office minute; what was left follows when it runs again. A due moment that was moved into
a day, before its offices close, has minutes left instead of days. No stop makes a due moment earlier. More time means: the end
of office hours on the day granted. Half of the time, and four fifths, are parts of the time that counted.

Minutes are whole numbers: so many since the first of January of the year 2020 by the clock in Viet Nam.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cached_property

A_DAY = 24 * 60
FIRST_DAY = date(2020, 1, 1)
BEGINNING = datetime(2019, 12, 31, 17, tzinfo=UTC)  # which is midnight in Viet Nam

Part = tuple[int, int]


@dataclass
class SlowClock:
    """`hours` are the intervals in minutes of the day, `later_hours` those from a day on."""

    hours: tuple[Part, ...]
    days_off: frozenset[int] = frozenset({5, 6})
    closed: frozenset[date] = frozenset()
    made_up: frozenset[date] = frozenset()
    later_hours: tuple[tuple[date, tuple[Part, ...]], ...] = ()
    every_minute: bool = False  # the regulation counts by the calendar
    stops: list[Part] = field(default_factory=list)

    @cached_property
    def _open(self) -> dict[int, frozenset[int]]:
        return {}

    def hours_of(self, day: int) -> tuple[Part, ...]:
        on, found = FIRST_DAY + timedelta(days=day), self.hours
        for since, hours in self.later_hours:
            if since <= on:
                found = hours
        return found

    def is_worked(self, day: int) -> bool:
        on = FIRST_DAY + timedelta(days=day)
        if on in self.closed:
            return False
        return on in self.made_up or on.weekday() not in self.days_off

    def is_open(self, minute: int) -> bool:
        day = minute // A_DAY
        if day not in self._open:
            worked = self.is_worked(day)
            self._open[day] = frozenset(m for a, b in self.hours_of(day) for m in range(a, b) if worked)
        return minute % A_DAY in self._open[day]

    def counts(self, minute: int) -> bool:
        return self.every_minute or self.is_open(minute)

    def stands(self, minute: int) -> bool:
        return any(began <= minute < ended for began, ended in self.stops)

    def ends_a_day(self, minute: int) -> bool:
        """Whether it is the last office minute of a day that a term of days counts."""
        day = minute // A_DAY
        return minute % A_DAY == self.hours_of(day)[-1][1] - 1 and (self.every_minute or self.is_worked(day))

    def after_minutes(self, start: int, amount: Fraction | int) -> Fraction:
        """When so many minutes that count are over."""
        minute, left = start, Fraction(amount)
        while True:
            if self.counts(minute) and not self.stands(minute):
                if left <= 1:
                    return minute + left
                left -= 1
            minute += 1

    def after_days(self, received: int, start: int, amount: int) -> int:
        """When so many days after the day of receipt are over, counted from `start` on."""
        minute, left = start, amount
        while left:
            day = minute // A_DAY
            left -= self.ends_a_day(minute) and day != received // A_DAY and not self.stands(minute)
            minute += 1
        while not self.is_worked((minute - 1) // A_DAY):  # an end on a day off moves on
            minute += A_DAY
        day = (minute - 1) // A_DAY
        return day * A_DAY + self.hours_of(day)[-1][1]

    def minutes_between(self, start: int, end: int) -> int:
        return sum(self.counts(minute) and not self.stands(minute) for minute in range(start, end))

    def days_between(self, received: int, start: int, end: int) -> int:
        return sum(self.ends_a_day(minute) and minute // A_DAY != received // A_DAY for minute in range(start, end))

    def goes_on(self, received: int, due: int, stop: Part, *, in_days: bool) -> int:
        """The due moment after one more stop."""
        if due <= stop[0]:
            return due
        if in_days and due % A_DAY >= self.hours_of(due // A_DAY)[-1][1]:
            left = self.days_between(received, stop[0], due)
            return max(due, self.after_days(received, stop[1], left) if left else stop[1])
        minutes = self.minutes_between(stop[0], due)
        return max(due, int(self.after_minutes(stop[1], minutes)) if minutes else stop[1])


def minute_of(at: datetime) -> int:
    return (at - BEGINNING) // timedelta(minutes=1)


def moment_of(minute: Fraction | int) -> datetime:
    exact = Fraction(minute) * 60 * 1_000_000
    return BEGINNING + timedelta(microseconds=round(exact))
