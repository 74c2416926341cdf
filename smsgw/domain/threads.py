"""Which complaint a later text of the same phone belongs to, or whether it opens one, or whether to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from smsgw.domain.answer_words import COMMON
from smsgw.domain.answers import is_finer_than, tells_a_matter
from smsgw.domain.plain import plain
from smsgw.domain.understanding import Intent, Understanding

JUST_NOW: Final = timedelta(minutes=30)
_OFFERED: Final = 2
_A_REST: Final = 3
_MUCH_ALIKE: Final = 0.5
_ALIKE: Final = 0.2
_SAME_PLACE: Final = 0.5


class Where(StrEnum):
    """How two places stand to each other."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Thread:
    """A complaint of the same phone, as far as a later text is held against it. `talked_at` is when it was last texted
    about; `hidden` ones are told of only to who gives their reference."""

    id: int
    category: str | None
    ward: str | None
    place: str
    text: str
    talked_at: datetime
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Opens:
    """The text opens a complaint."""


@dataclass(frozen=True, slots=True)
class Joins:
    """The text belongs to this complaint."""

    id: int


@dataclass(frozen=True, slots=True)
class Asks:
    """It may belong to one of these, newest first: the citizen must say."""

    ids: tuple[int, ...]


Verdict = Opens | Joins | Asks


def belongs(text: str, read: Understanding, threads: Sequence[Thread], now: datetime, window: timedelta) -> Verdict:
    """Where a text without a reference belongs, `threads` being the phone's complaints that are still talked of, newest
    first. A matter told anew within `window` is the same one; what tells no matter goes on with what was talked of."""
    seen = [one for one in threads if not one.hidden or now - one.talked_at <= JUST_NOW]
    if not tells_a_matter(read):
        return _goes_on(read, seen, now, window)
    recent = [one for one in seen if now - one.talked_at <= window]
    if recent and _is_a_rest(text, read, recent[0], now):
        return Joins(recent[0].id)
    alike = [(one, _likeness(text, read, one)) for one in recent]
    same = [one for one, verdict in alike if verdict is Where.SAME]
    if same:
        return Joins(same[0].id)
    perhaps = tuple(one.id for one, verdict in alike if verdict is Where.UNKNOWN)
    return Asks(perhaps[:_OFFERED]) if perhaps and not read.urgent else Opens()


def _is_a_rest(text: str, read: Understanding, newest: Thread, now: datetime) -> bool:
    """Two or three words of the same field, right behind a text, are the end of it: pressed off too early."""
    short = len(text.split()) <= _A_REST and not read.urgent
    return short and now - newest.talked_at <= JUST_NOW and read.category in (None, newest.category)


def _goes_on(read: Understanding, threads: Sequence[Thread], now: datetime, window: timedelta) -> Verdict:
    """Words without a matter of their own: the only complaint, the one of the same place or field, or the one of just now."""
    goes_on = read.intent is Intent.FOLLOWUP
    recent = [one for one in threads if now - one.talked_at <= window] or list(threads[:1] if goes_on else [])
    fitting: Sequence[Thread] = [one for one in recent if not read.category or one.category in (None, read.category)]
    if len(fitting) > 1:
        fitting = _nearest(read, fitting, now)
    match fitting:
        case []:
            return Opens()
        case [only]:
            return Joins(only.id)
        case _:
            return Asks(tuple(one.id for one in fitting[:_OFFERED]))


def _nearest(read: Understanding, threads: Sequence[Thread], now: datetime) -> Sequence[Thread]:
    """The one at the same place, else the one that was talked of just now, when no other was."""
    there = [one for one in threads if _where(read, one) is Where.SAME]
    just_now = [one for one in threads if now - one.talked_at <= JUST_NOW]
    return next((found for found in (there, just_now) if len(found) == 1), threads)


def _likeness(text: str, read: Understanding, other: Thread) -> Where:
    """Whether a text with a matter of its own tells this one again. What costs least is looked at first: nearly always it
    tells another one."""
    same_field = read.category == other.category or read.category is None or other.category is None
    if not same_field:
        return Where.OTHER
    where = _where(read, other)
    if where is Where.OTHER:
        return Where.OTHER
    alike = _overlap(_words(text, read.place_text or ""), _words(other.text, other.place))
    if alike < _ALIKE:
        return Where.OTHER
    return Where.SAME if where is Where.SAME or alike >= _MUCH_ALIKE else Where.UNKNOWN


def _where(read: Understanding, other: Thread) -> Where:
    if read.ward and other.ward and read.ward != other.ward:
        return Where.OTHER
    mine = read.place_text if read.place_text and is_finer_than(read.place_text, read.ward) else ""
    theirs = other.place if other.place and is_finer_than(other.place, other.ward) else ""
    if not mine or not theirs:
        return Where.UNKNOWN
    return Where.SAME if _overlap(_spot(mine, read.ward), _spot(theirs, other.ward)) >= _SAME_PLACE else Where.OTHER


def _spot(place: str, ward: str | None) -> frozenset[str]:
    return (
        frozenset(plain(place).split()) - frozenset(plain(ward or "").split()) - {"phuong", "xa", "o", "tai", "duong"}
    )


@lru_cache(maxsize=256)
def _words(text: str, place: str) -> frozenset[str]:
    """The words that tell the matter: neither the place nor what stands in any complaint."""
    words = "".join(sign if sign.isalnum() else " " for sign in plain(text)).split()
    return frozenset(words) - frozenset(plain(place).split()) - COMMON


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the shorter one's words that both have."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0
