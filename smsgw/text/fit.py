"""How many SMS segments a text takes, and how to make it take fewer."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import gsm0338

from smsgw.text.lookalikes import LOOK_ALIKES, MENDED, SPELLED

_PAGE: Final = gsm0338.Codec()
_ESCAPE: Final = 0x1B
_SINGLE: Final = "".join(_PAGE.decode(bytes([code]))[0] for code in range(0x80) if code != _ESCAPE)
_DOUBLE: Final = "".join(_PAGE.decode(bytes([_ESCAPE, code]), "ignore")[0] for code in range(0x80))
_OUTSIDE: Final = f"[^{re.escape(_SINGLE + _DOUBLE)}]"
_FOREIGN: Final = re.compile(_OUTSIDE)
_FOREIGN_RUN: Final = re.compile(rf"\A(?:{_OUTSIDE}+ ?)+| ?{_OUTSIDE}+")
_MARKS: Final = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]+")
_LINE_END: Final = re.compile("\r\n?")


class _FoldedSigns(dict[int, str]):
    """Every sign met so far as it is folded; at most one entry for each code point there is."""

    def __missing__(self, code: int) -> str:
        spelled = chr(code).translate(SPELLED)
        self[code] = _MARKS.sub("", unicodedata.normalize("NFKD", spelled)).translate(LOOK_ALIKES)
        return self[code]


_FOLDED_SIGNS: Final = _FoldedSigns()


class Alphabet(StrEnum):
    """The two codings of a text message (3GPP TS 23.038): 7-bit default alphabet, or 16-bit units."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


@dataclass(frozen=True, slots=True)
class Fit:
    """What a text takes on the air.

    `units` are septets in GSM-7 (an extension sign takes two) or UTF-16 units in UCS-2; `left_in_segment` is how many
    more fit before another segment begins. An empty text takes no segment.
    """

    alphabet: Alphabet
    units: int
    segments: int
    left_in_segment: int


@dataclass(frozen=True, slots=True)
class _Room:
    alone: int
    joined: int
    takes_two: re.Pattern[str]


_ROOM: Final[Mapping[Alphabet, _Room]] = {
    Alphabet.GSM7: _Room(160, 153, re.compile(f"[{re.escape(_DOUBLE)}]")),
    Alphabet.UCS2: _Room(70, 67, re.compile("[\U00010000-\U0010ffff]")),
}


def measure(text: str) -> Fit:
    """The segments `text` takes exactly as it stands: nothing is normalised, folded or mended first.

    160 septets or 70 units alone; 153 or 67 a segment when joined (six octets go to the header, 3GPP TS 23.040).
    """
    alphabet = _alphabet(text)
    room = _ROOM[alphabet]
    units = _units(text, room)
    if units <= room.alone:
        return Fit(alphabet, units, segments=min(units, 1), left_in_segment=room.alone - units)
    parts = _filled(text, room)
    return Fit(alphabet, units, len(parts), room.joined - _units(parts[-1], room))


def split(text: str) -> list[str]:
    """The segments themselves, in order; joined they are `text` again.

    Each is filled as far as it goes, but an escape pair or a surrogate pair never straddles two.
    """
    room = _ROOM[_alphabet(text)]
    if _units(text, room) <= room.alone:
        return [text] if text else []
    return _filled(text, room)


def folded(text: str) -> str:
    """`text` without tone marks, and of GSM-7 signs only.

    Every accented letter is folded, the few that GSM-7 has too, so that no word keeps a mark beside words without.
    Typographic marks become their plain look-alikes; emoji and other scripts are left out, never shown as "?".
    """
    plain = _LINE_END.sub("\n", text)
    if plain.isascii() and not _FOREIGN.search(plain):
        return plain
    return _FOREIGN_RUN.sub("", unicodedata.normalize("NFC", plain).translate(_FOLDED_SIGNS))


def mended(text: str) -> str:
    """`text` in NFC, tone marks kept, without the signs that cost a segment and that no reader sees.

    Curly quotes, long dashes, odd spaces and invisible signs are replaced; an ellipsis only where that brings the text
    back to GSM-7, since three dots cost more than one sign elsewhere.
    """
    plain = _LINE_END.sub("\n", text)
    if plain.isascii() and not _FOREIGN.search(plain):
        return plain
    plain = unicodedata.normalize("NFC", plain).translate(MENDED)
    dotted = plain.replace("…", "...")
    gains = not _FOREIGN.search(dotted) and measure(dotted).segments <= measure(plain).segments
    return dotted if gains else plain


def _alphabet(text: str) -> Alphabet:
    return Alphabet.UCS2 if _FOREIGN.search(text) else Alphabet.GSM7


def _units(text: str, room: _Room) -> int:
    return len(text) + len(room.takes_two.findall(text))


def _filled(text: str, room: _Room) -> list[str]:
    parts: list[str] = []
    rest = text
    while rest:
        end = _as_far_as(rest, room)
        parts.append(rest[:end])
        rest = rest[end:]
    return parts


def _as_far_as(text: str, room: _Room) -> int:
    """How many signs one joined segment takes; a sign too much frees one or two units, hence the halving."""
    end = room.joined
    while (excess := _units(text[:end], room) - room.joined) > 0:
        end -= (excess + 1) // 2
    return end
