"""Holds the texts of one claim against the limits: lets them go, makes them wait, or sees that they are not sent."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import structlog
from sqlalchemy.orm import Session

from smsgw.domain.grammar import Verb
from smsgw.domain.limits import (
    Drop,
    Go,
    Heard,
    Limits,
    Sort,
    Text,
    Told,
    Wait,
    alike,
    lately,
    warned_of,
    weigh,
)
from smsgw.domain.notices import Lane
from smsgw.domain.phone import is_answered
from smsgw.domain.workdays import VIETNAM
from smsgw.services.conversation import USSD
from smsgw.services.demo import SIMULATED
from smsgw.store import allowances, outbox
from smsgw.store.allowances import Incoming
from smsgw.store.outbox import Due

OF_KIND: Mapping[str, Sort] = {
    "ComplaintReceived": Sort.RECEIPT,
    "OfficeAnswer": Sort.ANSWER,
    "OfficeQuestion": Sort.QUESTION,
    "AskVerdict": Sort.ANSWER,
    "NotAccepted": Sort.ANSWER,
    "DangerReceived": Sort.RECEIPT,
}
TO_ORDERS = frozenset({"OrderDone", "OrderRefused", "ComplaintShown", "PhoneCode"})
TO_DUTY = frozenset({"EmergencyDuty", "ManyCries", "NobodyTookUp"})  # wherever such a phone is

log = structlog.get_logger()


@dataclass(slots=True)
class Gate:
    """What the texts of one claim pass one by one, in the claim's transaction; `close` writes down what passed."""

    session: Session
    limits: Limits
    now: datetime
    day: date
    heard: Mapping[int, Incoming]
    told: dict[str, list[Told]]
    silent: frozenset[str]
    spent: int
    before: int
    changed: set[str] = field(default_factory=set)

    def stops(self, row: Due) -> Wait | Drop | None:
        """What keeps this text from going now; None for one that goes, which is counted from here on."""
        past = self.told.setdefault(row.recipient, [])
        verdict = weigh(self._text(row), past, self.spent, self.limits, self.now)
        if not isinstance(verdict, Go):
            return verdict
        if verdict.told:
            self._remember(row, verdict.told, past)
        return None

    def close(self) -> None:
        """Writes once for all of them; says so when most of the day's budget is used up."""
        if not self.changed:
            return
        told = {phone: lately(self.told[phone], self.now) for phone in sorted(self.changed)}
        allowances.keep(self.session, told, self.day, self.spent, self.now)
        if warned_of(self.before, self.spent, self.limits.budget):
            log.warning("most of the day's budget is used up", segments=self.spent, budget=self.limits.budget)

    def _remember(self, row: Due, told: Told, past: list[Told]) -> None:
        past.append(told)
        self.spent += row.segments
        self.changed.add(row.recipient)

    def _text(self, row: Due) -> Text:
        sort = sort_of(row)
        return Text(
            id=row.id,
            sort=sort,
            segments=row.segments,
            created_at=row.created_at,
            heard=_heard(self.heard.get(row.id)),
            reachable=row.kind in TO_DUTY or is_answered(row.recipient, self.limits.ranges),
            optional=row.optional,
            silent=row.recipient in self.silent,
            any_hour=row.any_hour,
            tried=row.attempts > 0,
        )


def open_gate(session: Session, rows: Sequence[Due], limits: Limits, now: datetime) -> Gate:
    """The gate for these texts; nobody else has one until this transaction ends."""
    day = now.astimezone(VIETNAM).date()
    known = allowances.known(session, [row.id for row in rows], day)
    optional = [row.recipient for row in rows if row.optional]
    silent = frozenset(outbox.opted_out(session, optional)) if optional else frozenset()
    told = {phone: list(texts) for phone, texts in known.told.items()}
    return Gate(session, limits, now, day, known.incoming, told, silent, known.segments, known.segments)


def sort_of(row: Due) -> Sort:
    """What limits call this text."""
    if row.lane == Lane.URGENT:
        return Sort.URGENT
    if row.official_id is not None:
        return Sort.ORDER if row.kind in TO_ORDERS else Sort.ALERT
    return OF_KIND.get(row.kind) or (Sort.UNASKED if row.inbound_id is None else Sort.REPLY)


def _heard(incoming: Incoming | None) -> Heard | None:
    """Nothing of a person's words is kept in what limits remember, only whether they were the same. A command is no
    machine's, and the simulated network takes no time, so that quickness says nothing there."""
    if incoming is None:
        return None
    words = alike(incoming.body, incoming.reference).encode()
    free = incoming.verb == Verb.FREE and incoming.account != USSD and incoming.provider != SIMULATED
    return Heard(hashlib.blake2b(words, digest_size=8).hexdigest(), incoming.received_at, free)
