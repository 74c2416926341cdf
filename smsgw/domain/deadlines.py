"""Deadlines: which rule holds, when its term is over, and which stage of it is reached."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from smsgw.domain.workdays import AllHours, Calendar, Pace


class Level(StrEnum):
    """How pressing a matter is; urgent is danger to people."""

    NORMAL = "normal"
    URGENT = "urgent"


class Step(StrEnum):
    """What is owed by a term. The unit's focal official receives and passes on; the office resolves and answers."""

    RECEIVE = "receive"
    PASS_ON = "pass_on"  # noqa: S105 (no password)
    RESOLVE = "resolve"
    ANSWER = "answer"


# Done once an office has the case: a matter of the unit's focal official, in which no head of an office is asked.
OF_THE_UNIT: Final = frozenset({Step.RECEIVE, Step.PASS_ON})


class Measure(StrEnum):
    """What a term is counted in: days or hours."""

    DAYS = "days"
    HOURS = "hours"


class Counting(StrEnum):
    """Which days and hours count: those that offices work, or every one, where a regulation counts so."""

    WORKING = "working"
    CALENDAR = "calendar"


class Audience(StrEnum):
    """Who is told of a stage: whoever handles the matter, the head of their office, or the leader of the unit."""

    OFFICIAL = "official"
    HEAD = "head"
    LEADER = "leader"


@dataclass(frozen=True, slots=True)
class Rule:
    """How long a step may take. None as `category` or `unit` (the code of a unit or of an office) stands for every one.

    `source` names the act the number comes from; `confirmed` says that the locality stands by it. Both days of
    validity are included, an open end is None. `pause_days` is for how many working days at most a question to the citizen
    stops the clock; 0: it does not.
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
    step: Step = Step.ANSWER
    counting: Counting = Counting.WORKING
    pause_days: int = 0
    id: int = 0

    def holds(self, matter: "Matter", level: Level, on: date) -> bool:
        """Whether this rule speaks of such a matter on this local day."""
        in_force = self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        of_it = self.category in (None, matter.category) and self.unit in (None, matter.unit, matter.office)
        return in_force and self.level is level and of_it


@dataclass(frozen=True, slots=True)
class Matter:
    """What a term depends on: field, level, and the codes of the unit and the office that it lies with."""

    category: str | None
    urgent: bool
    unit: str | None = None
    office: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """When a step is due (aware, UTC), whether the locality confirmed the rule behind it, and that rule's source."""

    at: datetime
    confirmed: bool
    source: str


def the_rule(
    rules: Iterable[Rule],
    category: str | None,
    urgent: bool,
    on: date,
    unit: str | None = None,
    office: str | None = None,
    *,
    step: Step = Step.ANSWER,
) -> Rule | None:
    """The most specific rule in force on `on`, the local day the matter came; None when no rule speaks of it.

    A rule of the office goes before one of the unit, that before one for all, then a rule of the category before one for
    all, then the latest. An urgent matter takes an urgent rule where there is one. Ask once, when a matter comes: its term
    stays as given.
    """
    matter, known = Matter(category, urgent, unit, office), [rule for rule in rules if rule.step is step]
    for level in (Level.URGENT, Level.NORMAL) if urgent else (Level.NORMAL,):
        holding = [rule for rule in known if rule.holds(matter, level, on)]
        if holding:
            return max(holding, key=lambda rule: _specific(rule, office))
    return None


def _specific(rule: Rule, office: str | None) -> tuple[bool, bool, bool, date, int]:
    of_office = rule.unit is not None and rule.unit == office
    return of_office, rule.unit is not None, rule.category is not None, rule.valid_from, rule.id


class RuleBook:
    """The whole table of terms. Which rules speak of a matter is worked out once and then remembered."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._known: dict[tuple[Matter, date], dict[Step, Rule]] = {}

    def of(self, matter: Matter, on: date) -> dict[Step, Rule]:
        """The rule of each step that one speaks of, for a matter that came on this local day."""
        if (matter, on) not in self._known:
            self._known[matter, on] = dict(self._speaking(matter, on))
        return self._known[matter, on]

    def _speaking(self, matter: Matter, on: date) -> Iterator[tuple[Step, Rule]]:
        for step in Step:
            rule = the_rule(self.rules, matter.category, matter.urgent, on, matter.unit, matter.office, step=step)
            if rule:
                yield step, rule


def due(received: datetime, rule: Rule, calendar: Calendar) -> Term:
    """The term of a matter that came at `received` (aware)."""
    match rule.measure, rule.counting:
        case Measure.DAYS, Counting.WORKING:
            at = _close_after_days(calendar.day_of(received), rule.amount, calendar)
        case Measure.DAYS, Counting.CALENDAR:
            at = calendar.after_calendar_days(received, rule.amount)
        case _:
            at = pace_of(rule.counting, calendar).after_work(received, timedelta(hours=rule.amount))
    return Term(at, rule.confirmed, rule.source)


@lru_cache(maxsize=1024)
def _close_after_days(day: date, days: int, calendar: Calendar) -> datetime:
    """The same for every matter of a day: many come on one."""
    return calendar.after_days(calendar.close_of(day), days)


def pace_of(counting: Counting, calendar: Calendar) -> Calendar | AllHours:
    """The time that counts for a rule: the offices' working time, or all of it."""
    return calendar if counting is Counting.WORKING else AllHours(calendar)


def _term(received: datetime, due: datetime, pace: Pace) -> timedelta:
    return max(pace.worked_between(received, due), timedelta())


@dataclass(frozen=True, slots=True)
class Share:
    """When this share, 0 to 1, of the working time from receipt to the due moment is over."""

    part: float

    def __post_init__(self) -> None:
        if not 0 <= self.part <= 1:
            raise ValueError("a share of a term lies between 0 and 1")

    def moment(self, received: datetime, due: datetime, pace: Pace) -> datetime:
        """Never after the due moment."""
        return min(due, pace.after_work(received, _term(received, due, pace) * self.part))


@dataclass(frozen=True, slots=True)
class Lead:
    """So many working hours before the due moment; the moment of receipt where the term is shorter."""

    hours: float

    def __post_init__(self) -> None:
        if self.hours < 0:
            raise ValueError("a lead is not below zero hours")

    def moment(self, received: datetime, due: datetime, pace: Pace) -> datetime:
        """Never after the due moment."""
        left = max(_term(received, due, pace) - timedelta(hours=self.hours), timedelta())
        return min(due, pace.after_work(received, left))


@dataclass(frozen=True, slots=True)
class AtDue:
    """The due moment itself, whether offices are open or not."""

    def moment(self, received: datetime, due: datetime, pace: Pace) -> datetime:
        return due


@dataclass(frozen=True, slots=True)
class OpeningAfterDue:
    """The first opening of an office after the due moment."""

    def moment(self, received: datetime, due: datetime, pace: Pace) -> datetime:
        return pace.next_opening(due)


Mark = Share | Lead | AtDue | OpeningAfterDue


@dataclass(frozen=True, slots=True)
class Stage:
    """A point of a term at which officials are told. Of several marks the last one counts. One that `waits` is soon enough
    told in the day's digest; of one that `climbs` the next people hear when nobody takes it up."""

    name: str
    at: tuple[Mark, ...]
    to: frozenset[Audience]
    waits: bool = False
    climbs: bool = False

    def moment(self, received: datetime, due: datetime, pace: Pace) -> datetime:
        """When this stage of the term is reached."""
        return max(mark.moment(received, due, pace) for mark in self.at)

    def can_wait(self, due: datetime, now: datetime, calendar: Calendar) -> bool:
        """Whether the next digest is soon enough: what is half over is, and what is due on a later day."""
        return self.waits or calendar.day_of(due) > calendar.day_of(now)


_OFFICE: Final = frozenset({Audience.OFFICIAL})

# Of "four hours before" and "80 %" the later, so that in a term of one day nearness does not begin at half of it.
STAGES: Final = (
    Stage("half", (Share(0.5),), _OFFICE, waits=True),
    Stage("near", (Share(0.8), Lead(4)), _OFFICE, climbs=True),
    Stage("due", (AtDue(),), _OFFICE, climbs=True),
    Stage("overdue", (OpeningAfterDue(),), _OFFICE | {Audience.HEAD, Audience.LEADER}),
)


def reached(
    received: datetime, due: datetime, now: datetime, pace: Pace, stages: Sequence[Stage] = STAGES
) -> Stage | None:
    """The latest stage reached by `now`; after a silence the earlier ones are not told. None before the first.

    Stages of the same moment count in the order of the table, the last of them is the one reached.
    """
    latest: tuple[datetime, Stage] | None = None
    for stage in stages:
        moment = stage.moment(received, due, pace)
        if moment <= now and (latest is None or latest[0] <= moment):
            latest = moment, stage
    return latest[1] if latest else None


def look_again_at(
    received: datetime, due: datetime, now: datetime, pace: Pace, stages: Sequence[Stage] = STAGES
) -> datetime | None:
    """The next moment after `now` at which a stage is reached; None when all are behind."""
    moments = (stage.moment(received, due, pace) for stage in stages)
    return min((moment for moment in moments if moment > now), default=None)


def told_of(told: str, now_reached: Stage | None, stages: Sequence[Stage] = STAGES) -> str:
    """The stage that counts as told once the due moment was moved ahead: what speaks of the due moment is told of the new
    one, half-way (a share of the time alone) is not told a second time."""
    if now_reached:
        return now_reached.name
    told_once = [stage.name for stage in stages if all(isinstance(mark, Share) for mark in stage.at)]
    return told_once[0] if told and told_once else ""


def moments(
    received: datetime, due: datetime, pace: Pace, stages: Sequence[Stage] = STAGES
) -> list[tuple[Stage, datetime]]:
    """When each stage is reached, in the order of the table."""
    return [(stage, stage.moment(received, due, pace)) for stage in stages]
