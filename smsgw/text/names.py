"""Makes a long name shorter by rule: known words by their short forms, then whole words from its end. Never a cut word."""

from collections.abc import Iterator
from typing import Final

# As plates and letterheads have them; whoever reads knows them. Longer forms first.
_SHORT: Final = (
    ("Hội đồng nhân dân", "HĐND"),
    ("Ủy ban nhân dân", "UBND"),
    ("Trung tâm Phục vụ hành chính công", "Trung tâm hành chính công"),
    ("Bộ Chỉ huy Quân sự", "BCHQS"),
    ("Ban Chỉ huy Quân sự", "BCHQS"),
    ("Trung tâm", "TT"),
    ("Phường", "P."),
    ("Thị trấn", "TT."),
    ("Xã", "X."),
    ("Phòng", "P."),
    ("Thành phố", "TP"),
)
_JOINTS: Final = frozenset({"và", "-", "–", "của", "tại", "với", "cho", "các"})


def shorter(name: str) -> Iterator[str]:
    """Shorter and shorter forms of a name, the first with short forms of known words, the last its first word; none for a
    name of one word that has no short form."""
    short = _abbreviated(name)
    if short != name:
        yield short
    words = short.split()
    while len(words) > 1:
        words.pop()
        while len(words) > 1 and words[-1].lower() in _JOINTS:
            words.pop()
        yield " ".join(words).rstrip(",;:")


def _abbreviated(name: str) -> str:
    said = f" {' '.join(name.split())} "
    for long, short in _SHORT:
        said = said.replace(f" {long} ", f" {short} ").replace(f" {long}, ", f" {short}, ")
    return said.strip()
