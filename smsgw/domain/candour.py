"""Ways in which figures are dressed up, counted: closing without answer or by the dozen, serial extensions, lines written late.

Nothing of it is forbidden here, and each may have a good reason; whoever reads the figures sees how often it was done.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from smsgw.domain.histories import REOPENED, SETTLES

PROLONGED: Final = "extended"
PAUSED: Final = "paused"
WATCHED: Final = tuple(sorted({*SETTLES, PROLONGED, PAUSED, REOPENED}))

BULK: Final = 10  # complaints that one official closed
WITHIN: Final = timedelta(minutes=10)
SERIAL: Final = 2
LATE: Final = timedelta(minutes=5)  # more than the clocks of several machines differ


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


def in_bulk(closings: Iterable[tuple[int, datetime]]) -> int:
    """How many closings were among ten of one official within ten minutes, of officials and moments."""
    closed: dict[int, list[datetime]] = defaultdict(list)
    for official_id, at in closings:
        closed[official_id].append(at)
    return sum(_crowded(sorted(moments)) for moments in closed.values())


def _crowded(moments: Sequence[datetime]) -> int:
    """Of moments in order: how many lie in a window that holds enough of them."""
    crowded: set[int] = set()
    for last in range(BULK - 1, len(moments)):
        if moments[last] - moments[last - BULK + 1] <= WITHIN:
            crowded.update(range(last - BULK + 1, last + 1))
    return len(crowded)


def is_out_of_order(at: datetime, before: datetime) -> bool:
    """Whether a line tells a time so much earlier than one that was written before it."""
    return at < before - LATE
