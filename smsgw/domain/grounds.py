"""For which reasons a complaint may be refused, and the act that each comes from.

That something is missing in it is no reason: the citizen is asked (Circular 11/2014/TT-BCT). Neither is that it is another
office's: it is passed on. What has a procedure of its own is sealed.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

_DECREE: Final = "154/2026/NĐ-CP, Điều 4"


class Ground(StrEnum):
    """A lawful reason."""

    ANSWERED_BEFORE = "answered_before"
    ANOTHER_BODY = "another_body"
    COURT = "court"


SOURCES: Final[Mapping[Ground, str]] = dict.fromkeys(Ground, _DECREE)
