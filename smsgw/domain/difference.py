"""Two texts side by side: which words of each the other one has too."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words in a row; `own` says that the other text does not have them there."""

    words: str
    own: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """Both texts in pieces."""

    theirs: Sequence[Piece]
    mine: Sequence[Piece]


def between(theirs: str, mine: str) -> Difference:
    """Word by word; blanks do not count."""
    left, right = theirs.split(), mine.split()
    steps = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    return Difference(
        tuple(_pieces((step, left[begins:ends]) for step, begins, ends, _, _ in steps)),
        tuple(_pieces((step, right[begins:ends]) for step, _, _, begins, ends in steps)),
    )


def _pieces(steps: Iterator[tuple[str, Sequence[str]]]) -> Iterator[Piece]:
    for step, words in steps:
        if words:
            yield Piece(" ".join(words), own=step != "equal")
