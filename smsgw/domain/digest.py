"""When an official's digest comes: once a working day, from a set hour until offices close."""

from datetime import UTC, datetime, time, timedelta

from smsgw.domain.workdays import VIETNAM, Calendar

_A_DAY = timedelta(days=1)


def is_time(now: datetime, calendar: Calendar, at: time) -> bool:
    """Whether the day's digest may go now; after hours it is of no use any more."""
    day = calendar.day_of(now)
    return calendar.works_on(day) and datetime.combine(day, at, VIETNAM) <= now < calendar.close_of(day)


def next_at(now: datetime, calendar: Calendar, at: time) -> datetime:
    """When the first digest after this moment comes."""
    today = calendar.day_of(now)
    first = today if now < datetime.combine(today, at, VIETNAM) else today + _A_DAY
    return datetime.combine(calendar.working_day_from(first), at, VIETNAM).astimezone(UTC)
