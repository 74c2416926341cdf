"""More time for an answer: which new day may be asked for, and when the answer is due then."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from smsgw.domain.workdays import Calendar

LONGEST: Final = timedelta(days=92)


class Flaw(StrEnum):
    """Why a day cannot be asked for."""

    LATE_ALREADY = "late_already"
    NOT_LATER = "not_later"
    DAY_OFF = "day_off"
    TOO_FAR = "too_far"
    NO_REASON = "no_reason"


def flaws(until: date, reason: str, due: datetime, now: datetime, calendar: Calendar) -> Iterator[Flaw]:
    """What stands against more time until the close of a day, for an answer due at `due` (aware).

    A due moment that has passed stays: more time must not make a late answer look like one in time.
    """
    if due <= now:
        yield Flaw.LATE_ALREADY
    if until > calendar.day_of(due) + LONGEST:
        yield Flaw.TOO_FAR
    elif calendar.close_of(until) <= due:
        yield Flaw.NOT_LATER
    elif not calendar.works_on(until):
        yield Flaw.DAY_OFF
    if not reason.strip():
        yield Flaw.NO_REASON
