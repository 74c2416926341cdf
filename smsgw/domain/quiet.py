"""Quiet hours: when people sleep, and a text that can wait does."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from smsgw.domain.workdays import VIETNAM


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begins` up to, but not including, `ends`, every day; over midnight where `ends` is the earlier."""

    begins: time = time(21)
    ends: time = time(7)
    zone: tzinfo = VIETNAM

    def over_at(self, now: datetime) -> datetime | None:
        """When the quiet in which `now` falls is over, in UTC; None where it is not quiet."""
        local = now.astimezone(self.zone)
        clock, over_midnight = local.time(), self.ends <= self.begins
        evening, morning = clock >= self.begins, clock < self.ends
        if not ((evening or morning) if over_midnight else (evening and morning)):
            return None
        day = local.date() + timedelta(days=over_midnight and evening)
        return datetime.combine(day, self.ends, self.zone).astimezone(UTC)


def read(written: str) -> QuietHours | None:
    """Quiet hours written as 21:00-07:00; None for none, which is written as nothing. Raises `ValueError`."""
    if not written.strip():
        return None
    begins, _, ends = (part.strip() for part in written.partition("-"))
    hours = QuietHours(time.fromisoformat(begins), time.fromisoformat(ends))
    if hours.begins == hours.ends or hours.begins.tzinfo or hours.ends.tzinfo:
        raise ValueError(written)
    return hours
