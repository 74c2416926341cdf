"""Sends what waits in the outbox: claim, hand to a provider with no transaction open, settle; and reads receipts.

A batch is claimed, then marked `dispatching` in groups as small as the pool of senders, each committed before a provider
is called. A crash leaves only texts in doubt that were really being handed over; what was claimed and not marked goes
again when the lease is over. `tracing` looks into doubts.
"""

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from smsgw import crash
from smsgw.domain.choice import Standing
from smsgw.domain.doubts import first_look
from smsgw.domain.ledger import Capability
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
from smsgw.domain.patience import is_given_up, is_stale, wait_after
from smsgw.providers.contract import Provider
from smsgw.services import health, limiting
from smsgw.services.allotting import Allotter, HeldBack
from smsgw.services.limiting import Gate
from smsgw.services.tracing import Tracer
from smsgw.store import outbox
from smsgw.store.database import Database, StoreError
from smsgw.store.outbox import Due
from smsgw.store.tables import Citizen

BATCH = 128  # four turns of every sender: with 15 s for each answer still begun and settled within the lease
GROUP = 32  # marked in one transaction: as many as there are senders
LEASE = timedelta(seconds=120)
LEASE_TO_BEGIN = timedelta(seconds=30)  # what must be left of it when the provider is called
SETTLES_AGAIN_AFTER_S = (0.2, 1.0, 2.0, 4.0)
GATHERS_S = 0.05  # a provider that answers at once fills one transaction, not one for each text
PACES_S = 0.1  # when all that is due waits for a provider: its rate is used up, or it rests

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
    can: frozenset[Capability]
    message: OutgoingSms


@dataclass(frozen=True, slots=True)
class Go:
    """The text is handed to this provider, by a sender that is idle now or by the next one that is."""

    provider: str
    at_once: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """The text stays in the queue until then: there is nobody to send it."""

    until: datetime
    why: str


Verdict = Go | Wait | Held | Drop | HeldBack


@dataclass(frozen=True, slots=True)
class Lease:
    """Until when a marked text may be begun, by the wall's clock and by one that nobody sets: the one can be put back,
    the other stands still while the whole machine is frozen."""

    by_wall: datetime
    by_elapsed: float


@dataclass(frozen=True, slots=True)
class NotBegun:
    """No provider was asked: too little was left of the lease to be sure of settling the answer in time."""


Fate = Outcome | NotBegun


@dataclass(frozen=True, slots=True)
class Postman:
    """What sending needs. `order` is SMSGW_SMS_OUT; `may_text` says whether the deployment allows this number (demo);
    `rates` are segments a second, of the providers that have a limit; `elapsed` a clock that nobody sets, in seconds;
    `patience` is how many seconds to wait before each new try to write down what was sent."""

    database: Database
    providers: Mapping[str, Provider]
    order: Sequence[str]
    sign: Callable[[int], str]
    may_text: Callable[[Session, str, str], bool]
    limits: Limits
    now: Callable[[], datetime]
    elapsed: Callable[[], float]
    pool: ThreadPoolExecutor
    patience: Sequence[float] = SETTLES_AGAIN_AFTER_S
    rates: Mapping[str, float] = field(default_factory=dict)

    def batch(self) -> int:
        """Claims up to `BATCH` texts that are due, sends them side by side and settles each as its answer comes; how many
        were due, those that must wait included: 0 means that nothing is left.

        Raises `StoreError` at the end when some answers could not be written down.
        """
        claimed = self._claim()
        if claimed.nobody_to_send and not claimed.first:
            time.sleep(PACES_S)
        jobs: Jobs = {}
        try:
            self._send_all(claimed, jobs)
        finally:
            for job in jobs:
                job.cancel()  # nobody would settle what is sent after a job was cut short
        return claimed.due

    def _claim(self) -> "Claimed":
        """Puts texts that are due under a lease, and marks as many as there are senders in the same transaction."""
        now, claimed = self.now(), Claimed(self._lease())
        with self.database.write() as session:
            allotter = Allotter.begin(session, self.order, self.rates, now)
            wishes = allotter.wishes_held_back()
            rows = outbox.due(session, now, BATCH, wishes, self.order)
            if not rows:
                claimed.due = claimed.held_back = int(bool(wishes) and outbox.is_waiting(session, now))
                return claimed
            self._decide(session, rows, allotter, claimed, now)
            if claimed.held_back and len(rows) == BATCH:
                self._decide(session, self._behind(session, rows, allotter, claimed, now), allotter, claimed, now)
            allotter.end()
        crash.point("after_claim")
        return claimed

    def _behind(
        self, session: Session, rows: Sequence[Due], allotter: Allotter, claimed: "Claimed", now: datetime
    ) -> Sequence[Due]:
        """Texts that a full batch did not reach because of those in it that their provider's rate holds back."""
        wishes, room = allotter.wishes_held_back(), BATCH - len(claimed.first) - len(claimed.rest)
        if not wishes:
            return ()
        seen = {row.id for row in rows}
        return [row for row in outbox.due(session, now, room, wishes, self.order) if row.id not in seen]

    def _decide(
        self, session: Session, rows: Sequence[Due], allotter: Allotter, claimed: "Claimed", now: datetime
    ) -> None:
        """What becomes of these texts, and writes it down."""
        if not rows:
            return
        gate = limiting.open_gate(session, rows, self.limits, now)
        decided = [(row, self._verdict(session, row, allotter, gate, now)) for row in rows]
        for row, verdict in decided:
            claimed.adds(verdict, self._parcel, row)
        _write_down(session, decided, now)
        gate.close()

    def _verdict(self, session: Session, row: Due, allotter: Allotter, gate: Gate, now: datetime) -> Verdict:
        """Limits come last: what does not go for another reason draws on no allowance."""
        if is_stale(Lane(row.lane), now - row.created_at):
            return Drop("too late to be of use")
        provider = allotter.provider_for(row)
        if isinstance(provider, HeldBack):
            return provider
        if provider is None:
            return Wait(allotter.one_may_be_tried_at(row), "no provider that sends is in order")
        if not self.may_text(session, provider, row.recipient):
            allotter.takes_back(provider, row)
            return Drop("this demo may not text that number")
        if stopped := gate.stops(row):
            allotter.takes_back(provider, row)
            return stopped
        return Go(provider, at_once=sum(allotter.given.values()) <= GROUP)

    def _parcel(self, row: Due, provider: str) -> Parcel:
        message = OutgoingSms(self.sign(row.id), row.recipient, row.body)
        can, since = self.providers[provider].can, row.held_until or row.created_at
        return Parcel(row.id, row.attempts + 1, row.lane, row.doubts, since, provider, can, message)

    def _lease(self) -> Lease:
        """As it stands for texts that are marked now."""
        usable = LEASE - LEASE_TO_BEGIN
        return Lease(self.now() + usable, self.elapsed() + usable.total_seconds())

    def _send_all(self, claimed: "Claimed", jobs: "Jobs") -> None:
        """Hands the texts over group by group, each as large as there are idle senders. Every answer gets its chance to
        be written down, whatever became of those before: what is not settled may be sent twice."""
        trouble: StoreError | None = None
        self._hand_out(claimed.first, claimed.lease, jobs)
        while jobs or (claimed.rest and not trouble):
            answered, lease = _answered(jobs) if jobs else [], self._lease()
            group = [claimed.rest.popleft() for _ in range(min(GROUP - len(jobs), len(claimed.rest)))]
            try:
                begun = self._settle_patiently(answered, group)
            except StoreError as error:
                trouble = error
            else:
                self._hand_out(begun, lease, jobs)
        if trouble:
            raise trouble

    def _hand_out(self, parcels: Sequence[Parcel], lease: Lease, jobs: "Jobs") -> None:
        for parcel in parcels:
            jobs[self.pool.submit(self._hand_over, parcel, lease)] = parcel

    def _hand_over(self, parcel: Parcel, lease: Lease) -> Fate:
        if self.now() > lease.by_wall or self.elapsed() > lease.by_elapsed:
            return NotBegun()
        crash.point("after_mark")
        outcome = self.providers[parcel.provider].send(parcel.message)
        crash.point("after_provider_reply")
        return outcome

    def _settle_patiently(
        self, answered: Sequence[tuple[Parcel, Fate]], group: Sequence[Parcel] = ()
    ) -> Sequence[Parcel]:
        for pause in self.patience:
            try:
                return self._settle(answered, group)
            except StoreError as error:
                log.warning("what was sent could not be written down; trying again", error=type(error).__name__)
                time.sleep(pause)
        return self._settle(answered, group)

    def _settle(self, answered: Sequence[tuple[Parcel, Fate]], group: Sequence[Parcel] = ()) -> Sequence[Parcel]:
        """Writes down what became of texts, and marks the next group; those of it that are still ours to send."""
        now = self.now()
        with self.database.write() as session:
            outbox.change(session, [_change(parcel, fate, now) for parcel, fate in answered])
            for parcel, fate in answered:
                _remember(session, parcel, fate, now)
            told = [(parcel.provider, fate) for parcel, fate in answered if not isinstance(fate, NotBegun)]
            known = health.record(session, told, now)
            going = _with_no_resting_provider(session, group, known, now)
            ours = outbox.mark(session, [(one.outbox_id, one.attempt) for one in going], now, now + LEASE)
        if answered:
            crash.point("after_record")
        return [one for one in group if one.outbox_id in ours]

    def look_after(self) -> int:
        """Takes a step with texts whose sender died or whose fate is in doubt; with how many."""
        return Tracer(self.database, self.providers, self.sign, self.now, self.pool).look_after()


Jobs = dict[Future[Fate], Parcel]


@dataclass(slots=True)
class Claimed:
    """What one claim brought: texts that are marked, texts that are still to be, how many were due, and how many of
    those their provider's rate holds back, or have to wait for one. What a limit or the hour keeps has its own time."""

    lease: Lease
    first: list[Parcel] = field(default_factory=list)
    rest: deque[Parcel] = field(default_factory=deque)
    held_back: int = 0
    postponed: int = 0
    due: int = 0

    @property
    def nobody_to_send(self) -> bool:
        return bool(self.held_back or self.postponed)

    def adds(self, verdict: Verdict, parcel: Callable[[Due, str], Parcel], row: Due) -> None:
        self.due += 1
        match verdict:
            case Go(provider, at_once=True):
                self.first.append(parcel(row, provider))
            case Go(provider):
                self.rest.append(parcel(row, provider))
            case HeldBack():
                self.held_back += 1
            case Wait():
                self.postponed += 1


def _write_down(session: Session, decided: Sequence[tuple[Due, Verdict]], now: datetime) -> None:
    """Like verdicts go in one statement."""
    alike: dict[Verdict, list[int]] = {}
    for row, verdict in decided:
        alike.setdefault(verdict, []).append(row.id)
    for verdict, ids in alike.items():
        match verdict:
            case Go(provider, at_once=True):
                outbox.dispatch(session, ids, provider, now, now + LEASE)
            case Go(provider):
                outbox.claim(session, ids, provider, now + LEASE)
            case Wait(until, why):
                outbox.postpone(session, ids, why, until)
            case Held(until, why):
                outbox.hold(session, ids, why, until)
            case Drop(why):
                outbox.cancel(session, ids, why, now)


def _with_no_resting_provider(
    session: Session, group: Sequence[Parcel], known: Mapping[str, Standing], now: datetime
) -> Sequence[Parcel]:
    """Without the texts whose provider has begun to rest since they were claimed: those are free for the next claim, which
    knows better. The text that is to try one goes. `known` are standings of which this transaction is sure."""
    asked = {one.provider for one in group} - known.keys()
    standings = {**known, **(health.standings(session, asked) if asked else {})}
    resting = {name for name, standing in standings.items() if standing.rests and standing.probed_at is None}
    back = [(one.outbox_id, one.attempt) for one in group if one.provider in resting]
    outbox.give_back(session, back, now)
    return [one for one in group if one.provider not in resting]


def _answered(jobs: Jobs) -> list[tuple[Parcel, Fate]]:
    """The first answer to come, and whatever else comes within a moment of it."""
    wait(jobs, return_when=FIRST_COMPLETED)
    done, _ = wait(jobs, timeout=GATHERS_S)
    return [(jobs.pop(job), _fate(job)) for job in done]


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
            look = now + first_look(parcel.can)
            return {"state": "unknown", "lease_until": look, "doubts": parcel.doubts + 1, "error": why}
        case TryLater(why) | AccountWrong(why):
            return _later(parcel, why, now)
        case NotBegun():
            return {"state": "queued", "next_attempt_at": now, "lease_until": None, "error": ""}


def _later(parcel: Parcel, why: str, now: datetime) -> dict[str, object]:
    """Back into the queue, each time a little later; given up when the text would come too late to be of use. For how
    long the provider wishes to be left alone is its own affair: another may take the text before."""
    if is_given_up(Lane(parcel.lane), now - parcel.since):
        return {"state": "failed", "settled_at": now, "lease_until": None, "error": f"given up: {why}"}
    again = now + timedelta(seconds=wait_after(parcel.attempt))
    return {"state": "queued", "next_attempt_at": again, "lease_until": None, "error": why}


def _remember(session: Session, parcel: Parcel, fate: Fate, now: datetime) -> None:
    """The provider's STOP is the person's STOP."""
    if not isinstance(fate, OptedOut):
        return
    citizen = session.scalars(select(Citizen).where(Citizen.phone == parcel.message.to)).one_or_none()
    if citizen and citizen.opted_out_at is None:
        citizen.opted_out_at = now
