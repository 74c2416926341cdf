"""Whose texts are taken up next: the oldest first, but no phone fills a batch while others wait."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Protocol, TypeVar

SHARE = 8  # texts of one phone in a batch that others want a place in
LOOKS = 4  # a fifth phone that floods at the same moment may fill what is left


class Sent(Protocol):
    """A waiting text, by id in the order of coming."""

    @property
    def id(self) -> int: ...
    @property
    def sender(self) -> str: ...


T = TypeVar("T", bound=Sent)


def in_turn(oldest: Callable[[Collection[str], int], Sequence[T]], most: int) -> list[T]:
    """Up to `most` texts, each once. `oldest` finds waiting texts, oldest first: but those of the senders given, and at most
    so many; it finds again what an earlier look took.

    It is asked once where nobody crowds. What a crowding phone sent beyond its share takes the places nobody else wants.
    """
    taken: list[T] = []
    beyond: list[T] = []
    seen: set[int] = set()
    for _ in range(LOOKS):
        found = oldest({text.sender for text in beyond}, most)
        fresh = [text for text in found if text.id not in seen]
        seen.update(text.id for text in fresh)
        share, rest = _shared(fresh, taken)
        taken += share
        beyond += rest
        if not rest or len(found) < most or len(taken) >= most:
            break
    taken = taken[:most]
    return sorted(taken + beyond[: most - len(taken)], key=lambda text: text.id)


def _shared(texts: Sequence[T], taken: Sequence[T]) -> tuple[list[T], list[T]]:
    """The texts within each phone's share, counted with those already taken, and those beyond it."""
    seen = Counter(text.sender for text in taken)
    share: list[T] = []
    beyond: list[T] = []
    for text in texts:
        seen[text.sender] += 1
        (share if seen[text.sender] <= SHARE else beyond).append(text)
    return share, beyond
