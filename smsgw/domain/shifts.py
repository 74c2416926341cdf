"""The duty roster: who has the watch at a moment."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from smsgw.domain.workdays import VIETNAM

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shift:
    """From the first to the last day, day and night, or each day from `begins` up to, but not including, `ends` by the clock
    in Viet Nam; over midnight where `ends` is the earlier: the night after the last day belongs to it."""

    first: date
    last: date
    begins: time | None = None
    ends: time | None = None

    def covers(self, at: datetime) -> bool:
        """Whether it is on at this aware moment."""
        local = at.astimezone(VIETNAM)
        if self.begins is None or self.ends is None:
            return self.first <= local.date() <= self.last
        clock, day = local.time(), local.date()
        if self.begins < self.ends:
            return self.begins <= clock < self.ends and self.first <= day <= self.last
        evening, morning = clock >= self.begins, clock < self.ends
        return (evening and self.first <= day <= self.last) or (morning and self.first <= day - _A_DAY <= self.last)
