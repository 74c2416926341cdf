"""Names that no table knows. Behind a word that surely heads a place, what nobody says there otherwise is its name, typed in
small letters and without marks too: "xom bai dau bi cup dien" names the hamlet, "xom toi bi cup dien" does not.
"""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import takewhile

from smsgw.domain.words import Words

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

    def end(self, words: Words, head: int, at: int, taken: Collection[int], stops: Collection[int]) -> int:
        """Where the name ends that begins at word `at` or behind the words of its kind there; `at` when none does. The words
        from `head` on say what bears it; at `stops` and at the units named (`taken`) a name must have ended."""
        bearer = words.plain[head:at]
        if bearer in self.nameless or (bearer in self.mistakable and not self._is_where(words, head)):
            return at
        free = takewhile(lambda place: self._is_free(words, place, taken, stops), range(at, len(words.plain)))
        run = list(zip(range(_KIND_WORDS + _LONGEST), free, strict=False))
        kinds = len(list(takewhile(lambda one: one[0] < _KIND_WORDS and words.plain[one[1]] in self.kinds, run)))
        name = list(takewhile(lambda one: words.plain[one[1]] not in self.ordinary, run[kinds : kinds + _LONGEST]))
        return name[-1][1] + 1 if any(words.plain[place] not in self.kinds for _, place in name) else at

    def _is_where(self, words: Words, head: int) -> bool:
        return head > 0 and words.plain[head - 1] in self.before and not words.between(head - 1)

    def _is_free(self, words: Words, place: int, taken: Collection[int], stops: Collection[int]) -> bool:
        if place in taken or place in stops or words.plain[place][0].isdigit():
            return False
        return not words.between(place - 1)
