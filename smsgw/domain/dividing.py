"""Whether a citizen's words are rightly divided between two matters: only theirs, in their order, and none lost."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from smsgw.domain.plain import plain


class Flaw(StrEnum):
    """What is wrong with a division."""

    EMPTY = "empty"
    NOT_THEIRS = "not_theirs"
    LOST = "lost"


def flaw(whole: str, stays: str, goes: str) -> Flaw | None:
    """What is wrong, if anything. A word may stand in both halves: the place, or a name. Signs and tone marks do not count."""
    text, halves = _words(whole), [_words(stays), _words(goes)]
    if not all(halves):
        return Flaw.EMPTY
    if not all(_in_order(half, text) for half in halves):
        return Flaw.NOT_THEIRS
    kept = Counter(halves[0]) + Counter(halves[1])
    return Flaw.LOST if Counter(text) - kept else None


def _words(text: str) -> list[str]:
    signs = (sign if sign.isalnum() else " " for sign in plain(text))
    return "".join(signs).split()


def _in_order(half: Iterable[str], whole: Iterable[str]) -> bool:
    left = iter(whole)
    return all(word in left for word in half)
