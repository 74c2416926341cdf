"""Names that no table knows. Behind a word that surely heads a place, what nobody says there otherwise is its name, typed in
small letters and without marks too: "xom bai dau bi cup dien" names the hamlet, "xom toi bi cup dien" does not.
"""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import takewhile

from smsgw.domain.sentences import Sentence

_LONGEST = 3
_KIND_WORDS = 2


@dataclass(frozen=True, slots=True)
class UnheardNames:
    """`ordinary` words are in no such name; `kinds` tell what sort of place it is before its name comes ("tiệm gas Lửa Việt");
    heads that are `mistakable` for other words without their marks ("cho": chợ, chỗ, cho) count behind a word for where
    (`before`) only, and those that are `nameless` never."""

    ordinary: Collection[str]
    kinds: Collection[str]
    mistakable: Collection[tuple[str, ...]]
    nameless: Collection[tuple[str, ...]]
    before: Collection[str]

    def end(self, sentence: Sentence, head: int, at: int) -> int:
        """Where the name ends that begins at word `at` or behind the words of its kind there; `at` when none does. The words
        from `head` on say what bears it."""
        plain = sentence.words.plain
        bearer = plain[head:at]
        if bearer in self.nameless or (bearer in self.mistakable and not self._is_where(sentence, head)):
            return at
        reach = range(at, min(at + _KIND_WORDS + _LONGEST, len(plain)))
        run = list(takewhile(lambda place: sentence.goes_on(place) and not plain[place][0].isdigit(), reach))
        kinds = len(list(takewhile(lambda place: plain[place] in self.kinds, run[:_KIND_WORDS])))
        name = list(takewhile(lambda place: plain[place] not in self.ordinary, run[kinds : kinds + _LONGEST]))
        return name[-1] + 1 if any(plain[place] not in self.kinds for place in name) else at

    def _is_where(self, sentence: Sentence, head: int) -> bool:
        words = sentence.words
        return head > 0 and words.plain[head - 1] in self.before and not words.between(head - 1)
