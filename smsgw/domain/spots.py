"""Finds the streets, lanes, hamlets, houses and landmarks by which citizens say where."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from smsgw.domain.local_names import Bearer, LocalNames
from smsgw.domain.sentences import Sentence
from smsgw.domain.unheard import UnheardNames
from smsgw.domain.wards import Mention
from smsgw.domain.words import Words

Phrases = Mapping[str, Sequence[tuple[str, ...]]]
_NAME_WORDS = 3
_KIND_WORDS = 2
# After a number these say how many, not which hamlet ("đợi 2 tháng" reads like "đội 2").
_THINGS = ("thang", "ngay", "tuan", "nam", "gio", "tieng", "nguoi", "lan", "nghin", "chau", "con", "ho", "em", "dua")
_COUNTED = frozenset({(word,) for word in _THINGS})
_BEARERS = {
    "street": Bearer.ROAD,
    "lane": Bearer.GROUND,
    "junction": Bearer.GROUND,
    "local": Bearer.GROUND,
    "hamlet": Bearer.GROUND,
    "named_hamlet": Bearer.HAMLET,
    "named": Bearer.FIRM,
    "few": Bearer.PUBLIC,
    "public": Bearer.PUBLIC,
}

_MAY_BE_NAMED = frozenset(["named", "named_hamlet", "few", "public", "junction", "local", "lane"])
# Surnames that are hardly another word, plain.
_SURNAMES = frozenset({"nguyen", "pham", "huynh", "trinh"})

_DOWNWARDS = frozenset(
    [
        "chan",
        "lot",
        "roi",
        "rot",
        "te",
        "nga",
        "do",
        "chay",
        "tran",
        "di",
        "len",
        "vut",
        "nhay",
        "truot",
        "tut",
        "lao",
        "keo",
        "quang",
    ]
)

_GIVING = frozenset(
    ["xin", "lam", "lap", "gan", "xay", "mo", "cap", "gui", "bao", "nop", "dong", "giup", "phat", "tang", "noi", "de"]
)


class Grade(IntEnum):
    """How closely a piece of a place leads there: PUBLIC and NUMBERED need their ward, NAMED does not."""

    VAGUE = 0
    PUBLIC = 1
    NUMBERED = 2
    NAMED = 3


@dataclass(frozen=True, slots=True)
class Spot:
    """A street, lane, hamlet, house, junction or landmark at the words [start, end)."""

    start: int
    end: int
    grade: Grade


class PlaceWords:
    """The tables by which places are described, made ready for searching."""

    def __init__(
        self,
        heads: Phrases,
        names: Phrases,
        joints: Phrases,
        reach: Phrases,
        local: LocalNames,
        unheard: UnheardNames,
    ) -> None:
        self.heads = _heads(heads)
        self.local = local
        self.unheard = unheard
        self.natural = frozenset(word for name in names["natural"] for word in name)
        self.first = frozenset(name[0] for name in names["first"])
        self.known = tuple(names["known"])
        self.stops = frozenset(word for stop in names["stops"] for word in stop)
        self.inside = frozenset(word for joint in joints["inside"] for word in joint)
        self.before = frozenset(word for joint in joints["before"] for word in joint)
        self.whole = tuple(reach["whole"])

    def vocabulary(self) -> frozenset[str]:
        """Every word of the tables."""
        heads = (word for rows in self.heads.values() for head, _ in rows for word in head)
        return frozenset((*heads, *self.first, *self.stops, *(w for name in self.known for w in name)))


def _heads(heads: Phrases) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for sort, phrases in heads.items():
        for phrase in phrases:
            table.setdefault(phrase[0], []).append((phrase, sort))
    for rows in table.values():
        rows.sort(key=lambda row: -len(row[0]))
    return table


class Spotter:
    """Reads spots by the words that head them; it knows no closed list of streets.

    `common` are everyday words that never begin a name.
    """

    def __init__(self, words: PlaceWords, common: Iterable[str] = ()) -> None:
        self._words = words
        self._common = frozenset(common) - words.first
        self._ordinary = self._common | words.stops
        self._known: dict[str, list[tuple[str, ...]]] = {}
        for name in sorted(words.known, key=len, reverse=True):
            self._known.setdefault(name[0], []).append(name)
        self._begin = frozenset(words.heads) | frozenset(self._known)

    def spots(self, words: Words, mentions: Sequence[Mention], stops: Collection[int]) -> list[Spot]:
        """Every spot of the text, in order; `stops` are words at which a name must have ended."""
        taken = {index for mention in mentions for index in range(mention.start, mention.end)}
        sentence = Sentence.of(words, taken, stops)
        spots: list[Spot] = []
        at = 0
        while at < len(words.plain):
            begins = words.plain[at] in self._begin or words.plain[at][0].isdigit()
            spot = self._spot(sentence, at) if begins and at not in taken else None
            if spot:
                spots.append(spot)
            at = spot.end if spot else at + 1
        return spots

    def _spot(self, sentence: Sentence, at: int) -> Spot | None:
        words = sentence.words
        for head, sort in self._words.heads.get(words.plain[at], ()):
            if words.plain[at : at + len(head)] == head and not _reads_otherwise(words, at, at + len(head)):
                after = at + len(head)
                spot = self._headed(sentence, at, after, sort)
                if sort in _MAY_BE_NAMED and (spot is None or spot.grade is Grade.PUBLIC):
                    end = self._words.unheard.end(sentence, at, after)
                    spot = _named(at, after, end) or spot
                if spot:
                    return spot
        return self._house(words, at, sentence.taken, sentence.stops) or self._known_name(words, at)

    def _headed(self, sentence: Sentence, at: int, after: int, sort: str) -> Spot | None:
        words, taken, stops = sentence.words, sentence.taken, sentence.stops
        number = _number_end(words, after)
        name = self._name_end(words, after, taken, stops)
        if sort in ("public", "named", "few") and not self._is_proper(words, after):
            name = after
        if name == after and sort in ("public", "named", "few", "named_hamlet"):
            name = self._name_before_unit(words, after, taken, stops)
        local = self._local_end(sentence, at, after, sort)
        name = max(name, local)
        match sort:
            case "street":
                if after in taken and after > at + 1 and words.plain[at + 1 : at + 3] != ("lien", "thon"):
                    return Spot(at, after, Grade.NAMED)
                return _named(at, after, name) or _named(at, after, _date_end(words, after))
            case "lane" | "house":
                end = self._name_end(words, number, taken, stops)
                grade = Grade.NAMED if sort == "lane" or end > number else Grade.NUMBERED
                return _spot(at, end, grade) if number > after else _named(at, after, local)
            case "highway":
                return _spot(at, number, Grade.NAMED)
            case "hamlet" | "local" if local > after:
                return Spot(at, _ordinal_end(words, name), Grade.NAMED)
            case "local":
                return None
            case "hamlet":
                return _spot(at, _ordinal_end(words, after), Grade.NUMBERED)
            case "named_hamlet" if name == after and _bears_a_units_name(words, after):
                return Spot(at, after + 2, Grade.NAMED)
            case "named_hamlet":
                return _named(at, after, _ordinal_end(words, name) if name > after else at)
            case "junction":
                return _spot(at, max(name, self._junction_end(words, after, taken, stops)), Grade.NAMED)
            case "public":
                return self._public(words, at, after, max(name, number), taken)
            case "few" if name == after and (after in taken or _at_a_unit(words, after, taken)):
                return Spot(at, after, Grade.PUBLIC)
            case "office":
                return Spot(at, after, Grade.NAMED)
            case _:
                of_unit = name == after and after in taken and words.plain[after] not in ("p", "phuong", "x", "xa")
                return (
                    Spot(at, after, Grade.NAMED)
                    if of_unit
                    else _named(at, after, max(name, self._proper_end(words, after)))
                )

    def _local_end(self, sentence: Sentence, at: int, after: int, sort: str) -> int:
        """Where a name of everyday words ends that a place of this sort may bear; `after` when it bears none."""
        bearer = _BEARERS.get(sort)
        if sort == "named" and sentence.words.plain[at] in self._words.natural:
            bearer = Bearer.GROUND
        return self._words.local.end(sentence, at, after, bearer) if bearer else after

    def _public(self, words: Words, at: int, after: int, end: int, taken: Collection[int]) -> Spot:
        old_town = words.plain[after : after + 2] == ("an", "khe")
        if old_town:
            return Spot(at, after + 2, Grade.NAMED)
        return Spot(at, max(after, end), Grade.NAMED if end > after else Grade.PUBLIC)

    def _house(self, words: Words, at: int, taken: Collection[int], stops: Collection[int]) -> Spot | None:
        """ "12 Hoang Hoa Tham": a number right before a name."""
        if not words.plain[at][0].isdigit() or words.between(at):
            return None
        after = at + 1 + (words.plain[at + 1 : at + 2] == ("duong",))
        begins_name = after < len(words.plain) and self._begins_for_sure(words, after)
        end = self._name_end(words, after, taken, stops) if begins_name else after
        return _spot(at, end if end > after + 1 else at, Grade.NAMED)

    def _known_name(self, words: Words, at: int) -> Spot | None:
        length = self._known_length(words, at)
        proper = length > 1 and words.plain[at] not in ("an", "tay", "ngo")
        return Spot(at, at + length, Grade.NAMED) if proper else None

    def _known_length(self, words: Words, at: int) -> int:
        for name in self._known.get(words.plain[at], ()):
            if words.plain[at : at + len(name)] == name:
                return len(name)
        return 0

    def _begins_for_sure(self, words: Words, at: int) -> bool:
        mixed = not words.all_capitals
        capital = mixed and words.is_capital(at) and at + 1 < len(words.plain) and words.is_capital(at + 1)
        following = words.plain[at + 1 : at + 2]
        surname = words.plain[at] in self._words.first and not self._ordinary.issuperset(following)
        return bool(self._known_length(words, at)) or capital or surname

    def _name_end(self, words: Words, at: int, taken: Collection[int], stops: Collection[int]) -> int:
        """Where the name that begins at word `at` ends; `at` itself when none begins there."""
        if at >= len(words.plain) or words.between(at - 1) not in ("", ".", '"'):
            return at
        if known := self._known_length(words, at):
            return at + known
        capital = words.is_capital(at) and not words.all_capitals
        if not self._may_begin(words, at, capital, stops) or at in taken:
            return at
        end = at + 1
        longest = at + _NAME_WORDS + (words.plain[at + 1 : at + 2] == ("thi",))
        while end < min(longest, len(words.plain)) and end not in taken and not words.between(end - 1):
            if not self._goes_on(words, end, capital, stops):
                break
            end += 1
        return end

    def _name_before_unit(self, words: Words, at: int, taken: Collection[int], stops: Collection[int]) -> int:
        """Where a name of everyday words ends that stands right before its unit ("xưởng gỗ Thành Đạt An Bình"), or `at`."""
        for end in range(at, min(at + _NAME_WORDS + 2, len(words.plain))):
            if end in taken:
                return end
            ends = words.plain[end] in self._words.stops or end in stops or words.plain[end][0].isdigit()
            if ends or words.between(end - 1) or words.between(end):
                return at
        return at

    def _is_proper(self, words: Words, at: int) -> bool:
        """Whether the name that begins here is more than a surname's first syllable, which may be any word."""
        if at >= len(words.plain):
            return False
        capital = words.is_capital(at) and not words.all_capitals
        is_any_word = words.plain[at] in self._words.first and not _begins_a_persons_name(words, at)
        return capital or self._known_length(words, at) > 0 or not is_any_word

    def _proper_end(self, words: Words, at: int) -> int:
        """Where a name in capitals ends that follows a word or two of its kind ("tiệm sửa xe Tư Hùng"), or `at`."""
        if words.all_capitals:
            return at
        for start in range(at, min(at + _KIND_WORDS + 1, len(words.plain) - 1)):
            if words.between(start - 1) or words.plain[start] in ("p", "phuong", "x", "xa"):
                return at
            if words.is_capital(start):
                end = start
                while end < min(start + _NAME_WORDS, len(words.plain)) and words.is_capital(end):
                    end += 1
                return end
        return at

    def _may_begin(self, words: Words, at: int, capital: bool, stops: Collection[int]) -> bool:
        word = words.plain[at]
        if word[0].isdigit() or (at in stops and not capital):
            return False
        return capital or word in self._words.first or not (word in self._words.stops or word in self._common)

    def _goes_on(self, words: Words, at: int, capital: bool, stops: Collection[int]) -> bool:
        word = words.plain[at]
        if word[0].isdigit() or at in stops:
            return False
        if capital:
            return words.is_capital(at)
        return word not in self._words.stops and word not in ("phuong", "xa")

    def _junction_end(self, words: Words, at: int, taken: Collection[int], stops: Collection[int]) -> int:
        """After one street's name, perhaps a dash, the next one."""
        end = self._name_end(words, at, taken, stops)
        if end == at or end >= len(words.plain):
            return end
        if words.between(end - 1) in ("-", "–", "/", "x"):
            highway = words.plain[end] in ("ql", "quoc")
            return _number_end(words, end + 1) if highway else max(end, self._open_name(words, end, taken, stops))
        return self._name_end(words, end, taken, stops) if self._begins_for_sure(words, end) else end

    def _open_name(self, words: Words, at: int, taken: Collection[int], stops: Collection[int]) -> int:
        if known := self._known_length(words, at):
            return at + known
        end = at
        while end < min(at + _NAME_WORDS, len(words.plain)) and end not in taken:
            if words.plain[end] in self._words.stops or (end > at and (words.between(end - 1) or end in stops)):
                break
            end += 1
        return end


def _begins_a_persons_name(words: Words, at: int) -> bool:
    """ "nguyen khuyen", "le van tam": a surname that is hardly another word, or one with a middle name behind it."""
    if at + 1 >= len(words.plain) or words.between(at):
        return False
    return words.plain[at] in _SURNAMES or words.plain[at + 1] == "van"


def _reads_otherwise(words: Words, at: int, after: int) -> bool:
    """ "thụt chân xuống" is no workshop (xưởng), "hàng xóm" no hamlet, "xin cho phường" no market (chợ)."""
    head, before = words.plain[at:after], words.plain[max(0, at - 1) : at]
    if head == ("xom",):
        return before == ("hang",)
    if head == ("xuong",):
        return bool(before) and before[0] in _DOWNWARDS
    if head != ("cho",) or words.plain[after : after + 1] not in (("phuong",), ("xa",)):
        return False
    marked = words.folded.original != words.folded.text and not words.folded.original.isascii()
    return (marked and words.said(at, after).isascii()) or (bool(before) and before[0] in _GIVING)


def _bears_a_units_name(words: Words, at: int) -> bool:
    """ "thôn an binh": a hamlet named as a ward is."""
    pair = words.plain[at : at + 2]
    return len(pair) == 2 and pair.count("an") == 1 and not words.between(at) and not pair[1][0].isdigit()


def _at_a_unit(words: Words, at: int, taken: Collection[int]) -> bool:
    """ "mỏ đá ở Song An": a kind of place, then where it is."""
    return words.plain[at : at + 1] in (("o",), ("tai",)) and at + 1 in taken


def _spot(start: int, end: int, grade: Grade) -> Spot | None:
    return Spot(start, end, grade) if end > start + 1 else None


def _named(at: int, after: int, name: int) -> Spot | None:
    return Spot(at, name, Grade.NAMED) if name > after else None


def _number_end(words: Words, at: int) -> int:
    """The word after the number that stands at `at` ("12", "12/3", "thu 3"), or `at`."""
    return at + 1 if at < len(words.plain) and words.plain[at][0].isdigit() else at


def _ordinal_end(words: Words, at: int) -> int:
    """As `_number_end`, unless the number counts something ("2 tháng", "6 cháu")."""
    end = _number_end(words, at)
    counts = words.plain[end : end + 1] in _COUNTED and not words.between(end - 1)
    return at if counts else end


def _date_end(words: Words, at: int) -> int:
    """Streets named after days: "duong 30/4", "duong 3 thang 2", "duong so 4"."""
    rest = words.plain[at : at + 3]
    if len(rest) == 3 and rest[0].isdigit() and rest[1] == "thang" and rest[2].isdigit():
        return at + 3
    if len(rest) > 1 and rest[0] == "so" and rest[1].isdigit():
        return at + 2
    return at + 1 if rest and rest[0][0].isdigit() else 0
