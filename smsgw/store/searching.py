"""Finds complaints by words of their text, place and reference, written with or without tone marks.

The words lie folded in rows of their own and are read from end to end, one unit's at a time: 100,000 texts take about 40 ms,
and a row costs the worker some fifteen microseconds of the hundred and thirty that filing takes. A full-text index (FTS5, GIN)
would cost it five times that in the filing transaction, to save milliseconds of a search now and then.
"""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, delete, insert, or_, select
from sqlalchemy.orm import Session

from smsgw.domain.plain import fold
from smsgw.store.later import Later
from smsgw.store.officials import Scope
from smsgw.store.tables import Complaint, SearchText, Unit

MOST_WORDS = 8
_BETWEEN = re.compile(r"[\W_]+")
_KEPT = insert(SearchText)


def words_of(sought: str) -> tuple[str, ...]:
    """The words that are looked for."""
    return tuple(dict.fromkeys(_BETWEEN.sub(" ", fold(sought).text).split()))[:MOST_WORDS]


def keep_later(later: Later, opened: dict[str, Any]) -> None:
    """A complaint just opened is found from when `later` is written."""
    words = told(opened["text"], opened["place"], opened["reference"])
    later.add(_KEPT, {"unit_id": opened["unit_id"], "complaint_id": opened["id"], "words": words})


def keep(session: Session, complaint: Complaint, *, unit_before: int | None = None) -> None:
    """Follows what changed: its text or place, or, from `unit_before`, its unit. Without a text it is not found."""
    mine = SearchText.complaint_id == complaint.id
    session.execute(delete(SearchText).where(SearchText.unit_id.in_({complaint.unit_id, unit_before or 0}), mine))
    if complaint.text:
        words = told(complaint.text, complaint.place, complaint.reference)
        session.execute(_KEPT, {"unit_id": complaint.unit_id, "complaint_id": complaint.id, "words": words})


def with_words(scope: Scope, words: Sequence[str]) -> Select[int]:
    """Ids of the complaints of the scope's units in which each of these begins a word."""
    homes = select(Unit.parent_id).where(Unit.id.in_(scope.offices))
    near = or_(SearchText.unit_id.in_(scope.units), SearchText.unit_id.in_(homes))
    held = [SearchText.words.contains(f" {word}", autoescape=True) for word in words]
    return select(SearchText.complaint_id).where(near, *held)


def told(*parts: str | None) -> str:
    """What lies there of a text, a place and a reference."""
    return " " + _BETWEEN.sub(" ", fold(" ".join(part for part in parts if part)).text)
