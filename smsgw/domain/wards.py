"""Which ward or commune a text names, under its name of today or of before 1 July 2025."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rapidfuzz.distance import OSA

from smsgw.domain.plain import plain
from smsgw.domain.words import Words, is_syllable

OUTSIDE = "NGOAI"
_HAMLETS = frozenset({"to", "thon", "xom", "pho", "khu", "ap", "lang", "buon", "doi", "khoi", "khom"})
_BEARERS = frozenset(
    {"duong", "pho", "lang", "hem", "ngo", "ong", "ba", "anh", "chi", "ten", "thon", "deo", "kiet", "ap"}
)
_NO_BEARERS = (("nga",), ("may",), ("lien",), ("po",))  # "đường liên thôn Cửu An", "mẫu giáo Pơ Lang Cửu An"
_SCHOOLS = frozenset({"truong", "hoc", "non", "giao", "thcs", "thpt", "cap", "so"})
_JUNCTIONS = frozenset({"goc", "nga", "giao"})
_FACILITIES = (("ben", "xe"), ("noi", "tru"), ("benh", "vien"), ("y", "te"))
_STREETS = frozenset({"duong", "hem", "kiet"})
_LEADS = frozenset(["o", "re", "tai", "ve", "den", "qua", "vao", "doan", "ben", "phia", "khu", "dan"])
_JOINS_AN = frozenset(
    [
        "toan",
        "ninh",
        "khe",
        "cu",
        "uong",
        "com",
        "nhau",
        "chan",
        "cap",
        "tam",
        "nghiep",
        "sinh",
        "giac",
        "trom",
        "banh",
        "ngon",
        "thua",
        "dem",
        "tet",
    ]
)
_ENDS_IN_CU = frozenset({"dan", "dinh", "chung", "nhap", "di"})  # "khu dân cư An Phú" names no commune Cư An
_LANDMARKS = frozenset(
    ["cho", "cau", "kcn", "nghiep", "ba", "tu", "ubnd", "hoa", "te", "truong", "hoc", "giao", "non", "thcs"]
)
_CALLS = frozenset({"oi", "nha", "nhe", "a", "ad"})
_WHOLE = frozenset({"dan", "ca", "toan", "duoi", "tren", "khap"})
_KEYWORD_WORDS = 3
_FEWEST_LETTERS_TO_GUESS, _MOST_LETTERS_TO_GUESS = 5, 9
_SLIPS_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Unit:
    """A ward or commune for as long as it stands. `weak`: its name alone reads as other words; `person`: streets and
    schools bear it; `needs_kind`: means the unit only with "phường" or "xã" before it.
    """

    name: str
    kind: str
    code: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None
    aliases: tuple[str, ...] = ()
    weak: bool = False
    person: bool = False
    needs_kind: bool = False

    def stands_on(self, day: date) -> bool:
        """Whether the unit exists on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class UnitWords:
    """Words around unit names, plain: kinds (phuong, xa ...), kinds of units that are not ours, and non-units."""

    kinds: frozenset[str]
    outside_kinds: frozenset[str]
    outside: tuple[tuple[str, ...], ...]
    outside_needs_kind: frozenset[tuple[str, ...]]
    not_units: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A unit named at the words [start, end), the word for its kind included. `weight` says how surely, 0..4."""

    start: int
    end: int
    name: str
    weight: float
    how: str


class UnitNames:
    """Finds units by name."""

    def __init__(self, units: Iterable[Unit], words: UnitWords) -> None:
        self.units = tuple(units)
        self._words = words
        self._by_first: dict[str, list[tuple[tuple[str, ...], Unit]]] = {}
        self._joined: dict[str, Unit] = {}
        self._slips: dict[str, str | None] = {}
        for unit in self.units:
            for name in (unit.name, *unit.aliases):
                spelt = tuple(plain(name).split())
                self._by_first.setdefault(spelt[0], []).append((spelt, unit))
                self._joined.setdefault("".join(spelt), unit)
        self._outside = _by_first_word(words.outside)
        self._not_units = _by_first_word(words.not_units)
        self._begin = words.kinds | words.outside_kinds | {*self._by_first, *self._outside, *self._not_units}

    def vocabulary(self) -> frozenset[str]:
        """Every word that occurs in a name."""
        names = [name for rows in self._by_first.values() for name, _ in rows]
        return frozenset(word for name in (*names, *self._words.outside) for word in name) | self._words.kinds

    def mentions(self, words: Words) -> list[Mention]:
        """Every unit the text names, in order, never two at one place."""
        found: list[Mention] = []
        plain_words, begin = words.plain, self._begin
        at, count = 0, len(plain_words)
        while at < count:
            if plain_words[at] not in begin and not _after_hamlet(words, at):
                mention = self._joined_with_a_slip(words, at)
            elif hidden := _longest(self._not_units, plain_words, at):
                at += hidden - 1
                continue
            else:
                mention = self._at(words, at)
            if mention:
                found.append(mention)
            at = mention.end if mention else at + 1
        return found

    def unit_today(self, name: str | None, day: date | None = None) -> str | None:
        """The code of the unit that answers on `day` (the latest when None) for what people call `name`."""
        for unit in self.units:
            if unit.name != name:
                continue
            if (day is None and unit.valid_to is None) or (day is not None and unit.stands_on(day)):
                return unit.code
            if unit.successor and (day is None or (unit.valid_to is not None and day > unit.valid_to)):
                return unit.successor
        return None

    def _at(self, words: Words, at: int) -> Mention | None:
        word = words.plain[at]
        if word in self._words.kinds:
            return self._with_kind(words, at)
        if word in self._words.outside_kinds:
            return self._outside_kind(words, at)
        return self._bare(words, at)

    def _exact(self, plain_words: tuple[str, ...], at: int) -> tuple[Unit, int] | None:
        if at >= len(plain_words):
            return None
        for name, unit in self._by_first.get(plain_words[at], ()):
            if plain_words[at : at + len(name)] == name:
                return unit, at + len(name)
        return None

    def _with_kind(self, words: Words, at: int) -> Mention | None:
        if exact := self._exact(words.plain, at + 1):
            return Mention(at, exact[1], exact[0].name, 4, "named with its kind")
        if length := _longest(self._outside, words.plain, at + 1):
            return Mention(at, at + 1 + length, OUTSIDE, 3, "a unit outside")
        following = words.plain[at + 1] if at + 1 < len(words.plain) else ""
        if following in self._joined:
            return Mention(at, at + 2, self._joined[following].name, 3, "named without a blank")
        if slip := self._joined_with_a_slip(words, at + 1) if following else None:
            return Mention(at, slip.end, slip.name, 2.5, "misspelt")
        return self._guessed(words, at, at + 1) or _unknown_unit(words, at)

    def _guessed(self, words: Words, start: int, at: int) -> Mention | None:
        """A name with a slip of one letter (two in a long name), if only one unit is that near."""
        typed = "".join(words.plain[at : at + 2])
        if len(typed) < _FEWEST_LETTERS_TO_GUESS or at + 2 > len(words.plain) or words.between(at) not in ("", "."):
            return None
        allowed = 2 if len(typed) > 7 else 1
        near = {unit.name: OSA.distance(typed, name, score_cutoff=allowed) for name, unit in self._joined.items()}
        least = min(near.values())
        nearest = [name for name, distance in near.items() if distance == least]
        if least > allowed or len(nearest) != 1:
            return None
        return Mention(start, at + 2, nearest[0], 2.5, "misspelt")

    def _joined_with_a_slip(self, words: Words, at: int) -> Mention | None:
        """ "ambinh", "ngomayy": a name typed as one word that is no syllable, with a slip of one letter."""
        start, count = words.starts[at], len(words.plain)
        long_enough = _FEWEST_LETTERS_TO_GUESS <= words.ends[at] - start <= _MOST_LETTERS_TO_GUESS
        if not long_enough or (at > 0 and words.starts[at - 1] == start):
            return None
        name = self._near(words.folded.text[start : words.ends[at]])
        if name is None:
            return None
        end = next((after for after in range(at + 1, count) if words.starts[after] != start), count)
        return Mention(at, end, name, 2, "misspelt")

    def _near(self, typed: str) -> str | None:
        """The one unit whose joined name is a letter away from what is no syllable; remembered, for words come again."""
        if typed not in self._slips:
            found: set[str] = set()
            if typed.isalpha() and not is_syllable(typed):
                names = self._joined.items()
                found = {unit.name for name, unit in names if OSA.distance(typed, name, score_cutoff=1) <= 1}
            if len(self._slips) >= _SLIPS_KEPT:
                return found.pop() if len(found) == 1 else None
            self._slips[typed] = found.pop() if len(found) == 1 else None
        return self._slips[typed]

    def _outside_kind(self, words: Words, at: int) -> Mention | None:
        if words.plain[at] == "tran" and words.plain[max(0, at - 1)] != "thi":  # a surname, but in "thị trấn"
            return None
        if length := _longest(self._outside, words.plain, at + 1):
            return Mention(at, at + 1 + length, OUTSIDE, 2, "a unit outside")
        return None

    def _bare(self, words: Words, at: int) -> Mention | None:
        exact = self._exact(words.plain, at)
        if words.plain[at] == "cu" and at > 0 and words.plain[at - 1] in _ENDS_IN_CU and not words.between(at - 1):
            return None
        if exact is None:
            return self._bare_outside(words, at) or self._slip_after_hamlet(words, at)
        unit, end = exact
        if unit.needs_kind or _borne_by_another(words, at, unit) or _reads_otherwise(words, at, end, unit):
            return None
        return Mention(at, end, unit.name, 2, "named")

    def _slip_after_hamlet(self, words: Words, at: int) -> Mention | None:
        """ "to 5 an phuot": a slip is forgiven right after a numbered hamlet."""
        return self._guessed(words, at, at) if _after_hamlet(words, at) else None

    def _bare_outside(self, words: Words, at: int) -> Mention | None:
        length = _longest(self._outside, words.plain, at)
        if not length or tuple(words.plain[at : at + length]) in self._words.outside_needs_kind:
            return None
        led = at > 0 and words.plain[at - 1] in _LEADS and words.plain[at - 1] not in ("den", "ve")
        led = led or words.plain[max(0, at - 2) : at] in _FACILITIES
        return Mention(at, at + length, OUTSIDE, 1, "a unit outside") if led else None


def _after_hamlet(words: Words, at: int) -> bool:
    return at >= 2 and words.plain[at - 2] in _HAMLETS and words.plain[at - 1].isdigit()


def _by_first_word(names: Iterable[tuple[str, ...]]) -> dict[str, list[tuple[str, ...]]]:
    table: dict[str, list[tuple[str, ...]]] = {}
    for name in sorted(names, key=len, reverse=True):
        table.setdefault(name[0], []).append(name)
    return table


def _longest(table: dict[str, list[tuple[str, ...]]], words: tuple[str, ...], at: int) -> int:
    """How many words of the longest name of the table that stands here; 0 for none."""
    for name in table.get(words[at], ()) if at < len(words) else ():
        if words[at : at + len(name)] == name:
            return len(name)
    return 0


def _unknown_unit(words: Words, at: int) -> Mention | None:
    """ "xã Ia Mơ": a name in capitals that we do not know is a unit outside."""
    if at + 2 >= len(words.plain) or words.all_capitals or words.between(at) not in ("", "."):
        return None
    named = words.is_capital(at + 1) and words.is_capital(at + 2) and not words.between(at + 1)
    return Mention(at, at + 3, OUTSIDE, 1.5, "a unit we do not know") if named else None


def _borne_by_another(words: Words, at: int, unit: Unit) -> bool:
    """Whether a street, hamlet, school or person of that name is meant."""
    before = words.plain[max(0, at - 5) : at]
    if not before:
        return False
    if before[-1] in _BEARERS and not words.between(at - 1) and before[-2:-1] not in _NO_BEARERS:
        return True
    if not unit.person:
        return False
    if words.between(at - 1) in ("-", "–"):
        return True
    numbered_house = (
        before[-1][0].isdigit() and not words.between(at - 1) and not (len(before) > 1 and before[-2] in _HAMLETS)
    )
    return numbered_house or before[-1] in _SCHOOLS or any(word in _JUNCTIONS for word in before[-3:])


def _reads_otherwise(words: Words, at: int, end: int, unit: Unit) -> bool:
    """Whether these words, without a kind before them, are likely everyday words."""
    typed = words.said(at, end)
    marked = not typed.isascii()
    if marked and unit.weak and " ".join(typed.lower().split()) != unit.name.lower():
        return True
    following = words.plain[end] if end < len(words.plain) and not words.between(end - 1) else ""
    if following in _JOINS_AN and words.plain[end - 1] == "an" and not _beside_a_place(words, at):
        return True
    if not unit.weak or marked:
        return False
    capitals = words.is_capital(at) and words.is_capital(end - 1) and not words.all_capitals
    by_itself = _alone_between_marks(words, at, end) or _opens_or_closes(words, at, end)
    return not (capitals or by_itself or _beside_a_place(words, at) or _of_its_people(words, at))


def _beside_a_place(words: Words, at: int) -> bool:
    before = words.plain[max(0, at - 3) : at]
    if not before:
        return False
    led = before[-1] in _LEADS or before[-1] in _LANDMARKS or before[-2:] == ("may", "duong")
    street = any(word in _STREETS for word in words.plain[max(0, at - 5) : at - 1]) and words.plain[at] not in (
        "cu",
        "tu",
    )
    return led or street or before[-1][0].isdigit() or any(word in _HAMLETS for word in before[:-1])


def _alone_between_marks(words: Words, at: int, end: int) -> bool:
    return bool(words.between(at - 1)) and bool(words.between(end - 1))


def _opens_or_closes(words: Words, at: int, end: int) -> bool:
    """Whether the text begins or ends with the name, or all but a keyword and a field before it, a call after it.

    "cứ ăn" may end a text as well, "từ ăn" and "cứ ăn" begin one.
    """
    before, after = words.plain[:at], words.plain[end:]
    everyday = words.plain[at] in ("cu", "tu")
    if not after or after[0] in _CALLS:
        return words.plain[at] != "cu"
    keyed = before[:1] == ("pa",) and at <= _KEYWORD_WORDS
    return keyed or (not before and (not everyday or after[0] in _HAMLETS or after[0] in _LEADS))


def _of_its_people(words: Words, at: int) -> bool:
    """ "dân Tú An", "bà con Song An", "cả Thành An"; but "cả ... cứ ăn"."""
    before = words.plain[max(0, at - 2) : at]
    return words.plain[at] != "cu" and bool(before) and (before[-1] in _WHOLE or before == ("ba", "con"))
