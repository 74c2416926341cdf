"""A text in which names of places are looked for, and lists of words found in it as they are marked."""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from smsgw.domain.plain import plain
from smsgw.domain.words import Words


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a name is looked for in: its words, those `taken` by a unit's name, the `stops` where a matter begins, and whether
    it was typed with marks, so that a word without any has none."""

    words: Words
    taken: Collection[int]
    stops: Collection[int]
    is_marked: bool

    @classmethod
    def of(cls, words: Words, taken: Collection[int], stops: Collection[int]) -> "Sentence":
        """Typed with marks is a text of which one word in three has some."""
        text = words.folded.original
        marks = 0 if text.isascii() else len(text.encode(errors="replace")) - len(text)
        return cls(words, taken, stops, is_marked=3 * marks > len(words.plain))

    def is_free(self, at: int) -> bool:
        """Whether the word is no unit's and follows the one before it without a pause."""
        return at < len(self.words.plain) and at not in self.taken and not self.words.between(at - 1)

    def goes_on(self, at: int) -> bool:
        """Whether a name that stands before this word may go on with it."""
        return self.is_free(at) and at not in self.stops

    def then(self, at: int) -> str:
        """The plain word, or nothing where a pause or the end comes first."""
        return "" if self.words.between(at - 1) else self.words.plain[at]


class Spelled:
    """Words as they are marked, found by their plain form."""

    def __init__(self, words: Iterable[str]) -> None:
        self._forms: dict[str, set[str]] = {}
        for word in words:
            self._forms.setdefault(plain(word), set()).add(_composed(word))

    @property
    def plain(self) -> Iterable[str]:
        """The words without their marks."""
        return self._forms.keys()

    def has_marked(self, sentence: Sentence, at: int) -> bool:
        """Whether the word is surely one of these, for the sentence is typed with marks."""
        return sentence.is_marked and self.has(sentence, at)

    def has(self, sentence: Sentence, at: int) -> bool:
        """Whether the word is one of these, as typed: marks must be the right ones, none are fine where none are typed."""
        words = sentence.words
        if at >= len(words.plain) or words.plain[at] not in self._forms:
            return False
        typed = _composed(words.said(at, at + 1))
        return typed in self._forms[words.plain[at]] or (typed.isascii() and not sentence.is_marked)


def _composed(word: str) -> str:
    return unicodedata.normalize("NFC", word).lower()
