"""Which field of life a text is about."""

from dataclasses import dataclass

from smsgw.domain.categories import CategoryCode
from smsgw.domain.understanding.lexicon import FIELD_NAME, MATTER, Evidence

_TYPED_AFTER_PA = 5.0
_INSIDE_THE_PLACE = 0.5


@dataclass(frozen=True, slots=True)
class Subject:
    """The likeliest category, how surely (0..1), and the phrases that speak for it."""

    category: CategoryCode | None = None
    confidence: float = 0.0
    phrases: tuple[str, ...] = ()


def subject_of(evidence: Evidence, typed: CategoryCode | None) -> Subject:
    """The category with most evidence; None when nothing speaks for any."""
    scores = {code: _score(evidence, code) for code in CategoryCode}
    if typed:
        scores[typed] += _TYPED_AFTER_PA
    first, second = sorted(scores, key=lambda code: -scores[code])[:2]
    if scores[first] <= 0:
        return Subject()
    confidence = scores[first] / (scores[first] + scores[second] + 1)
    return Subject(first, round(confidence, 2), _phrases(evidence, first))


def _score(evidence: Evidence, code: CategoryCode) -> float:
    """Different phrases add up; those inside the words that say where count little."""
    best: dict[tuple[str, ...], float] = {}
    for signal in (f"{MATTER}.{code}", f"{FIELD_NAME}.{code}"):
        for hit in evidence.hits(signal):
            weight = hit.entry.weight * (_INSIDE_THE_PLACE if evidence.in_place(hit) else 1)
            weight += 0.5 * (hit.end - hit.start - 1) if not evidence.in_place(hit) else 0
            best[hit.entry.words] = max(weight, best.get(hit.entry.words, 0))
    return sum(best.values())


def _phrases(evidence: Evidence, code: CategoryCode) -> tuple[str, ...]:
    hits = (*evidence.hits(f"{MATTER}.{code}"), *evidence.hits(f"{FIELD_NAME}.{code}"))
    return tuple(dict.fromkeys(evidence.words.said(hit.start, hit.end) for hit in hits))
