"""Lays words out on screens of one segment each: no word is cut, and every screen says which keys lead on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from smsgw.text.fit import measure

DOTS = "..."


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is to be said, already in the signs it is sent in. `head` stands on the first page; words flow, lines stay whole
    where they fit; `out` are the keys that lead away, `more` the one to the next page, `skip` the one past a question."""

    head: str = ""
    words: str = ""
    lines: Sequence[str] = field(default=())
    out: str = ""
    more: str = ""
    skip: str = ""


def fits(text: str) -> bool:
    """One segment at most: 160 septets, or 70 units where one sign needs them."""
    return measure(text).segments <= 1


def pages(sheet: Sheet) -> list[str]:
    """The pages, at least one. Only the last is without the key that leads on."""
    pieces = [*_flowing(sheet), *sheet.lines]
    alone = _whole(sheet)
    if fits(alone):
        return [alone]
    laid: list[str] = []
    head, rest = sheet.head, pieces
    while rest:
        taken, rest = _filled(head, rest, sheet)
        keys = " ".join(part for part in (sheet.out, sheet.more if rest else "") if part)
        laid.append(_page([head, taken], keys))
        head = ""
    return laid


def brief(sheet: Sheet) -> Sheet:
    """The same with its words shortened at a word's end so that all is on one page, where that can be."""
    words = sheet.words.split(" ")
    for kept in range(len(words), 0, -1):
        said = " ".join(words[:kept]) + ("" if kept == len(words) else DOTS)
        tried = Sheet(sheet.head, said, sheet.lines, sheet.out, sheet.more, sheet.skip)
        if fits(_whole(tried)):
            return tried
    return sheet


def shortened(text: str) -> str:
    """What fits of a text that stands alone, cut at a word's end."""
    words = text.split(" ")
    while not fits(text) and words:
        words.pop()
        text = " ".join(words) + DOTS
    return text


def _whole(sheet: Sheet) -> str:
    """All of it on one page, whether that fits or not."""
    keys = " ".join(part for part in (sheet.out, sheet.skip) if part)
    return _page([sheet.head, _joined([*_flowing(sheet), *sheet.lines])], keys)


_WORD = "\x1f"  # goes before a word that flows on behind the word before it


def _flowing(sheet: Sheet) -> list[str]:
    first, *others = sheet.words.split(" ")
    return [first, *(_WORD + word for word in others)] if sheet.words else []


def _filled(head: str, pieces: Sequence[str], sheet: Sheet) -> tuple[str, list[str]]:
    """As many pieces as one page takes, and the rest; at least one word of a piece, however long."""
    most = 0
    for count in range(1, len(pieces) + 1):
        keys = f"{sheet.out} {sheet.more}".strip() if count < len(pieces) else sheet.out
        if not fits(_page([head, _joined(pieces[:count])], keys)):
            break
        most = count
    if most:
        return _joined(pieces[:most]), list(pieces[most:])
    return _torn(head, pieces, sheet)


def _torn(head: str, pieces: Sequence[str], sheet: Sheet) -> tuple[str, list[str]]:
    """A piece longer than a page goes on at the next blank; a word longer than a page at the next sign."""
    piece = pieces[0].removeprefix(_WORD)
    keys = f"{sheet.out} {sheet.more}".strip()
    ends = [at for at, sign in enumerate(piece) if sign == " "] or list(range(1, len(piece)))
    fitting = [at for at in ends if fits(_page([head, piece[:at]], keys))]
    if not fitting:
        return piece, list(pieces[1:])
    at = fitting[-1]
    return piece[:at], [piece[at:].lstrip(" "), *pieces[1:]]


def _joined(pieces: Sequence[str]) -> str:
    return "\n".join(pieces).replace(f"\n{_WORD}", " ").replace(_WORD, "")


def _page(parts: Sequence[str], keys: str) -> str:
    return "\n".join(part for part in (*parts, keys) if part)
