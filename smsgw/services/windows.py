"""The time in which a citizen may say what they think of an answer: when it begins, and what its end does.

It begins once the answer has arrived, by text or told by phone, or once nobody will ever know. Silence closes at its end; where
that alone is not enough a person looks first, and closes it or sends it back.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from smsgw.domain.notices import AskVerdict, Lane, NewDate, OfficeAnswer
from smsgw.domain.progress import Act, Ending, Party, Refusal, State, decide
from smsgw.domain.verdicts import Window, why_look
from smsgw.services import filing, pausing
from smsgw.services.handbook import Handbook
from smsgw.services.history import note
from smsgw.services.telling import Envelope, tell_citizen
from smsgw.store import complaints, verdicts
from smsgw.store.away import is_away
from smsgw.store.database import Database
from smsgw.store.tables import Complaint
from smsgw.store.verdicts import Arrived
from smsgw.text.speech import Speech

BATCH = 100
LOOKED_AT_AGAIN = timedelta(minutes=10)
AFTER_A_FAILURE = timedelta(hours=1)

log = structlog.get_logger()


class NoReasonError(ValueError):
    """Sending back, or closing, without saying why is not done."""


def is_asked(complaint: Complaint) -> bool:
    """Whether its citizen is asked for a verdict: not after a death, violence, a child's matter or a cry for help."""
    return not (complaint.sensitive or complaint.emergency)


def answer_of(complaint: Complaint, text: str) -> OfficeAnswer:
    """The answer as this complaint's citizen gets it."""
    return OfficeAnswer(complaint.reference or "", text, ask_verdict=is_asked(complaint))


class Letters(NamedTuple):
    """The outbox ids of an answer, and of the question for a verdict behind it; None for a text there is none of."""

    outbox_id: int | None = None
    behind: int | None = None


def tell_answer(
    session: Session,
    speech: Speech,
    complaint: Complaint,
    text: str,
    *,
    now: datetime,
    any_hour: bool = False,
    goes_at: datetime | None = None,
) -> Letters:
    """The answer, and behind it the question for a verdict where it did not fit in; before `goes_at` they wait."""
    citizen, notice = complaint.citizen, answer_of(complaint, text)
    which = f"{complaint.id}:{complaints.times(session, complaint.id, 'answered') + 1}"
    provider = complaints.provider_of(session, complaint.id)
    envelope = Envelope(
        f"answer:{which}", Lane.ANSWER, complaint.id, provider=provider, any_hour=any_hour, goes_at=goes_at
    )
    outbox_id = tell_citizen(session, speech, citizen, notice, envelope, now=now)
    behind = None
    if follows(session, speech, complaint, text):
        asks = replace(envelope, key=f"verdict:{which}")
        behind = tell_citizen(session, speech, citizen, AskVerdict(complaint.reference or ""), asks, now=now)
    complaint.verdict_asked_at = (goes_at or now) if notice.ask_verdict else None
    return Letters(outbox_id, behind)


def follows(session: Session, speech: Speech, complaint: Complaint, text: str) -> str:
    """The text that asks for a verdict behind an answer that leaves no room for it; empty for none."""
    notice, said_to = answer_of(complaint, text), complaint.citizen
    heard = complaints.provider_of(session, complaint.id)
    if not notice.ask_verdict or speech.asks_within(
        notice, said_to.language, tone_marks=said_to.tone_marks, heard=heard
    ):
        return ""
    asks = AskVerdict(notice.reference)
    return speech.text(asks, language=said_to.language, tone_marks=said_to.tone_marks, heard=heard)


def answered(complaint: Complaint, now: datetime) -> None:
    """An answer was given: nothing is known of it yet, and nothing said."""
    filing.forget_verdict(complaint)
    complaint.verdict, complaint.verdict_at = "", now


@dataclass(frozen=True, slots=True)
class Watch:
    """What it takes to see the time begin and end."""

    database: Database
    handbook: Callable[[Session], Handbook]
    now: Callable[[], datetime]

    def batch(self) -> int:
        """Looks at up to `BATCH` answers whose moment has come; how many. One that fails is pushed an hour ahead."""
        now = self.now()
        with self.database.write() as session:
            found = verdicts.come_due(session, now, BATCH)
            handbook = self.handbook(session) if found else None
            for complaint in found:
                assert handbook
                self._look(session, handbook, complaint, now)
        return len(found)

    def _look(self, session: Session, handbook: Handbook, complaint: Complaint, now: datetime) -> None:
        try:
            with session.begin_nested():
                _look(session, handbook, complaint, now)
        except Exception as trouble:
            if is_away(trouble):
                raise
            log.exception("the time for a verdict could not be seen to", reference=complaint.reference)
            later = update(Complaint).where(Complaint.id == complaint.id).values(verdict_at=now + AFTER_A_FAILURE)
            session.execute(later, execution_options={"synchronize_session": False})
            session.expire(complaint)


def _look(session: Session, handbook: Handbook, complaint: Complaint, now: datetime) -> None:
    if complaint.stands not in (State.ANSWERED, State.OPEN_TO_VERDICT):
        complaint.verdict_at = None
        return
    found = verdicts.arrival(session, complaint)
    if found.arrived in (Arrived.NOT_YET, Arrived.MUST_PHONE):
        if complaint.stands is State.OPEN_TO_VERDICT:
            _becomes(complaint, Act.PUT_OFF)
        complaint.silence_at, complaint.verdict_at = None, now + LOOKED_AT_AGAIN
        return
    if complaint.silence_at is None:
        _becomes(complaint, Act.BEGIN_WINDOW)
        calendar = pausing.calendar(complaint, handbook)
        complaint.silence_at = calendar.after_days(found.at or now, handbook.window.days)
    complaint.verdict_at = complaint.silence_at
    if complaint.silence_at <= now:
        _end(session, handbook.window, complaint, arrived=found.arrived is Arrived.YES, now=now)


def _end(session: Session, window: Window, complaint: Complaint, *, arrived: bool, now: datetime) -> None:
    """Nothing was said: it closes, or waits for a person."""
    reopened = verdicts.was_reopened(session, complaint.id)
    asked = complaint.verdict_asked_at is not None
    why = why_look(window, category=complaint.category, arrived=arrived, reopened=reopened, asked=asked)
    complaint.verdict_at = None
    if why:
        _becomes(complaint, Act.HOLD)
        complaint.held_at = now
        note(session, complaint.id, "to_look_at", at=now, why=[str(one) for one in why])
        return
    _becomes(complaint, Act.CLOSE_SILENT)
    _close(session, complaint, Ending.SILENCE, now)


def _becomes(complaint: Complaint, act: Act) -> None:
    """What the model does not know is our own mistake."""
    after = decide(act, complaint.stands, [Party.HOUSE], has_office=complaint.office_id is not None)
    if isinstance(after, Refusal):
        raise ValueError(f"{act} of {complaint.stands}: {after}")  # noqa: TRY004


def _close(
    session: Session,
    complaint: Complaint,
    ending: Ending,
    now: datetime,
    official_id: int | None = None,
    words: str = "",
) -> None:
    """`closed_silent` and `closed_unasked` are counted; with an official it was looked at."""
    kind = {Ending.SILENCE: "closed_silent", Ending.UNASKED: "closed_unasked", Ending.CONFIRMED: "confirmed"}[ending]
    complaint.ending, complaint.closed_at = ending.value, now
    complaint.verdict_at = complaint.held_at = None
    note(session, complaint.id, kind, at=now, official_id=official_id, words=words)


def confirm(session: Session, complaint: Complaint, now: datetime) -> None:
    """The citizen says that it is done, in time or when it had closed already; once is enough."""
    if complaint.ending == Ending.CONFIRMED:
        return
    complaint.verdict = "done"
    _close(session, complaint, Ending.CONFIRMED, now)


def close(
    session: Session, complaint: Complaint, official_id: int, duties: frozenset[str], words: str, *, now: datetime
) -> Refusal | None:
    """A person has looked, and says why it may close."""
    refusal = _may_look(Act.CLOSE, complaint, duties)
    if refusal:
        return refusal
    reason = _said(words)
    ending = Ending.UNASKED if complaint.verdict_asked_at is None else Ending.SILENCE
    _close(session, complaint, ending, now, official_id, reason)
    return None


def send_back(
    session: Session,
    speech: Speech,
    handbook: Handbook,
    complaint: Complaint,
    official_id: int,
    duties: frozenset[str],
    words: str,
    *,
    now: datetime,
) -> Refusal | None:
    """A person has looked, and finds that it is not done: the office goes on with a new term, of which the citizen is told."""
    refusal = _may_look(Act.SEND_BACK, complaint, duties)
    if refusal:
        return refusal
    reason = _said(words)
    filing.reopen(session, handbook, complaint, now, why="sent_back", official_id=official_id, words=reason)
    notice = NewDate(complaint.reference or "", filing.promised(complaint, handbook), "goes_on")
    pausing.tell_new_date(session, speech, complaint, notice, now=now)
    return None


def _may_look(act: Act, complaint: Complaint, duties: frozenset[str]) -> Refusal | None:
    after = decide(act, complaint.stands, duties, has_office=complaint.office_id is not None)
    return after if isinstance(after, Refusal) else None


def _said(words: str) -> str:
    said = " ".join(words.split())
    if not said:
        raise NoReasonError
    return said
