"""Which texts wait for a second person before they leave, and who that person may be."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Final

from smsgw.domain.progress import Duty


class Why(StrEnum):
    """Why a text waits: it holds a web address or a telephone number that no list allows, or the leader approves answers
    of this field."""

    MENTIONS = "mentions"
    APPROVAL = "approval"


LOOKERS: Final[Mapping[Why, frozenset[Duty]]] = {
    Why.MENTIONS: frozenset({Duty.FOCAL, Duty.LEADER}),
    Why.APPROVAL: frozenset({Duty.LEADER}),
}


def may_look(reasons: Iterable[str], duties: Collection[str]) -> bool:
    """Whether somebody with these role names may decide on a text that waits for these reasons."""
    return all(LOOKERS[Why(reason)].intersection(duties) for reason in reasons)
