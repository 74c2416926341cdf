"""How much care a text needs: danger to people, matters for named eyes only, accusations."""

from smsgw.domain.phrases import Hit
from smsgw.domain.understanding.lexicon import Evidence
from smsgw.domain.understanding.outcome import Sensitive

_NUMBERS = {"ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10, "chuc": 10}
_MANY = frozenset({"nhieu", "loat"})
_ENOUGH_ILL = 3
_MOST_ILL = 999
_LIKENED_WITHIN = 2
_SENSITIVE = tuple((kind, f"care.{kind}") for kind in Sensitive)


def danger_in(evidence: Evidence) -> str | None:
    """The words that say people are, or within hours may be, in danger; None when there are none."""
    hits = [hit for hit in evidence.hits("care.danger") if not _only_likened(evidence, hit)]
    if hits and not evidence.has("care.danger.against"):
        hit = max(hits, key=lambda h: h.end - h.start)
        return evidence.words.said(hit.start, hit.end)
    return many_ill(evidence) or _sick_herd(evidence)


def _only_likened(evidence: Evidence, hit: Hit) -> bool:
    """ "giật mình như bị điện giật": said for comparison."""
    return "nhu" in evidence.words.plain[max(0, hit.start - _LIKENED_WITHIN) : hit.start]


def _sick_herd(evidence: Evidence) -> str | None:
    """Several sick animals."""
    if not (evidence.has("care.animal_illness") and evidence.has("matter.NN") and evidence.has("care.herd")):
        return None
    hit = evidence.hits("care.herd")[0]
    return evidence.words.said(hit.start, hit.end)


def many_ill(evidence: Evidence) -> str | None:
    """Three or more people ill in one place."""
    if not evidence.has("care.illness"):
        return None
    plain = evidence.words.plain
    for hit in evidence.hits("care.ill"):
        for at in (hit.start - 1, hit.start - 2):
            if at >= 0 and _counted(plain[at]) >= _ENOUGH_ILL and plain[at - 1 : at] not in (("to",), ("thon",)):
                return evidence.words.said(at, hit.end)
    return None


def _counted(word: str) -> int:
    if word.isdigit() and int(word) <= _MOST_ILL:
        return int(word)
    return _ENOUGH_ILL if word in _MANY else _NUMBERS.get(word, 0)


def sensitive_in(evidence: Evidence) -> frozenset[Sensitive]:
    """Which sensitive matters the text touches."""
    return frozenset([kind for kind, signal in _SENSITIVE if evidence.has(signal)])


def is_denunciation(evidence: Evidence) -> bool:
    """Whether somebody is accused, or a decision contested, which has a procedure of its own."""
    return evidence.has("care.denunciation") and not evidence.has("care.denunciation.against")
