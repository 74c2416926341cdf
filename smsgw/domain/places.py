"""Where a text says the matter is: unit, exact words, and whether an office could find the spot."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from smsgw.domain.spots import Grade, PlaceWords, Spot, Spotter
from smsgw.domain.wards import OUTSIDE, Mention, Unit, UnitNames, UnitWords
from smsgw.domain.words import Words

_WIDEST_JOINT = 5


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """`ward` as named (or NGOAI); `place_text` verbatim; `fine_enough` when an office could go there; `span` in words.

    `candidates` are all the units named, `whole_unit` says that the text speaks of the whole of it.
    """

    ward: str | None = None
    unit_today: str | None = None
    place_text: str | None = None
    span: tuple[int, int] | None = None
    candidates: tuple[str, ...] = ()
    fine_enough: bool = False
    whole_unit: bool = False
    how: str = ""


class Gazetteer:
    """Reads places: units by their names, spots by the words that describe them."""

    def __init__(self, units: UnitNames, words: PlaceWords, common: Iterable[str] = ()) -> None:
        self.units = units
        self._words = words
        self._spotter = Spotter(words, common)

    @classmethod
    def from_rows(
        cls, units: Iterable[Unit], unit_words: UnitWords, words: PlaceWords, common: Iterable[str] = ()
    ) -> "Gazetteer":
        """A gazetteer from the rows of the data files; `common` are everyday words that never begin a name."""
        return cls(UnitNames(units, unit_words), words, common)

    def vocabulary(self) -> frozenset[str]:
        """Every word by which places are told."""
        return self.units.vocabulary() | self._words.vocabulary()

    def find(self, words: Words, stops: frozenset[int] = frozenset(), day: date | None = None) -> PlaceReading:
        """Where the text says. `stops` are indices of words at which a name must have ended (a matter begins there)."""
        mentions = self.units.mentions(words)
        spots = self._spotter.spots(words, mentions, stops)
        chosen = _problem_unit(words, mentions, spots)
        ward = chosen.name if chosen else None
        span = self._description(words, spots, chosen, mentions)
        return PlaceReading(
            ward=ward,
            unit_today=None if ward in (None, OUTSIDE) else self.units.unit_today(ward, day),
            place_text=words.said(*span) if span else None,
            span=span,
            candidates=tuple(dict.fromkeys(m.name for m in mentions)),
            fine_enough=_is_fine(spots, ward),
            whole_unit=chosen is not None and self._is_whole(words, chosen),
            how=chosen.how if chosen else "",
        )

    def _is_whole(self, words: Words, mention: Mention) -> bool:
        before = words.plain[max(0, mention.start - 2) : mention.start]
        return any(before[-len(phrase) :] == phrase for phrase in self._words.whole)

    def _description(
        self, words: Words, spots: Sequence[Spot], chosen: Mention | None, mentions: Sequence[Mention]
    ) -> tuple[int, int] | None:
        """The run of neighbouring pieces that says most about the place."""
        others = {(m.start, m.end) for m in mentions if chosen and m.name != chosen.name}
        pieces = [(s.start, s.end, 1 + s.grade) for s in spots if s.grade > Grade.VAGUE]
        pieces += [(m.start, m.end, 3) for m in mentions if (m.start, m.end) not in others]
        runs: list[tuple[int, int, int]] = []
        for start, end, worth in sorted(pieces):
            if runs and self._joined(words, runs[-1][1], start):
                runs[-1] = (runs[-1][0], max(end, runs[-1][1]), runs[-1][2] + worth)
            else:
                runs.append((start, end, worth))
        if not runs:
            return None
        start, end, _ = max(runs, key=lambda run: run[2])
        return self._with_lead(words, start), end

    def _joined(self, words: Words, end: int, start: int) -> bool:
        if start - end > _WIDEST_JOINT:
            return False
        if any(words.between(index) in (".", ";", ":", "!", "?") for index in range(end - 1, start - 1)):
            return start == end and words.between(end - 1) == "."
        return all(word in self._words.inside for word in words.plain[end:start])

    def _with_lead(self, words: Words, start: int) -> int:
        while start > 0 and words.plain[start - 1] in self._words.before and not words.between(start - 1):
            start -= 1
        return start


def _is_fine(spots: Sequence[Spot], ward: str | None) -> bool:
    best = max((spot.grade for spot in spots), default=Grade.VAGUE)
    return best is Grade.NAMED or (best is not Grade.VAGUE and ward is not None)


def _problem_unit(words: Words, mentions: Sequence[Mention], spots: Sequence[Spot]) -> Mention | None:
    """Of several units named, the one where the matter is: not the one denied, nor where the sender merely lives."""
    if not mentions:
        return None
    return max(mentions, key=lambda mention: (_worth(words, mention, spots), -mention.start))


def _worth(words: Words, mention: Mention, spots: Sequence[Spot]) -> float:
    before = words.plain[max(0, mention.start - 4) : mention.start]
    pairs = list(pairwise(before))
    worth = mention.weight
    if ("khong", "phai") in pairs:
        worth -= 4
    if before[-2:] in (("toi", "o"), ("em", "o"), ("minh", "o")) or ("nguoi", "tu") in pairs:
        worth -= 1
    if any(spot.grade > Grade.PUBLIC and abs(spot.end - mention.start) <= 1 for spot in spots):
        worth += 1
    return worth
