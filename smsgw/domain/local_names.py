"""Local names are everyday words: what people call a hamlet or a slope after the tree, the kiln or the old man that is there.

Typed without capitals and marks such a name looks like any other words ("xom go da"), so it is known by what it is made of: a
hill, a tree, a kiln with what goes with it, or somebody's title with a name. Words with marks count as they are marked only.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from smsgw.domain.plain import plain
from smsgw.domain.words import Words

_FALLS = frozenset(["nga", "do", "gay", "bat", "de", "chan", "chay"])  # of a tree: then it is no name
_TREE = "cay"
_SOME = frozenset(["hai", "ba", "bon", "nam", "sau", "bay"])  # "hẻm Ba Cây Dừa"


@dataclass(frozen=True, slots=True)
class Made:
    """Any of the first words with any of the second ones; `heads` where a first word may head the place itself, as in
    "gò đình"."""

    first: Collection[str]
    second: Collection[str]
    heads: bool = False


class _Spelled:
    """Words as they are marked, found by their plain form."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._forms: dict[str, set[str]] = {}
        for word in words:
            self._forms.setdefault(plain(word), set()).add(_composed(word))

    def __contains__(self, word: str) -> bool:
        return word in self._forms

    def has(self, words: Words, at: int) -> bool:
        """Whether the word is one of these, as typed: marks must be the right ones, none are fine."""
        if at >= len(words.plain) or words.plain[at] not in self._forms:
            return False
        typed = _composed(words.said(at, at + 1))
        return typed.isascii() or typed in self._forms[words.plain[at]]


def _composed(word: str) -> str:
    return unicodedata.normalize("NFC", word).lower()


class LocalNames:
    """`alone` are words that are a hamlet's name all by themselves; `titles` stand before a person's name, `nobody` are words
    that no title goes with ("bà con"), `counted` what a number counts that looks like a title and a name ("ba năm tháng");
    behind a word that is `unlike` a name, a lone one is none; `tails` end a name ("cũ")."""

    def __init__(self, made: Sequence[Made] = (), words: Mapping[str, Collection[str]] | None = None) -> None:
        table = words or {}
        self._made = [(_Spelled(row.first), _Spelled(row.second), row.heads) for row in made]
        self._alone, self._titles, self._tails = (_Spelled(table.get(name, ())) for name in ("alone", "titles", "tails"))
        self._nobody = frozenset(plain(word) for word in table.get("nobody", ()))
        self._counted = frozenset((plain(word),) for word in table.get("counted", ()))
        self._unlike = frozenset(plain(word) for word in table.get("unlike", ()))

    def end(self, words: Words, at: int, taken: Collection[int], *, hamlet: bool) -> int:
        """Where the name that begins at word `at` ends, behind the word that heads the place; `at` when none begins there.
        `hamlet`: of a hamlet one word may be enough."""
        if not _is_free(words, at, taken):
            return at
        end = self._person(words, at, taken) or self._pair(words, at, taken)
        if not end and hamlet and self._alone.has(words, at) and not self._goes_on(words, at + 1):
            end = at + 1
        if not end and at and any(heads and self._is_pair(words, at - 1, first, second) for first, second, heads in self._made):
            end = at + 1
        if end and _is_free(words, end, taken) and self._tails.has(words, end):
            end += 1
        return end or at

    def _person(self, words: Words, at: int, taken: Collection[int]) -> int:
        if not self._titles.has(words, at) or not _is_free(words, at + 1, taken):
            return 0
        name, counted = words.plain[at + 1], words.plain[at + 2 : at + 3] in self._counted
        return 0 if name in self._nobody or name[0].isdigit() or counted else at + 2

    def _pair(self, words: Words, at: int, taken: Collection[int]) -> int:
        if not _is_free(words, at + 1, taken):
            return 0
        if words.plain[at] in _SOME and words.plain[at + 1] == _TREE:
            return self._pair(words, at + 1, taken)
        found = any(self._is_pair(words, at, first, second) for first, second, _ in self._made)
        falls = words.plain[at] == _TREE and words.plain[at + 2 : at + 3] != () and words.plain[at + 2] in _FALLS
        return at + 2 if found and not falls else 0

    def _is_pair(self, words: Words, at: int, first: _Spelled, second: _Spelled) -> bool:
        return first.has(words, at) and second.has(words, at + 1)

    def _goes_on(self, words: Words, at: int) -> bool:
        """Whether a word follows with which the one before it is no name ("xóm mới bị cúp điện", "bà mấy năm")."""
        return at < len(words.plain) and not words.between(at - 1) and words.plain[at] in self._unlike


def _is_free(words: Words, at: int, taken: Collection[int]) -> bool:
    return at < len(words.plain) and at not in taken and not words.between(at - 1)
