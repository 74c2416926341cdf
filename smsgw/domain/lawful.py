"""Recognises what the law has a procedure of its own for: denunciations, corruption, complaints against decisions.

Such a text is never an ordinary report: it is sealed, and whoever wrote it is guided to the lawful channel. An official who
was rude is reported as anything else is.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from smsgw.domain.phrases import GAP, NUMBER, Entry, Hit, PhraseBook
from smsgw.domain.plain import plain
from smsgw.domain.understanding import Intent, Understanding
from smsgw.domain.words import Spelling, Words

ACTOR, ACT, MASK = "actor", "act", "mask"
NEAR = 5  # words between the post and the act
MARKED = 0.5  # a text of which so many words bear marks leaves none out that belongs
# Of these a later one that is none of them by itself goes on with the sealed matter.
GOES_ON = frozenset({Intent.FOLLOWUP, Intent.CONFIRM, Intent.NEW_COMPLAINT, Intent.WRONG_NUMBER})
OWN_MATTER = 0.5
_TOKENS_KEPT = 20_000


class Channel(StrEnum):
    """Which procedure: the law on denunciations, on corruption, on complaints against decisions."""

    DENUNCIATION = "denunciation"
    CORRUPTION = "corruption"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Finding:
    """The procedure, and the words of the text that speak for it."""

    channel: Channel
    words: str


class Lawful:
    """Reads texts by a table of phrases as people write them with all their marks; made once, then free of state but for what
    it remembers."""

    def __init__(self, spelling: Spelling, phrases: Iterable[tuple[str, str]], breaks: Iterable[str]) -> None:
        """`phrases` are pairs of a signal (a channel, `<channel>.act`, `mask`, `actor`) and a phrase."""
        rows = [(signal, phrase, _spelt(spelling, phrase)) for signal, phrase in phrases]
        vocabulary = {word for _, _, words in rows for word in words}
        self._spelling = Spelling(spelling.shorthand, vocabulary)
        self._book = PhraseBook(Entry(words, signal, 1.0, _layer(signal)) for signal, _, words in rows)
        self._written = _by_words((words, phrase) for _, phrase, words in rows if GAP not in words)
        self._breaks = frozenset(breaks)
        self._speaking = _by_longest(words for signal, _, words in rows if signal not in (ACTOR, MASK))
        self._spoken = frozenset(word for phrases in self._speaking.values() for words in phrases for word in words)
        self._said_by: dict[str, frozenset[str]] = {}
        self._silent: set[str] = set()

    def find(self, text: str) -> Finding | None:
        """The procedure this text belongs to, None for an ordinary one. Never raises, whatever the text."""
        if self._says_nothing(text):
            return None
        words = self._spelling.words(text)
        hits = [hit for hit in self._book.find(words.plain, words.stops_after()) if self._is_meant(words, hit)]
        actors = [hit for hit in hits if hit.entry.signal == ACTOR]
        for hit in hits:
            channel, _, kind = hit.entry.signal.partition(".")
            if channel in (ACTOR, MASK) or (kind == ACT and not self._is_done_by(words, hit, actors)):
                continue
            return Finding(Channel(channel), words.said(hit.start, hit.end))
        return None

    def _says_nothing(self, text: str) -> bool:
        """Whether some word is missing of every phrase that speaks: true of nearly every text, and quickly told."""
        said: set[str] = set()
        for token in set(self._spelling.tokens(text)) - self._silent:
            said |= self._said_by.get(token) or self._words_of(token)
        return not any(words <= said for key in said & self._speaking.keys() for words in self._speaking[key])

    def _words_of(self, token: str) -> frozenset[str]:
        """The words of phrases that speak which the token may be; remembered, for tokens come again."""
        words = self._spoken & self._spelling.may_say(token)
        if len(self._said_by) + len(self._silent) < _TOKENS_KEPT:
            if words:
                self._said_by[token] = words
            else:
                self._silent.add(token)
        return words

    def _is_meant(self, words: Words, hit: Hit) -> bool:
        """Whether the marks typed, where some were, are those of the phrase: "to cao" is tall, too."""
        said = _lower(words.said(hit.start, hit.end))
        if hit.entry.signal in (ACTOR, MASK) or hit.entry.words not in self._written:
            return True
        if said.isascii() and not _is_marked(words):
            return True
        return said in self._written[hit.entry.words] or not said.replace(" ", "").isalpha()

    def _is_done_by(self, words: Words, act: Hit, actors: Iterable[Hit]) -> bool:
        """Whether somebody in a public post stands just before the act, and nobody else between."""
        near = (actor for actor in actors if 0 <= act.start - actor.end <= NEAR)
        return any(self._breaks.isdisjoint(words.plain[actor.end : act.start]) for actor in near)


def goes_on(read: Understanding) -> bool:
    """Whether what somebody writes soon after a sealed text belongs to it: all that tells no clear matter of its own. Conduct
    of officials is the field such a matter looks like."""
    if read.intent is not Intent.NEW_COMPLAINT:
        return read.intent in GOES_ON
    return read.category in (None, "HC") or read.category_confidence < OWN_MATTER


def names(text: str, person: str) -> bool:
    """Whether the text names this person, by at least two words of the name in their order: such a one never reads it."""
    name = [word for word in plain(person).split() if word.isalpha()]
    said = f" {' '.join(''.join(sign if sign.isalnum() else ' ' for sign in plain(text)).split())} "
    return any(f" {' '.join(part)} " in said for part in (name, name[-2:]) if len(part) > 1)


def _by_longest(phrases: Iterable[tuple[str, ...]]) -> Mapping[str, list[frozenset[str]]]:
    """The words of each phrase, found by the longest, which is likely to be the rarest."""
    found: dict[str, list[frozenset[str]]] = {}
    for phrase in phrases:
        words = frozenset(phrase) - {GAP, NUMBER}
        found.setdefault(max(sorted(words), key=len), []).append(words)
    return found


def _spelt(spelling: Spelling, phrase: str) -> tuple[str, ...]:
    return tuple(word for part in phrase.split() for word in ((GAP,) if part == GAP else spelling.phrase(part)))


def _layer(signal: str) -> str:
    """Longer phrases hide shorter ones, those in other words too."""
    return "" if signal == ACTOR else "lawful"


def _by_words(pairs: Iterable[tuple[tuple[str, ...], str]]) -> Mapping[tuple[str, ...], frozenset[str]]:
    written: dict[tuple[str, ...], frozenset[str]] = {}
    for words, phrase in pairs:
        written[words] = written.get(words, frozenset()) | {_lower(phrase)}
    return written


def _lower(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


def _is_marked(words: Words) -> bool:
    """Whether most of the text is written with its marks."""
    typed = [word for word in words.folded.original.split() if word.isalpha()]
    return len([word for word in typed if not word.isascii()]) > MARKED * len(typed)
