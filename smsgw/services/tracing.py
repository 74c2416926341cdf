"""Finds out what became of texts in doubt: asks providers that can tell, waits for the others' receipts, and sends again
what is right to send again.

The clock does it. No transaction is open while a provider is asked.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from smsgw.domain.doubts import (
    ASKED_AGAIN_AFTER,
    Ask,
    Doubt,
    LeaveToPerson,
    SendAgain,
    Wait,
    next_step,
)
from smsgw.domain.ledger import Capability, NoWord, Sighting
from smsgw.domain.messages import OutgoingSms
from smsgw.domain.notices import Lane
from smsgw.domain.outbox_states import State, after_receipt
from smsgw.domain.patience import is_given_up
from smsgw.providers.contract import Provider
from smsgw.store import outbox
from smsgw.store.database import Database
from smsgw.store.tables import IN_FLIGHT, Outgoing

BATCH = 32  # one question for each sender, so that a round of the clock takes no longer than the slowest answer
CLOCKS_MAY_DIFFER = timedelta(seconds=60)
NOTHING: frozenset[Capability] = frozenset()  # of a provider that is no longer named

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Question:
    """Whether `provider` has this text since about then. `attempt` is the try that is in doubt."""

    outbox_id: int
    attempt: int
    provider: str
    message: OutgoingSms
    since: datetime


@dataclass(frozen=True, slots=True)
class Tracer:
    """What looking into doubts needs. `sign` gives our reference on a text."""

    database: Database
    providers: Mapping[str, Provider]
    sign: Callable[[int], str]
    now: Callable[[], datetime]
    pool: ThreadPoolExecutor

    def look_after(self) -> int:
        """Takes one step with each text whose doubt is due for one; how many."""
        now = self.now()
        with self.database.write() as session:
            rows = outbox.lapsed(session, now, BATCH)
            steps = [self._step(row, now) for row in rows]
        questions = [question for question in steps if question]
        for question, found in zip(questions, self.pool.map(self._asked, questions), strict=True):
            if found is not None:
                self._learn(question, found)
        return len(rows)

    def _step(self, row: Outgoing, now: datetime) -> Question | None:
        """Does what is right with a text in doubt; the question to ask, where that comes first."""
        _doubted(row)
        called = row.dispatched_at or row.created_at
        stale = is_given_up(Lane(row.lane), now - (row.held_until or row.created_at))
        doubt = Doubt(Lane(row.lane), now - called, row.not_there, row.possible_duplicate, stale)
        match next_step(doubt, self._can(row.provider_used)):
            case Ask():
                row.lease_until = now + ASKED_AGAIN_AFTER
                message = OutgoingSms(self.sign(row.id), row.recipient, row.body)
                return Question(row.id, row.attempts, row.provider_used, message, called - CLOCKS_MAY_DIFFER)
            case Wait(still):
                row.lease_until = now + still
            case SendAgain(flagged):
                row.state, row.next_attempt_at, row.lease_until = State.QUEUED, now, None
                row.possible_duplicate = row.possible_duplicate or flagged
            case LeaveToPerson():
                row.lease_until = None
        return None

    def _can(self, name: str) -> frozenset[Capability]:
        return self.providers[name].can if name in self.providers else NOTHING

    def _asked(self, question: Question) -> Sequence[Sighting] | None:
        """What the provider has; None when there is no word from it."""
        try:
            return self.providers[question.provider].look_up(question.message, question.since)
        except NoWord as silence:
            log.warning("a provider could not be asked about a text in doubt", why=str(silence))
            return None
        except Exception:
            log.exception("a provider raised instead of saying that there is no word")
            return None

    def _learn(self, question: Question, found: Sequence[Sighting]) -> None:
        """Writes down what the provider said, unless a receipt or another try has been quicker.

        What is there with other words may be this text as the provider altered it, or one whose own answer is still to
        come: that is no word, neither that it has the text nor that it has not.
        """
        now = self.now()
        with self.database.write() as session:
            row = _still_in_doubt(session, question)
            if row is None:
                return
            free = _not_of_other_texts(session, question, found)
            same = [one for one in free if one.same_words]
            if not free:
                row.not_there, row.lease_until = row.not_there + 1, now
            if len(same) <= self._that_they_may_be_of(session, question):
                return
            its = same[0]
            row.state, row.provider_ref = after_receipt(State.ACCEPTED, its.delivery), its.provider_ref
            row.accepted_at, row.lease_until, row.error = row.accepted_at or now, None, ""
            if row.state in (State.DELIVERED, State.UNDELIVERED):
                row.settled_at = now

    def _that_they_may_be_of(self, session: Session, question: Question) -> int:
        """How many other texts in doubt could have been sent with the same words: a provider that knows our ids would not
        mistake one for another. Enough must be there for all, or a receipt may still give to one what another took."""
        if Capability.SAME_ID in self._can(question.provider):
            return 0
        twins = select(func.count()).where(
            Outgoing.recipient == question.message.to,
            Outgoing.body == question.message.text,
            Outgoing.provider_used == question.provider,
            Outgoing.dispatched_at >= question.since - CLOCKS_MAY_DIFFER,
            Outgoing.id != question.outbox_id,
            text(IN_FLIGHT),
        )
        return session.scalar(twins) or 0


def _doubted(row: Outgoing) -> None:
    """A text whose sender died while it was handed over is in doubt from then on."""
    if row.state == State.DISPATCHING:
        row.state, row.doubts = State.UNKNOWN, row.doubts + 1
        row.error = "the sender stopped before the answer was written down"


def _still_in_doubt(session: Session, question: Question) -> Outgoing | None:
    query = select(Outgoing).where(
        Outgoing.id == question.outbox_id, Outgoing.attempts == question.attempt, Outgoing.state == State.UNKNOWN
    )
    return session.scalars(query.with_for_update(key_share=True)).one_or_none()


def _not_of_other_texts(session: Session, question: Question, found: Sequence[Sighting]) -> list[Sighting]:
    """The same words may have been sent to the same phone twice: what belongs to another text is not this one."""
    theirs = select(Outgoing.provider_ref).where(
        Outgoing.provider_used == question.provider,
        Outgoing.provider_ref.in_([one.provider_ref for one in found]),
        Outgoing.id != question.outbox_id,
    )
    known = set(session.scalars(theirs))
    return [one for one in found if one.provider_ref not in known]
