"""A complaint's history as figures read it: how it stood at a moment, by the lines written until then.

Here, and nowhere else, stands which kinds of lines settle a complaint, open it again or move its due moment.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

ANSWERED: Final = "answered"
CLOSED_OTHERWISE: Final = ("withdrawn", "refused")
REOPENED: Final = "reopened"
CALLED_BACK: Final = "called_back"  # the answer before it never went out: all stands as it did
SETTLES: Final = frozenset({ANSWERED, *CLOSED_OTHERWISE})
MOVES_DUE: Final = frozenset({"extended", "resumed", "term_waited", "due_brought_near", REOPENED, CALLED_BACK})
PAUSED: Final = "paused"
# What was no matter of its own: its text belongs to an earlier complaint, or went under seal and is counted there.
NOT_COUNTED: Final = ("joined", "put_under_seal")
# After one of these a complaint no longer stands as it stood before.
CHANGES: Final = tuple(sorted({REOPENED, PAUSED, *MOVES_DUE}))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a history."""

    kind: str
    at: datetime
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a complaint stood: its due moment, when it was settled, whether by an answer, how often it was opened again."""

    due_at: datetime | None
    settled_at: datetime | None = None
    answered: bool = False
    reopened: int = 0


def standing(lines: Iterable[Line], until: datetime, due_at: datetime | None) -> Standing:
    """How it stood just before `until`. `lines` are in the order they were written; `due_at` is its due moment where no
    line tells one. An answer that was sent again counts from when it was first given."""
    settled_at, answered, reopened = None, False, 0
    for line in lines:
        if line.at >= until:
            continue
        if line.kind == "received" or line.kind in MOVES_DUE:
            due_at = _due(line, due_at)
        if line.kind == PAUSED:
            due_at = None
        if line.kind == CALLED_BACK:
            settled_at, answered = None, False
        elif line.kind == REOPENED:
            settled_at, answered, reopened = None, False, reopened + 1
        elif line.kind in SETTLES and settled_at is None:
            settled_at, answered = line.at, line.kind == ANSWERED
    return Standing(due_at, settled_at, answered, reopened)


def _due(line: Line, known: datetime | None) -> datetime | None:
    """Lines of an older house do not tell it."""
    if "due" not in line.details:
        return known
    told = line.details["due"]
    return datetime.fromisoformat(told) if told else None
