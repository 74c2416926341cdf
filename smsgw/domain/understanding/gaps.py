"""What is still missing before an office can act: what, where, when, who."""

from smsgw.domain.categories import CategoryCode
from smsgw.domain.understanding.lexicon import FIELD_NAME, MATTER, USUAL, Evidence
from smsgw.domain.understanding.outcome import Missing

_ENOUGH_WORDS = 4
_FAMILY_NAMES = frozenset(
    ["nguyen", "tran", "le", "pham", "dinh", "hoang", "huynh", "phan", "vo", "vu", "dang", "bui", "do", "ho", "ngo"]
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
_SELF_NAMED = frozenset({("ten", "toi"), ("toi", "ten"), ("ten", "la"), ("ho", "ten"), ("dung", "ten"), ("em", "ten")})


def gaps_in(evidence: Evidence, category: CategoryCode | None, names: frozenset[tuple[str, ...]]) -> frozenset[Missing]:
    """What a new complaint lacks; `names` are the words typed for whole fields, which say nothing of a problem."""
    gaps = set()
    is_case = is_case_bound(evidence)
    if lacks_place(evidence, is_case):
        gaps.add(Missing.PLACE)
    if not has_matter(evidence, names):
        return frozenset(gaps | {Missing.WHAT})
    if is_case and not names_a_person(evidence) and not evidence.has("care.number"):
        gaps.add(Missing.WHO)
    if not is_case and is_event(evidence, category) and not evidence.has("gap.time"):
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


def lacks_place(evidence: Evidence, is_case: bool) -> bool:
    """Whether nobody could find the spot, and the matter needs one."""
    place = evidence.place
    if place.fine_enough or evidence.has("gap.nowhere"):
        return False
    ward_is_enough = is_case or place.whole_unit or _is_about_an_office(evidence)
    return not (place.ward is not None and ward_is_enough)


def _is_about_an_office(evidence: Evidence) -> bool:
    """Whether an office is what the matter is about, rather than who is asked to act."""
    return any(not evidence.is_asked_of(hit) for hit in evidence.hits("gap.office"))


def is_event(evidence: Evidence, category: CategoryCode | None) -> bool:
    """Whether the matter happened at some time, rather than being a state that lasts."""
    if not evidence.has("gap.event"):
        return False
    return category is CategoryCode.AN or not evidence.has("gap.event.against")


def is_case_bound(evidence: Evidence) -> bool:
    """Whether it is about the sender's or a relative's own file, benefit, bill or contract."""
    return evidence.has("gap.case") and not evidence.has("gap.case.against")


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
    shouting = evidence.words.folded.original.isupper()
    named = following not in _NOT_NAMES and (evidence.words.is_capital(index + 1) and not shouting)
    if word in _TITLES and named:
        return True
    return word in _FAMILY_NAMES and named and evidence.words.is_capital(index) and not evidence.words.between(index)
