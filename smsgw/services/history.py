"""Writes one line of a complaint's history."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from smsgw.store.later import Later
from smsgw.store.tables import Event

_JOTTED = insert(Event)


def jot(later: Later, complaint_id: int, kind: str, *, at: datetime, words: str = "", **details: Any) -> None:
    """Adds a line of the citizen's doing that nothing needs the id of: many are written down together."""
    later.add(_JOTTED, {"complaint_id": complaint_id, "kind": kind, "at": at, "note": words, "details": details})


def note(
    session: Session,
    complaint_id: int,
    kind: str,
    *,
    at: datetime,
    official_id: int | None = None,
    words: str = "",
    **details: Any,
) -> Event:
    """Adds the line and gives it its id. `kind` is a word such as received, routed, passed_on, asked, answered, rated."""
    line = Event(complaint_id=complaint_id, kind=kind, at=at, official_id=official_id, note=words, details=details)
    session.add(line)
    session.flush()
    return line
