"""Sends what waits in the outbox: claim, hand to a provider with no transaction open, settle; and reads receipts.

A text is marked `dispatching` and committed before the provider is called. A crash after that, or an answer that never
came, leaves a text in doubt: it waits for a receipt, and is sent again at most once, marked as a possible duplicate;
reminders never are.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from smsgw.domain.messages import (
    Accepted,
    AccountWrong,
    InDoubt,
    Never,
    OptedOut,
    Outcome,
    OutgoingSms,
    TryLater,
)
from smsgw.domain.notices import Lane
from smsgw.providers.contract import Provider
from smsgw.services import health
from smsgw.services.demo import senders_for
from smsgw.store import outbox
from smsgw.store.database import Database
from smsgw.store.tables import Citizen, Outgoing

BATCH = 128
LEASE = timedelta(seconds=120)
DOUBT_WAITS = timedelta(seconds=120)
GATHERS_S = 0.05  # a provider that answers at once fills one transaction, not one for each text
LADDER = (30, 120, 600, 1800, 3600)
GIVE_UP = {Lane.URGENT: timedelta(hours=24), Lane.ANSWER: timedelta(hours=24)}
GIVE_UP_OTHERS = timedelta(hours=4)
RESENT_WHEN_IN_DOUBT = frozenset({Lane.URGENT, Lane.RECEIPT, Lane.ANSWER})

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Parcel:
    """One claimed text on its way: plain values, so that nothing of the database is held while it is sent."""

    outbox_id: int
    attempt: int
    lane: int
    doubts: int
    created_at: datetime
    provider: str
    message: OutgoingSms


@dataclass(frozen=True, slots=True)
class Postman:
    """What sending needs. `order` is SMSGW_SMS_OUT; `may_text` says whether the deployment allows this number (demo)."""

    database: Database
    providers: Mapping[str, Provider]
    order: Sequence[str]
    sign: Callable[[int], str]
    may_text: Callable[[Session, str, str], bool]
    now: Callable[[], datetime]
    pool: ThreadPoolExecutor

    def batch(self) -> int:
        """Claims up to `BATCH` texts that are due, sends them side by side and settles each as its answer comes; how many."""
        parcels = self._claim()
        jobs = {self.pool.submit(self._hand_over, parcel): parcel for parcel in parcels}
        for answered in _in_groups(jobs):
            self._settle(answered)
        return len(parcels)

    def _claim(self) -> list[Parcel]:
        now = self.now()
        with self.database.write() as session:
            rows = outbox.due(session, now, BATCH)
            silent = outbox.opted_out(session, [row.recipient for row in rows if row.optional])
            usable = health.usable(session, self.order, now)
            claimed = [self._claimed(session, row, usable, silent, now) for row in rows]
        return [parcel for parcel in claimed if parcel]

    def _claimed(
        self, session: Session, row: Outgoing, usable: Sequence[str], silent: set[str], now: datetime
    ) -> Parcel | None:
        """Marks one text as being sent, or says why it is not."""
        if row.optional and row.recipient in silent:
            row.state, row.settled_at, row.error = "cancelled", now, "the person wants no optional texts"
            return None
        provider = self._provider_for(row, usable)
        if provider is None:
            row.next_attempt_at, row.error = now + timedelta(seconds=LADDER[0]), "no provider that sends is in order"
            return None
        if not self.may_text(session, provider, row.recipient):
            row.state, row.settled_at, row.error = "cancelled", now, "this demo may not text that number"
            return None
        row.state, row.attempts = "dispatching", row.attempts + 1
        row.lease_until, row.provider_used = now + LEASE, provider
        message = OutgoingSms(self.sign(row.id), row.recipient, row.body)
        return Parcel(row.id, row.attempts, row.lane, row.doubts, row.created_at, provider, message)

    def _provider_for(self, row: Outgoing, usable: Sequence[str]) -> str | None:
        """The one the person wrote through where it sends here and is healthy, else the first in order that is."""
        return next((name for name in senders_for(row.provider, self.order) if name in usable), None)

    def _hand_over(self, parcel: Parcel) -> Outcome:
        return self.providers[parcel.provider].send(parcel.message)

    def _settle(self, answered: Sequence[tuple[Parcel, Outcome]]) -> None:
        now = self.now()
        with self.database.write() as session:
            outbox.change(session, [_change(parcel, outcome, now) for parcel, outcome in answered])
            for parcel, outcome in answered:
                _remember(session, parcel, outcome, now)
            health.record(session, [(parcel.provider, outcome) for parcel, outcome in answered], now)

    def look_after(self) -> int:
        """Texts whose sender died or whose fate is in doubt: sent once more where that is right, else left for a person."""
        now = self.now()
        with self.database.write() as session:
            rows = outbox.lapsed(session, now, BATCH)
            for row in rows:
                _resolve(row, now)
        return len(rows)


def _in_groups(jobs: Mapping[Future[Outcome], Parcel]) -> Iterator[list[tuple[Parcel, Outcome]]]:
    """Answers in groups: the first to come, and whatever else comes within a moment of it."""
    left = set(jobs)
    while left:
        wait(left, return_when=FIRST_COMPLETED)
        done, left = wait(left, timeout=GATHERS_S)
        yield [(jobs[job], _outcome(job)) for job in done]


def _outcome(job: Future[Outcome]) -> Outcome:
    """A provider that breaks its promise not to raise leaves its text in doubt."""
    error = job.exception()
    if error is None:
        return job.result()
    log.error("a provider raised instead of classifying", error=type(error).__name__, exc_info=error)
    return InDoubt(type(error).__name__)


def _change(parcel: Parcel, outcome: Outcome, now: datetime) -> outbox.Change:
    return outbox.Change(parcel.outbox_id, parcel.attempt, _consequence(parcel, outcome, now))


def _consequence(parcel: Parcel, outcome: Outcome, now: datetime) -> dict[str, object]:
    """What the provider's answer means for the row."""
    match outcome:
        case Accepted(provider_ref):
            return {
                "state": "accepted",
                "provider_ref": provider_ref,
                "accepted_at": now,
                "lease_until": None,
                "error": "",
            }
        case Never(why) | OptedOut(why):
            return {"state": "failed", "settled_at": now, "lease_until": None, "error": why}
        case InDoubt(why):
            return {"state": "unknown", "lease_until": now + DOUBT_WAITS, "doubts": parcel.doubts + 1, "error": why}
        case TryLater(why, after):
            return _later(parcel, why, after, now)
        case AccountWrong(why):
            return _later(parcel, why, None, now)


def _later(parcel: Parcel, why: str, after: int | None, now: datetime) -> dict[str, object]:
    """Back into the queue, each time a little later; given up when the text would come too late to be of use."""
    if now - parcel.created_at > GIVE_UP.get(Lane(parcel.lane), GIVE_UP_OTHERS):
        return {"state": "failed", "settled_at": now, "lease_until": None, "error": f"given up: {why}"}
    wait = max(after or 0, LADDER[min(parcel.attempt - 1, len(LADDER) - 1)])
    return {"state": "queued", "next_attempt_at": now + timedelta(seconds=wait), "lease_until": None, "error": why}


def _remember(session: Session, parcel: Parcel, outcome: Outcome, now: datetime) -> None:
    """The provider's STOP is the person's STOP."""
    if not isinstance(outcome, OptedOut):
        return
    citizen = session.scalars(select(Citizen).where(Citizen.phone == parcel.message.to)).one_or_none()
    if citizen and citizen.opted_out_at is None:
        citizen.opted_out_at = now


def _resolve(row: Outgoing, now: datetime) -> None:
    """A lapsed text may have been sent. Reminders are not repeated; others once, flagged; then a person must look."""
    first_doubt = row.state == "dispatching" or row.doubts <= 1
    if row.state == "dispatching":
        row.doubts += 1
    if first_doubt and not row.possible_duplicate and Lane(row.lane) in RESENT_WHEN_IN_DOUBT:
        row.state, row.possible_duplicate, row.next_attempt_at, row.lease_until = "queued", True, now, None
    else:
        row.state, row.lease_until = "unknown", None
