"""How a term's sum is said, line by line: which day counted for how much, and why another did not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from smsgw.domain.deadlines import Counting, Measure, Rule, Step
from smsgw.domain.marks import N_
from smsgw.domain.sums import Line, Sum, Why
from smsgw.domain.workdays import VIETNAM

Say = Callable[[str], str]

WHYS: Mapping[Why, str] = {
    Why.FIRST: N_("the day it came is not counted"),
    Why.WORKED: N_("working day"),
    Why.MADE_UP: N_("day off of the week, worked as a make-up day"),
    Why.EVERY_DAY: N_("counted by the calendar"),
    Why.DAY_OFF: N_("day off of the week"),
    Why.CLOSED: N_("holiday or closed"),
    Why.STOPPED: N_("the clock stood: waiting for the citizen"),
    Why.MOVED: N_("the last day moves on to the next working day"),
    Why.OVER: N_("after the office hours of that day"),
}
STEPS: Mapping[Step, str] = {
    Step.RECEIVE: N_("Receive"),
    Step.PASS_ON: N_("Pass on"),
    Step.RESOLVE: N_("Resolve"),
    Step.ANSWER: N_("Answer"),
}
AMOUNTS: Mapping[tuple[Measure, Counting], str] = {
    (Measure.DAYS, Counting.WORKING): N_("%(n)s working days"),
    (Measure.HOURS, Counting.WORKING): N_("%(n)s working hours"),
    (Measure.DAYS, Counting.CALENDAR): N_("%(n)s calendar days"),
    (Measure.HOURS, Counting.CALENDAR): N_("%(n)s hours by the clock"),
}
WEEK = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


@dataclass(frozen=True, slots=True)
class Told:
    """A line in words: minutes that counted, the sum so far of the whole, why, and when."""

    day: date
    weekday: str
    minutes: int
    total: int
    of: int
    why: str
    spans: str


def told(sum_: Sum, names: Mapping[date, str], say: Say) -> list[Told]:
    """The lines of a sum. `names` are those of days off and make-up days; `say` puts our words into a language."""
    whole = sum_.rule.amount * (1 if sum_.rule.measure is Measure.DAYS else 60)
    return [
        Told(
            line.day,
            say(WEEK[line.day.weekday()]),
            line.minutes,
            line.total,
            whole,
            _why(line, names, say),
            ", ".join(f"{_clock(opens)}-{_clock(closes)}" for opens, closes in line.spans),
        )
        for line in sum_.lines
    ]


def amount(rule: Rule, say: Say) -> str:
    """How long: "5 working days"."""
    return say(AMOUNTS[rule.measure, rule.counting]) % {"n": rule.amount}


def _why(line: Line, names: Mapping[date, str], say: Say) -> str:
    why = say(WHYS[line.why])
    named = names.get(line.day) if line.why in (Why.CLOSED, Why.MADE_UP) else None
    return f"{why}: {named}" if named else why


def _clock(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M}"
