"""What the scales look at in one text: its words, pairs of words, and what the tables found in it."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations, pairwise

from smsgw.domain.understanding.lexicon import KIND, MATTER, Evidence

_LENGTHS = (1, 2, 3, 5, 9, 15, 25)
_MOST_WORDS = 160  # a long text has said what it is about by then; so one text costs no more than a few usual ones
_MOST_KINDS = 14
_MARKS = frozenset({"1/5", "2/5", "3/5", "4/5", "5/5"})
FIRST, LAST, PLACE = "^", "$", "@"


def clues(evidence: Evidence, told: Iterable[str]) -> set[str]:
    """Every clue of the text, each once however often it stands there. `told` are clues that others know."""
    spelt, _ = _spelt(evidence)
    found = set(spelt[1:-1])
    found.update([f"{one} {next_}" for one, next_ in pairwise(spelt)])
    found.update([f"{one}_{after}" for one, after in zip(spelt, spelt[2:], strict=False)])
    if span := evidence.place.span:
        found.update([PLACE + word for word in evidence.words.plain[span[0] : span[1]]])
    found.update(told)
    found.update(_found_by_tables(evidence))
    found.update(_about_the_whole(evidence))
    return found


def word_clues(evidence: Evidence) -> Iterator[tuple[str, int, int]]:
    """The clues made of words, each with the words [start, end) it stands on; a whole place counts as its first word.

    `word`, `word word` and, with one word between them left out, `word_word`; `@word` is a word of the place.
    """
    spelt, at = _spelt(evidence)
    if not evidence.words.plain:
        return
    if span := evidence.place.span:
        for index in range(*span):
            yield PLACE + evidence.words.plain[index], index, index + 1
    for index in range(1, len(spelt) - 1):
        yield spelt[index], at[index], at[index] + 1
    for apart, joint in ((1, " "), (2, "_")):
        for index in range(len(spelt) - apart):
            yield f"{spelt[index]}{joint}{spelt[index + apart]}", at[index], at[index + apart] + 1


@cache
def table_clue(signal: str, weight: float) -> str:
    """How the scales know a phrase of the tables: by what it speaks for and how loudly, or by its kind."""
    return f"k:{signal[len(KIND) + 1 :]}" if signal.startswith(KIND) else f"s:{signal}:{weight:.0f}"


def _spelt(evidence: Evidence) -> tuple[list[str], list[int]]:
    """The words as clues spell them, between a first and a last sign, and where each stands."""
    plain, span = evidence.words.plain, evidence.place.span or (0, 0)
    spelt, at = [FIRST], [0]
    for index, word in enumerate(plain[:_MOST_WORDS]):
        if not span[0] <= index < span[1]:
            spelt.append(_shape(word) if word[0].isdigit() else word)
        elif index == span[0]:
            spelt.append(f"{PLACE}#" if word[0].isdigit() else PLACE + word)
        else:
            continue
        at.append(index)
    spelt.append(LAST)
    at.append(max(0, len(plain) - 1))
    return spelt, at


def _shape(number: str) -> str:
    """One or two; a few; many; a reference; a mark out of five; another date or fraction."""
    if not number.isdigit():
        return "#/5" if number in _MARKS else "#/#"
    if len(number) <= 2:
        return "#1" if number in ("1", "2", "01", "02") else "#"
    return "##" if len(number) < 5 else "#####"


def _found_by_tables(evidence: Evidence) -> set[str]:
    """What phrases speak for; a name that bears a matter's word speaks for nothing."""
    start, end = evidence.place.span or (0, 0)
    found = set()
    for hit in evidence.found:
        signal = hit.entry.signal
        if start <= hit.start and hit.end <= end and signal.startswith((KIND, MATTER)):
            continue
        found.add(table_clue(signal, hit.entry.weight))
    kinds = sorted([clue[2:] for clue in found if clue[0] == "k"])[:_MOST_KINDS]
    found.update([f"k:{first}&{second}" for first, second in combinations(kinds, 2)])
    return found


def _about_the_whole(evidence: Evidence) -> Iterator[str]:
    count, place = len(evidence.words.plain), evidence.place
    yield f"n:{next((most for most in _LENGTHS if count <= most), 99)}"
    if place.ward:
        yield "s:ward"
    if place.span:
        yield "s:fine" if place.fine_enough else "s:place"
    if "?" in evidence.words.folded.text:
        yield "s:?"
