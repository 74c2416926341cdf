"""Deadlines: which rule holds, when its term is over, and which stage of it is reached."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from smsgw.domain.workdays import Calendar


class Level(StrEnum):
    """How pressing a matter is; urgent is danger to people."""

    NORMAL = "normal"
    URGENT = "urgent"


class Measure(StrEnum):
    """What a term is counted in: working days or working hours."""

    DAYS = "days"
    HOURS = "hours"


class Audience(StrEnum):
    """Who is told of a stage: the office that handles the matter, or the leader of its unit."""

    OFFICIAL = "official"
    LEADER = "leader"


@dataclass(frozen=True, slots=True)
class Rule:
    """How long an answer may take. None as `category` or `unit` (a unit's code) stands for every one.

    `source` names the act the number comes from; `confirmed` says that the locality stands by it. Both days of
    validity are included, an open end is None.
    """

    category: str | None
    level: Level
    amount: int
    measure: Measure
    source: str
    confirmed: bool
    valid_from: date
    valid_to: date | None = None
    unit: str | None = None

    def holds(self, category: str | None, level: Level, on: date, unit: str | None) -> bool:
        """Whether this rule speaks of such a matter on this local day."""
        in_force = self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        return in_force and self.level is level and self.category in (None, category) and self.unit in (None, unit)


@dataclass(frozen=True, slots=True)
class Term:
    """When an answer is due (aware, UTC), whether the locality confirmed the rule behind it, and that rule's source."""

    at: datetime
    confirmed: bool
    source: str


def the_rule(
    rules: Iterable[Rule], category: str | None, urgent: bool, on: date, unit: str | None = None
) -> Rule | None:
    """The most specific rule in force on `on`, the local day the matter came; None when no rule speaks of it.

    A rule of the unit goes before one for all, then a rule of the category before one for all, then the latest. An
    urgent matter takes an urgent rule where there is one. Ask once, when a matter comes: its term stays as given.
    """
    known = tuple(rules)
    for level in (Level.URGENT, Level.NORMAL) if urgent else (Level.NORMAL,):
        holding = [rule for rule in known if rule.holds(category, level, on, unit)]
        if holding:
            return max(holding, key=_specific)
    return None


def _specific(rule: Rule) -> tuple[bool, bool, date]:
    return rule.unit is not None, rule.category is not None, rule.valid_from


def due(received: datetime, rule: Rule, calendar: Calendar) -> Term:
    """The term of a matter that came at `received` (aware)."""
    match rule.measure:
        case Measure.DAYS:
            at = calendar.after_days(received, rule.amount)
        case Measure.HOURS:
            at = calendar.after_hours(received, rule.amount)
    return Term(at, rule.confirmed, rule.source)


def _term(received: datetime, due: datetime, calendar: Calendar) -> timedelta:
    return max(calendar.worked_between(received, due), timedelta())


@dataclass(frozen=True, slots=True)
class Share:
    """When this share, 0 to 1, of the working time from receipt to the due moment is over."""

    part: float

    def __post_init__(self) -> None:
        if not 0 <= self.part <= 1:
            raise ValueError("a share of a term lies between 0 and 1")

    def moment(self, received: datetime, due: datetime, calendar: Calendar) -> datetime:
        """Never after the due moment."""
        return min(due, calendar.after_work(received, _term(received, due, calendar) * self.part))


@dataclass(frozen=True, slots=True)
class Lead:
    """So many working hours before the due moment; the moment of receipt where the term is shorter."""

    hours: float

    def __post_init__(self) -> None:
        if self.hours < 0:
            raise ValueError("a lead is not below zero hours")

    def moment(self, received: datetime, due: datetime, calendar: Calendar) -> datetime:
        """Never after the due moment."""
        left = max(_term(received, due, calendar) - timedelta(hours=self.hours), timedelta())
        return min(due, calendar.after_work(received, left))


@dataclass(frozen=True, slots=True)
class AtDue:
    """The due moment itself, whether offices are open or not."""

    def moment(self, received: datetime, due: datetime, calendar: Calendar) -> datetime:
        return due


@dataclass(frozen=True, slots=True)
class OpeningAfterDue:
    """The first opening of an office after the due moment."""

    def moment(self, received: datetime, due: datetime, calendar: Calendar) -> datetime:
        return calendar.next_opening(due)


Mark = Share | Lead | AtDue | OpeningAfterDue


@dataclass(frozen=True, slots=True)
class Stage:
    """A point of a term at which officials are told. Of several marks the last one counts."""

    name: str
    at: tuple[Mark, ...]
    to: frozenset[Audience]

    def moment(self, received: datetime, due: datetime, calendar: Calendar) -> datetime:
        """When this stage of the term is reached."""
        return max(mark.moment(received, due, calendar) for mark in self.at)


_OFFICE: Final = frozenset({Audience.OFFICIAL})

# Of "four hours before" and "80 %" the later, so that in a term of one day nearness does not begin at half of it.
STAGES: Final = (
    Stage("half", (Share(0.5),), _OFFICE),
    Stage("near", (Share(0.8), Lead(4)), _OFFICE),
    Stage("due", (AtDue(),), _OFFICE),
    Stage("overdue", (OpeningAfterDue(),), _OFFICE | {Audience.LEADER}),
)


def reached(
    received: datetime, due: datetime, now: datetime, calendar: Calendar, stages: Sequence[Stage] = STAGES
) -> Stage | None:
    """The latest stage reached by `now`; after a silence the earlier ones are not told. None before the first.

    Stages of the same moment count in the order of the table, the last of them is the one reached.
    """
    latest: tuple[datetime, Stage] | None = None
    for stage in stages:
        moment = stage.moment(received, due, calendar)
        if moment <= now and (latest is None or latest[0] <= moment):
            latest = moment, stage
    return latest[1] if latest else None


def look_again_at(
    received: datetime, due: datetime, now: datetime, calendar: Calendar, stages: Sequence[Stage] = STAGES
) -> datetime | None:
    """The next moment after `now` at which a stage is reached; None when all are behind."""
    moments = (stage.moment(received, due, calendar) for stage in stages)
    return min((moment for moment in moments if moment > now), default=None)
