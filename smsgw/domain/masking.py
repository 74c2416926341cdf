"""Finds what in a text may tell who somebody is, and puts a mask over it: numbers, codes, addresses of houses, names.

It would rather hide a street than show a person. What it leaves, two people read before anybody else does.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from smsgw.domain.plain import Folded, fold, plain

MASK: Final = "[...]"
Span = tuple[int, int]


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_FAMILY: Final = (
    "nguyen|ngyuen|nguyn|tran|le|pham|hoang|huynh|phan|vu|vo|dang|bui|do|ho|ngo|duong|ly|dinh|truong|doan|lam|mai|trinh|dao|cao|"
    "luong|ha|thai|ta|phung|to|chau|quach|la|ninh|tong|kieu|vuong|tang|lu|giang|thach|nong|hua|siu|ksor|rmah|rcom|rocham|kpa|nay|"
    "kpuih|puih|rahlan|hyun|dinh|rolan|rah|ama"
)
# Of these a name is meant only with the word for the person, or with a middle name, before or after: they are words, too.
_ALSO_WORDS: Final = _listed(
    "le vo do ho ngo duong ly ha to la ta cao mai lam dao chau thai giang nay tong tang lu phan hua truong doan"
)
_PERSON: Final = (
    "ong|ba|anh|chi|co|chu|bac|em|chau|cu|thay|thim|mo|di|vo chong|chu ho|ho ten|ho va ten|toi ten|ten toi|ten la|ten|toi la|"
    "em la|minh la|con la|bs|gv|tai xe|giam doc|truong thon|to truong"
)
_NOT_A_PERSON: Final = _listed(
    "duong pho hem ngo ngach kiet truong cho cau cong phuong xa thon lang buon xom khu song suoi deo ho dap den chua "
    "tho vien tram ty goc tu ba nam lo doc hang quan tiem bien phong toa rap ben doi nui thcs thpt tieu hoc non giao "
    "ql tl"
)
_NUMBER_WORDS: Final = "khong|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin|muoi|linh|le"

_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"\S+@\S+\.\S+|https?://\S+|www\.\S+",
        r"\+?\d(?:[ .()-]{0,2}\d){5,}",  # telephones, identity cards, accounts
        r"(?<![a-z0-9])[a-z]{1,4}[.-]?\d{4,}[a-z0-9]*",  # customer numbers, files
        r"(?<![\d.,/])\d{5}(?![\d.,/]*\d)",  # complaints
        r"(?<![a-z0-9])\d{2}[- ]?[a-z]{1,2}\d?[- .]?\d{3}[. ]?\d{1,2}(?![0-9])",  # plates
        rf"(?<![a-z])(?:{_NUMBER_WORDS})(?: (?:{_NUMBER_WORDS})){{6,}}(?![a-z])",
        r"(?<![a-z])(?:thua|thua dat|to ban do|tbd)(?: so)?[ :.]*\d+[a-z]?",
        r"(?<![a-z])(?:so nha|nha so|sn|s\.n|can ho|phong so|phong tro so|ki ?ot so)[ :.]*\d+[a-z]?(?:[/-]\d+[a-z]?)*",
        r"(?<![a-z])(?:so|hem|ngo|ngach|kiet|nha)[ :.]*\d+[a-z]?(?:/\d+[a-z]?)+",
        r"(?<![a-z])(?:sinh nam|sn|sinh ngay)[ :.]*\d[\d/.-]*",
        r"(?<![a-z])(?:cmnd|cccd|can cuoc|chung minh|ho chieu|bhyt|bhxh|stk|tai khoan)(?: so)?[ :.]*[a-z0-9]{4,}",
    )
)
_DATES: Final = re.compile(r"\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?")
_MONEY: Final = re.compile(r"\d{1,3}(?:[.,]\d{3})+(?= ?(?:d|dong|vnd)(?![a-z]))")
_HOUSE_BEFORE_NAME: Final = re.compile(r"(?<![a-z0-9/])(?:so )?\d{1,4}[a-z]?(?:/\d+[a-z]?)*(?= [a-z])")
_STREET: Final = re.compile(r"(?:duong|pho|hem|ngo|kiet)(?![a-z])")
_COUNTS_SOMETHING: Final = _listed(
    "to thon hem ngo km lop ngay thang nam khoa quy dot lan tru cot diem doi khom khoi buon tuyen quoc lo ql tl dt "
    "phong kham"
)
_NAMED: Final = re.compile(rf"(?<![a-z])(?:{_PERSON})[ :.,]+(?=[a-z])")
_WITH_FAMILY: Final = re.compile(rf"(?<![a-z])(?:{_FAMILY})(?: [a-z]+){{1,4}}")
_MIDDLE: Final = frozenset({"van", "thi", "duc", "huu", "ngoc", "thanh", "minh", "quoc", "xuan", "dinh", "cong"})
_MOST_WORDS: Final = 4
_WORD: Final = re.compile(r"[a-z]+")


def masked(text: str, known: Iterable[str] = ()) -> str:
    """The text with a mask over each such piece. `known` are words that are known to tell who somebody is: the sender's name,
    hamlet or number."""
    known = list(known)
    while True:
        folded = fold(text)
        spans = [folded.span(*span) for span in (*_patterns(folded), *_names(folded), *_known(folded, known))]
        covered = _covered(text, spans)
        if covered == text:
            return text
        text = covered


def _patterns(folded: Folded) -> Iterator[Span]:
    harmless = {found.span() for pattern in (_DATES, _MONEY) for found in pattern.finditer(folded.text)}
    for pattern in _PATTERNS:
        for found in pattern.finditer(folded.text):
            if not any(first <= found.start() and found.end() <= last for first, last in harmless):
                yield found.span()
    for found in _HOUSE_BEFORE_NAME.finditer(folded.text):
        is_house = _STREET.match(folded.text, found.end() + 1) or _is_capital(folded, found.end() + 1)
        if is_house and _word_before(folded.text, found.start()) not in _COUNTS_SOMETHING:
            yield found.span()


def _names(folded: Folded) -> Iterator[Span]:
    for found in _NAMED.finditer(folded.text):
        if end := _capitals_end(folded, found.end()):
            yield found.end(), end
        elif (family := _WITH_FAMILY.match(folded.text, found.end())) and _is_family(family.group().split()):
            yield found.end(), _name_end(family)
    for found in _WITH_FAMILY.finditer(folded.text):
        words = found.group().split()
        if _word_before(folded.text, found.start()) in _NOT_A_PERSON:
            continue
        as_name = _capitals_end(folded, found.start())
        if as_name and len(folded.text[found.start() : as_name].split()) > 1:
            yield found.start(), as_name
        elif words[1] in ("van", "thi") and _is_family(words):
            yield found.start(), _name_end(found)


def _is_family(words: Sequence[str]) -> bool:
    """Whether words in small letters are a name's: many a family is called as a thing is."""
    return words[0] not in _ALSO_WORDS or (len(words) > 2 and words[1] in _MIDDLE)


def _name_end(family: re.Match[str]) -> int:
    """Where a name ends that is written in small letters: the family's, a middle one where one is known, and one's own."""
    words = list(_WORD.finditer(family.group()))
    long = len(words) > 2 and words[1].group() in _MIDDLE
    return family.start() + words[2 if long else 1].end()


def _capitals_end(folded: Folded, start: int) -> int:
    """Where the run of capitalised words ends that begins here; 0 where none does, or where all is in capitals."""
    if folded.original.isupper():
        return 0
    end, words = 0, 0
    for word in _WORD.finditer(folded.text, start):
        gap = folded.text[end or start : word.start()]
        if gap.strip(" ") or words == _MOST_WORDS or not _is_capital(folded, word.start()):
            break
        end, words = word.end(), words + 1
    return end


def _is_capital(folded: Folded, at: int) -> bool:
    return at < len(folded.text) and folded.said(at, at + 1).isupper() and not folded.original.isupper()


def _word_before(text: str, at: int) -> str:
    words = _WORD.findall(text[max(0, at - 16) : at])
    return words[-1] if words else ""


def _known(folded: Folded, known: Iterable[str]) -> Iterator[Span]:
    for words in known:
        if sought := plain(words):
            pattern = r"\s+".join(re.escape(word) for word in sought.split())
            yield from (found.span() for found in re.finditer(rf"(?<![a-z0-9]){pattern}(?![a-z0-9])", folded.text))


def _covered(text: str, spans: Iterable[Span]) -> str:
    """One mask over spans that touch or overlap, or have only a blank between them."""
    out: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if end <= at:
            continue
        between = text[at : max(start, at)]
        if not out or between.strip(" ,.-/"):
            out += [between, MASK]
        at = end
    return "".join([*out, text[at:]])


def is_cut_of(shorter: str, longer: str) -> bool:
    """Whether a text only leaves out words of another, or masks them: nothing is added, nothing put in another order."""
    left = iter(longer.split())
    return all(any(_same(word, other) for other in left) for word in shorter.split() if word.strip(".,;:!?") != MASK)


def _same(word: str, other: str) -> bool:
    """The same word, but for signs at its ends."""
    return word.strip(".,;:!?()\"'") == other.strip(".,;:!?()\"'")
