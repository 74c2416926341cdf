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
from smsgw.settings import ROOT
from smsgw.text import catalogs, orders
from smsgw.text.fit import Alphabet, folded, measure, split
from smsgw.text.names import shorter
from smsgw.text.speech import GROUNDS, NAMES, QUESTIONS, STAGES, STATES, TO_DO, VERDICTS, House, Speech

REFERENCE: Final = "9999999"
OTHER: Final = "8888888"
CODE: Final = "999999"  # one time, typed behind a word
LATEST: Final = datetime(2026, 12, 31, 10, 30, tzinfo=UTC)
LONGEST_SERVICE: Final = "Phản ánh kiến nghị Ủy ban nhân dân phường An Khê"
# Longer than any that is known: what a reform may yet bring.
LONG_NAMES: Final = (
    "Trung tâm Phục vụ hành chính công và Chuyển đổi số phường Nguyễn Thị Minh Khai - Quang Trung",
    "Ban Quản lý Dự án Đầu tư Xây dựng và Phát triển Quỹ đất khu vực An Khê - Kông Chro - Đak Pơ",
)
PERSON: Final = "Nguyễn Phước Thị Thanh Phương Khánh"
RECEPTION: Final = "Ban Tiếp công dân UBND phường An Khê"  # what an official writes is cut to one segment by the desk
REASON: Final = "Chờ đơn vị thi công bổ sung vật tư và máy móc; " * 9
ANSWER: Final = "Tổ quản lý đô thị đã vá ba ổ gà ngày 24/11."

SHOWN: Final = "Đèn đường hẻm 12 không sáng từ thứ hai, bà con đi lại khó; " * 12
OFFICE_CODES: Final = ("VP", "KT", "VHXH", "HCC", "CA", "TYT")
LACKS: Final = tuple(orders.LACKS)
FIGURE: Final = (0, 999)
DAY: Final = "31/12"

# How many segments a notice may take: without tone marks, and with them. What an official wrote takes what it takes.
USUAL: Final = (1, 2)
BUDGET: Final[Mapping[type[Any], tuple[int, int]]] = {
    **dict.fromkeys((n.DangerReceived, n.NothingFound, n.Menu), (1, 3)),
    n.NotAccepted: (1, 4),
    n.ComplaintShown: (orders.MOST_SEGMENTS, orders.MOST_SEGMENTS),
}
# They are texted without tone marks.
TO_OFFICIALS: Final = (
    *get_args(orders.ToOfficial),
    n.EmergencyDuty,
    n.ManyCries,
    n.NobodyTookUp,
    n.SealedWaiting,
    n.VerdictAlert,
    n.DeadlineAlert,
    n.Unopened,
    n.ManyAlerts,
    n.DayDigest,
    n.EarlyWarning,
    n.CallCitizen,
    n.CallWished,
    n.Bounced,
    n.PartOverdue,
)
WRITTEN: Final = (n.OfficeAnswer, n.OfficeQuestion)
# What a field of this name means in one kind of notice alone.
OWN_VALUES: Final[Mapping[tuple[type[Any], str], Sequence[Any]]] = {
    (n.NewDate, "why"): ("more_time", "no_reply", "goes_on"),
    (n.SetApart, "code"): ("T999999999",),
    (n.CutOff, "code"): ("", "*8079#"),
    (n.CallCitizen, "question"): (False, True),
    (n.VerdictHeard, "reference"): ("", REFERENCE),
    (n.ManyAlerts, "due"): FIGURE,
    (n.ManyAlerts, "others"): FIGURE,
    (n.DayDigest, "due"): FIGURE,
    (n.OrderRefused, "why"): list(orders.REFUSED),
    (n.OrderRefused, "words"): ((), OFFICE_CODES, (OTHER,), LACKS),
    (n.ComplaintShown, "text"): ("", SHOWN.split(",")[0], SHOWN),
}
HOLDS: Final = ("many_segments", "lacks", "news")  # what a second order sends all the same
# What several fields together never are.
NEVER: Final[Mapping[type[Any], Callable[[Any], bool]]] = {
    n.DeadlineAlert: lambda one: bool(one.code) and one.step != "answer",  # with a code no step is named
    n.ManyAlerts: lambda one: (
        not (one.overdue or one.due or one.near or one.others) or bool(one.code) > bool(one.first)
    ),
    n.DayDigest: lambda one: not (one.due or one.late or one.new or one.soon) or bool(one.code) > bool(one.first),
    n.OrderDone: lambda one: (
        (one.deed in ("more_time", "grant"), one.deed == "pass") != (one.detail == DAY, len(one.detail) > len(DAY))
        or bool(one.other) > bool(one.code)
    ),
    n.OrderRefused: lambda one: one.words != _words_of(one.why) or bool(one.held) != (one.why in HOLDS),
    n.ComplaintShown: lambda one: bool(one.text) == one.hidden or bool(one.added and one.hidden),
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
            "category": ("HT",),  # each has two letters
            "question": self.questions,
            "state": list(STATES),
            "stage": list(STAGES),
            "reason": ("cho vat tu", REASON),
            "text": (ANSWER,),
            "added": ("", SHOWN),
            "score": (5,),
            "people": (99_999,),
            "code": ("", CODE),
            "minutes": (99,),
            "other": (OTHER,),
            "references": ((REFERENCE, OTHER),),
            "first": ((), (REFERENCE,), (REFERENCE, OTHER)),
            "verdict": list(VERDICTS),
            "digit": ("3",),
            "times": (1, 99),
            "ground": list(GROUNDS),
            "where": (RECEPTION,),
            "step": list(TO_DO),
            "instead_of": (PERSON,),
            "since": (LATEST,),
            "day": (LATEST.date(),),
            "deed": list(orders.DONE),
            "detail": (DAY, *self.offices),
            "held": ("", "answer"),
            **dict.fromkeys(("overdue", "near", "late", "new", "soon"), FIGURE),
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
                for marks in (False,) if kind in TO_OFFICIALS else (False, True):
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
    names, never = _names(kind), NEVER.get(kind, lambda _one: False)
    for values in product(*(_values(kind, name, longest) or () for name in names)):
        if not never(notice := kind(**dict(zip(names, values, strict=True)))):
            yield notice


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


def _words_of(why: str) -> tuple[str, ...]:
    """What the longest refusal of an order for this reason speaks of."""
    if "%s" not in orders.REFUSED[why]:
        return ()
    return {"lacks": LACKS, "with_another": (OTHER,)}.get(why, OFFICE_CODES)


def _numbers(notice: Any) -> Iterator[str]:
    """References and one-time codes."""
    for name in ("reference", "other", "code"):
        if str(number := getattr(notice, name, "")).isdigit():
            yield number
    for name in ("references", "first", *(() if isinstance(notice, n.ManyAlerts) else ("others",))):
        yield from getattr(notice, name, ())


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
    house = House(LONGEST_SERVICE, "+84 900 000 100", "500 VND", tables.whole("emergency.toml"))
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
