"""What an official's text orders: a word, a complaint's one-time code, and what follows; whatever their order and marks."""

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final

from smsgw.domain.codes import DIGITS
from smsgw.domain.plain import Folded, fold


class Deed(StrEnum):
    """What is ordered. SEND sends a draft that was held back."""

    READ = "read"
    TAKE = "take"
    PASS = "pass"  # noqa: S105 (no password)
    MORE_TIME = "more_time"
    GRANT = "grant"
    REFUSE = "refuse"
    ASK = "ask"
    ANSWER = "answer"
    SEND = "send"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Order:
    """A text taken apart. `code` is empty where none was typed, and of another length where it can be none of ours; `words`
    is what follows, verbatim."""

    deed: Deed
    code: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Aimed:
    """What CHUYEN and HAN begin with: an office's short code, or a number of days; and the reason behind it."""

    first: str
    reason: str


_WORDS: Final = {
    "xem": Deed.READ,
    "nhan": Deed.TAKE,
    "chuyen": Deed.PASS,
    "han": Deed.MORE_TIME,
    "gia han": Deed.MORE_TIME,
    "hoi": Deed.ASK,
    "tl": Deed.ANSWER,
    "tra loi": Deed.ANSWER,
    "xong": Deed.ANSWER,
    "gui": Deed.SEND,
    "duyet": Deed.GRANT,
    "khong duyet": Deed.REFUSE,
}
_ALONE: Final = {**_WORDS, "lenh": Deed.HELP}
_NEVER_A_COMPLAINT: Final = "tl"  # no sentence of a citizen begins so; with every other word one may
_SIGNS: Final = " \t\r\n.,:;!?#*-"
_TOKEN: Final = re.compile(r"[a-z]+|[0-9]+")
_PERHAPS_A_CODE: Final = range(DIGITS - 1, DIGITS + 3)  # a slip of the finger, or a reference in its place
_BETWEEN: Final = frozenset({"ma", "so", "code"})
_MOST_BEFORE_THE_CODE: Final = 4
_OPENERS: Final = _BETWEEN | {words.split()[0] for words in _ALONE}
_AIM: Final = re.compile(r"\s*([^\s,;:.]+)[\s,;:.]*(.*)", re.DOTALL)
_DAYS: Final = re.compile(r"(?:ngày|ngay)\b[\s,;:.]*", re.IGNORECASE)


def parse(text: str) -> Order | None:
    """None for what no official of ours would type to order something: that is a citizen's text, whoever sent it."""
    folded = fold(text)
    first = _TOKEN.search(folded.text)
    if first is None or not (first.group() in _OPENERS or first.group().isdigit()):
        return None
    tokens = list(islice(_TOKEN.finditer(folded.text), _MOST_BEFORE_THE_CODE + 1))
    if folded.text[: tokens[0].start()].strip(_SIGNS):
        return None
    if deed := _ALONE.get(folded.text.strip(_SIGNS)):
        return Order(deed)
    words = [token.group() for token in tokens]
    at = next((place for place, word in enumerate(words) if word.isdigit()), None)
    if at is not None and len(words[at]) in _PERHAPS_A_CODE:
        deed, last = _deed_around(words, at)
        if deed:
            return Order(deed, words[at], _behind(folded, tokens[last].end()))
    return Order(Deed.ANSWER) if words[0] == _NEVER_A_COMPLAINT else None


def _deed_around(words: list[str], at: int) -> tuple[Deed | None, int]:
    """By the words before the code or, where the code comes first, behind it; and the place of the last of them all."""
    if at == 0:
        found = ((_WORDS.get(" ".join(words[1:end])), end - 1) for end in (3, 2) if end <= len(words))
        return next((one for one in found if one[0]), (None, 0))
    return _WORDS.get(" ".join(word for word in words[:at] if word not in _BETWEEN)), at


def _behind(folded: Folded, place: int) -> str:
    """The original text behind a place in the folded one."""
    return folded.said(place, len(folded.text)).lstrip(_SIGNS).rstrip() if place < len(folded.text) else ""


def aimed(words: str) -> Aimed:
    """What the words begin with, in small letters without marks, and the rest."""
    found = _AIM.match(words)
    return Aimed(fold(found[1]).text, found[2].strip()) if found else Aimed("", "")


def days(words: str) -> tuple[int | None, str]:
    """How many days are asked for, None where that is no number from 1 to 99; and the reason."""
    told = re.match(r"\s*(\d{1,2})(?!\d)[\s,;:.]*(.*)", words, re.DOTALL | re.ASCII)
    if told is None or not int(told[1]):
        return None, words.strip()
    return int(told[1]), _DAYS.sub("", told[2], count=1) if _DAYS.match(told[2]) else told[2].strip()
