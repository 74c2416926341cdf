"""Open figures: how many, how fast, how well, by unit, field and month, without a line that could be one person's.

A line stands for three complaints or more. What is fewer is put together with its neighbours: the field with the unit's other
small fields of that month, the month with the unit's other small months, the unit with the other small ones. Lines do not
overlap, so that no difference between them tells of fewer; what is left after all that is told nowhere.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple, TypeVar

from smsgw.domain.statistics import slow, usual

FEWEST: Final = 3
SATISFIED_FROM: Final = 4
ANY: Final = "*"  # several of them, put together
K = TypeVar("K", bound=Hashable)


class Case(NamedTuple):
    """A complaint. `early`: answered on a day before the one it was due; `hours` are working hours until the answer."""

    answered: bool
    late: bool
    early: bool
    reopened: bool
    rating: int | None
    hours: float | None


class Key(NamedTuple):
    """A unit's code, a field's code (empty where it is not known), the first day of a month; ANY or None where several are
    put together."""

    unit: str
    field: str
    month: date | None


@dataclass(frozen=True, slots=True)
class OpenLine:
    """What everybody may know of a few complaints. What fewer than three people did is None."""

    received: int
    answered: int
    on_time: int
    early: int
    late: int
    reopened: int | None
    rated: int | None
    satisfied: int | None
    usual: float | None
    slow: float | None


def line(cases: Sequence[Case]) -> OpenLine:
    """Sums them up."""
    hours = sorted(case.hours for case in cases if case.hours is not None)
    ratings = [case.rating for case in cases if case.rating is not None]
    told = _told(len(ratings))
    return OpenLine(
        received=len(cases),
        answered=sum(case.answered for case in cases),
        on_time=sum(case.answered and not case.late for case in cases),
        early=sum(case.early for case in cases),
        late=sum(case.late for case in cases),
        reopened=_told(sum(case.reopened for case in cases)),
        rated=told,
        satisfied=None if not told else sum(rating >= SATISFIED_FROM for rating in ratings),
        usual=usual(hours) if len(hours) >= FEWEST else None,
        slow=slow(hours) if len(hours) >= FEWEST else None,
    )


def _told(count: int) -> int | None:
    return count if count == 0 or count >= FEWEST else None


def pooled(cells: Mapping[Key, Sequence[Case]]) -> dict[Key, list[Case]]:
    """The lines that may be told, none of fewer than three."""
    lines: dict[Key, list[Case]] = {}
    small_months: dict[str, list[Case]] = defaultdict(list)
    for (unit, month), fields in _by(cells, lambda key: (key.unit, key.month)).items():
        kept, rest = _apart({key.field: cases for key, cases in fields.items()})
        lines |= {Key(unit, field, month): cases for field, cases in kept.items()}
        if len(rest) >= FEWEST:
            lines[Key(unit, ANY, month)] = rest
        else:
            small_months[unit] += rest
    kept, rest = _apart(small_months)
    lines |= {Key(unit, ANY, None): cases for unit, cases in kept.items()}
    if len(rest) >= FEWEST:
        lines[Key(ANY, ANY, None)] = rest
    return lines


def _by(cells: Mapping[Key, Sequence[Case]], part: Callable[[Key], K]) -> dict[K, dict[Key, Sequence[Case]]]:
    found: dict[K, dict[Key, Sequence[Case]]] = defaultdict(dict)
    for key, cases in cells.items():
        found[part(key)][key] = cases
    return found


def _apart(cells: Mapping[K, Sequence[Case]]) -> tuple[dict[K, list[Case]], list[Case]]:
    """Those large enough to stand alone, and the rest together: as many of the smallest as make up enough, if any do."""
    kept = {key: list(cases) for key, cases in cells.items() if len(cases) >= FEWEST}
    rest = [case for cases in cells.values() if len(cases) < FEWEST for case in cases]
    while rest and len(rest) < FEWEST and kept:
        rest += kept.pop(min(kept, key=lambda key: (len(kept[key]), str(key))))
    return kept, rest


def together(lines: Mapping[Key, Sequence[Case]], part: Callable[[Key], K]) -> dict[K, OpenLine]:
    """Lines put together by a part of their keys: nothing that could not be added up from them."""
    found: dict[K, list[Case]] = defaultdict(list)
    for key, cases in lines.items():
        found[part(key)] += cases
    return {key: line(cases) for key, cases in found.items()}


def months_before(day: date, count: int) -> list[date]:
    """The first days of as many whole months before the one a day is in, oldest first."""
    number = day.year * 12 + day.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(number - count, number)]


def gathered(told: Iterable[tuple[Key, Case]]) -> dict[Key, list[Case]]:
    cells: dict[Key, list[Case]] = defaultdict(list)
    for key, case in told:
        cells[key].append(case)
    return cells


def is_early(due: datetime | None, answered: datetime | None, day_of: Callable[[datetime], date]) -> bool:
    """Whether it was answered on a day before the one that it was due."""
    return due is not None and answered is not None and day_of(answered) < day_of(due)
