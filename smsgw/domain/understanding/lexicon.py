"""The tables a reader works with, and what they show in one text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from smsgw.domain.categories import Category, CategoryCode
from smsgw.domain.phrases import Entry, Hit, PhraseBook
from smsgw.domain.places import Gazetteer, PlaceReading
from smsgw.domain.words import Spelling, Words

CLEAR, USUAL = 3.0, 2.0
MATTER = "matter"
FIELD_NAME = "field"
KIND = "kind"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything read from the data folder.

    Signals of the phrase book: `matter.<code>`, `field.<code>` (only names the field), `<intent>.for`,
    `<intent>.against`, `kind.<name>` (things and doings, for the scales), `gap.<kind>` and `care.<kind>` with `.against`
    where a table has one.
    """

    spelling: Spelling
    book: PhraseBook
    gazetteer: Gazetteer
    categories: Mapping[CategoryCode, Category]
    entries: Sequence[Entry]

    def field_names(self) -> frozenset[tuple[str, ...]]:
        """All words typed for a field, as plain words."""
        return frozenset(self.spelling.phrase(name) for row in self.categories.values() for name in row.words)


class Evidence:
    """What the tables show in one text."""

    __slots__ = ("_by_signal", "found", "place", "words")

    def __init__(self, words: Words, found: Sequence[Hit], place: PlaceReading) -> None:
        self.words = words
        self.found = found
        self.place = place
        self._by_signal: dict[str, list[Hit]] = {}
        for hit in found:
            signal = hit.entry.signal
            if signal in self._by_signal:
                self._by_signal[signal].append(hit)
            else:
                self._by_signal[signal] = [hit]

    def hits(self, signal: str) -> list[Hit]:
        """The hits of one signal, in order."""
        return self._by_signal.get(signal, [])

    def has(self, signal: str, least: float = 0) -> bool:
        """Whether the signal occurs with at least this weight."""
        hits = self._by_signal.get(signal)
        return hits is not None and any(hit.entry.weight >= least for hit in hits)

    def weight(self, signal: str) -> float:
        """The summed weight of the signal's different phrases."""
        return sum({hit.entry.words: hit.entry.weight for hit in self.hits(signal)}.values())

    def count(self, signal: str, least: float = 0) -> int:
        """How many different phrases of the signal occur."""
        return len({hit.entry.words for hit in self.hits(signal) if hit.entry.weight >= least})

    def signals(self) -> Iterable[str]:
        """Every signal that occurs."""
        return self._by_signal.keys()

    def covered(self, *signals: str) -> set[int]:
        """The indices of words that stand in hits of these signals."""
        return {index for signal in signals for hit in self.hits(signal) for index in range(hit.start, hit.end)}

    def place_words(self) -> set[int]:
        """The indices of the words that say where."""
        return set(range(*self.place.span)) if self.place.span else set()

    def in_place(self, hit: Hit) -> bool:
        """Whether the hit lies inside the words that say where."""
        span = self.place.span
        return span is not None and span[0] <= hit.start and hit.end <= span[1]

    def phrases(self, signal: str) -> str:
        """The words of the signal's hits, verbatim, each phrase once."""
        return ", ".join(dict.fromkeys(self.words.said(hit.start, hit.end) for hit in self.hits(signal)))

    def matters(self) -> list[Hit]:
        """Hits that speak of some category's matters, those inside the place left out."""
        return [
            hit
            for signal in self._by_signal
            if signal.startswith(MATTER + ".")
            for hit in self._by_signal[signal]
            if not self.in_place(hit)
        ]
