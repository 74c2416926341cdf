"""Whom a demo may text through a real provider: those who texted in, and those who are listed."""

from collections.abc import Collection

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from smsgw.store.tables import Inbound


def may_text(session: Session, phone: str, allowed: Collection[str]) -> bool:
    """Whether this number texted in or is listed."""
    return phone in allowed or bool(session.scalar(select(exists().where(Inbound.sender == phone))))
