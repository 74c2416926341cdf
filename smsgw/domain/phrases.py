"""Finds every phrase of a table in a list of words, in one pass."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

GAP = ".."
NUMBER = "#"
_WIDEST_GAP = 4
_ABOVE_NUMBERS = ":"  # a word begins with a letter or is a number, and ":" follows the digits


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase of a table: what it speaks for, how strongly, and its words.

    `..` stands for up to four words of any kind, `#` for a number. Within one `layer` a longer phrase hides the
    shorter ones inside it; a blank layer never hides anything.
    """

    words: tuple[str, ...]
    signal: str
    weight: float
    layer: str = ""

    @property
    def is_close(self) -> bool:
        """Whether the words follow one another without a gap."""
        return GAP not in self.words


class Hit(NamedTuple):
    """An entry found at the words [start, end)."""

    start: int
    end: int
    entry: Entry


class _Node:
    __slots__ = ("after_gap", "entries", "following")

    def __init__(self) -> None:
        self.following: dict[str, _Node] = {}
        self.after_gap: dict[str, _Node] = {}
        self.entries: tuple[Entry, ...] = ()


class PhraseBook:
    """A table of phrases made ready for searching."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._root = _Node()
        for entry in entries:
            self._add(entry)

    def find(self, words: Sequence[str], pauses: Sequence[int] = ()) -> list[Hit]:
        """Every phrase that occurs, in order of its first word; those hidden by longer ones left out.

        A phrase without a gap does not run over a pause; `pauses` are the indices of the words before one, in order.
        """
        hits: list[Hit] = []
        begins, count = self._root.following, len(words)
        for start, word in enumerate(words):
            if word < _ABOVE_NUMBERS:
                _walk(words, start, [(self._root, start)], hits)
                continue
            node, at = begins.get(word), start + 1
            while node:  # one way to go, which most have
                if node.after_gap or (at < count and words[at] < _ABOVE_NUMBERS):
                    _walk(words, start, [(node, at)], hits)
                    break
                for entry in node.entries:
                    hits.append(Hit(start, at, entry))  # noqa: PERF401 - of one entry, mostly: a list made first costs more
                if at == count:
                    break
                node, at = node.following.get(words[at]), at + 1
        return _without_hidden([hit for hit in hits if not _runs_over(hit, pauses)] if pauses else hits)

    def _add(self, entry: Entry) -> None:
        node, gap = self._root, False
        assert entry.words[:1] != (GAP,), entry
        for word in entry.words:
            if word == GAP:
                gap = True
                continue
            branches = node.after_gap if gap else node.following
            node, gap = branches.setdefault(word, _Node()), False
        if all((old.signal, old.layer) != (entry.signal, entry.layer) for old in node.entries):
            node.entries = (*node.entries, entry)


def _walk(words: Sequence[str], start: int, waiting: list[tuple[_Node, int]], hits: list[Hit]) -> None:
    """Every way on from these nodes: where a number may be meant as such, or a gap may follow."""
    while waiting:
        node, at = waiting.pop()
        for entry in node.entries:
            hits.append(Hit(start, at, entry))  # noqa: PERF401
        if at < len(words):
            _follow(node.following, words[at], at, waiting)
        if node.after_gap:
            for later in range(at, min(at + _WIDEST_GAP + 1, len(words))):
                _follow(node.after_gap, words[later], later, waiting)


def _follow(branches: dict[str, _Node], word: str, at: int, waiting: list[tuple[_Node, int]]) -> None:
    if node := branches.get(word):
        waiting.append((node, at + 1))
    if word < _ABOVE_NUMBERS and (node := branches.get(NUMBER)):
        waiting.append((node, at + 1))


def _runs_over(hit: Hit, pauses: Sequence[int]) -> bool:
    start, end, entry = hit
    if end - start < 2:
        return False
    following = bisect_left(pauses, start)
    return following < len(pauses) and pauses[following] < end - 1 and entry.is_close


def _without_hidden(hits: list[Hit]) -> list[Hit]:
    layers: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.entry.layer:
            layers.setdefault(hit.entry.layer, []).append(hit)
    hidden = {id(hit) for layer in layers.values() if len(layer) > 1 for hit in _hidden(layer)}
    return [hit for hit in hits if id(hit) not in hidden] if hidden else hits


def _hidden(layer: Iterable[Hit]) -> Iterator[Hit]:
    """Those inside a longer one, in one sweep: whoever began before, or as early and longer, and reaches as far."""
    reach = before = -1
    span = (-1, -1)
    for hit in sorted(layer, key=lambda hit: (hit.start, -hit.end)):
        if (hit.start, hit.end) != span:
            before, span = reach, (hit.start, hit.end)
        if hit.end <= before:
            yield hit
        reach = max(reach, hit.end)
