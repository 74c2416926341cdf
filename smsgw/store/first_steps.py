"""Which steps of the first-day guide an official has done."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from smsgw.store.database import insert_once
from smsgw.store.tables import FirstStep


def done(session: Session, official_id: int) -> frozenset[str]:
    """The steps, and `dismissed` where the guide was put away."""
    return frozenset(session.scalars(select(FirstStep.step).where(FirstStep.official_id == official_id)))


def tick(session: Session, official_id: int, step: str, now: datetime) -> None:
    """Once: the first time counts."""
    insert_once(session, FirstStep, {"official_id": official_id, "step": step, "done_at": now})


def untick(session: Session, official_id: int, step: str) -> None:
    """As if it had not been done."""
    session.execute(delete(FirstStep).where(FirstStep.official_id == official_id, FirstStep.step == step))
