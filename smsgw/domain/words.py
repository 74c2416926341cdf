"""A text as whole Vietnamese words: shorthand written out, typing leftovers and missing blanks mended."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from smsgw.domain.plain import Folded, fold

_TOKEN = re.compile(r"[a-z]+|[0-9]+(?:[/.,-][0-9]+)*")
# VNI keys that were never turned into letters stand inside a word ("d9u7o7ng2"); two such words tell that all are so.
_VNI_WORD = re.compile(r"(?<![a-z0-9])[a-z]+[1-9][a-z1-9]*[a-z][1-9]?(?![a-z0-9])")
_VNI_TOKEN = re.compile(r"[a-z]+(?:[1-9]+[a-z]*)*|[0-9]+(?:[/.,-][0-9]+)*")
_VNI_KEYS = str.maketrans("", "", "123456789")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|k(?![aou])|[bcdghlmnprstvx])?"
    r"(?:uye|uya|uyu|oai|oay|oeo|uay|uoi|uou|ieu|yeu|[iuy]e|a[oiuy]|eo|oi|[iuo]a|oe|uo|uy|ui|uu|iu|eu|au|ay|[aeiouy])"
    r"(?:ch|ng|nh|[cmnpt])?"
)
_STRETCHED = re.compile(r"(.)\1{2,}")
_REPEATED = re.compile(r"(.)\1+")
_DOUBLED = re.compile(r"aa|ee|oo|dd")
# Letters left out or put for others in haste: "thag" tháng, "mih" mình, "qá" quá, "wan" quan, "dzui" vui, "kai" cái, "luk" lúc,
# "khj" khi.
_HASTE = (
    (re.compile(r"(?<=[aeiouy])(?=[gh]$)"), "n"),
    (re.compile(r"^q(?=[aeio])"), "qu"),
    (re.compile(r"^dz"), "v"),
    (re.compile(r"^k(?=[aou])|(?<=[a-z][aeiouy])k$"), "c"),
    (re.compile(r"(?<=[^aeiouy])j"), "i"),
    (re.compile(r"^j"), "gi"),
    (re.compile(r"^z"), "d"),
)
_W_FOR_QU = re.compile(r"^w(?=[aey])")
_TONE_KEYS = str.maketrans("", "", "sfrxjwz")
_FIRST_VOWEL = re.compile(r"[aeiouyw]")
_SHORTEST_JOINED, _LONGEST_JOINED = 5, 40
_LONGEST_WORD = 7
_AFTER_A_NUMBER = {"k": ("nghin",), "tr": ("trieu",)}  # "50k", "2tr": elsewhere they say something else
_PAUSES = frozenset(".,;:!?")
_KNOWN_SPELLINGS_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text and the folded span each was read from (words of one shorthand share its span)."""

    folded: Folded
    plain: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    all_capitals: bool = False  # so that capitals tell nothing of names

    def said(self, first: int, after: int) -> str:
        """The original characters of the words [first, after), verbatim."""
        after = min(after, len(self.ends))
        return self.folded.said(self.starts[first], self.ends[after - 1]) if first < after else ""

    def is_capital(self, index: int) -> bool:
        """Whether the word begins with a capital letter as typed."""
        if index >= len(self.starts):
            return False
        start, offsets = self.starts[index], self.folded.offsets
        return self.folded.original[start if offsets is None else offsets[start]].isupper()

    def stops_after(self) -> list[int]:
        """The indices of words after which the sentence pauses or ends."""
        text = self.folded.text
        pairs = enumerate(zip(self.ends, self.starts[1:], strict=False))
        return [index for index, (end, start) in pairs if start > end + 1 and not _PAUSES.isdisjoint(text[end:start])]

    def between(self, index: int) -> str:
        """What stands between this word and the next, folded and stripped: punctuation or nothing."""
        if index < 0 or index + 1 >= len(self.plain):
            return "."
        return self.folded.text[self.ends[index] : self.starts[index + 1]].strip()


def is_syllable(word: str) -> bool:
    """Whether a plain word has the shape of one Vietnamese syllable."""
    return _SYLLABLE.fullmatch(word) is not None


def without_typing_keys(word: str) -> str:
    """The plain syllable meant by Telex keys that were never turned into letters ("dduowngf" is "duong")."""
    vowel = _FIRST_VOWEL.search(word)
    if vowel is None:
        return word
    head, tail = word[: vowel.start()], word[vowel.start() :]
    tail = ("u" if tail.startswith("w") else "") + tail.translate(_TONE_KEYS)
    return _DOUBLED.sub(lambda pair: pair.group()[0], head + tail)


def _token(text: str) -> re.Pattern[str]:
    """What a token of this folded text looks like."""
    first = _VNI_WORD.search(text)
    in_vni = first and _VNI_WORD.search(text, first.end())
    return _VNI_TOKEN if in_vni else _TOKEN


class Spelling:
    """How people shorten words, as a table, with the vocabulary that tells where joined words part."""

    def __init__(
        self, short: Mapping[str, str], vocabulary: Iterable[str] = (), behind: Mapping[str, str] | None = None
    ) -> None:
        """`behind` is what a token says right behind a certain word, by both with a blank between."""
        self._short = {word: tuple(full.split()) for word, full in short.items()}
        self._behind: dict[str, dict[str, tuple[str, ...]]] = {}
        for pair, full in (behind or {}).items():
            before, token = pair.split()
            self._behind.setdefault(token, {})[before] = tuple(full.split())
        self._by_company = frozenset((*_AFTER_A_NUMBER, *self._behind))
        self._vocabulary = frozenset(vocabulary) | {"p", "x"}
        self._met: dict[str, tuple[str, ...]] = {}

    @property
    def shorthand(self) -> Mapping[str, str]:
        """The table itself, for a reader with a vocabulary of its own."""
        return {word: " ".join(full) for word, full in self._short.items()}

    def words(self, text: str) -> Words:
        """Read a text as words, in order."""
        folded = fold(text)
        plain: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for match in _token(folded.text).finditer(folded.text):
            token, (start, end) = match.group(), match.span()
            written = self._met.get(token) or self._written_out(token)
            if token in self._by_company and plain:
                written = self._in_company(token, plain[-1], written, stuck=ends[-1] == start)
            plain += written
            if len(written) == 1:
                starts.append(start)
                ends.append(end)
            else:
                starts += [start] * len(written)
                ends += [end] * len(written)
        return Words(folded, tuple(plain), tuple(starts), tuple(ends), text.isupper())

    def tokens(self, text: str) -> list[str]:
        """What `words` writes out, as it stands in the text."""
        folded = fold(text).text
        return _token(folded).findall(folded)

    def may_say(self, token: str) -> frozenset[str]:
        """Every word that a token is read as, in whatever company."""
        behind = self._behind.get(token, {}).values()
        written = self._met.get(token) or self._written_out(token)
        return frozenset(chain(written, _AFTER_A_NUMBER.get(token, ()), *behind))

    def phrase(self, text: str) -> tuple[str, ...]:
        """A phrase of a table in the same spelling as `words` gives; shorthand in it is written out."""
        short = self._short if text.isascii() else {}
        return tuple(word for token in _TOKEN.findall(fold(text).text) for word in short.get(token, (token,)))

    def _in_company(self, token: str, before: str, alone: tuple[str, ...], *, stuck: bool) -> tuple[str, ...]:
        """What a token says behind this word; `alone` is what it says elsewhere."""
        if stuck and token in _AFTER_A_NUMBER and before[0].isdigit():
            return _AFTER_A_NUMBER[token]
        return self._behind.get(token, {}).get(before, alone)

    def _written_out(self, token: str) -> tuple[str, ...]:
        written = self._mended(token)
        if len(self._met) < _KNOWN_SPELLINGS_KEPT:
            self._met[token] = written
        return written

    def _mended(self, token: str) -> tuple[str, ...]:
        if token in self._short:
            return self._short[token]
        if token in self._vocabulary or token[0].isdigit() or is_syllable(token):
            return (token,)
        if not token.isalpha():
            return self._mended(token.translate(_VNI_KEYS))
        hasty = (pattern.sub(put, token) for pattern, put in _HASTE)
        by_ear = _STRETCHED.sub(r"\1", token), token.replace("f", "ph"), _W_FOR_QU.sub("qu", token)
        for tried in (*by_ear, without_typing_keys(token), *hasty):
            if tried in self._short:
                return self._short[tried]
            if tried != token and is_syllable(tried):
                return (tried,)
        single = _REPEATED.sub(r"\1", token)  # "mennu", "stopp", "tkssss"
        if single in self._short or single in self._vocabulary:
            return self._short.get(single, (single,))
        return self._parted(token) or (token,)

    def _parted(self, token: str) -> tuple[str, ...]:
        """The fewest known words that make up a token typed without blanks, or nothing."""
        if not _SHORTEST_JOINED <= len(token) <= _LONGEST_JOINED:
            return ()
        best: list[tuple[str, ...] | None] = [()] + [None] * len(token)
        for end in range(1, len(token) + 1):
            for start in range(max(0, end - _LONGEST_WORD), end):
                before, word = best[start], token[start:end]
                if before is None or not self._may_part(word, start):
                    continue
                found = best[end]
                if found is None or len(before) + 1 < len(found):
                    best[end] = (*before, word)
        return best[-1] or ()

    def _may_part(self, word: str, start: int) -> bool:
        return word in self._vocabulary and (len(word) > 1 or (start == 0 and word in "px"))
