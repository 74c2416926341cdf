"""Why a text was read as it was: the answers weighed, and the words that spoke for each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from smsgw.domain.understanding.clues import table_clue, word_clues
from smsgw.domain.understanding.lexicon import Evidence
from smsgw.domain.understanding.outcome import SURE_ENOUGH, Intent, Understanding
from smsgw.domain.understanding.scales import CATEGORY, INTENT, NO_FIELD, URGENT, YES_OR_NO, Scales, Weighed

_SHOWN = 8
_FAINTEST = 0.1
_LEAST_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class Leaning:
    """One possible answer (an intent or a category's code) and its share of what was said, 0..1."""

    value: str
    share: float


@dataclass(frozen=True, slots=True)
class Spoke:
    """Words of the text, verbatim, that spoke for (or, with a weight below 0, against) an answer.

    `question` is `intent`, `category`, `place`, `urgent` or `missing`; `answer` a value of it. For `missing` that is what
    the gaps depend on: `event`, `case`, `nowhere`, `office`, `vague`. Words in brackets are no words of the text but what
    is known of it: `[ref]` a reference, `[n:5]` its length, `[k:pole&leaning]` two kinds of things together.
    """

    question: str
    answer: str
    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class Explained:
    """One reading with its reasons. Leanings come likeliest first, `spoke` heaviest first within a question.

    `doubtful` says that a person decides the field, because the reader is not sure enough.
    """

    understanding: Understanding
    intents: tuple[Leaning, ...] = ()
    categories: tuple[Leaning, ...] = ()
    spoke: tuple[Spoke, ...] = ()
    doubtful: bool = False


def explained(
    read: Understanding, evidence: Evidence, clues: Iterable[str], weighed: Weighed, scales: Scales
) -> Explained:
    """The reasons behind a reading."""
    asked = [(INTENT, read.intent.value)]
    if read.category:
        asked.append((CATEGORY, read.category.value))
    if read.intent in (Intent.NEW_COMPLAINT, Intent.FOLLOWUP, Intent.EMERGENCY):
        asked.append((URGENT, "yes"))
    if read.intent is Intent.NEW_COMPLAINT:
        asked += [(question, "yes") for question in YES_OR_NO if question != URGENT]
    where = _where(evidence, clues)
    spoke = [spoken for question, answer in asked for spoken in _spoke(where, question, answer, scales)]
    if read.ward and read.place_text:
        spoke.append(Spoke("place", read.ward, read.place_text, 1.0))
    return Explained(
        understanding=read,
        intents=_leanings(weighed.intents),
        categories=_leanings(weighed.fields) if read.intent is Intent.NEW_COMPLAINT else (),
        spoke=tuple(spoke),
        doubtful=read.intent is Intent.NEW_COMPLAINT and read.category_confidence < SURE_ENOUGH,
    )


def _leanings(shares: Mapping[str, float]) -> tuple[Leaning, ...]:
    best = sorted(shares.items(), key=lambda pair: -pair[1])
    return tuple(
        Leaning(value, round(share, 3)) for value, share in best if share >= _LEAST_SHARE and value != NO_FIELD
    )


def _where(evidence: Evidence, clues: Iterable[str]) -> dict[str, str]:
    """Each clue with the words it was read from; what stands on no words in brackets."""
    known = frozenset(clues)
    said = {name: evidence.words.said(start, end) for name, start, end in word_clues(evidence) if name in known}
    for hit in evidence.found:
        words = evidence.words.said(hit.start, hit.end)
        name = table_clue(hit.entry.signal, hit.entry.weight)
        said[name] = " / ".join(dict.fromkeys((*filter(None, said.get(name, "").split(" / ")), words)))
    return {name: said.get(name) or f"[{name}]" for name in sorted(known)}


def _spoke(where: Mapping[str, str], question: str, answer: str, scales: Scales) -> Iterator[Spoke]:
    """The heaviest words for and against one answer; clues read from the same words count together."""
    sums: dict[str, float] = {}
    for clue, words in where.items():
        if weight := scales.weight(clue, question, answer):
            sums[words] = sums.get(words, 0.0) + weight
    heaviest = sorted(sums.items(), key=lambda pair: -abs(pair[1]))[:_SHOWN]
    shown = answer if question in (INTENT, CATEGORY) else question
    kind = question if question in (INTENT, CATEGORY, URGENT) else "missing"
    for words, weight in heaviest:
        if abs(weight) >= _FAINTEST:
            yield Spoke(kind, shown, words, round(weight, 2))
