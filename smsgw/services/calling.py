"""Sees to it that a citizen whom an office's text did not reach is phoned, and keeps how each call went.

The clock finds such texts whatever brought them there: a refusal, a receipt, a doubt that nothing resolved. Each opens one
call; a text that arrives after all closes it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from smsgw.domain.calls import AFTER, LETTERS, Outcome, Standing, Unheard
from smsgw.domain.notices import CallCitizen, CallWished, Lane
from smsgw.domain.progress import Act, Refusal, decide
from smsgw.services.answering import Writer
from smsgw.services.history import note
from smsgw.services.passing import NoReasonError
from smsgw.services.reaching import Reach
from smsgw.services.telling import Envelope, tell_official
from smsgw.store import calls, complaints
from smsgw.store.away import is_away
from smsgw.store.database import Database, insert_once
from smsgw.store.tables import Call, Complaint, Official, Outgoing
from smsgw.text.speech import Speech

BATCH = 50

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class CallMade:
    """What an official says of one try. `call` and `tries` are those of the page they had before them, so that the same
    form twice is one try."""

    call: int
    tries: int
    outcome: Outcome
    words: str = ""


@dataclass(frozen=True, slots=True)
class Switchboard:
    """What opening and closing calls needs."""

    database: Database
    speech: Speech
    now: Callable[[], datetime]

    def batch(self) -> int:
        """Opens the calls that are needed and closes those that are not any more, up to `BATCH` of each; how many."""
        with self.database.read() as session:
            lost, needless = calls.lost(session, BATCH), calls.needless(session, BATCH)
        opened = sum(self._apart(self._open, outbox_id) for outbox_id in lost)
        return opened + sum(self._apart(self._close, call_id) for call_id in needless)

    def _apart(self, step: Callable[[Session, int], bool], row_id: int) -> bool:
        """Each in a transaction of its own, so that one that fails leaves the others nothing; trouble of the database ends
        the round."""
        try:
            with self.database.write() as session:
                return step(session, row_id)
        except Exception as trouble:
            if is_away(trouble):
                raise
            log.exception("a call could not be seen to", step=step.__name__, row=row_id)
            return False

    def _open(self, session: Session, outbox_id: int) -> bool:
        complaint = _held(session, select(Outgoing.complaint_id).where(Outgoing.id == outbox_id).scalar_subquery())
        letter = calls.still_lost(session, outbox_id) if complaint else None
        if complaint is None or letter is None:
            return False
        now, unheard = self.now(), LETTERS[letter.kind]
        values = {"outbox_id": letter.id, "complaint_id": complaint.id, "unheard": unheard.value, "opened_at": now}
        call_id = insert_once(session, Call, {**values, "state": Standing.OPEN.value, "tries": 0})
        if call_id is None:
            return False
        _replace_older(session, complaint.id, call_id, now)
        note(session, complaint.id, "call_needed", at=now, unheard=unheard.value, doubtful=letter.state == "unknown")
        notice = CallCitizen(complaint.reference or "", question=unheard is Unheard.QUESTION)
        for official in _responsible(session, complaint, letter.id, now):
            envelope = Envelope(f"call:{letter.id}:{official.phone}", Lane.REMINDER, complaint.id)
            tell_official(session, self.speech, official, notice, envelope, now=now)
        return True

    def _close(self, session: Session, call_id: int) -> bool:
        complaint = _held(session, select(Call.complaint_id).where(Call.id == call_id).scalar_subquery())
        why = calls.why_needless(session, call_id) if complaint else None
        if complaint is None or why is None:
            return False
        now = self.now()
        closed = update(Call).where(Call.id == call_id, Call.state == Standing.OPEN)
        session.execute(closed.values(state=why.value, closed_at=now))
        note(session, complaint.id, "call_closed", at=now, why=why.value)
        return True


def record(session: Session, complaint: Complaint, made: CallMade, writer: Writer, *, now: datetime) -> Refusal | None:
    """Keeps how a try went; a citizen who was told, or cannot be reached, closes the call. The complaint must be locked.

    Raises `NoReasonError` when somebody cannot be reached and it is not said why.
    """
    call = calls.open_call(session, complaint.id, to_change=True)
    unheard = Unheard(call.unheard) if call else None
    has_office = complaint.office_id is not None
    state = decide(Act.CALL, complaint.stands, writer.duties, has_office=has_office, unheard=unheard)
    if isinstance(state, Refusal):
        return state
    if call is None or (call.id, call.tries) != (made.call, made.tries):
        return Refusal.NO_CALL
    words = " ".join(made.words.split())
    if made.outcome is Outcome.UNREACHABLE and not words:
        raise NoReasonError
    call.tries += 1
    call.state = AFTER[made.outcome].value
    call.closed_at = None if made.outcome is Outcome.NOT_REACHED else now
    if complaint.verdict_at is not None:
        complaint.verdict_at = now  # the time for a verdict may begin
    note(session, complaint.id, "phoned", at=now, official_id=writer.id, words=words, outcome=made.outcome.value)
    return None


def wish(session: Session, speech: Speech, complaint: Complaint, now: datetime) -> None:
    """The citizen asks to be phoned about this complaint. While somebody must phone them anyhow, once is enough."""
    if calls.open_call(session, complaint.id, to_change=True):
        return
    values = {"complaint_id": complaint.id, "unheard": Unheard.WISH.value, "state": Standing.OPEN.value, "tries": 0}
    session.add(Call(**values, opened_at=now))
    line = note(session, complaint.id, "call_needed", at=now, unheard=Unheard.WISH.value, doubtful=False)
    for official in Reach(session, now).answering_for(complaint):
        envelope = Envelope(f"call-wish:{line.id}:{official.phone}", Lane.REMINDER, complaint.id)
        tell_official(session, speech, official, CallWished(complaint.reference or ""), envelope, now=now)


def _held(session: Session, complaint_id: object) -> Complaint | None:
    """The complaint, locked; None when somebody acts on it now (PostgreSQL): the next tick comes back to it."""
    query = select(Complaint).where(Complaint.id == complaint_id)
    return session.scalars(query.with_for_update(skip_locked=True, key_share=True, of=Complaint)).one_or_none()


def _replace_older(session: Session, complaint_id: int, call_id: int, now: datetime) -> None:
    """The office sent it again and that did not arrive either: the newest text is the one to read out."""
    older = update(Call).where(Call.complaint_id == complaint_id, Call.state == Standing.OPEN, Call.id != call_id)
    session.execute(older.values(state=Standing.REPLACED.value, closed_at=now))


def _responsible(session: Session, complaint: Complaint, outbox_id: int, now: datetime) -> list[Official]:
    """Who wrote the text, while it is still theirs to answer for and they have a phone; else those who answer for the
    complaint; in an absent person's place whoever stands in. Each phone once."""
    author, reach = complaints.author_of(session, complaint.id, outbox_id), Reach(session, now)
    if author and author.active and author.phone and author.unit_id in (complaint.office_id, complaint.unit_id):
        return reach.all_present([author])
    return reach.answering_for(complaint)
