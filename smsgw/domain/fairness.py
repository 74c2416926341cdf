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
    """Up to `most` texts. `oldest` finds waiting texts, oldest first: but those of the senders given, and at most so many.

    It is asked once where nobody crowds. What a crowding phone sent beyond its share takes the places nobody else wants.
    """
    taken: list[T] = []
    beyond: list[T] = []
    for _ in range(LOOKS):
        wanted = most - len(taken)
        found = oldest({text.sender for text in beyond}, wanted)
        share, rest = _shared(found)
        taken += share
        beyond += rest
        if not rest or len(found) < wanted:
            break
    return sorted(taken + beyond[: most - len(taken)], key=lambda text: text.id)


def _shared(texts: Sequence[T]) -> tuple[list[T], list[T]]:
    """The texts within each phone's share, and those beyond it."""
    seen: Counter[str] = Counter()
    share: list[T] = []
    beyond: list[T] = []
    for text in texts:
        seen[text.sender] += 1
        (share if seen[text.sender] <= SHARE else beyond).append(text)
    return share, beyond
