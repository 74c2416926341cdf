"""The fields officials gave to complaints, beside those the texts were read to have."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from smsgw.store.tables import Complaint, Label


@dataclass(frozen=True, slots=True)
class Settled:
    """One complaint's field as the text was `read_as` and as it stands `decided` by an official; `secret` when its text is
    for named eyes only."""

    text: str
    read_as: str | None
    decided: str
    secret: bool


def keep(session: Session, complaint: Complaint, decided: str, official_id: int | None, now: datetime) -> None:
    """Writes down what an official made of the field, also when it is what was read."""
    label = Label(
        complaint_id=complaint.id, read_as=complaint.category, decided=decided, official_id=official_id, at=now
    )
    session.add(label)


def settled(session: Session) -> list[Settled]:
    """Every complaint with a label, once: what was read at first, and what an official decided last."""
    query = (
        select(Complaint, Label).join(Label, Label.complaint_id == Complaint.id).order_by(Label.complaint_id, Label.id)
    )
    found: dict[int, Settled] = {}
    for complaint, label in session.execute(query):
        first = found.get(complaint.id)
        read_as = first.read_as if first else label.read_as
        secret = complaint.sensitive or complaint.emergency
        found[complaint.id] = Settled(complaint.text, read_as, label.decided, secret)
    return list(found.values())
