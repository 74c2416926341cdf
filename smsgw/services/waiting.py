"""What a question to the citizen does to the due date: nothing, or, where the locality decided so, the term waits too."""

from datetime import datetime

from sqlalchemy.orm import Session

from smsgw.services import owing, pausing
from smsgw.services.handbook import Handbook
from smsgw.services.history import note
from smsgw.store.tables import Complaint


def begins(complaint: Complaint, *, stops_clock: bool) -> None:
    """A question went out: where it stops the clock nothing is chased until it is over. A clock that stands knows already
    when to look again."""
    if stops_clock and complaint.paused_at is None:
        complaint.look_at = None


def ends(session: Session, handbook: Handbook, complaint: Complaint, now: datetime) -> None:
    """The answer came, or silence is over: the working time waited is added to the term, from the moment of asking. Where
    the row of the term stopped the clock, an answer lets it run on, and nothing is added a second time, however many
    questions were asked meanwhile. Silence finds no clock that stands: whoever lets one run on for it tells the new date."""
    if pausing.resume(session, handbook, complaint, pausing.Why.REPLIED, now=now):
        return
    if complaint.asked_at is not None and pausing.stood_at(complaint, complaint.asked_at):
        return
    if not handbook.coaching.stops_clock or complaint.due_at is None or complaint.asked_at is None:
        return
    waited = handbook.calendar.worked_between(complaint.asked_at, now)
    if waited:
        complaint.due_at = handbook.calendar.after_work(complaint.due_at, waited)
        complaint.deadline_version += 1
        complaint.stage = ""
        minutes, due = int(waited.total_seconds() // 60), complaint.due_at.isoformat()
        note(session, complaint.id, "term_waited", at=now, minutes=minutes, due=due)
    complaint.look_at = owing.next_look(complaint, handbook, now)
