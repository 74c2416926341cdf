"""Whose phone an alert reaches on a day: those it is with, in an absent person's place the deputy, and the rungs above."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Protocol

from sqlalchemy.orm import Session

from smsgw.domain.deadlines import OF_THE_UNIT, Audience, Step
from smsgw.domain.ladder import Absences, Hearer, hearers
from smsgw.domain.progress import Duty
from smsgw.domain.workdays import VIETNAM
from smsgw.store import absences, officials
from smsgw.store.tables import Complaint, Leave, Official

HANDLES, HEAD, FOCAL, LEADER, PROVINCE = (
    "handles it",
    "head of the office",
    "focal official",
    "leader",
    "supervisor: nobody in the unit",
)
Rung = tuple[str, Sequence[Official]]


class Lies(Protocol):
    """A case, real or supposed, as far as where it lies."""

    @property
    def unit_id(self) -> int: ...
    @property
    def office_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Reached:
    """An official to text, why, and the name of whoever they stand in for."""

    official: Official
    why: str
    instead_of: str = ""


class Reach:
    """Finds people in one transaction, for the local day of a moment."""

    def __init__(self, session: Session, at: datetime) -> None:
        self._session, self._day = session, at.astimezone(VIETNAM).date()
        self._groups: dict[tuple[int, str], Sequence[Official]] = {}

    @cached_property
    def leaves(self) -> Sequence[Leave]:
        """Who is away on this day."""
        return absences.on(self._session, self._day)

    @cached_property
    def _absences(self) -> Absences:
        return absences.of(self.leaves)

    def told_of(self, complaint: Lies, step: Step, to: frozenset[Audience]) -> list[Reached]:
        """Everybody who hears of a stage of this step, each phone once."""
        rungs = self._rungs(complaint, step)
        starts = [start for audience in Audience if audience in to and (start := _start(rungs, audience)) is not None]
        return _once([one for start in starts for one in self._at(rungs, start)])

    def above(self, complaint: Lies, step: Step, climbed: int) -> list[Reached]:
        """Who hears next when those told before are silent: the head, where there is an office, then the leader."""
        rungs = self._rungs(complaint, step)
        first = next((number for number, (_why, people) in enumerate(rungs) if people), 0)
        starts = (_start(rungs, one) for one in (Audience.HEAD, Audience.LEADER))
        climb = [start for start in starts if start is not None and start > first]
        return self._at(rungs, climb[climbed]) if climbed < len(climb) else []

    def in_place_of(self, official: Official) -> list[Hearer]:
        """Who hears what would reach this official, who is away."""
        held = {role.name for role in official.roles}
        if held & officials.OWN_OFFICE:
            rungs = self._of_office(official.unit_id, official.unit.parent_id)
            rungs = rungs if Duty.OFFICER in held else rungs[1:]
        else:
            rungs = self._of_unit(official.unit_id)
            rungs = rungs if Duty.FOCAL in held else rungs[1:]
        above = [[one.id for one in people] for _why, people in rungs[1:]]
        return hearers([[official.id], *above], self._absences)

    def stand_ins(self, official_id: int) -> list[Official]:
        """The absent people in whose place this official hears."""
        return self._stood_in_for.get(official_id, [])

    @cached_property
    def _stood_in_for(self) -> dict[int, list[Official]]:
        found: dict[int, list[Official]] = {}
        for one in {leave.official_id: leave.official for leave in self.leaves}.values():
            for hearer in self.in_place_of(one):
                if hearer.official != one.id:
                    found.setdefault(hearer.official, []).append(one)
        return found

    def is_away(self, official_id: int) -> bool:
        """Whether this person is on leave."""
        return official_id in self._absences.deputies

    def present(self, official: Official) -> list[Official]:
        """This person, or on leave whoever stands in."""
        if not self.is_away(official.id):
            return [official]
        return [self._session.get_one(Official, one.official) for one in self.in_place_of(official)]

    def all_present(self, people: Iterable[Official]) -> list[Official]:
        """These people, in an absent one's place whoever stands in; each phone once."""
        found = [one for official in people for one in self.present(official) if one.phone]
        return list({one.phone: one for one in found}.values())

    def answering_for(self, complaint: Complaint) -> list[Official]:
        """Whose phones hear of a complaint: its office's, or, where it has none or nobody in it has a phone, those of the
        unit's focal officials."""
        return self.all_present(officials.answering_for(self._session, complaint)[0])

    def _at(self, rungs: Sequence[Rung], start: int) -> list[Reached]:
        ids = [[one.id for one in people] for _why, people in rungs]
        found = hearers(ids, self._absences, start)
        return _once([self._reached(one, rungs) for one in found])

    def _reached(self, one: Hearer, rungs: Sequence[Rung]) -> Reached:
        official = self._session.get_one(Official, one.official)
        if one.instead_of is None:
            return Reached(official, rungs[one.rung][0])
        name = self._session.get_one(Official, one.instead_of).name
        return Reached(official, f"deputy of {name}", name)

    def _rungs(self, complaint: Lies, step: Step) -> list[Rung]:
        if complaint.office_id is None or step in OF_THE_UNIT:
            return self._of_unit(complaint.unit_id)
        return self._of_office(complaint.office_id, complaint.unit_id)

    def _of_office(self, office_id: int, unit_id: int | None) -> list[Rung]:
        own: list[Rung] = [(HANDLES, self._group(office_id, Duty.OFFICER)), (HEAD, self._group(office_id, Duty.HEAD))]
        return [*own, *(self._of_unit(unit_id) if unit_id else [])]

    def _of_unit(self, unit_id: int) -> list[Rung]:
        above = officials.province_of(self._session, unit_id)
        return [
            (FOCAL, self._group(unit_id, Duty.FOCAL)),
            (LEADER, self._group(unit_id, Duty.LEADER)),
            (PROVINCE, self._group(above, Duty.SUPERVISOR) if above else []),
        ]

    def _group(self, unit_id: int, duty: Duty) -> Sequence[Official]:
        key = unit_id, duty.value
        if key not in self._groups:
            self._groups[key] = officials.with_phone(self._session, unit_id, (duty,))
        return self._groups[key]


def _start(rungs: Sequence[Rung], audience: Audience) -> int | None:
    """The rung at which this audience begins; an office alone has a head."""
    words = [why for why, _people in rungs]
    match audience:
        case Audience.OFFICIAL:
            return 0
        case Audience.HEAD:
            return words.index(HEAD) if HEAD in words else None
        case Audience.LEADER:
            return words.index(LEADER)


def _once(found: Sequence[Reached]) -> list[Reached]:
    told: dict[str, Reached] = {}
    for one in found:
        told.setdefault(one.official.phone, one)
    return list(told.values())
