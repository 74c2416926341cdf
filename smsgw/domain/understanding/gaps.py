"""What is still missing before an office can act: what, where, when, who."""

from dataclasses import dataclass

from smsgw.domain.understanding.lexicon import FIELD_NAME, MATTER, USUAL, Evidence
from smsgw.domain.understanding.outcome import Missing

_ENOUGH_WORDS = 4
_FAMILY_NAMES = frozenset(
    [
        *(
            "nguyen",
            "tran",
            "le",
            "pham",
            "dinh",
            "hoang",
            "huynh",
            "phan",
            "vo",
            "vu",
            "dang",
            "bui",
            "do",
            "ho",
            "ngo",
        ),
        *("trinh", "mai", "cao", "duong", "truong", "ly", "luong", "dao", "lam", "ta", "luu", "ha", "tong", "kieu"),
        *("ksor", "siu", "rmah", "rcom", "puih", "kpa"),
    ]
)
_MIDDLE_NAMES = frozenset({"van", "thi"})
_TITLES = frozenset({"ong", "ba", "cu", "ho", "ten", "anh", "chi"})
_NOT_NAMES = frozenset(
    [
        "con",
        "noi",
        "ngoai",
        "cu",
        "toi",
        "em",
        "minh",
        "hang",
        "chu",
        "ta",
        "lang",
        "nha",
        "o",
        "duong",
        "tuoi",
        "sai",
        "dem",
    ]
)
# These begin a name after a title or "là" even in small letters: they are hardly other words.
_SURELY_FAMILY = _FAMILY_NAMES & frozenset(
    ["nguyen", "pham", "dinh", "huynh", "hoang", "trinh", "bui", "ksor", "siu", "rmah", "rcom", "puih", "kpa"]
)
_NAMED_AS = frozenset({"la", "ten"})
_SHORTEST_FILE_NUMBER, _SURE_FILE_NUMBER = 4, 9
_SELF_NAMED = frozenset({("ten", "toi"), ("toi", "ten"), ("ten", "la"), ("ho", "ten"), ("dung", "ten"), ("em", "ten")})


@dataclass(frozen=True, slots=True)
class Matter:
    """What kind of matter is told: `told` at all; an `event` that has a time; somebody's own `case`; one that happens
    `nowhere`; one about an `office` and its people."""

    told: bool
    event: bool = False
    case: bool = False
    nowhere: bool = False
    office: bool = False


def gaps_in(evidence: Evidence, matter: Matter) -> frozenset[Missing]:
    """What a new complaint lacks."""
    if not matter.told:
        blamed = matter.office and evidence.has("gap.office")
        lost = lacks_place(evidence, nowhere=False, office=blamed, case=False)
        return frozenset({Missing.WHAT, Missing.PLACE} if lost else {Missing.WHAT})
    gaps = set()
    if lacks_place(evidence, nowhere=matter.nowhere, office=matter.office, case=matter.case):
        gaps.add(Missing.PLACE)
    if matter.case and not names_a_person(evidence) and not names_a_file(evidence):
        gaps.add(Missing.WHO)
    if matter.event and not evidence.has("gap.time"):
        gaps.add(Missing.WHEN)
    return frozenset(gaps)


def has_matter(evidence: Evidence, names: frozenset[tuple[str, ...]]) -> bool:
    """Whether a concrete problem is told: more than a field's name, feelings and a cry for help."""
    empty = evidence.covered("gap.empty") | evidence.place_words()
    hits = [h for h in evidence.matters() if h.entry.weight >= USUAL and h.entry.words not in names]
    if any(not set(range(hit.start, hit.end)) <= empty for hit in hits):
        return True
    fields = {signal for signal in evidence.signals() if signal.startswith((FIELD_NAME, MATTER))}
    rest = set(range(len(evidence.words.plain))) - empty
    if fields and evidence.covered("gap.trouble", "gap.event") & rest - evidence.covered(*fields):
        return True
    return evidence.has("gap.event") or len(rest - evidence.covered(*fields)) >= _ENOUGH_WORDS


def lacks_place(evidence: Evidence, *, nowhere: bool, office: bool, case: bool) -> bool:
    """Whether nobody could find the spot, and the matter needs one."""
    place = evidence.place
    if place.fine_enough or nowhere or evidence.has("gap.parcel"):
        return False
    return not (place.ward is not None and (case or office or place.whole_unit))


def names_a_file(evidence: Evidence) -> bool:
    """Whether a file, customer, card or parcel number is given; no telephone number, no house."""
    if evidence.has("care.number"):
        return True
    plain, where = evidence.words.plain, evidence.place_words()
    for index, word in enumerate(plain):
        if not word.isdigit() or index in where or (word[:1] == "0" and len(word) in (10, 11)):
            continue
        told_as_number = index > 0 and plain[index - 1] == "so" and plain[max(0, index - 2)] not in ("nha", "duong")
        if len(word) >= _SURE_FILE_NUMBER or (told_as_number and len(word) >= _SHORTEST_FILE_NUMBER):
            return True
    return False


def names_a_person(evidence: Evidence) -> bool:
    """Whether somebody is named (a street named after somebody does not count)."""
    plain, where = evidence.words.plain, evidence.place_words()
    outside = [index for index in range(len(plain) - 1) if index not in where]
    return any(_names_somebody(evidence, index) for index in outside)


def _names_somebody(evidence: Evidence, index: int) -> bool:
    word, following = evidence.words.plain[index], evidence.words.plain[index + 1]
    if (word, following) in _SELF_NAMED:
        return True
    if word in _FAMILY_NAMES and following in _MIDDLE_NAMES:
        return True
    shouting = evidence.words.all_capitals
    named = following not in _NOT_NAMES and (evidence.words.is_capital(index + 1) and not shouting)
    if word in _TITLES and (named or (following in _SURELY_FAMILY and index + 2 < len(evidence.words.plain))):
        return True
    if word in _NAMED_AS and (following in _SURELY_FAMILY or (named and evidence.words.is_capital(index + 2))):
        return True
    return word in _FAMILY_NAMES and named and evidence.words.is_capital(index) and not evidence.words.between(index)
