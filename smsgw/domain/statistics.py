"""The sums of the periodic report, as Gia Lai's one-stop portal reckons them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from math import ceil
from statistics import median
from typing import Final

from smsgw.domain.categories import CategoryCode, ReportGroup, report_group_of
from smsgw.domain.workdays import VIETNAM, Calendar
from smsgw.domain.worktime import Worktime

NEAR_HOURS: Final = 8
_GROUP_OF: Final[Mapping[str | None, ReportGroup]] = {code.value: report_group_of(code) for code in CategoryCode}


@dataclass(frozen=True, slots=True)
class Period:
    """The days a report covers: the first and the last are both in it, as local days of `zone`."""

    first: date
    last: date
    zone: tzinfo = VIETNAM

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a period ends on or after the day it begins")

    @property
    def begins(self) -> datetime:
        """The first moment of the period, in UTC."""
        return datetime.combine(self.first, time(), self.zone).astimezone(UTC)

    @property
    def ends(self) -> datetime:
        """The first moment after the period, in UTC."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Matter:
    """One complaint as the report sees it. Moments are aware.

    `settled_at` is when the office was done with it, by an answer or otherwise, None while it is in hand; `answered`
    says that an answer was given. A matter without `due_at` is never late.
    """

    received_at: datetime
    due_at: datetime | None
    settled_at: datetime | None
    category: str | None
    answered: bool

    def late_at(self, moment: datetime) -> bool:
        """Whether the due moment has passed by then; a matter settled at that very moment is on time."""
        return self.due_at is not None and self.due_at < moment


@dataclass(frozen=True, slots=True)
class InHand:
    """Matters not settled yet: past their due moment, within a working day (8 working hours) of it, or further off."""

    late: int
    nearly_due: int
    not_due: int

    @property
    def total(self) -> int:
        return self.late + self.nearly_due + self.not_due


@dataclass(frozen=True, slots=True)
class Done:
    """Settled matters: after their due moment, or early or on time."""

    late: int
    on_time: int

    @property
    def total(self) -> int:
        return self.late + self.on_time


@dataclass(frozen=True, slots=True)
class Report:
    """The report of one period.

    `groups` and `categories` count what was received in the period; a matter of no category counts under "other" and
    under None. Shares are parts of `to_handle`, 0 to 1. `usual_hours` and `slow_hours` are the median and the 90th
    percentile (nearest rank) of the working hours that settled matters took; the portal's report has neither.
    """

    received: int
    carried_over: int
    in_hand: InHand
    done: Done
    answered: int
    groups: Mapping[str, int]
    categories: Mapping[str | None, int]
    usual_hours: float | None
    slow_hours: float | None

    @property
    def to_handle(self) -> int:
        return self.received + self.carried_over

    @property
    def late(self) -> int:
        """Late in hand and done late."""
        return self.in_hand.late + self.done.late

    @property
    def late_share(self) -> float | None:
        """None when there was nothing to handle."""
        return self.late / self.to_handle if self.to_handle else None

    @property
    def on_time_share(self) -> float | None:
        """What is left of one by the late share; None when there was nothing to handle."""
        return (self.to_handle - self.late) / self.to_handle if self.to_handle else None


def report(matters: Iterable[Matter], period: Period, as_of: datetime, calendar: Calendar) -> Report:
    """Sums up a period. `matters` may hold more than belongs to it; `as_of` (aware) is the moment of asking.

    A period still running is judged as it stands at `as_of`, one that is over as it stood at its end.
    """
    moment = min(as_of, period.ends)
    here = [m for m in matters if m.received_at < moment and not _settled(m, period.begins)]
    received = [m for m in here if m.received_at >= period.begins]
    done = [m for m in here if _settled(m, moment)]
    hours = _hours_taken(done, calendar)
    return Report(
        received=len(received),
        carried_over=len(here) - len(received),
        in_hand=_in_hand([m for m in here if not _settled(m, moment)], moment, calendar),
        done=_done(done),
        answered=sum(m.answered for m in done),
        groups=_groups(received),
        categories=Counter(m.category for m in received),
        usual_hours=usual(hours),
        slow_hours=slow(hours),
    )


def usual(hours: Sequence[float]) -> float | None:
    """The median; None of nothing."""
    return median(hours) if hours else None


def slow(hours: Sequence[float]) -> float | None:
    """The 90th percentile by nearest rank of hours in order; None of nothing."""
    return hours[ceil(len(hours) * 0.9) - 1] if hours else None


def _settled(matter: Matter, before: datetime) -> bool:
    return matter.settled_at is not None and matter.settled_at < before


def _in_hand(matters: Sequence[Matter], moment: datetime, calendar: Calendar) -> InHand:
    near_until = calendar.after_hours(moment, NEAR_HOURS)
    late = sum(m.late_at(moment) for m in matters)
    late_soon = sum(m.due_at is not None and m.due_at <= near_until for m in matters)
    return InHand(late, late_soon - late, len(matters) - late_soon)


def _done(matters: Sequence[Matter]) -> Done:
    late = sum(m.settled_at is not None and m.late_at(m.settled_at) for m in matters)
    return Done(late, len(matters) - late)


def _groups(matters: Iterable[Matter]) -> dict[str, int]:
    found = Counter(_GROUP_OF.get(m.category, ReportGroup.OTHER) for m in matters)
    return {group.value: found[group] for group in ReportGroup}


def _hours_taken(matters: Iterable[Matter], calendar: Calendar) -> list[float]:
    spans = [(matter.received_at, matter.settled_at) for matter in matters if matter.settled_at]
    worktime = Worktime.around(calendar, (moment for span in spans for moment in span))
    return sorted(worktime.hours(*span) for span in spans)
