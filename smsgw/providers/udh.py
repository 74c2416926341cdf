"""Reads the header that the network puts before a part of a long text (3GPP TS 23.040, 9.2.3.24)."""

from collections.abc import Sequence
from typing import Final

from smsgw.domain.messages import Part

# Information elements of concatenated texts: how many octets their reference takes.
_REFERENCE_OCTETS: Final = {0x00: 1, 0x08: 2}


def part_of(header: bytes) -> Part | None:
    """What part of which long text; None for a text of its own, and for a header that does not add up.

    An element that makes no sense is passed over and the last good one counts, as the standard wants it.
    """
    found = None
    for kind, data in _elements(header):
        octets = _REFERENCE_OCTETS.get(kind)
        if octets and len(data) == octets + 2:
            total, number = data[octets:]
            if 1 <= number <= total and total > 1:
                found = Part(int.from_bytes(data[:octets], "big"), total, number)
    return found


def _elements(header: bytes) -> Sequence[tuple[int, bytes]]:
    """Kind and content of each; none at all where the lengths disagree."""
    found, at = [], 1
    while at + 1 < len(header):
        end = at + 2 + header[at + 1]
        found.append((header[at], header[at + 2 : end]))
        at = end
    adds_up = header and header[0] + 1 == len(header) == at
    return found if adds_up else []
