"""When many people report one matter within a few hours, so that a leader is warned early."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from smsgw.domain.sameness import Seen, together


@dataclass(frozen=True, slots=True)
class Swarm:
    """So many people within so many hours."""

    people: int = 5
    hours: int = 6

    @property
    def window(self) -> timedelta:
        return timedelta(hours=self.hours)


@dataclass(frozen=True, slots=True)
class Reported:
    """A complaint as it is counted: whose it is, and which one it is handled with, as an official said."""

    id: int
    citizen_id: int
    seen: Seen
    merged_into: int | None = None


def swarms(reports: Iterable[Reported], swarm: Swarm) -> list[set[int]]:
    """Groups of complaints about one matter that so many different people sent. One phone that writes often is one."""
    rows = list(reports)
    by_id = {one.id: one for one in rows}
    groups = _with_merged(together([(one.id, one.seen) for one in rows], swarm.window), by_id)
    return [group for group in groups if len({by_id[ident].citizen_id for ident in group}) >= swarm.people]


def _with_merged(groups: list[set[int]], by_id: Mapping[int, Reported]) -> list[set[int]]:
    """What an official merged is one matter whatever the words."""
    for one in by_id.values():
        if one.merged_into is None or one.merged_into not in by_id:
            continue
        pair = {one.id, one.merged_into}
        joined = [group for group in groups if group & pair]
        groups = [group for group in groups if not group & pair]
        groups.append(set().union(pair, *joined))
    return groups
