"""Several offices, one answer: others are asked for their part, and whoever has the complaint writes to the citizen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from smsgw.domain.notices import Lane, PartOverdue
from smsgw.domain.progress import Act, Refusal, decide
from smsgw.services.answering import Writer
from smsgw.services.handbook import Handbook
from smsgw.services.history import note
from smsgw.services.telling import Envelope, tell_official
from smsgw.store import contributions, officials
from smsgw.store.database import Database
from smsgw.store.officials import OWN_OFFICE
from smsgw.store.tables import Complaint, Contribution
from smsgw.text.speech import Speech

BATCH = 100


class NotAskedError(ValueError):
    """The office is no other one of this unit, nothing is asked, or the day is over."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an office is asked, and by the close of which day; None for when the answer itself is due."""

    office_id: int
    question: str
    until: date | None = None


def ask(
    session: Session, handbook: Handbook, complaint: Complaint, asked: Asked, writer: Writer, *, now: datetime
) -> Refusal | None:
    """An office is asked for its part; asked again, the newer question and day count."""
    refused = decide(Act.ASK_OFFICE, complaint.stands, writer.duties, has_office=complaint.office_id is not None)
    if isinstance(refused, Refusal):
        return refused
    office = handbook.places.get(asked.office_id)
    due = handbook.calendar_of(complaint.unit_id).close_of(asked.until) if asked.until else complaint.due_at
    question = " ".join(asked.question.split())
    is_other = office is not None and office.parent_id == complaint.unit_id and office.id != complaint.office_id
    if office is None or not is_other or not question or (asked.until and due and due <= now):
        raise NotAskedError
    row = contributions.asked_of(session, complaint.id, office.id)
    if row is None:
        row = Contribution(complaint_id=complaint.id, office_id=office.id)
        session.add(row)
    row.question, row.asked_by, row.asked_at, row.due_at = question, writer.id, now, due
    row.given_by = row.given_at = row.told_at = None
    told = f"{handbook.name_of(office.id)}: {question}"
    note(session, complaint.id, "part_asked", at=now, official_id=writer.id, words=told, unit=complaint.unit_id)
    return None


def give(session: Session, row: Contribution, words: str, writer: Writer, *, now: datetime) -> None:
    """The office's part, for whoever writes the answer; given again, the newer words count."""
    row.words, row.given_by, row.given_at = words.strip(), writer.id, now
    unit = row.complaint.unit_id
    note(session, row.complaint_id, "part_given", at=now, official_id=writer.id, words=row.words, unit=unit)


@dataclass(frozen=True, slots=True)
class Watch:
    """Tells offices that their part is overdue, once."""

    database: Database
    speech: Speech
    now: Callable[[], datetime]

    def batch(self) -> int:
        """Up to `BATCH`; how many."""
        now = self.now()
        with self.database.write() as session:
            rows = contributions.overdue(session, now, BATCH)
            for row in rows:
                self._tell(session, row, now)
        return len(rows)

    def _tell(self, session: Session, row: Contribution, now: datetime) -> None:
        row.told_at = now
        for official in officials.with_phone(session, row.office_id, OWN_OFFICE):
            key = f"part:{row.id}:{row.due_at.isoformat() if row.due_at else ''}:{official.phone}"
            envelope = Envelope(key, Lane.REMINDER, row.complaint_id)
            tell_official(session, self.speech, official, PartOverdue(row.complaint.reference or ""), envelope, now=now)
