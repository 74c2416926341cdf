"""What if a complaint came at some moment: every term that would hold, when it would be due, its alerts, and the sum."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from smsgw.domain import digest
from smsgw.domain.deadlines import (
    OF_THE_UNIT,
    STAGES,
    Audience,
    Level,
    Matter,
    Rule,
    RuleBook,
    Stage,
    Step,
    moments,
    pace_of,
)
from smsgw.domain.pauses import Stop, running
from smsgw.domain.sums import Sum, sum_of
from smsgw.domain.vigilance import Vigilance
from smsgw.domain.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Foretold:
    """An alert: when its stage is reached, when it is told (with the day's digest, if it `waits`), and when silence takes it to
    whom."""

    stage: Stage
    at: datetime
    told_at: datetime
    waits: bool
    climbs: tuple[tuple[Audience, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Forecast:
    """One term: of which level and step, by which rule, with its sum and its alerts."""

    level: Level
    step: Step
    rule: Rule
    sum: Sum
    alerts: tuple[Foretold, ...]


@dataclass(frozen=True, slots=True)
class Supposed:
    """What is asked about: field, codes of unit and office, the moment, and stops of the clock."""

    category: str | None
    unit: str | None
    office: str | None
    at: datetime
    stops: Sequence[Stop] = ()


def foresee(book: RuleBook, calendar: Calendar, supposed: Supposed, watchful: Vigilance) -> list[Forecast]:
    """The normal level, then the urgent one, in the order of the steps. `calendar` must reach around the moment. A clock
    cannot stand before the complaint has come."""
    later = [Stop(max(stop.began, supposed.at), stop.ended) for stop in supposed.stops if stop.ended > supposed.at]
    supposed = replace(supposed, stops=later)
    return [
        forecast
        for level in (Level.NORMAL, Level.URGENT)
        for forecast in _of_level(book, calendar, supposed, level, watchful)
    ]


def _of_level(
    book: RuleBook, calendar: Calendar, supposed: Supposed, level: Level, watchful: Vigilance
) -> Iterator[Forecast]:
    matter = Matter(supposed.category, level is Level.URGENT, supposed.unit, supposed.office)
    rules = book.of(matter, calendar.day_of(supposed.at))
    for step, rule in rules.items():
        told = sum_of(supposed.at, rule, calendar, supposed.stops)
        pace = running(pace_of(rule.counting, calendar), supposed.stops)
        reached = sorted(moments(supposed.at, told.due, pace, STAGES), key=lambda one: one[1])
        alerts = tuple(_alerts(reached, step, told.due, level, calendar, watchful))
        yield Forecast(level, step, rule, told, alerts)


def _alerts(
    reached: Sequence[tuple[Stage, datetime]],
    step: Step,
    due: datetime,
    level: Level,
    calendar: Calendar,
    watchful: Vigilance,
) -> Iterator[Foretold]:
    """Each climbs until the next one is told in its place."""
    for number, (stage, at) in enumerate(reached):
        waits = level is Level.NORMAL and stage.can_wait(due, at, calendar)
        told_at = digest.next_at(at, calendar, watchful.digest_at) if waits else at
        ends = reached[number + 1][1] if number + 1 < len(reached) else None
        climbs = _climbs(step, told_at, calendar, watchful) if stage.climbs else ()
        yield Foretold(stage, at, told_at, waits, tuple((to, on) for to, on in climbs if ends is None or on <= ends))


def _climbs(
    step: Step, told_at: datetime, calendar: Calendar, watchful: Vigilance
) -> Iterator[tuple[Audience, datetime]]:
    at = told_at
    for to in (Audience.LEADER,) if step in OF_THE_UNIT else (Audience.HEAD, Audience.LEADER):
        at = calendar.after_work(at, watchful.climbs_after)
        yield to, at
