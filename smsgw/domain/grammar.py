"""The structured words citizens text (PA, BS, TT, DG ...), read whatever their order, case, marks and punctuation."""

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from smsgw.domain.categories import CategoryCode
from smsgw.domain.plain import Folded, fold


class Verb(StrEnum):
    """What the structure of a text asks for; FREE where it has none."""

    COMPLAINT = "complaint"
    ADD = "add"
    STATUS = "status"
    RATE = "rate"
    WITHDRAW = "withdraw"
    HELP = "help"
    MENU = "menu"
    STOP = "stop"
    START = "start"
    TONES_ON = "tones_on"
    TONES_OFF = "tones_off"
    LANG_VI = "lang_vi"
    LANG_EN = "lang_en"
    DIGIT = "digit"
    FREE = "free"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Command:
    """A text taken apart. `number` is the rating of RATE (1-5) or the digit of DIGIT (0-99), else None.

    `reference` is 5 to 7 digits as typed (not judged); `rest` is what remains of the original text, verbatim;
    `field` is the category code typed after PA or in its place.
    """

    verb: Verb
    rest: str = ""
    reference: str | None = None
    number: int | None = None
    field: CategoryCode | None = None


class _Token(NamedTuple):
    text: str
    start: int
    end: int


_TOKEN = re.compile(r"[a-z]+|[0-9]+")
_TOKENS_LOOKED_AT = 32  # structure stands at the beginning; a complaint may be long
_ALONE = {
    "hd": Verb.HELP,
    "huong dan": Verb.HELP,
    "tro giup": Verb.HELP,
    "help": Verb.HELP,
    "menu": Verb.MENU,
    "danh muc": Verb.MENU,
    "stop": Verb.STOP,
    "stop all": Verb.STOP,
    "huy": Verb.STOP,
    "tc": Verb.STOP,
    "tu choi": Verb.STOP,
    "start": Verb.START,
    "mo lai": Verb.START,
    "co dau": Verb.TONES_ON,
    "khong dau": Verb.TONES_OFF,
    "vi": Verb.LANG_VI,
    "tieng viet": Verb.LANG_VI,
    "en": Verb.LANG_EN,
    "english": Verb.LANG_EN,
    "tieng anh": Verb.LANG_EN,
    "tt": Verb.STATUS,
    "kq": Verb.STATUS,
    "bs": Verb.ADD,
    "dg": Verb.RATE,
}
_BEFORE_REFERENCE = {
    "bs": Verb.ADD,
    "tt": Verb.STATUS,
    "kq": Verb.STATUS,
    "tc": Verb.STATUS,
    "dg": Verb.RATE,
    "huy": Verb.WITHDRAW,
    "stop": Verb.STOP,
    "hd": Verb.HELP,
}
# Words that may stand between a keyword and its reference: "TT ma so 20457".
_LINKS = frozenset({"ma", "so", "phan", "anh", "pa", "cho", "ho", "hs", "don", "case"})
# After these a leading number is an amount, not a reference.
_UNITS = frozenset(
    [
        "dong",
        "d",
        "k",
        "vnd",
        "nghin",
        "ngan",
        "trieu",
        "tr",
        "ho",
        "nguoi",
        "con",
        "m",
        "m2",
        "ha",
        "kg",
        "tan",
        "lan",
        "ngay",
        "nam",
        "km",
        "met",
        "cay",
    ]
)
_AFTER_RATING = frozenset({"sao", "diem", "d", "star", "stars"})
_WARDS_IN_AN = frozenset({"binh", "phu", "phuoc", "tan", "khe"})
# A text of three words or more has structure only if it begins with one of these, or with a number.
_OPENERS = frozenset({"pa", "dg", "ak", *_BEFORE_REFERENCE, *(code.lower() for code in CategoryCode.__members__)})
_CODES_THAT_ARE_WORDS = frozenset({CategoryCode.AN, CategoryCode.KH})


def parse(text: str) -> Command:
    """Take a text apart. Never fails: what has no structure is FREE with the whole text as `rest`."""
    folded = fold(text)
    if _has_no_structure(folded.text):
        return Command(Verb.FREE, text.strip())
    tokens = _tokens(folded.text)
    if not tokens:
        return Command(Verb.FREE if folded.text.strip() else Verb.EMPTY, text.strip())
    readings = (_alone, _digit, _rating, _keyword_first, _reference_first, _complaint, _bare_field)
    for reading in readings:
        if command := reading(tokens, folded):
            return command
    reference = _leading_reference(tokens)
    return Command(Verb.FREE, _rest(folded, tokens, 1) if reference else text.strip(), reference)


def _has_no_structure(plain_text: str) -> bool:
    """Told by the first word of three, for nearly every complaint: nothing else needs to be looked at."""
    first = [match.group() for match in islice(_TOKEN.finditer(plain_text), 3)]
    return len(first) > 2 and first[0] not in _OPENERS and not first[0].isdigit()


def _tokens(plain_text: str) -> list[_Token]:
    first = islice(_TOKEN.finditer(plain_text), _TOKENS_LOOKED_AT)
    found = [_Token(m.group(), m.start(), m.end()) for m in first]
    return [t for i, t in enumerate(found) if not (t.text == "ak" and _is_reference(found, i + 1))]


def _is_reference(tokens: list[_Token], index: int) -> bool:
    return index < len(tokens) and tokens[index].text.isdigit() and 5 <= len(tokens[index].text) <= 7


def _rest(folded: Folded, tokens: list[_Token], used: int) -> str:
    """The original text from the first token that was not used."""
    if used >= len(tokens):
        return ""
    start, _ = folded.span(tokens[used].start, tokens[used].end)
    return folded.original[start:].strip()


def _alone(tokens: list[_Token], _folded: Folded) -> Command | None:
    if len(tokens) > 2:
        return None
    verb = _ALONE.get(" ".join(token.text for token in tokens))
    return Command(verb) if verb else None


def _digit(tokens: list[_Token], _folded: Folded) -> Command | None:
    if len(tokens) == 1 and tokens[0].text.isdigit() and len(tokens[0].text) <= 2:
        return Command(Verb.DIGIT, number=int(tokens[0].text))
    return None


def _rating(tokens: list[_Token], folded: Folded) -> Command | None:
    """DG with a reference, a mark, or both, in any order; the mark may read "4/5" or "5 sao"."""
    if tokens[0].text == "dg":
        return _rated(tokens, folded, _after_links(tokens, 1))
    if len(tokens) > 2 and _is_reference(tokens, 0) and tokens[1].text == "dg":
        return _rated([tokens[1], tokens[0], *tokens[2:]], folded, 1)
    return None


def _rated(tokens: list[_Token], folded: Folded, at: int) -> Command | None:
    reference: str | None = None
    mark: int | None = None
    while at < len(tokens):
        word = tokens[at].text
        if reference is None and _is_reference(tokens, at):
            reference = word
        elif mark is None and word in ("1", "2", "3", "4", "5") and not _is_street_date(tokens, at):
            mark = int(word)
            at += _follows(tokens, at, folded)
        else:
            break
        at += 1
    only_a_wrong_mark = len(tokens) == 2 and tokens[1].text.isdigit() and len(tokens[1].text) <= 2
    if reference is None and mark is None and not only_a_wrong_mark:
        return None
    return Command(Verb.RATE, _rest(folded, tokens, at), reference, mark)


def _is_street_date(tokens: list[_Token], at: int) -> bool:
    """ "dg 3 thang 2" is a street."""
    return at + 1 < len(tokens) and tokens[at + 1].text == "thang"


def _follows(tokens: list[_Token], at: int, folded: Folded) -> int:
    """How many tokens after a mark belong to it: "/5", "sao"."""
    if at + 1 >= len(tokens):
        return 0
    between = folded.text[tokens[at].end : tokens[at + 1].start].strip()
    out_of = between == "/" and tokens[at + 1].text in ("5", "10")
    return 1 if out_of or tokens[at + 1].text in _AFTER_RATING else 0


def _after_links(tokens: list[_Token], at: int) -> int:
    """The index of the reference when only linking words stand before it, else `at`."""
    probe = at
    while probe < len(tokens) and tokens[probe].text in _LINKS:
        probe += 1
    return probe if _is_reference(tokens, probe) else at


def _keyword_first(tokens: list[_Token], folded: Folded) -> Command | None:
    verb = _BEFORE_REFERENCE.get(tokens[0].text)
    at = _after_links(tokens, 1)
    if verb is None or not _is_reference(tokens, at):
        return None
    return Command(verb, _rest(folded, tokens, at + 1), tokens[at].text)


def _reference_first(tokens: list[_Token], folded: Folded) -> Command | None:
    """A reference, then a keyword: "20457 TT", "20457 BS them anh". Only BS may be followed by more."""
    if len(tokens) < 2 or not _is_reference(tokens, 0):
        return None
    verb = _BEFORE_REFERENCE.get(tokens[1].text)
    if verb is None or (len(tokens) > 2 and verb is not Verb.ADD):
        return None
    return Command(verb, _rest(folded, tokens, 2), tokens[0].text)


def _complaint(tokens: list[_Token], folded: Folded) -> Command | None:
    if tokens[0].text != "pa":
        return None
    if _is_reference(tokens, 1) and not _is_amount(tokens, 1):
        return Command(Verb.COMPLAINT, _rest(folded, tokens, 2), tokens[1].text)
    field = _field(tokens, 1)
    return Command(Verb.COMPLAINT, _rest(folded, tokens, 2 if field else 1), field=field)


def _field(tokens: list[_Token], at: int) -> CategoryCode | None:
    """The code at this place. AN before the second half of a ward's name is that ward."""
    code = tokens[at].text.upper() if at < len(tokens) else ""
    if code not in CategoryCode.__members__:
        return None
    begins_ward = code == "AN" and at + 1 < len(tokens) and tokens[at + 1].text in _WARDS_IN_AN
    return None if begins_ward else CategoryCode(code)


def _bare_field(tokens: list[_Token], folded: Folded) -> Command | None:
    """A code in PA's place: alone, or in capitals before the text ("GT duong Quang Trung ...")."""
    field = _field(tokens, 0)
    if field is None:
        return None
    if len(tokens) == 1:
        return Command(Verb.COMPLAINT, field=field)
    shouted = folded.original.isupper() or not folded.said(tokens[0].start, tokens[0].end).isupper()
    if shouted or field in _CODES_THAT_ARE_WORDS:
        return None
    return Command(Verb.COMPLAINT, _rest(folded, tokens, 1), field=field)


def _is_amount(tokens: list[_Token], at: int) -> bool:
    return at + 1 < len(tokens) and tokens[at + 1].text in _UNITS


def _leading_reference(tokens: list[_Token]) -> str | None:
    return tokens[0].text if _is_reference(tokens, 0) and not _is_amount(tokens, 0) else None
