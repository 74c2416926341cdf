"""What if a complaint came at some moment: every term that would hold, when it would be due, its alerts, and the sum."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from smsgw.domain.deadlines import STAGES, Level, Matter, Rule, RuleBook, Stage, Step, moments, pace_of
from smsgw.domain.pauses import Stop, running
from smsgw.domain.sums import Sum, sum_of
from smsgw.domain.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Forecast:
    """One term: of which level and step, by which rule, with its sum. Alerts are texted of the answer alone."""

    level: Level
    step: Step
    rule: Rule
    sum: Sum
    alerts: tuple[tuple[Stage, datetime], ...]


@dataclass(frozen=True, slots=True)
class Supposed:
    """What is asked about: field, codes of unit and office, the moment, and stops of the clock."""

    category: str | None
    unit: str | None
    office: str | None
    at: datetime
    stops: Sequence[Stop] = ()


def foresee(book: RuleBook, calendar: Calendar, supposed: Supposed) -> list[Forecast]:
    """The normal level, then the urgent one, in the order of the steps. `calendar` must reach around the moment. A clock
    cannot stand before the complaint has come."""
    later = [Stop(max(stop.began, supposed.at), stop.ended) for stop in supposed.stops if stop.ended > supposed.at]
    supposed = replace(supposed, stops=later)
    return [
        forecast for level in (Level.NORMAL, Level.URGENT) for forecast in _of_level(book, calendar, supposed, level)
    ]


def _of_level(book: RuleBook, calendar: Calendar, supposed: Supposed, level: Level) -> Iterator[Forecast]:
    matter = Matter(supposed.category, level is Level.URGENT, supposed.unit, supposed.office)
    for step, rule in book.of(matter, calendar.day_of(supposed.at)).items():
        told = sum_of(supposed.at, rule, calendar, supposed.stops)
        pace = running(pace_of(rule.counting, calendar), supposed.stops)
        alerts = moments(supposed.at, told.due, pace, STAGES) if step is Step.ANSWER else []
        yield Forecast(level, step, rule, told, tuple(sorted(alerts, key=lambda one: one[1])))
