"""What a citizen says of an answer by one digit, whose answer it is about, and when silence is enough to close."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from smsgw.domain.plain import plain


class Verdict(StrEnum):
    """Done; not done; the answer was not understood."""

    DONE = "done"
    NOT_DONE = "not_done"
    UNCLEAR = "unclear"


BY_DIGIT: Final = {"1": Verdict.DONE, "2": Verdict.NOT_DONE, "3": Verdict.UNCLEAR}
TWICE: Final = 2  # so often said not done, it goes up the ladder
_TOGETHER: Final = timedelta(
    hours=24
)  # answers so near to each other are read one after the other: a night lies between
_LONGEST: Final = 160
_WORDS: Final = {
    Verdict.NOT_DONE: (
        "chua xong",
        "chua lam xong",
        "chua duoc",
        "chua lam",
        "chua",
        "khong xong",
        "not done",
        "not yet",
    ),
    Verdict.UNCLEAR: ("khong ro", "chua ro", "khong hieu", "chua hieu", "unclear"),
    Verdict.DONE: ("xong roi", "da xong roi", "da xong", "xong", "done"),
}
_THANKS: Final = frozenset(
    {"cam on", "xin cam on", "cam on nhieu", "cam on nha nuoc", "thank you", "thanks", "a", "nhe"}
)
# What may go on in the citizen's own words: "chua" alone begins many a new complaint.
_TELLS_MORE: Final = ("chua xong", "chua lam xong", "khong xong")
_NAMED: Final = re.compile(r"(?:(?:so|ma|no|ak)[ .:]*)?#?([0-9]{5,7})", re.ASCII)
_DIGIT: Final = re.compile(r"([123])(?:$| ?[.,;:!)-]+(?:$| (?![0-9])(?P<more>.*)))", re.ASCII)


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict as texted; `reference` as typed, empty for none."""

    verdict: Verdict
    reference: str = ""


def read(text: str) -> Said | None:
    """The verdict that a text is; None for any other text. The number of the complaint may stand before or after it."""
    if len(text) > _LONGEST:
        return None
    said = " ".join(plain(text).split()).strip(" .!")
    bare, reference = _without_reference(said)
    verdict = _verdict(bare)
    return Said(verdict, reference) if verdict else None


def only_reference(text: str) -> str:
    """The reference that is all the text says; else empty."""
    alone = _NAMED.fullmatch(" ".join(plain(text).split()).strip(" .!"))
    return alone[1] if alone else ""


def _without_reference(said: str) -> tuple[str, str]:
    if before := _NAMED.match(said):
        rest = said[before.end() :]
        if rest[:1] in (" ", ":", ",", "."):
            return rest.strip(" :,."), before[1]
    words = said.split(" ")
    if len(words) > 1 and (last := _NAMED.fullmatch(words[-1])):
        return " ".join(words[:-1]).removesuffix(" so").removesuffix(" ma"), last[1]
    return said, ""


def _verdict(said: str) -> Verdict | None:
    """Behind a digit and a stop anything may follow, but that more is said of what is done is no sign of it."""
    if digit := _DIGIT.match(said):
        verdict, more = BY_DIGIT[digit[1]], digit["more"] or ""
        return verdict if verdict is not Verdict.DONE or _is_of(verdict, more) else None
    first, _, rest = said.partition(" ")
    if first in BY_DIGIT and _is_of(BY_DIGIT[first], rest):
        return BY_DIGIT[first]
    return _in_words(said)


def _is_of(verdict: Verdict, more: str) -> bool:
    return not more or more in _THANKS or _in_words(more) is verdict


def _in_words(said: str) -> Verdict | None:
    for verdict, phrases in _WORDS.items():
        for phrase in phrases:
            if said == phrase:
                return verdict
            if not said.startswith(phrase):
                continue
            rest = said[len(phrase) :].strip(" .,;:!-")
            if rest in _THANKS or (phrase in _TELLS_MORE and not said[len(phrase)].isalnum()):
                return verdict
    return None


class Asked(Protocol):
    """A complaint that a verdict may be about; `verdict_asked_at` is when it was asked for, `ending` how it closed, empty while
    it has not."""

    @property
    def verdict_asked_at(self) -> datetime | None: ...
    @property
    def ending(self) -> str: ...


_Any = TypeVar("_Any", bound=Asked)


def meant(asked: Sequence[_Any]) -> Sequence[_Any]:
    """Which a verdict without a number is about: the one asked of last, or all that were asked of about that time, newest
    first. Those that have closed are meant only where none is left that has not."""
    known = [(one.verdict_asked_at, one) for one in asked if one.verdict_asked_at]
    still = [pair for pair in known if not pair[1].ending]
    ordered = sorted(still or known, key=lambda pair: pair[0], reverse=True)
    near = [one for at, one in ordered if ordered[0][0] - at <= _TOGETHER]
    return near if still else near[:1]


@dataclass(frozen=True, slots=True)
class Window:
    """How long a verdict is waited for, in working days; in how many what was unclear is explained. In the fields of
    `look_fields` a person looks before silence closes; with `look_always`, in every one."""

    days: int = 10
    explain_days: int = 3
    look_fields: frozenset[str] = frozenset()
    look_always: bool = False


USUAL: Final = Window()


class WhyLook(StrEnum):
    """Why silence alone does not close it."""

    NOT_CONFIRMED = "not_confirmed"
    REOPENED = "reopened"
    NOT_ASKED = "not_asked"
    FIELD = "field"


def why_look(
    window: Window, *, category: str | None, arrived: bool, reopened: bool, asked: bool
) -> tuple[WhyLook, ...]:
    """Why a person must look before silence closes; none where it may close by itself. `arrived`: the answer is known to have
    reached the citizen."""
    found = {
        WhyLook.NOT_CONFIRMED: not arrived,
        WhyLook.REOPENED: reopened,
        WhyLook.NOT_ASKED: not asked,
        WhyLook.FIELD: window.look_always or category in window.look_fields,
    }
    return tuple(why for why, is_so in found.items() if is_so)
