"""Takes an answer back that has not gone out yet: its writer thought better of it in the seconds that it waits."""

from datetime import datetime

from sqlalchemy.orm import Session

from smsgw.domain.histories import CALLED_BACK
from smsgw.domain.progress import Act, Refusal, decide
from smsgw.services.answering import Writer
from smsgw.services.history import note
from smsgw.services.standing import put_back
from smsgw.services.windows import Letters
from smsgw.store import complaints, merged, outbox
from smsgw.store.tables import OPEN_STATES, Complaint, Event


def may_call_back(session: Session, complaint: Complaint, official_id: int, now: datetime) -> datetime | None:
    """Until when this official may take the answer back; None where it is not theirs, where it has gone, or where something
    has happened since."""
    line = _newest_answer(session, complaint)
    if line is None or line.official_id != official_id or not _was_open(line):
        return None
    return outbox.waits_until(session, line.details["outbox_id"] or 0, now)


def call_back(session: Session, complaint: Complaint, writer: Writer, *, now: datetime) -> bool:
    """Nobody gets it, and everything stands as it did before; whether that could be done. The complaint must be locked."""
    line = _newest_answer(session, complaint)
    if line is None or may_call_back(session, complaint, writer.id, now) is None:
        return False
    if isinstance(
        decide(Act.CALL_BACK, complaint.stands, writer.duties, has_office=complaint.office_id is not None), Refusal
    ):
        return False
    shared = [
        (part, told)
        for part in merged.parts(session, complaint.id, to_change=True)
        if (told := _same(session, part, line))
    ]
    lines = (line, *(told for _part, told in shared))
    letters = [one.details[which] for one in lines for which in Letters._fields if one.details[which]]
    if not outbox.call_back(session, letters, now):
        return False
    for one, told in ((complaint, line), *shared):
        put_back(one, told.details["before"])
        due_at = one.due_at.isoformat() if one.due_at else None
        note(session, one.id, CALLED_BACK, at=now, official_id=writer.id, due=due_at)
    return True


def called_back(session: Session, complaint: Complaint, official_id: int) -> str:
    """The words that this official took back last, while nothing has followed; empty for none."""
    lines = complaints.history(session, complaint.id)[-2:]
    if [line.kind for line in lines] != ["answered", CALLED_BACK] or lines[1].official_id != official_id:
        return ""
    return lines[0].note


def _newest_answer(session: Session, complaint: Complaint) -> Event | None:
    """The answer, while nothing but notes has followed."""
    lines = [line for line in complaints.history(session, complaint.id) if line.kind != "noted"]
    newest = lines[-1] if lines else None
    return newest if newest is not None and newest.kind == "answered" and complaint.state == "answered" else None


def _was_open(line: Event) -> bool:
    """Whether it was the first answer since the complaint came or was opened again: one that was sent once more stays."""
    return line.details.get("before", {}).get("state") in OPEN_STATES


def _same(session: Session, part: Complaint, line: Event) -> Event | None:
    """What the answer did to a complaint that is handled with the one it was written for."""
    told = _newest_answer(session, part)
    return told if told is not None and told.at == line.at and told.official_id == line.official_id else None
