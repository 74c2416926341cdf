"""The second look: somebody other than the writer lets a text go exactly as shown, or sends it back; and the leader says of
which fields answers wait for it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from smsgw.domain.categories import CategoryCode
from smsgw.domain.coaching import Question
from smsgw.domain.progress import Refusal
from smsgw.domain.second_look import may_look
from smsgw.services import answering, hats
from smsgw.services.answering import Kind, Letter, LookAgain, Preview, Sent, Writer
from smsgw.services.handbook import Handbook
from smsgw.services.history import note
from smsgw.store import complaints, held
from smsgw.store.tables import ApprovedField, Complaint, HeldLetter
from smsgw.text.speech import Speech


class NoReasonError(ValueError):
    """Nothing is sent back without a reason."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What somebody looked at: the held text's number, the proof of its preview, the newest line of the history."""

    number: int
    proof: str
    seen: int


def shown(session: Session, speech: Speech, complaint: Complaint, row: HeldLetter) -> Preview:
    """The held text as the citizen would get it now."""
    return answering.preview(session, speech, complaint, _letter(row))


def let_go(
    session: Session,
    speech: Speech,
    handbook: Handbook,
    complaint: Complaint,
    agreed: Agreed,
    looker: Writer,
    *,
    now: datetime,
    stops_clock: bool = False,
) -> Sent | LookAgain | Refusal:
    """Sends the text in its writer's name, once. It is the writer's to have written it, a deputy's too: who looks need not be
    one of those who answer. The complaint must be locked."""
    row = held.waiting_of(session, complaint.id, to_change=True)
    if row is None or row.id != agreed.number:
        return Refusal.NOT_HELD
    writer = Writer(row.written_by, hats.duties_over(hats.of(session, row.writer, now), complaint))
    state = answering.may_write(session, complaint, Kind(row.kind), writer.duties)
    if isinstance(state, Refusal):
        return state
    letter = replace(_letter(row), proof=agreed.proof, seen=agreed.seen)
    preview = answering.preview(session, speech, complaint, letter)
    if refusal := stands_in_the_way(row, preview, looker):
        return refusal
    news = complaints.newest_line(session, complaint.id) != letter.seen
    if news or preview.proof != letter.proof or not preview.may_go:
        return LookAgain(preview, news)
    _decided(row, "sent", looker, now)
    note(session, complaint.id, "looked_at", at=now, official_id=looker.id, held=row.id)
    answering.let_out(session, speech, handbook, complaint, letter, writer, state, now=now, stops_clock=stops_clock)
    return Sent(preview.body)


def stands_in_the_way(row: HeldLetter, preview: Preview, looker: Writer) -> Refusal | None:
    """Why this official does not decide on it. What it waits for now counts as well as what it waited for at first."""
    if row.written_by == looker.id:
        return Refusal.OWN_LETTER
    return None if may_look({*row.reasons, *preview.waits}, looker.duties) else Refusal.NOT_YOURS


def send_back(
    session: Session, complaint: Complaint, number: int, looker: Writer, *, reason: str, now: datetime
) -> Refusal | None:
    """Back to its writer, who reads why; the text is there to be changed."""
    words = " ".join(reason.split())
    if not words:
        raise NoReasonError
    row = held.waiting_of(session, complaint.id, to_change=True)
    if row is None or row.id != number:
        return Refusal.NOT_HELD
    if row.written_by == looker.id:
        return Refusal.OWN_LETTER
    if not may_look(row.reasons, looker.duties):
        return Refusal.NOT_YOURS
    row.why_returned = words
    _decided(row, "returned", looker, now)
    note(session, complaint.id, "sent_back", at=now, official_id=looker.id, words=words, held=row.id)
    return None


def take_back(session: Session, complaint: Complaint, number: int, writer: Writer, *, now: datetime) -> Refusal | None:
    """Somebody of those who answer takes it back, to change it or to leave it."""
    row = held.waiting_of(session, complaint.id, to_change=True)
    if row is None or row.id != number:
        return Refusal.NOT_HELD
    _decided(row, "taken_back", writer, now)
    note(session, complaint.id, "taken_back", at=now, official_id=writer.id, held=row.id)
    return None


def set_fields(session: Session, unit_id: int, fields: Collection[str], leader_id: int, *, now: datetime) -> None:
    """From now on answers of exactly these fields wait for the leader. What waits already goes on waiting."""
    wanted = {code.value for code in CategoryCode}.intersection(fields)
    known = held.approved_fields(session, unit_id)
    gone = delete(ApprovedField).where(ApprovedField.unit_id == unit_id, ApprovedField.category.in_(known - wanted))
    session.execute(gone)
    session.add_all(
        ApprovedField(unit_id=unit_id, category=code, set_at=now, set_by=leader_id) for code in sorted(wanted - known)
    )


def _letter(row: HeldLetter) -> Letter:
    return Letter(Kind(row.kind), row.body, at_once=row.at_once, asks=Question(row.asks))


def _decided(row: HeldLetter, state: str, who: Writer, now: datetime) -> None:
    row.state, row.decided_at, row.decided_by = state, now, who.id
