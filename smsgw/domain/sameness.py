"""How alike two reports are: what they tell, where, and how far apart in time. A sum that can be shown, never a verdict."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from smsgw.domain.categories import CategoryCode
from smsgw.domain.plain import plain

LIKELY: Final = 0.55  # offered to a person
SURE_ENOUGH: Final = 0.6  # counted together for a warning
MATTER, PLACE, TIME = 0.5, 0.4, 0.1
SAME_FIELD = 0.3  # of what is told, when the field is the same
UNKNOWN_PLACE = 0.35
AT_MOST_ELSEWHERE = 0.3
MOST_SHOWN = 6
ALIKE_WORDS, ALIKE_SHARE = 3, 1 / 3  # of a cry

_WORD = re.compile(r"[a-z]+|[0-9]+")
_HEADS = frozenset(
    ["to", "thon", "hem", "ngo", "xom", "km", "so", "doi", "khu", "ap", "lang", "duong", "kiet", "ngach", "lo"]
)
# "An" stands in the name of nearly every ward here, and so tells none apart.
_NO_PLACE_NAME = frozenset(
    [
        "o",
        "tai",
        "gan",
        "canh",
        "truoc",
        "sau",
        "doi",
        "dien",
        "phuong",
        "xa",
        "thi",
        "tran",
        "tinh",
        "huyen",
        "nha",
        "doan",
        "cuoi",
        "dau",
        "khuc",
        "p",
        "x",
        "an",
    ]
)
# Words that stand in reports of every kind.
_EMPTY = frozenset(
    [
        "a",
        "ai",
        "anh",
        "ba",
        "bac",
        "ban",
        "bao",
        "bi",
        "bo",
        "cac",
        "cai",
        "can",
        "cap",
        "cha",
        "chau",
        "chi",
        "cho",
        "chua",
        "chung",
        "co",
        "con",
        "cua",
        "cung",
        "da",
        "dan",
        "dang",
        "de",
        "den",
        "di",
        "dia",
        "do",
        "doi",
        "duoc",
        "em",
        "gi",
        "giai",
        "gio",
        "giup",
        "gui",
        "ha",
        "hay",
        "hoi",
        "hom",
        "ho",
        "kg",
        "khi",
        "kho",
        "khong",
        "kia",
        "kinh",
        "la",
        "lai",
        "lam",
        "lanh",
        "len",
        "lien",
        "luc",
        "ma",
        "may",
        "mong",
        "mot",
        "nay",
        "nao",
        "nen",
        "ngay",
        "nghi",
        "nguoi",
        "nha",
        "nhan",
        "nhe",
        "nho",
        "nhu",
        "nhung",
        "nua",
        "o",
        "oi",
        "ong",
        "pa",
        "phan",
        "phuong",
        "qua",
        "quyet",
        "ra",
        "rat",
        "roi",
        "sao",
        "sau",
        "se",
        "som",
        "sua",
        "ta",
        "tai",
        "te",
        "thang",
        "the",
        "thi",
        "thoi",
        "tin",
        "toi",
        "trong",
        "tu",
        "va",
        "van",
        "vao",
        "ve",
        "vi",
        "viec",
        "voi",
        "vua",
        "xa",
        "xem",
        "xin",
        "y",
        "gap",
        "khan",
        "cuu",
        "gium",
        "cap",
        "chuc",
    ]
)


@dataclass(frozen=True, slots=True)
class Report:
    """What is compared of a complaint: `place` as the citizen wrote it, `category` a code."""

    text: str
    category: str | None
    place: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Likeness:
    """0..1, and what it is made of: the words both use, the parts of the place both name, whether both cannot be one place,
    and the time between."""

    score: float
    words: tuple[str, ...]
    places: tuple[str, ...]
    elsewhere: bool
    apart: timedelta


@dataclass(frozen=True, slots=True)
class Seen:
    """A report made ready for being compared many times."""

    report: Report
    words: frozenset[str]
    marks: frozenset[str]


def seen(report: Report) -> Seen:
    """Words of the place are told apart from those of the matter."""
    where = _WORD.findall(plain(report.place or ""))
    told = [word for word in _WORD.findall(plain(report.text)) if word not in _EMPTY and len(word) > 1]
    told = [word for word in told if word.upper() not in CategoryCode.__members__]
    return Seen(report, frozenset(told) - frozenset(where), frozenset(_marks(where)))


def likeness(one: Seen, other: Seen, window: timedelta) -> Likeness:
    """Of two reports no further apart than `window`; those further apart are not alike at all."""
    apart = abs(one.report.at - other.report.at)
    words, places = one.words & other.words, one.marks & other.marks
    elsewhere = _is_elsewhere(one.marks, other.marks)
    score = 0.0
    if apart <= window:
        score = MATTER * _matter(one, other, words) + PLACE * _place(one, other, places) + TIME * (1 - apart / window)
        score = min(score, AT_MOST_ELSEWHERE) if elsewhere else score
    shown = tuple(sorted(words, key=lambda word: (-len(word), word))[:MOST_SHOWN])
    return Likeness(round(score, 2), shown, tuple(sorted(places)), elsewhere, apart)


def is_same_cry(known: Seen, new: Seen) -> bool:
    """Whether a new cry of one phone is surely about a danger told before: much of what it tells is the same, and it names no
    other place. In doubt they are two, for one too many does no harm."""
    shared = len(known.words & new.words)
    both_placed = bool(known.marks and new.marks)
    alike = shared >= ALIKE_WORDS or (shared > 0 and shared >= ALIKE_SHARE * len(new.words))
    return alike and not (both_placed and not known.marks & new.marks)


def together(reports: Iterable[tuple[int, Seen]], window: timedelta) -> list[set[int]]:
    """The ids of reports that are sure enough to be one matter, chained through one another; those alone left out."""
    groups: list[set[int]] = []
    met: list[tuple[int, Seen]] = []
    for ident, report in reports:
        near = {other for other, known in met if likeness(report, known, window).score >= SURE_ENOUGH}
        joined = [group for group in groups if group & near]
        groups = [group for group in groups if not group & near]
        groups.append(set().union({ident}, *joined))
        met.append((ident, report))
    return [group for group in groups if len(group) > 1]


def _matter(one: Seen, other: Seen, words: frozenset[str]) -> float:
    fewest, both = min(len(one.words), len(other.words)), len(one.words) + len(other.words)
    told = 0.5 * (len(words) / fewest + 2 * len(words) / both) if fewest else 0.0
    fields = one.report.category, other.report.category
    if None not in fields and fields[0] != fields[1]:
        return told / 2
    return SAME_FIELD * (None not in fields) + (1 - SAME_FIELD) * min(told, 1.0)


def _place(one: Seen, other: Seen, places: frozenset[str]) -> float:
    if not (one.marks and other.marks):
        return UNKNOWN_PLACE
    return len(places) / min(len(one.marks), len(other.marks))


def _is_elsewhere(one: frozenset[str], other: frozenset[str]) -> bool:
    """Hamlet 5 is not hamlet 7: the same kind of place with another number."""
    numbered = [{mark.partition(" ")[0]: mark for mark in marks if " " in mark} for marks in (one, other)]
    return any(numbered[0][head] != numbered[1][head] for head in numbered[0].keys() & numbered[1].keys())


def _marks(words: list[str]) -> Iterable[str]:
    """ "to 5 duong Quang Trung" → "to 5", "quang", "trung"."""
    for before, word in zip(["", *words], words, strict=False):
        if word.isdigit():
            yield f"{before} {word}" if before in _HEADS else word
        elif word not in _HEADS and word not in _NO_PLACE_NAME:
            yield word
