"""Ways in which figures are dressed up, counted: closing without answer or by the dozen, serial extensions, lines written late.

Nothing of it is forbidden here, and each may have a good reason; whoever reads the figures sees how often it was done.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from smsgw.domain.histories import CLOSED_OTHERWISE, REOPENED, SETTLES

PROLONGED: Final = "extended"
PAUSED: Final = "paused"
WATCHED: Final = tuple(sorted({*SETTLES, PROLONGED, PAUSED, REOPENED}))

BULK: Final = 10  # complaints that one official closed
WITHIN: Final = timedelta(minutes=10)
SERIAL: Final = 2
LATE: Final = timedelta(minutes=5)  # more than the clocks of several machines differ


class Deed(NamedTuple):
    """A line of the log. `shared`: an answer that went out with another complaint's, so that no act of its own was needed."""

    id: int
    complaint_id: int
    kind: str
    official_id: int | None
    at: datetime
    shared: bool


@dataclass(frozen=True, slots=True)
class Candour:
    """Counts of a period. `by_citizen`, `by_office`: closed without an answer. `in_bulk`: closed by an official who closed ten
    or more within ten minutes. `serially`: prolonged more than once. `out_of_order`: lines older than what was written before
    them. `little`: answers that went out though the check asked for more."""

    by_citizen: int = 0
    by_office: int = 0
    in_bulk: int = 0
    prolonged: int = 0
    serially: int = 0
    paused: int = 0
    reopened: int = 0
    out_of_order: int = 0
    little: int = 0


def candour(deeds: Sequence[Deed], *, serially: int, little: int, first_after: int | None) -> Candour:
    """Counts them. `deeds` are those of a period by id; `first_after` is the id of the first line later than all of them.
    A complaint to which the same was done twice counts once."""
    of = Counter(kind for kind, _ in {(deed.kind, deed.complaint_id) for deed in deeds})
    return Candour(
        by_citizen=of["withdrawn"],
        by_office=sum(of[kind] for kind in CLOSED_OTHERWISE if kind != "withdrawn"),
        in_bulk=in_bulk(deeds),
        prolonged=of[PROLONGED],
        serially=serially,
        paused=of[PAUSED],
        reopened=of[REOPENED],
        out_of_order=out_of_order(deeds, first_after),
        little=little,
    )


def in_bulk(deeds: Iterable[Deed]) -> int:
    """How many closings were among ten of one official within ten minutes."""
    closed: dict[int, list[datetime]] = defaultdict(list)
    for deed in deeds:
        if deed.kind in SETTLES and deed.official_id is not None and not deed.shared:
            closed[deed.official_id].append(deed.at)
    return sum(_crowded(sorted(moments)) for moments in closed.values())


def _crowded(moments: Sequence[datetime]) -> int:
    """Of moments in order: how many lie in a window that holds enough of them."""
    crowded: set[int] = set()
    for last in range(BULK - 1, len(moments)):
        if moments[last] - moments[last - BULK + 1] <= WITHIN:
            crowded.update(range(last - BULK + 1, last + 1))
    return len(crowded)


def out_of_order(deeds: Sequence[Deed], first_after: int | None = None) -> int:
    """How many lines tell an earlier time than one that was written before them."""
    found, newest = 0, None
    for deed in deeds:
        is_late = newest is not None and deed.at < newest - LATE
        found += is_late or (first_after is not None and deed.id > first_after)
        newest = deed.at if newest is None else max(newest, deed.at)
    return found
