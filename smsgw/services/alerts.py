"""Lays alerts down, one a person, and words them: the one place where what an alert says is made."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from smsgw.domain.deadlines import Step
from smsgw.domain.notices import DeadlineAlert, Lane, Notice, Unopened
from smsgw.services.handbook import Handbook
from smsgw.services.reaching import Reached
from smsgw.services.telling import Envelope
from smsgw.store import alerts
from smsgw.store.tables import AlertRow, Complaint

UNOPENED = "unopened"


@dataclass(frozen=True, slots=True)
class Alert:
    """What there is to tell: a stage of a step, and when that is due; of a case that nobody opened, since when. `mark` tells
    it from every other alert of the same complaint; `rung` is how far it has climbed; one that `waits` goes into the digest."""

    step: Step
    stage: str
    due: datetime
    mark: str
    rung: int = 0
    waits: bool = False
    any_hour: bool = False


def lay(session: Session, complaint: Complaint, to: Reached, what: Alert, now: datetime) -> bool:
    """Once a person, whoever looks. Who wishes for no digest is told of everything at once."""
    row = {
        "key": f"alert:{complaint.id}:{what.mark}:{to.official.phone}",
        "complaint_id": complaint.id,
        "official_id": to.official.id,
        "phone": to.official.phone,
        "step": what.step.value,
        "stage": what.stage,
        "rung": what.rung,
        "due_at": what.due,
        "urgent": complaint.urgent,
        "any_hour": what.any_hour,
        "waits": what.waits and to.official.digest,
        "instead_of": to.instead_of,
        "created_at": now,
    }
    return alerts.lay(session, row)


def worded(handbook: Handbook, row: AlertRow) -> tuple[Notice, Envelope]:
    """The text of its own that tells this alert."""
    complaint = row.complaint
    lane = Lane.ALERT if row.urgent else Lane.REMINDER
    envelope = Envelope(row.key, lane, complaint.id, any_hour=row.any_hour)
    reference, due = complaint.reference or "", row.due_at or complaint.received_at
    if row.stage == UNOPENED:
        return Unopened(reference, handbook.name_of(complaint.office_id or complaint.unit_id), due), envelope
    notice = DeadlineAlert(
        reference=reference,
        stage=row.stage,
        category=complaint.category or "",
        unit=handbook.name_of(complaint.unit_id),
        due=due,
        step=row.step,
        climbed=row.rung > 0,
        instead_of=row.instead_of,
    )
    return notice, envelope
