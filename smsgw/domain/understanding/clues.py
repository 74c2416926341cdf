"""What the scales look at in one text: its words, pairs of words, and what the tables found in it."""

from collections.abc import Iterable, Iterator
from itertools import combinations

from smsgw.domain.understanding.lexicon import KIND, MATTER, Evidence

_LENGTHS = (1, 2, 3, 5, 9, 15, 25)
_MOST_WORDS = 160  # a long text has said what it is about by then; so one text costs no more than a few usual ones
_MOST_KINDS = 14
FIRST, LAST, PLACE = "^", "$", "@"


def clues(evidence: Evidence, told: Iterable[str]) -> set[str]:
    """Every clue of the text, each once however often it stands there. `told` are clues that others know."""
    found = {*told, *_signals(evidence), _length(evidence)}
    found.update(name for name, _, _ in word_clues(evidence))
    return found


def word_clues(evidence: Evidence) -> Iterator[tuple[str, int, int]]:
    """The clues made of words, each with the words [start, end) it stands on; a whole place counts as one word.

    `word`, `word word` and, with one word between them left out, `word_word`.
    """
    spelt, at = _spelt(evidence)
    span = evidence.place.span
    if span:
        plain = evidence.words.plain
        for index in range(*span):
            yield PLACE + plain[index], index, index + 1
    for index in range(1, len(spelt) - 1):
        yield spelt[index], at[index], at[index] + 1
    for index in range(len(spelt) - 1):
        yield f"{spelt[index]} {spelt[index + 1]}", at[index], at[index + 1] + 1
    for index in range(len(spelt) - 2):
        yield f"{spelt[index]}_{spelt[index + 2]}", at[index], at[index + 2] + 1


def _spelt(evidence: Evidence) -> tuple[list[str], list[int]]:
    """The words as clues spell them, between a first and a last sign, and where each stands."""
    plain, span = evidence.words.plain[:_MOST_WORDS], evidence.place.span or (0, 0)
    spelt, at = [FIRST], [0]
    for index, word in enumerate(plain):
        if span[0] <= index < span[1]:
            if index > span[0]:
                continue
            word = PLACE
        elif word[0].isdigit():
            word = _shape(word)
        spelt.append(word)
        at.append(index)
    spelt.append(LAST)
    at.append(max(0, len(evidence.words.plain) - 1))
    return spelt, at


def _shape(number: str) -> str:
    if not number.isdigit():
        return "#/#"
    return "#" if len(number) <= 2 else "##" if len(number) < 5 else "#####"


def _signals(evidence: Evidence) -> Iterator[str]:
    kinds = []
    for signal in evidence.signals():
        hits = evidence.hits(signal)
        if signal.startswith(KIND):
            if not all(evidence.in_place(hit) for hit in hits):
                kinds.append(signal[len(KIND) + 1 :])
            continue
        if signal.startswith(MATTER):
            hits = [hit for hit in hits if not evidence.in_place(hit)]
        if hits:
            yield f"s:{signal}:{max(hit.entry.weight for hit in hits):.0f}"
    kinds.sort()
    yield from [f"k:{kind}" for kind in kinds]
    yield from [f"k:{first}&{second}" for first, second in combinations(kinds[:_MOST_KINDS], 2)]
    place = evidence.place
    if place.ward:
        yield "s:ward"
    if place.span:
        yield "s:fine" if place.fine_enough else "s:place"
    if "?" in evidence.words.folded.text:
        yield "s:?"


def _length(evidence: Evidence) -> str:
    count = len(evidence.words.plain)
    return f"n:{next((most for most in _LENGTHS if count <= most), 99)}"
