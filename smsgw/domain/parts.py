"""Puts the parts of a long text together: which belong to one text, when they wait no longer, and what they say."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

WAIT: Final = timedelta(seconds=120)  # from the first part on: so long a text waits for the rest of it
REST_COMES_WITHIN: Final = timedelta(hours=1)  # what fills a gap of a text given up before is the rest of it
GAP: Final = "[...]"


@dataclass(frozen=True, slots=True)
class Piece:
    """One part as it came: number `number` of `total`, counted from 1."""

    id: int
    number: int
    total: int
    text: str
    came_at: datetime


@dataclass(slots=True)
class Pieces:
    """The parts of one text that have come, in the order they came; the same part may have come again."""

    came: list[Piece] = field(default_factory=list)

    @property
    def texts(self) -> Mapping[int, str]:
        """What is known, by number."""
        return {piece.number: piece.text for piece in self.came}

    @property
    def whole(self) -> bool:
        return len(self.texts) == self.came[0].total

    def waits_until(self) -> datetime:
        return self.came[0].came_at + WAIT

    def takes(self, piece: Piece) -> bool:
        """In time, and either a part that is missing or one that came before word for word."""
        in_time = piece.came_at <= self.waits_until()
        return in_time and self.texts.get(piece.number, piece.text) == piece.text

    def said(self) -> str:
        """The text, `GAP` in every place where parts are missing. In NFC: a border may part a letter from its mark."""
        words, at_gap = "", False
        for number in range(1, self.came[0].total + 1):
            if number in self.texts:
                words += f" {self.texts[number]}" if at_gap else self.texts[number]
            elif not at_gap:
                words += f" {GAP}" if words else GAP
            at_gap = number not in self.texts
        return unicodedata.normalize("NFC", words)


def by_text(pieces: Iterable[Piece]) -> Sequence[Pieces]:
    """The texts that parts of one sender, recipient, reference and total belong to, oldest first.

    Phones use a reference again: a part that came long after, or that says otherwise than one of its number, begins
    another text.
    """
    found: list[Pieces] = []
    for piece in sorted(pieces, key=lambda piece: (piece.came_at, piece.id)):
        takers = (text for text in found if text.takes(piece))
        lacking = (text for text in found if text.takes(piece) and piece.number not in text.texts)
        taker = next(lacking, None) or next(takers, None)
        if taker is None:
            taker = Pieces()
            found.append(taker)
        taker.came.append(piece)
    return found


def is_rest_of(late: Pieces, given_up: Mapping[int, str]) -> bool:
    """Whether late parts belong to a text that was released before: each fills a gap of it, or is one of it again."""
    return all(given_up.get(number, text) == text for number, text in late.texts.items())


def without(late: Pieces, known: Mapping[int, str]) -> Pieces:
    """The late parts that tell something new."""
    return Pieces([piece for piece in late.came if piece.number not in known])
