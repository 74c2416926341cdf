"""Checks every notice in every language with the longest names and values there are: `python -m ops.notices`, part of
`./run check`."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, datetime
from itertools import islice, product, takewhile
from typing import Any, Final, get_args

from smsgw.data import tables
from smsgw.domain import notices as n
from smsgw.domain.categories import CategoryCode
from smsgw.settings import ROOT
from smsgw.text import catalogs
from smsgw.text.fit import Alphabet, folded, measure, split
from smsgw.text.names import shorter
from smsgw.text.speech import NAMES, QUESTIONS, STAGES, STATES, House, Speech

REFERENCE: Final = "9999999"
OTHER: Final = "8888888"
LATEST: Final = datetime(2026, 12, 31, 10, 30, tzinfo=UTC)
LONGEST_SERVICE: Final = "Phản ánh kiến nghị Ủy ban nhân dân phường An Khê"
# Longer than any that is known: what a reform may yet bring.
LONG_NAMES: Final = (
    "Trung tâm Phục vụ hành chính công và Chuyển đổi số phường Nguyễn Thị Minh Khai - Quang Trung",
    "Ban Quản lý Dự án Đầu tư Xây dựng và Phát triển Quỹ đất khu vực An Khê - Kông Chro - Đak Pơ",
)
REASON: Final = "Chờ đơn vị thi công bổ sung vật tư và máy móc; " * 9
ANSWER: Final = "Tổ quản lý đô thị đã vá ba ổ gà ngày 24/11."

# How many segments a notice may take: without tone marks, and with them. What an official wrote takes what it takes.
USUAL: Final = (1, 2)
LONG_WITH_MARKS: Final = (
    n.DangerReceived,
    n.EmergencyDuty,
    n.NobodyTookUp,
    n.EarlyWarning,
    n.DeadlineAlert,
    n.NothingFound,
    n.Menu,
)
BUDGET: Final[Mapping[type[Any], tuple[int, int]]] = dict.fromkeys(LONG_WITH_MARKS, (1, 3))
WRITTEN: Final = (n.OfficeAnswer, n.OfficeQuestion)
# What a field of this name means in one kind of notice alone.
OWN_VALUES: Final[Mapping[tuple[type[Any], str], Sequence[Any]]] = {
    (n.NewDate, "why"): ("more_time", "no_reply", "goes_on"),
    (n.SetApart, "code"): ("T999999999",),
    (n.CutOff, "code"): ("", "*8079#"),
    (n.CallCitizen, "question"): (False, True),
}

Say = Callable[[n.Notice, str, bool], str]


@dataclass(frozen=True, slots=True)
class Longest:
    """The longest values of every field of every notice, by the field's name."""

    units: Sequence[str]
    offices: Sequence[str]
    questions: Sequence[str]

    def of(self, name: str) -> Sequence[Any] | None:
        """None for a field that nobody has thought of yet."""
        known: Mapping[str, Sequence[Any]] = {
            "reference": (REFERENCE,),
            "typed": (REFERENCE,),
            "suggestion": (OTHER,),
            "others": ((OTHER,), (OTHER, "7777777")),
            "due": (LATEST,),
            "received": (LATEST,),
            "until": (LATEST.date(),),
            "unit": self.units,
            "office": self.offices,
            "category": list(CategoryCode),
            "question": self.questions,
            "state": list(STATES),
            "stage": list(STAGES),
            "reason": ("cho vat tu", REASON),
            "text": (ANSWER,),
            "score": (5,),
            "people": (99_999,),
        }
        return known.get(name)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What is inspected: how notices are said, of which kinds, with which values, in which languages."""

    say: Say
    kinds: Sequence[type[Any]]
    longest: Callable[[str], Longest]
    languages: Sequence[str]

    def violations(self) -> list[str]:
        """Everything that is wrong, a sentence each."""
        return list(dict.fromkeys(wrong for language in self.languages for wrong in self._in(language)))

    def _in(self, language: str) -> Iterator[str]:
        longest = self.longest(language)
        for kind in self.kinds:
            if strange := [name for name in _names(kind) if _values(kind, name, longest) is None]:
                yield f"{kind.__name__}: no longest value is known for {', '.join(strange)}"
                continue
            for notice in every(kind, longest):
                for marks in (False, True):
                    where = f"{language}{' with tone marks' if marks else ''}, {kind.__name__}"
                    yield from (f"{where}: {wrong}" for wrong in self._wrong(notice, language, marks=marks))

    def _wrong(self, notice: Any, language: str, *, marks: bool) -> Iterator[str]:
        said = self.say(notice, language, marks)
        fit, most = measure(said), BUDGET.get(type(notice), USUAL)[marks]
        if fit.segments > most and not isinstance(notice, WRITTEN):
            yield f"{fit.segments} segments, {most} are allowed: {said!r}"
        if not marks and fit.alphabet is not Alphabet.GSM7:
            yield f"signs outside GSM-7: {said!r}"
        if not said.strip() or "None" in said or "%(" in said:
            yield f"something is not filled in: {said!r}"
        for number in _numbers(notice):
            if not re.search(rf"(?<!\d){number}(?!\d)", said):
                yield f"the number {number} is not whole in it: {said!r}"
            elif fit.segments > 1 and not any(number in part for part in split(said)):
                yield f"the number {number} is cut between two segments: {said!r}"
        yield from (f"the word {word!r} was cut: {said!r}" for word in _cut(notice, said, marks=marks))


def every(kind: type[Any], longest: Longest) -> Iterator[Any]:
    """Each way in which a notice of this kind may come."""
    names = _names(kind)
    for values in product(*(_values(kind, name, longest) or () for name in names)):
        yield kind(**dict(zip(names, values, strict=True)))


def _names(kind: type[Any]) -> list[str]:
    return [field.name for field in fields(kind)]


def _values(kind: type[Any], name: str, longest: Longest) -> Sequence[Any] | None:
    """The longest ones, and that which stands where nothing is told."""
    field = next(one for one in fields(kind) if one.name == name)
    if field.type in (bool, "bool"):
        return (False, True)
    if (kind, name) in OWN_VALUES:
        return OWN_VALUES[kind, name]
    told = longest.of(name)
    if told is None:
        return None
    usual = [] if field.default is MISSING or field.default in told else [field.default]
    absent = [None] if "None" in str(field.type) and None not in usual else []
    return [*usual, *absent, *told]


def _numbers(notice: Any) -> Iterator[str]:
    if reference := getattr(notice, "reference", ""):
        yield reference
    yield from getattr(notice, "others", ())


def _cut(notice: Any, said: str, *, marks: bool) -> Iterator[str]:
    """Words of names that stand in a text only in part: it ends within a word, and the name goes on."""
    for name in filter(None, (getattr(notice, field, "") for field in NAMES)):
        for form in (name, *islice(shorter(name), 1)):
            whole = form if marks else folded(form)
            for found in re.finditer(rf"(?<!\w){re.escape(whole.split()[0])}(?!\w)", said):
                tail = said[found.start() :]
                same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(tail, whole, strict=False))))
                within = whole[same - 1 : same + 1]
                if len(within) == 2 and within.isalnum() and not tail[same : same + 1].isalnum():
                    yield whole[:same].split()[-1]


def inspection() -> Inspection:
    """Of the notices as they are, with the locality's names and longer ones."""
    known = catalogs.load(ROOT / "locale")
    house = House(LONGEST_SERVICE, "+84 900 000 100", "500 VND", tables.whole("emergency.toml"), "*8079#")
    speech = Speech(known, house)
    units = [f"{row['kind'].capitalize()} {row['name']}" for row in tables.tree("units.toml", "unit")]
    offices = [row["name"] for row in tables.tree("offices.toml", "office")]

    def longest(language: str) -> Longest:
        questions = [speech.question(gap, language) for gap in QUESTIONS]
        return Longest([*units, *LONG_NAMES], [*offices, *LONG_NAMES], questions)

    def say(notice: n.Notice, language: str, marks: bool) -> str:
        return speech.say(notice, language=language, tone_marks=marks)

    return Inspection(say, get_args(n.Notice), longest, known.languages)


def main() -> int:
    """0 when nothing is wrong; else what is, and 1."""
    wrong = inspection().violations()
    print("\n".join(wrong) or "every notice fits, keeps its number and names whole words")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
