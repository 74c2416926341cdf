"""More time for an answer: a handler asks with a reason, the head or the leader decides, the citizen is told the new date."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from smsgw.domain.codes import Mint
from smsgw.domain.deadlines import reached, told_of
from smsgw.domain.extensions import Flaw, flaws
from smsgw.domain.notices import Lane, MoreTimeAsked, NewDate, TimeDecided
from smsgw.domain.progress import Act, Duty, Refusal, decide
from smsgw.services import hats, one_time, owing, pausing
from smsgw.services.answering import Writer
from smsgw.services.handbook import Handbook
from smsgw.services.history import note
from smsgw.services.reaching import Reach
from smsgw.services.telling import Envelope, tell_official
from smsgw.store import extensions, officials, text_codes
from smsgw.store.tables import Complaint, Extension, Official
from smsgw.text.speech import Speech

MORE_TIME = "more_time"


@dataclass(frozen=True, slots=True)
class Wish:
    """More time until the close of a local day, and why."""

    until: date
    reason: str


def ask(
    session: Session,
    speech: Speech,
    handbook: Handbook,
    complaint: Complaint,
    writer: Writer,
    wish: Wish,
    *,
    now: datetime,
    mint: Mint,
) -> Refusal | Sequence[Flaw] | None:
    """Puts the wish before whoever decides, who is texted and may decide by text; None when that was done."""
    refusal = _may_not(Act.ASK_TIME, complaint, writer)
    if refusal or complaint.due_at is None:
        return refusal or Refusal.NO_DATE
    if extensions.asked(session, complaint.id):
        return Refusal.ASKED_ALREADY
    reason = " ".join(wish.reason.split())
    if wrong := tuple(flaws(wish.until, reason, complaint.due_at, now, pausing.calendar(complaint, handbook))):
        return wrong
    row = Extension(complaint_id=complaint.id, until=wish.until, reason=reason, asked_at=now, asked_by=writer.id)
    session.add(row)
    until = wish.until.isoformat()
    note(session, complaint.id, "time_asked", at=now, official_id=writer.id, words=reason, until=until)
    for one in _who_decide(session, complaint, writer, now):
        code = one_time.hand_out(session, mint, one, complaint, now=now)
        notice = MoreTimeAsked(complaint.reference or "", wish.until, complaint.due_at, reason, code)
        envelope = Envelope(f"wish:{row.id}:{one.phone}", Lane.REMINDER, complaint.id)
        tell_official(session, speech, one, notice, envelope, now=now)
    return None


def _who_decide(session: Session, complaint: Complaint, writer: Writer, now: datetime) -> Iterator[Official]:
    """The head of the office, and the leader of the unit, in an absent one's place whoever stands in; never who asked."""
    heads = officials.with_phone(session, complaint.office_id, (Duty.HEAD,)) if complaint.office_id else ()
    leaders = officials.with_phone(session, complaint.unit_id, (Duty.LEADER,))
    present = Reach(session, now).all_present([*heads, *leaders])
    yield from (one for one in present if one.id != writer.id)


def grant(
    session: Session,
    speech: Speech,
    handbook: Handbook,
    complaint: Complaint,
    writer: Writer,
    *,
    now: datetime,
    mint: Mint,
) -> Refusal | Sequence[Flaw] | None:
    """The due moment moves to the close of the day asked for, as a new deadline; the citizen is told why and until when, and
    who asked by text that it is granted.

    Alerts of the new due moment follow; nothing that is behind it is told again. What stood against the wish may have come
    up since: then it is not granted.
    """
    wished = extensions.asked(session, complaint.id, to_change=True)
    refusal = _may_not(Act.GRANT_TIME, complaint, writer) or _nothing_to_decide(wished, writer)
    if refusal or wished is None or complaint.due_at is None:
        return refusal or Refusal.NO_DATE
    calendar = pausing.calendar(complaint, handbook)
    if wrong := tuple(flaws(wished.until, wished.reason, complaint.due_at, now, calendar)):
        return wrong
    _decided(wished, "granted", writer, now)
    before, complaint.due_at = complaint.due_at, calendar.close_of(wished.until)
    complaint.due_confirmed = True  # whoever answers for the office named this day
    _follow(complaint, handbook, now)
    notice = NewDate(complaint.reference or "", complaint.due_at, MORE_TIME, wished.reason)
    outbox_id = pausing.tell_new_date(session, speech, complaint, notice, now=now)
    line = note(
        session,
        complaint.id,
        "extended",
        at=now,
        official_id=writer.id,
        words=wished.reason,
        due_was=before.isoformat(),
        due=complaint.due_at.isoformat(),
        asked_by=wished.asked_by,
    )
    line.details = {**line.details, "text": outbox_id}
    _tell_asker(session, speech, mint, complaint, wished, now)
    return None


def refuse(
    session: Session, speech: Speech, complaint: Complaint, writer: Writer, *, reason: str, now: datetime, mint: Mint
) -> Refusal | Sequence[Flaw] | None:
    """The due moment stays; whoever asked reads why, on their phone if they asked by it."""
    wished = extensions.asked(session, complaint.id, to_change=True)
    refusal = _may_not(Act.GRANT_TIME, complaint, writer) or _nothing_to_decide(wished, writer)
    if refusal or wished is None:
        return refusal
    words = " ".join(reason.split())
    if not words:
        return (Flaw.NO_REASON,)
    _decided(wished, "refused", writer, now)
    until = wished.until.isoformat()
    note(session, complaint.id, "time_refused", at=now, official_id=writer.id, words=words, until=until)
    _tell_asker(session, speech, mint, complaint, wished, now, why_not=words)
    return None


def _tell_asker(
    session: Session,
    speech: Speech,
    mint: Mint,
    complaint: Complaint,
    wished: Extension,
    now: datetime,
    *,
    why_not: str = "",
) -> None:
    """Who asked at the desk sees it there; who asked by text, and still has the case, is texted."""
    official = session.get_one(Official, wished.asked_by)
    by_text = text_codes.wished_by_text(session, complaint.id, official.id)
    if not by_text or not hats.may_be_told(session, official, complaint, now):
        return
    code = one_time.hand_out(session, mint, official, complaint, now=now)
    notice = TimeDecided(complaint.reference or "", wished.until, why_not, code)
    envelope = Envelope(f"wish-decided:{wished.id}", Lane.REMINDER, complaint.id)
    tell_official(session, speech, official, notice, envelope, now=now)


def _follow(complaint: Complaint, handbook: Handbook, now: datetime) -> None:
    """A new deadline version: alerts are told of the new moment."""
    begun, pace, due = pausing.begun_at(complaint), pausing.pace(complaint, handbook), complaint.due_at or now
    complaint.stage = told_of(complaint.stage, reached(begun, due, now, pace))
    complaint.deadline_version += 1
    complaint.look_at = owing.next_look(complaint, handbook, now)


def _may_not(act: Act, complaint: Complaint, writer: Writer) -> Refusal | None:
    state = decide(act, complaint.stands, writer.duties, has_office=complaint.office_id is not None)
    return state if isinstance(state, Refusal) else None


def _nothing_to_decide(wished: Extension | None, writer: Writer) -> Refusal | None:
    if wished is None:
        return Refusal.NOT_ASKED
    return Refusal.OWN_WISH if wished.asked_by == writer.id else None


def _decided(wished: Extension, state: str, writer: Writer, now: datetime) -> None:
    wished.state, wished.decided_at, wished.decided_by = state, now, writer.id
