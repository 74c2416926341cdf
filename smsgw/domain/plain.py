"""Vietnamese as a telephone sees it: folded to small letters without marks, each still knowing where it stood."""

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

# Letters of other scripts that look like Latin ones; they slip in by copying and from phone keyboards.
_LOOKALIKES = dict(zip("аеорсухіѕԁһјքɡıαοικνρτυ", "aeopcyxisdhjpgiaoiknptu", strict=True))
_UNSEEN = ("Cf", "Cc", "Cs", "Co", "Cn")
_MARKS = ("Mn", "Me")
_BLANKS = "\t\n\r\v\f\x85"


def _folded_letter(letter: str) -> str:
    """What one code point becomes: usually one small ASCII letter, nothing for marks and unseen characters."""
    if letter in _BLANKS:
        return " "
    out = ""
    for part in unicodedata.normalize("NFKD", letter.lower()):
        category = unicodedata.category(part)
        if category in _MARKS or category in _UNSEEN:
            continue
        out += "d" if part in "đð" else _LOOKALIKES.get(part, part)
    return out.casefold()


_UNEVEN: set[str] = set()  # letters met so far that do not become exactly one


class _Letters(dict[int, str]):
    """Every code point met so far with its folded form; at most one entry for each code point there is."""

    def __missing__(self, code: int) -> str:
        folded = _folded_letter(chr(code))
        if len(folded) != 1:
            _UNEVEN.add(chr(code))
        self[code] = folded  # last: who finds it here must know already that it is uneven
        return folded


_LETTERS = _Letters()


@dataclass(frozen=True, slots=True)
class Folded:
    """A text with its folded form; `offsets` is None when every character kept its place.

    Otherwise `offsets[i]` is the index in `original` of the i-th folded character, plus one closing entry.
    """

    original: str
    text: str
    offsets: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded characters [start, end) stand in the original; combining marks stay with their letter."""
        if self.offsets is None or start >= end:
            return start, end
        first, last = self.offsets[start], self.offsets[end - 1]
        following = self.offsets[bisect_right(self.offsets, last, end - 1)]
        return first, _without_unseen_tail(self.original, last + 1, following)

    def said(self, start: int, end: int) -> str:
        """The original characters behind the folded span [start, end), verbatim."""
        first, last = self.span(start, end)
        return self.original[first:last]


def _without_unseen_tail(original: str, least: int, end: int) -> int:
    while end > least and unicodedata.category(original[end - 1]) in _UNSEEN:
        end -= 1
    return max(end, least)


@lru_cache(maxsize=256)
def fold(text: str) -> Folded:
    """Fold a text, NFC or NFD, remembering where each folded character came from. The last few batches of texts are
    remembered: a text is folded by its grammar, by its reader, and again when it is acted on."""
    if text.isascii() and text.isprintable():
        return Folded(text, text.lower())
    folded = text.translate(_LETTERS)
    if _UNEVEN.isdisjoint(text):
        return Folded(text, folded)
    offsets = [index for index, letter in enumerate(text) for _ in _LETTERS[ord(letter)]]
    return Folded(text, folded, (*offsets, len(text)))


def plain(text: str) -> str:
    """The text in small letters without marks, its blanks made single: what may be compared with `==`."""
    return " ".join(fold(text).text.split())
