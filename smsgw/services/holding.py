"""Keeps an official's text back until a second person has looked at it. The complaint stays as it is, and its clock runs."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from smsgw.domain.second_look import Why
from smsgw.services.history import note
from smsgw.store import held
from smsgw.store.tables import Complaint, HeldLetter


def hold(
    session: Session, complaint: Complaint, letter: HeldLetter, reasons: Sequence[Why], *, now: datetime
) -> HeldLetter:
    """The text waits from now on, in place of one that waited before. The complaint must be locked."""
    replace(session, complaint.id)
    letter.complaint_id, letter.reasons, letter.written_at = complaint.id, [str(why) for why in reasons], now
    session.add(letter)
    session.flush()
    note(
        session,
        complaint.id,
        "held",
        at=now,
        official_id=letter.written_by,
        reasons=letter.reasons,
        held=letter.id,
    )
    return letter


def replace(session: Session, complaint_id: int) -> None:
    """Another text goes or waits in their place: whatever waited, or came back, is done with."""
    held.settle(session, complaint_id, ("waiting", *held.AT_THE_WRITERS), "replaced")


def put_back(session: Session, complaint_id: int) -> None:
    """The complaint went to other people: what waited is there for them to change, and goes nowhere by itself."""
    held.settle(session, complaint_id, ("waiting",), "taken_back")
