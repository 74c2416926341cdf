"""Whether a text may go now: limits that keep phones in peace, loops short and the day's cost within its budget.

Each sort of text draws on allowances in order, and an allowance has so much in each window of time that slides. What calls
for help draws on none: it is never limited but where the same cry comes from the same phone again and again.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from smsgw.domain.plain import plain
from smsgw.domain.quiet import QuietHours
from smsgw.domain.workdays import VIETNAM

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LOOP = 3  # texts, the one that set it off included
QUICK = timedelta(seconds=10)  # nobody reads a text and types another in so short a time
ANSWERED_AT_NIGHT = timedelta(minutes=10)
RECEIPT_WAITS = timedelta(hours=2)
FREE_KEPT = 12
RESERVED = 0.2
WARNS_AT = 0.8

_NUMBER = re.compile(r"\d[\d:/.-]+\d")
_NO_WORD = re.compile(r"[\W_]+")


class Sort(StrEnum):
    """What a text is, as far as limits care."""

    URGENT = "urgent"  # emergency advice, an alarm to a duty phone
    RECEIPT = "receipt"  # of a complaint
    REPLY = "reply"  # to any other text
    ANSWER = "answer"  # an office's
    QUESTION = "question"  # an office's
    ALERT = "alert"  # to an official
    ORDER = "order"  # to an official who waits for it: each order with its one-time code brings one text
    UNASKED = "unasked"  # whatever else a citizen is sent


class Allowance(StrEnum):
    """What a text that goes is counted under."""

    FREE = "free"
    FIRST_RECEIPT = "first receipt"
    REPLY = "reply"
    QUESTION = "question"
    UNASKED = "unasked"
    ALERT = "alert"


DRAWS_ON: Mapping[Sort, tuple[Allowance, ...]] = {
    Sort.URGENT: (Allowance.FREE,),
    Sort.ANSWER: (Allowance.FREE,),
    Sort.RECEIPT: (Allowance.FIRST_RECEIPT, Allowance.REPLY, Allowance.UNASKED),
    Sort.REPLY: (Allowance.REPLY, Allowance.UNASKED),
    Sort.QUESTION: (Allowance.QUESTION, Allowance.UNASKED),
    Sort.UNASKED: (Allowance.UNASKED,),
    Sort.ALERT: (Allowance.ALERT,),
    Sort.ORDER: (Allowance.FREE,),
}
TO_CITIZENS = frozenset(Sort) - {Sort.ALERT, Sort.ORDER}
ON_THE_RESERVE = frozenset({Sort.RECEIPT, Sort.ANSWER, Sort.QUESTION, Sort.ORDER})
NOT_SENT_AFTER_STOP = frozenset({Sort.REPLY, Sort.UNASKED})
COUNTED_BY_THE_DAY = frozenset({Allowance.UNASKED, Allowance.ALERT})


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many an hour and so many a day."""

    hour: int
    day: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What a deployment allows. `budget` is in segments a day, None for no budget; `ranges` are the beginnings of the
    numbers that are answered."""

    citizens: Rate = Rate(3, 10)
    officials: Rate = Rate(12, 40)
    replies_an_hour: int = 6
    budget: int | None = 2_000
    quiet: QuietHours | None = field(default_factory=QuietHours)
    ranges: tuple[str, ...] = ("+84",)

    @property
    def open_budget(self) -> int | None:
        """What of the budget texts may use that have no part in the reserve."""
        return None if self.budget is None else int(self.budget * (1 - RESERVED))


@dataclass(frozen=True, slots=True)
class Heard:
    """The text that a reply is to: its words as `alike` makes them, when it came, and whether it could be a machine's:
    free text that came over a real network."""

    words: str
    at: datetime
    perhaps_a_machine: bool = True


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is due. `reachable` says whether its number is one that is answered; `silent` whether the person wants
    no optional texts; `tried` whether it was let go before."""

    id: int
    sort: Sort
    segments: int
    created_at: datetime
    heard: Heard | None = None
    reachable: bool = True
    optional: bool = False
    silent: bool = False
    any_hour: bool = False
    tried: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A text that a phone was sent, the words it was a reply to, and whether those came suspiciously quickly."""

    id: int
    at: datetime
    under: Allowance
    words: str = ""
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Go:
    """It may go; `told` is what to remember of it, None where it was counted when it was tried first."""

    told: Told | None


@dataclass(frozen=True, slots=True)
class Wait:
    """Not before `until`, which lies ahead."""

    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Drop:
    """It will not be sent."""

    why: str


Verdict = Go | Wait | Drop


def weigh(text: Text, past: Sequence[Told], spent: int, limits: Limits, now: datetime) -> Verdict:
    """`past` is what this phone was sent of late, oldest first; `spent` the segments of the day so far."""
    if text.sort in TO_CITIZENS and not text.reachable:
        return Drop("its number is outside the ranges that are answered")
    if text.optional and text.silent and text.sort in NOT_SENT_AFTER_STOP:
        return Drop("the person wants no optional texts")
    if not text.tried and text.heard and is_loop(text.sort, text.heard, past, now):
        return Drop("the phone answers by itself: a loop")
    if ends := _quiet(text, limits, now):
        return Wait(ends, "quiet hours")
    if text.tried:  # by now it may be forgotten that it was counted
        return Go(None)
    drawn = _drawn(text, past, limits, now)
    if isinstance(drawn, datetime):
        return _too_many(text, drawn, limits, now)
    return _over_budget(text, spent, limits, now) or Go(_remembered(text, drawn, past, now))


def lately(past: Iterable[Told], now: datetime) -> list[Told]:
    """What of it limits still ask for, so that it stays short whatever comes."""
    kept = [told for told in past if now - told.at < (DAY if told.under in COUNTED_BY_THE_DAY else HOUR)]
    free = [told for told in kept if told.under is Allowance.FREE]
    too_many = {told.id for told in free[:-FREE_KEPT]}
    return [told for told in kept if told.id not in too_many]


def alike(body: str, reference: str | None = None) -> str:
    """The same for texts that are the same or nearly so: letters without marks and short numbers count, clock times,
    dates, long numbers and signs do not. `reference` is the complaint that the text names in its place."""
    bare = _NO_WORD.sub("", _NUMBER.sub("", plain(body)))
    return f"{bare or plain(body)} {reference or ''}".rstrip()


def is_loop(sort: Sort, heard: Heard, past: Sequence[Told], now: datetime) -> bool:
    """Whether this would be the fourth text of a loop: nearly the same words again and again, or one text after the other
    answered more quickly than a person can. A cry for help is told by its words alone."""
    recent = [told for told in past if now - told.at < HOUR]
    same = [place for place, told in enumerate(recent) if told.words == heard.words]
    if same and len(same) + (same[0] > 0) >= LOOP:
        return True
    latest = recent[-(LOOP - 1) :]
    streak = len(latest) == LOOP - 1 and all(told.quick for told in latest)
    return sort is not Sort.URGENT and streak and _is_quick(heard, past)


def begins_anew(now: datetime) -> datetime:
    """When the next day of the budget begins: midnight in Vietnam."""
    tomorrow = now.astimezone(VIETNAM).date() + DAY
    return datetime.combine(tomorrow, time(), VIETNAM).astimezone(UTC)


def warned_of(before: int, after: int, budget: int | None) -> bool:
    """Whether the day's cost has just passed the mark at which an operator is warned."""
    return budget is not None and before < budget * WARNS_AT <= after


def _quiet(text: Text, limits: Limits, now: datetime) -> datetime | None:
    """When the quiet that this text must keep is over."""
    prompt = text.heard is not None and now - text.heard.at <= ANSWERED_AT_NIGHT
    if limits.quiet is None or text.sort is Sort.URGENT or text.any_hour or prompt:
        return None
    return limits.quiet.over_at(now)


def _drawn(text: Text, past: Sequence[Told], limits: Limits, now: datetime) -> Allowance | datetime:
    """The first allowance with room for it, else when there is room again."""
    room = {under: _room(under, past, limits, now) for under in DRAWS_ON[text.sort]}
    again = text.heard is not None and any(told.words == text.heard.words and now - told.at < HOUR for told in past)
    if again:  # only texts that differ are replied to beyond what may go unasked
        room.pop(Allowance.REPLY, None)
    return next((under for under, at in room.items() if at <= now), min(room.values()))


def _room(under: Allowance, past: Sequence[Told], limits: Limits, now: datetime) -> datetime:
    """When this allowance has room: now, or when enough of what was counted under it is long enough ago."""
    windows = _windows(under, limits)
    counted = [told.at for told in past if told.under is under] if windows else []
    ends = [counted[-most] + window for window, most in windows if most <= len(counted)]
    return max([now, *ends])


def _windows(under: Allowance, limits: Limits) -> tuple[tuple[timedelta, int], ...]:
    match under:
        case Allowance.FREE:
            return ()
        case Allowance.FIRST_RECEIPT | Allowance.QUESTION:
            return ((HOUR, 1),)
        case Allowance.REPLY:
            return ((HOUR, limits.replies_an_hour),)
        case Allowance.UNASKED:
            return ((HOUR, limits.citizens.hour), (DAY, limits.citizens.day))
        case Allowance.ALERT:
            return ((HOUR, limits.officials.hour), (DAY, limits.officials.day))


def _too_many(text: Text, until: datetime, limits: Limits, now: datetime) -> Verdict:
    """What is said only because somebody just wrote is of no use later; the reference in a receipt is, for a while."""
    why = "too many texts to this phone"
    useless = text.sort is Sort.REPLY or (text.sort is Sort.RECEIPT and _is_late(text, limits, now))
    return Drop(why) if useless else Wait(until, why)


def _is_late(text: Text, limits: Limits, now: datetime) -> bool:
    """Whether it has waited its while. One that quiet hours kept has that while from the morning on."""
    then = now - RECEIPT_WAITS
    return text.created_at <= then and (limits.quiet is None or limits.quiet.over_at(then) is None)


def _over_budget(text: Text, spent: int, limits: Limits, now: datetime) -> Wait | None:
    if limits.budget is None or limits.open_budget is None or text.sort is Sort.URGENT:
        return None
    if text.sort in ON_THE_RESERVE:
        used_up, why = spent + text.segments > limits.budget, "the day's budget is used up"
    else:
        used_up, why = spent + text.segments > limits.open_budget, "the open part of the day's budget is used up"
    return Wait(begins_anew(now), why) if used_up else None


def _remembered(text: Text, under: Allowance, past: Sequence[Told], now: datetime) -> Told:
    if text.heard is None:
        return Told(text.id, now, under)
    return Told(text.id, now, under, text.heard.words, _is_quick(text.heard, past))


def _is_quick(heard: Heard, past: Sequence[Told]) -> bool:
    """Whether it came within moments of a text of ours."""
    return heard.perhaps_a_machine and any(timedelta() <= heard.at - told.at <= QUICK for told in past)
