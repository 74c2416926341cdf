"""Local names are everyday words: what people call a hamlet or a slope after the tree, the kiln or the old man that is there,
and a shop after who keeps it.

Typed without capitals and marks such a name looks like any other words ("xom go da"), so it is known by what it is made of: a
hill, a tree, a kiln with what goes with it, a title or a rank with a name, two syllables of good omen; or by a pause right
behind it ("o lang but, ..."). Words with marks count as they are marked only.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from smsgw.domain.plain import plain
from smsgw.domain.words import Words

_FALLS = frozenset(["nga", "do", "gay", "bat", "de", "chan", "chay"])  # of a tree: then it is no name
_TREE = "cay"
_LONGEST_BEFORE_A_PAUSE = 2


class Bearer(Enum):
    """What bears the name: a hamlet may be called by one word, a road is often only described, a firm has its owner's."""

    ROAD = "road"
    GROUND = "ground"
    HAMLET = "hamlet"
    FIRM = "firm"


@dataclass(frozen=True, slots=True)
class Made:
    """Any of the first words with any of the second ones; `heads` where a first word may head the place itself, as in
    "gò đình"; `firms` where firms are named so, too."""

    first: Collection[str]
    second: Collection[str]
    heads: bool = False
    firms: bool = False


class _Spelled:
    """Words as they are marked, found by their plain form."""

    def __init__(self, words: Iterable[str]) -> None:
        self._forms: dict[str, set[str]] = {}
        for word in words:
            self._forms.setdefault(plain(word), set()).add(_composed(word))

    def has(self, words: Words, at: int) -> bool:
        """Whether the word is one of these, as typed: marks must be the right ones, none are fine."""
        if at >= len(words.plain) or words.plain[at] not in self._forms:
            return False
        typed = _composed(words.said(at, at + 1))
        return typed.isascii() or typed in self._forms[words.plain[at]]


@dataclass(frozen=True, slots=True)
class _Pairs:
    first: _Spelled
    second: _Spelled
    heads: bool
    firms: bool

    def has(self, words: Words, at: int) -> bool:
        return self.first.has(words, at) and self.second.has(words, at + 1)


def _composed(word: str) -> str:
    return unicodedata.normalize("NFC", word).lower()


class LocalNames:
    """`alone` are words that are a hamlet's name all by themselves; `titles` and `ranks` stand before a person's name; `nobody`
    are words that no title goes with ("bà con"), `counted` what a number counts that looks like a rank and a name ("ba năm
    tháng"); behind a word that is `unlike` a name, a lone one is none, and no name before a pause holds such a word, nor one
    that `never` is in a name; `before` are words behind which a place comes; `tails` end a name ("cũ")."""

    def __init__(self, made: Sequence[Made], words: Mapping[str, Collection[str]]) -> None:
        self._made = [_Pairs(_Spelled(row.first), _Spelled(row.second), row.heads, row.firms) for row in made]
        self._alone, self._titles, self._ranks, self._tails = (
            _Spelled(words[name]) for name in ("alone", "titles", "ranks", "tails")
        )
        self._nobody, self._counted, self._unlike, self._before, self._never = (
            frozenset(plain(word) for word in words[name])
            for name in ("nobody", "counted", "unlike", "before", "never")
        )

    def end(self, words: Words, head: int, at: int, taken: Collection[int], bearer: Bearer) -> int:
        """Where the name ends that begins at word `at`, behind the words from `head` on that say what bears it; `at` when none
        begins there."""
        if not _is_free(words, at, taken):
            return at
        end = self._person(words, at, taken, bearer) or self._pair(words, at, taken, bearer)
        if not end and bearer is not Bearer.FIRM:
            is_name = self._is_a_name(words, at, taken, bearer)
            end = at + 1 if is_name else self._before_a_pause(words, head, at, taken, bearer)
        if end and _is_free(words, end, taken) and self._tails.has(words, end):
            end += 1
        return end or at

    def _is_a_name(self, words: Words, at: int, taken: Collection[int], bearer: Bearer) -> bool:
        """Whether this one word is a name: a hamlet's, one behind a head that is part of it ("gò đình"), or one right before
        the unit ("cầu đá phường Ngô Mây")."""
        if bearer is Bearer.HAMLET and self._alone.has(words, at) and not self._goes_on(words, at + 1):
            return True
        if any(pairs.heads and pairs.has(words, at - 1) for pairs in self._made):
            return True
        before_unit = at + 1 in taken and not words.between(at)
        return before_unit and any(pairs.second.has(words, at) for pairs in self._made)

    def _person(self, words: Words, at: int, taken: Collection[int], bearer: Bearer) -> int:
        ranked = bearer is not Bearer.ROAD and self._ranks.has(words, at)
        if not _is_free(words, at + 1, taken) or not (ranked or self._titles.has(words, at)):
            return 0
        name, then = words.plain[at + 1], words.plain[at + 2 : at + 3]
        is_number = bool(then) and then[0] in self._counted
        if name in self._nobody or name[0].isdigit() or is_number or (ranked and name in self._unlike | self._counted):
            return 0
        return at + 2

    def _pair(self, words: Words, at: int, taken: Collection[int], bearer: Bearer) -> int:
        if not _is_free(words, at + 1, taken):
            return 0
        if self._ranks.has(words, at) and words.plain[at + 1] == _TREE:  # "hẻm Ba Cây Dừa"
            return self._pair(words, at + 1, taken, bearer)
        found = any((pairs.firms or bearer is not Bearer.FIRM) and pairs.has(words, at) for pairs in self._made)
        falls = words.plain[at] == _TREE and bool(_FALLS.intersection(words.plain[at + 2 : at + 3]))
        return at + 2 if found and not falls else 0

    def _before_a_pause(self, words: Words, head: int, at: int, taken: Collection[int], bearer: Bearer) -> int:
        """A word or two between what heads the place and a pause, behind a word for where ("dien yeu o lang but, ...")."""
        if bearer is Bearer.ROAD or not head or words.plain[head - 1] not in self._before or words.between(head - 1):
            return 0
        for end in range(at + 1, at + 1 + _LONGEST_BEFORE_A_PAUSE):
            if end - 1 >= len(words.plain) or end - 1 in taken or self._is_no_name(words.plain[end - 1]):
                return 0
            if words.between(end - 1):
                return end
        return 0

    def _is_no_name(self, word: str) -> bool:
        return word in self._never or word in self._unlike or word in self._nobody or word[0].isdigit()

    def _goes_on(self, words: Words, at: int) -> bool:
        """Whether a word follows with which the one before it is no name ("xóm mới bị cúp điện")."""
        return at < len(words.plain) and not words.between(at - 1) and words.plain[at] in self._unlike


def _is_free(words: Words, at: int, taken: Collection[int]) -> bool:
    return at < len(words.plain) and at not in taken and not words.between(at - 1)
