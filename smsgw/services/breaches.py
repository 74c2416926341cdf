"""Tells a citizen, once, that the date they were told has passed without an answer: who has it, and the new date if any."""

from datetime import datetime

from sqlalchemy.orm import Session

from smsgw.domain.notices import DueDatePassed, Lane
from smsgw.services import merging
from smsgw.services.filing import promised
from smsgw.services.handbook import Handbook
from smsgw.services.history import note
from smsgw.services.telling import Envelope, tell_citizen
from smsgw.store.tables import Complaint
from smsgw.text.speech import Speech


def tell(
    session: Session, speech: Speech, handbook: Handbook, complaint: Complaint, *, late: bool, now: datetime
) -> None:
    """Of everybody who reported the matter, those whose own date has passed; of the complaint itself only when it is `late`.
    Once a date and phone. Of an emergency no date was told, and of a private matter not who has it."""
    told = set[str]()
    new_date = promised(complaint, handbook)
    for one in (*([complaint] if late else []), *merging.reporters(session, complaint)):
        date = promised(one, handbook)
        if one.emergency or date is None or date > now or one.citizen.phone in told:
            continue
        told.add(one.citizen.phone)
        office = "" if one.private else handbook.name_of(complaint.office_id or complaint.unit_id)
        notice = DueDatePassed(one.reference or "", office, new_date if new_date and new_date > now else None)
        envelope = Envelope(f"breach:{one.id}:{one.deadline_version}", Lane.ANSWER, one.id)
        if tell_citizen(session, speech, one.citizen, notice, envelope, now=now):
            note(session, one.id, "breach_told", at=now)
