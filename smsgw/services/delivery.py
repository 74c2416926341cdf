"""Sends what waits in the outbox: claim, hand to a provider with no transaction open, settle; and reads receipts.

A text is marked `dispatching` and committed before the provider is called. A crash after that, or an answer that never
came, leaves a text in doubt: it waits for a receipt, and is sent again at most once, marked as a possible duplicate;
reminders never are.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from smsgw.domain.limits import Drop, Limits
from smsgw.domain.limits import Wait as Held
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
from smsgw.services import health, limiting
from smsgw.services.demo import senders_for
from smsgw.services.limiting import Gate
from smsgw.store import outbox
from smsgw.store.database import Database, StoreError
from smsgw.store.outbox import Due
from smsgw.store.tables import Citizen, Outgoing

BATCH = 64  # two turns of every sender: one that waits 15 s for each answer is done long before the lease ends
LEASE = timedelta(seconds=120)
LEASE_TO_BEGIN = timedelta(seconds=30)  # what must be left of it when the provider is called
SETTLES_AGAIN_AFTER_S = (0.2, 1.0, 2.0, 4.0)
DOUBT_WAITS = timedelta(seconds=120)
GATHERS_S = 0.05  # a provider that answers at once fills one transaction, not one for each text
LADDER = (30, 120, 600, 1800, 3600)
GIVE_UP = {Lane.URGENT: timedelta(hours=24), Lane.ANSWER: timedelta(hours=24)}
GIVE_UP_OTHERS = timedelta(hours=4)
STALE = {Lane.REMINDER: timedelta(hours=24)}
RESENT_WHEN_IN_DOUBT = frozenset({Lane.URGENT, Lane.RECEIPT, Lane.ANSWER})

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Parcel:
    """One claimed text on its way: plain values, so that nothing of the database is held while it is sent. `since` is when
    it was first free to go."""

    outbox_id: int
    attempt: int
    lane: int
    doubts: int
    since: datetime
    provider: str
    lease_until: datetime
    message: OutgoingSms


@dataclass(frozen=True, slots=True)
class Go:
    """The text is handed to this provider now."""

    provider: str


@dataclass(frozen=True, slots=True)
class Wait:
    """The text stays in the queue until then: there is nobody to send it."""

    until: datetime
    why: str


Verdict = Go | Wait | Held | Drop


@dataclass(frozen=True, slots=True)
class NotBegun:
    """No provider was asked: too little was left of the lease to be sure of settling the answer in time."""


Fate = Outcome | NotBegun


@dataclass(frozen=True, slots=True)
class Postman:
    """What sending needs. `order` is SMSGW_SMS_OUT; `may_text` says whether the deployment allows this number (demo);
    `patience` is how many seconds to wait before each new try to write down what was sent."""

    database: Database
    providers: Mapping[str, Provider]
    order: Sequence[str]
    sign: Callable[[int], str]
    may_text: Callable[[Session, str, str], bool]
    limits: Limits
    now: Callable[[], datetime]
    pool: ThreadPoolExecutor
    patience: Sequence[float] = SETTLES_AGAIN_AFTER_S

    def batch(self) -> int:
        """Claims up to `BATCH` texts that are due, sends them side by side and settles each as its answer comes; how many
        were due, those that must wait included: 0 means that nothing is left.

        Raises `StoreError` at the end when some answers could not be written down.
        """
        taken_up, parcels = self._claim()
        jobs = {self.pool.submit(self._hand_over, parcel): parcel for parcel in parcels}
        try:
            self._settle_all(jobs)
        finally:
            for job in jobs:
                job.cancel()  # nobody would settle what is sent after a job was cut short
        return taken_up

    def _claim(self) -> tuple[int, list[Parcel]]:
        """How many texts were due, and those of them that go."""
        now = self.now()
        with self.database.write() as session:
            rows = outbox.due(session, now, BATCH)
            if not rows:
                return 0, []
            usable = health.usable(session, self.order, now)
            gate = limiting.open_gate(session, rows, self.limits, now)
            decided = [(row, self._verdict(session, row, usable, gate, now)) for row in rows]
            for verdict, ids in _alike(decided).items():
                match verdict:
                    case Go(provider):
                        outbox.dispatch(session, ids, provider, now + LEASE)
                    case Wait(until, why):
                        outbox.postpone(session, ids, why, until)
                    case Held(until, why):
                        outbox.hold(session, ids, why, until)
                    case Drop(why):
                        outbox.cancel(session, ids, why, now)
            gate.close()
        return len(rows), [self._parcel(row, go.provider, now) for row, go in decided if isinstance(go, Go)]

    def _verdict(self, session: Session, row: Due, usable: Sequence[str], gate: Gate, now: datetime) -> Verdict:
        """Limits come last: what does not go for another reason draws on no allowance."""
        if now - row.created_at > STALE.get(Lane(row.lane), timedelta.max):
            return Drop("too late to be of use")
        provider = self._provider_for(row, usable)
        if provider is None:
            return Wait(now + timedelta(seconds=LADDER[0]), "no provider that sends is in order")
        if not self.may_text(session, provider, row.recipient):
            return Drop("this demo may not text that number")
        return gate.stops(row) or Go(provider)

    def _parcel(self, row: Due, provider: str, now: datetime) -> Parcel:
        message = OutgoingSms(self.sign(row.id), row.recipient, row.body)
        attempt, lease = row.attempts + 1, now + LEASE
        since = row.held_until or row.created_at
        return Parcel(row.id, attempt, row.lane, row.doubts, since, provider, lease, message)

    def _provider_for(self, row: Due, usable: Sequence[str]) -> str | None:
        """The one the person wrote through where it sends here and is healthy, else the first in order that is."""
        return next((name for name in senders_for(row.provider, self.order) if name in usable), None)

    def _hand_over(self, parcel: Parcel) -> Fate:
        if parcel.lease_until - self.now() < LEASE_TO_BEGIN:
            return NotBegun()
        return self.providers[parcel.provider].send(parcel.message)

    def _settle_all(self, jobs: Mapping[Future[Fate], Parcel]) -> None:
        """Every group gets its chance, whatever became of the one before: what is not settled is sent twice."""
        trouble: StoreError | None = None
        for answered in _in_groups(jobs):
            try:
                self._settle_patiently(answered)
            except StoreError as error:
                trouble = error
        if trouble:
            raise trouble

    def _settle_patiently(self, answered: Sequence[tuple[Parcel, Fate]]) -> None:
        for pause in self.patience:
            try:
                return self._settle(answered)
            except StoreError as error:
                log.warning("what was sent could not be written down; trying again", error=type(error).__name__)
                time.sleep(pause)
        return self._settle(answered)

    def _settle(self, answered: Sequence[tuple[Parcel, Fate]]) -> None:
        now = self.now()
        with self.database.write() as session:
            outbox.change(session, [_change(parcel, fate, now) for parcel, fate in answered])
            for parcel, fate in answered:
                _remember(session, parcel, fate, now)
            told = [(parcel.provider, fate) for parcel, fate in answered if not isinstance(fate, NotBegun)]
            health.record(session, told, now)

    def look_after(self) -> int:
        """Texts whose sender died or whose fate is in doubt: sent once more where that is right, else left for a person."""
        now = self.now()
        with self.database.write() as session:
            rows = outbox.lapsed(session, now, BATCH)
            for row in rows:
                _resolve(row, now)
        return len(rows)


def _alike(decided: Sequence[tuple[Due, Verdict]]) -> Mapping[Verdict, list[int]]:
    ids: dict[Verdict, list[int]] = {}
    for row, verdict in decided:
        ids.setdefault(verdict, []).append(row.id)
    return ids


def _in_groups(jobs: Mapping[Future[Fate], Parcel]) -> Iterator[list[tuple[Parcel, Fate]]]:
    """Answers in groups: the first to come, and whatever else comes within a moment of it."""
    left = set(jobs)
    while left:
        wait(left, return_when=FIRST_COMPLETED)
        done, left = wait(left, timeout=GATHERS_S)
        yield [(jobs[job], _fate(job)) for job in done]


def _fate(job: Future[Fate]) -> Fate:
    """A provider that breaks its promise not to raise leaves its text in doubt."""
    error = job.exception()
    if error is None:
        return job.result()
    log.error("a provider raised instead of classifying", error=type(error).__name__, exc_info=error)
    return InDoubt(type(error).__name__)


def _change(parcel: Parcel, fate: Fate, now: datetime) -> outbox.Change:
    return outbox.Change(parcel.outbox_id, parcel.attempt, _consequence(parcel, fate, now))


def _consequence(parcel: Parcel, fate: Fate, now: datetime) -> dict[str, object]:
    """What the provider's answer, or none, means for the row."""
    match fate:
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
        case NotBegun():
            return {"state": "queued", "next_attempt_at": now, "lease_until": None, "error": ""}


def _later(parcel: Parcel, why: str, after: int | None, now: datetime) -> dict[str, object]:
    """Back into the queue, each time a little later; given up when the text would come too late to be of use."""
    if now - parcel.since > GIVE_UP.get(Lane(parcel.lane), GIVE_UP_OTHERS):
        return {"state": "failed", "settled_at": now, "lease_until": None, "error": f"given up: {why}"}
    wait = max(after or 0, LADDER[min(parcel.attempt - 1, len(LADDER) - 1)])
    return {"state": "queued", "next_attempt_at": now + timedelta(seconds=wait), "lease_until": None, "error": why}


def _remember(session: Session, parcel: Parcel, fate: Fate, now: datetime) -> None:
    """The provider's STOP is the person's STOP."""
    if not isinstance(fate, OptedOut):
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
