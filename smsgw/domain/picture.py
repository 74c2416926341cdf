"""What a leader sees of a period: how many, how late, how long it took; in all and by unit, office, field and time."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar

from smsgw.domain.candour import Candour
from smsgw.domain.statistics import Matter, Period, slow, usual

MONTHLY_FROM = 63  # days of a period that is shown by months
MOST_STEPS = 24
K = TypeVar("K", bound=Hashable)


class Where(NamedTuple):
    """What is counted together. `step` is the part of the period in which it was received, from 0; -1 for before it."""

    unit_id: int
    office_id: int | None
    category: str | None
    step: int


@dataclass(frozen=True, slots=True)
class Count:
    """Complaints of a period, each in one column of the periodic report."""

    received: int = 0
    carried_over: int = 0
    late: int = 0
    nearly_due: int = 0
    not_due: int = 0
    done_late: int = 0
    done_on_time: int = 0
    answered: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def to_handle(self) -> int:
        return self.received + self.carried_over

    @property
    def in_hand(self) -> int:
        return self.late + self.nearly_due + self.not_due

    @property
    def done(self) -> int:
        return self.done_late + self.done_on_time

    @property
    def late_in_all(self) -> int:
        """Late in hand and done late."""
        return self.late + self.done_late

    @property
    def on_time_share(self) -> float | None:
        """0 to 1; None when there was nothing to handle."""
        return (self.to_handle - self.late_in_all) / self.to_handle if self.to_handle else None


@dataclass(frozen=True, slots=True)
class Times:
    """Working hours that something took: of how many, the median and the 90th percentile (nearest rank)."""

    of: int = 0
    usual: float | None = None
    slow: float | None = None

    @classmethod
    def told(cls, hours: Iterable[float]) -> "Times":
        found = sorted(hours)
        return cls(len(found), usual(found), slow(found))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what was counted, and how long passing on and answering took."""

    count: Count = field(default_factory=Count)
    passing: Times = field(default_factory=Times)
    answering: Times = field(default_factory=Times)


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything, by ids and codes. `steps` are the first days of the parts that time is shown by."""

    steps: Sequence[date]
    total: Row
    by_unit: Mapping[int, Row]
    by_office: Mapping[tuple[int, int | None], Row]
    by_field: Mapping[str | None, Row]
    by_step: Mapping[int, Row]
    candour: Candour


Timed = tuple[Where, float]


def count_of(matter: Matter, begins: datetime, moment: datetime, near: datetime) -> Count:
    """One complaint of a period that began at `begins`, as it stood at `moment`; none where it was settled before."""
    settled = matter.settled_at if matter.settled_at is not None and matter.settled_at < moment else None
    if matter.received_at >= moment or (settled is not None and settled < begins):
        return Count()
    is_new, is_late = matter.received_at >= begins, matter.late_at(settled or moment)
    came = {"received": int(is_new), "carried_over": int(not is_new)}
    if settled is not None:
        return Count(**came, done_late=int(is_late), done_on_time=int(not is_late), answered=int(matter.answered))
    is_near = not is_late and matter.due_at is not None and matter.due_at <= near
    return Count(**came, late=int(is_late), nearly_due=int(is_near), not_due=int(not is_late and not is_near))


def step_of(at: datetime, begins: Sequence[datetime]) -> int:
    """In which part a moment lies, counted from 0; -1 for before the first."""
    return bisect_right(begins, at) - 1


def steps(period: Period) -> list[date]:
    """The first days of its months, or of its weeks where it is short; no more than two dozen parts, the last days' own."""
    found, day = [period.first], period.first
    while day <= period.last:
        day = _next_step(day, monthly=(period.last - period.first).days >= MONTHLY_FROM)
        if day <= period.last:
            found.append(day)
    return [period.first, *found[-MOST_STEPS + 1 :]] if len(found) > MOST_STEPS else found


def _next_step(day: date, *, monthly: bool) -> date:
    if not monthly:
        return day + timedelta(days=7 - day.weekday())
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def picture(
    parts: Sequence[date],
    counts: Iterable[tuple[Where, Count]],
    passed: Sequence[Timed],
    answered: Sequence[Timed],
    dressed: Candour,
) -> Picture:
    """Sums it up. `passed` and `answered` are the working hours that single complaints took."""
    told = list(counts)

    def by(key: Callable[[Where], K]) -> dict[K, Row]:
        return _rows(key, told, passed, answered)

    return Picture(
        steps=parts,
        total=by(lambda _: 0).get(0, Row()),
        by_unit=by(lambda where: where.unit_id),
        by_office=by(lambda where: (where.unit_id, where.office_id)),
        by_field=by(lambda where: where.category),
        by_step=by(lambda where: where.step),
        candour=dressed,
    )


def _rows(
    key: Callable[[Where], K], counts: Iterable[tuple[Where, Count]], passed: Iterable[Timed], answered: Iterable[Timed]
) -> dict[K, Row]:
    sums: dict[K, Count] = defaultdict(Count)
    for where, count in counts:
        sums[key(where)] += count
    passing, answering = _gathered(key, passed), _gathered(key, answered)
    keys = dict.fromkeys((*sums, *passing, *answering))
    return {
        one: Row(sums.get(one, Count()), Times.told(passing.get(one, ())), Times.told(answering.get(one, ())))
        for one in keys
    }


def _gathered(key: Callable[[Where], K], timed: Iterable[Timed]) -> dict[K, list[float]]:
    found: dict[K, list[float]] = defaultdict(list)
    for where, hours in timed:
        found[key(where)].append(hours)
    return found
