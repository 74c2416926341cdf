"""Reads where a USSD session stands, for a phone that shows it again."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from smsgw.store.tables import Sitting


@dataclass(frozen=True, slots=True)
class Shown:
    """The last screen of a session; with `more` it waits for an answer. `history` is what was typed, joined by `*`."""

    session_id: str
    text: str
    more: bool
    history: str


def last_shown(session: Session, provider: str, session_id: str, phone: str) -> Shown | None:
    """The session of this phone, or None."""
    query = select(Sitting).where(
        Sitting.provider == provider, Sitting.session_id == session_id, Sitting.phone == phone
    )
    row = session.scalars(query).one_or_none()
    return Shown(row.session_id, row.last_screen, row.more, row.last_history or "") if row else None
