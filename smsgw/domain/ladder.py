"""Who hears of a matter: those it is with, in an absent person's place the deputy, and the next rung where nobody is there."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

Rungs = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Hearer:
    """An official's id, the rung that they were found on, and the id of whoever they stand in for."""

    official: int
    rung: int
    instead_of: int | None = None


@dataclass(frozen=True, slots=True)
class Absences:
    """Who is away on a day, with the deputies named for it, and which of these can be texted."""

    deputies: Mapping[int, Sequence[int]]
    textable: Collection[int]

    def present_deputies(self, person: int) -> list[int]:
        """Those who stand in for this person: named, there themselves, and with a phone."""
        return [one for one in self.deputies.get(person, ()) if one not in self.deputies and one in self.textable]


def hearers(rungs: Rungs, absences: Absences, start: int = 0) -> list[Hearer]:
    """Those of the first rung from `start` on where anybody hears, each once; an absent person whose deputies are away too
    is stood in for by whoever hears on the next rung. Where all are away the first ones are told all the same: never
    nobody."""
    found = _present(rungs, absences, start)
    if not found:
        found = next(
            ([Hearer(one, rung) for one in rungs[rung]] for rung in range(start, len(rungs)) if rungs[rung]), []
        )
    return list({one.official: one for one in reversed(found)}.values())[::-1]


def _present(rungs: Rungs, absences: Absences, start: int) -> list[Hearer]:
    for rung in range(start, len(rungs)):
        if found := [one for person in rungs[rung] for one in _for(person, rungs, absences, rung)]:
            return _themselves_first(found)
    return []


def _for(person: int, rungs: Rungs, absences: Absences, rung: int) -> Iterator[Hearer]:
    if person not in absences.deputies:
        yield Hearer(person, rung)
    elif deputies := absences.present_deputies(person):
        yield from (Hearer(one, rung, person) for one in deputies)
    else:
        yield from (replace(one, rung=rung, instead_of=person) for one in _present(rungs, absences, rung + 1))


def _themselves_first(found: Iterable[Hearer]) -> list[Hearer]:
    """Who is told anyhow is told in their own name."""
    return sorted(found, key=lambda one: one.instead_of is not None)
