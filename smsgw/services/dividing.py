"""Divides a complaint that tells of two matters: the second gets a number, a desk and a term of its own.

The first keeps its number and its whole history, the texts as they came among it. The second's term is counted from when the
text came, so that nobody loses time by it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from smsgw.domain import dividing
from smsgw.domain.categories import CategoryCode
from smsgw.domain.dividing import Flaw
from smsgw.domain.notices import Divided, Lane
from smsgw.domain.progress import Act, Refusal, decide
from smsgw.domain.understanding import Intent, Understanding
from smsgw.services.answering import Writer
from smsgw.services.filing import Filed, Filing, file
from smsgw.services.handbook import Handbook
from smsgw.services.history import note
from smsgw.services.telling import Envelope, tell_citizen
from smsgw.store import complaints, searching
from smsgw.store.later import Later
from smsgw.store.tables import Complaint
from smsgw.text.speech import Speech


@dataclass(frozen=True, slots=True)
class Halves:
    """The citizen's words of either matter, and the field of the second; empty where a person is still to choose it."""

    stays: str
    goes: str
    field: str = ""


def divide(
    session: Session,
    speech: Speech,
    handbook: Handbook,
    complaint: Complaint,
    halves: Halves,
    writer: Writer,
    *,
    now: datetime,
) -> Filed | Flaw | Refusal:
    """Opens the second complaint and tells the citizen both numbers, once; nothing is done where a word would be lost."""
    refused = decide(Act.DIVIDE, complaint.stands, writer.duties, has_office=complaint.office_id is not None)
    if isinstance(refused, Refusal):
        return refused
    if wrong := dividing.flaw(complaint.text, halves.stays, halves.goes):
        return wrong
    second = _second(session, handbook, complaint, halves)
    complaint.text = halves.stays.strip()
    searching.keep(session, complaint)
    note(session, complaint.id, "divided", at=now, official_id=writer.id, words=second.reference)
    note(session, second.id, "divided_from", at=now, official_id=writer.id, words=complaint.reference or "")
    envelope = Envelope(
        f"divided:{second.id}", Lane.ANSWER, second.id, provider=complaints.provider_of(session, complaint.id)
    )
    tell_citizen(
        session, speech, complaint.citizen, Divided(complaint.reference or "", second.reference), envelope, now=now
    )
    return second


def _second(session: Session, handbook: Handbook, complaint: Complaint, halves: Halves) -> Filed:
    times = complaints.times(session, complaint.id, "divided") + 1
    later = Later(session)
    key = f"{complaints.DIVIDED}{complaint.id}:{times}"
    told = Filing(
        key,
        complaint.channel,
        halves.goes.strip(),
        complaint.citizen,
        _read(handbook, complaint, halves),
        coached=False,
    )
    filed = file(later, handbook, told, complaint.received_at)
    later.write()
    second = session.get_one(Complaint, filed.id)
    second.private = second.private or complaint.private
    second.on_behalf = second.on_behalf or complaint.on_behalf
    second.about_phone = second.about_phone or complaint.about_phone
    second.facts = {name: complaint.facts[name] for name in ("name", "home") if name in complaint.facts}
    return filed


def _read(handbook: Handbook, complaint: Complaint, halves: Halves) -> Understanding:
    """An official chose the field; the place is the first one's."""
    field = CategoryCode(halves.field) if halves.field in CategoryCode.__members__ else None
    return Understanding(
        intent=Intent.NEW_COMPLAINT,
        category=field,
        category_confidence=1.0 if field else 0.0,
        ward=complaint.ward,
        unit_today=handbook.place(complaint.unit_id).code,
        place_text=complaint.place,
        urgent=complaint.urgent,
    )
