"""Which field of life a text is about."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from smsgw.domain.categories import CategoryCode
from smsgw.domain.phrases import GAP, NUMBER, Entry
from smsgw.domain.understanding.lexicon import CLEAR, FIELD_NAME, MATTER, Evidence

_TYPED_AFTER_PA = 5.0
_INSIDE_THE_PLACE = 0.5
# A file about land or benefits belongs to its own field, whatever is said of the desk where it lies.
_OWN_FILES = (CategoryCode.DD, CategoryCode.XH)
_YIELDING = 0.6
_LEANING = 0.7
_LEAST_SCORE = 1.0
_FEWEST_PHRASES = 3
_LEAST_SHARE = 0.5

Leanings = Mapping[str, tuple[CategoryCode, float]]


@dataclass(frozen=True, slots=True)
class Subject:
    """The likeliest category, how surely (0..1), and the phrases that speak for it."""

    category: CategoryCode | None = None
    confidence: float = 0.0
    phrases: tuple[str, ...] = ()


def leanings_of(entries: Iterable[Entry]) -> Leanings:
    """Words that stand mostly in the phrases of one field, each with that field and its share of them (0..1)."""
    counts: dict[str, Counter[CategoryCode]] = {}
    for entry in entries:
        kind, _, code = entry.signal.partition(".")
        if kind == MATTER:
            for word in set(entry.words) - {GAP, NUMBER}:
                counts.setdefault(word, Counter())[CategoryCode(code)] += 1
    best = {word: (*count.most_common(1)[0], count.total()) for word, count in counts.items()}
    return {
        word: (code, most / total)
        for word, (code, most, total) in best.items()
        if total >= _FEWEST_PHRASES and most / total >= _LEAST_SHARE
    }


def subject_of(evidence: Evidence, typed: CategoryCode | None, leanings: Leanings) -> Subject:
    """The category with most evidence; None when nothing speaks for any.

    Whole phrases count; where none is clear, single words that lean to one field help.
    """
    addressees = evidence.addressees()
    told = {signal.partition(".")[2] for signal in evidence.signals() if signal.startswith((MATTER, FIELD_NAME))}
    scores = {code: _score(evidence, code, addressees) if code in told else 0.0 for code in CategoryCode}
    if max(scores.values()) < CLEAR:
        _lean(scores, evidence, leanings)
    if typed:
        scores[typed] += _TYPED_AFTER_PA
    if max(scores[code] for code in _OWN_FILES) >= CLEAR:
        scores[CategoryCode.HC] *= _YIELDING
    first, second = sorted(scores, key=lambda code: -scores[code])[:2]
    if scores[first] < _LEAST_SCORE:
        return Subject()
    confidence = scores[first] / (scores[first] + scores[second] + 1)
    return Subject(first, round(confidence, 2), _phrases(evidence, first))


def _lean(scores: dict[CategoryCode, float], evidence: Evidence, leanings: Leanings) -> None:
    for index in set(range(len(evidence.words.plain))) - evidence.place_words():
        if leaning := leanings.get(evidence.words.plain[index]):
            scores[leaning[0]] += _LEANING * leaning[1]


def _score(evidence: Evidence, code: CategoryCode, addressees: set[int]) -> float:
    """Different phrases add up; those inside the words that say where count little."""
    best: dict[tuple[str, ...], float] = {}
    for signal in (f"{MATTER}.{code}", f"{FIELD_NAME}.{code}"):
        for hit in evidence.hits(signal):
            if hit.start in addressees and hit.end - 1 in addressees:
                continue
            weight = hit.entry.weight * (_INSIDE_THE_PLACE if evidence.in_place(hit) else 1)
            weight += 0.5 * (hit.end - hit.start - 1) if not evidence.in_place(hit) else 0
            best[hit.entry.words] = max(weight, best.get(hit.entry.words, 0))
    return sum(best.values())


def _phrases(evidence: Evidence, code: CategoryCode) -> tuple[str, ...]:
    hits = (*evidence.hits(f"{MATTER}.{code}"), *evidence.hits(f"{FIELD_NAME}.{code}"))
    return tuple(dict.fromkeys(evidence.words.said(hit.start, hit.end) for hit in hits))
