"""Compares our books with our providers': texts that came in and never reached us are taken in, other differences told."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from smsgw.domain.ledger import Capability, NotSetUp, NoWord, Sighting
from smsgw.domain.messages import SmsReceived
from smsgw.providers.contract import Provider
from smsgw.services import intake
from smsgw.services.heartbeat import beat, last_beat
from smsgw.store.database import Database
from smsgw.store.tables import Inbound, Outgoing, PartRow

EVERY = timedelta(minutes=5)
LISTED_TWICE = timedelta(hours=1)  # a list may lag behind, and clocks differ
LOOKS_BACK = timedelta(days=7)
STILL_UNDER_WAY = timedelta(minutes=10)
AT_ONCE = 500

T = TypeVar("T")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ours:
    """A text that a provider took from us, by our books."""

    outbox_id: int
    provider_ref: str
    recipient: str
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class Differences:
    """Between us and one provider. `silence` says why there was no word from it, '' when there was."""

    provider: str
    imported: int = 0
    unknown_to_us: Sequence[Sighting] = ()
    unknown_to_them: Sequence[Ours] = ()
    silence: str = ""


@dataclass(frozen=True, slots=True)
class Reconciler:
    """`heard` and `sending` are SMSGW_SMS_IN and SMSGW_SMS_OUT."""

    database: Database
    providers: Mapping[str, Provider]
    heard: Sequence[str]
    sending: Sequence[str]
    now: Callable[[], datetime]

    def look_for_missed(self) -> int:
        """Takes in what providers that list have and we have not, every five minutes, since the last list; of how many.

        The first time there is no list yet: what is older than the house is not its business.
        """
        return sum(self._missed_at(name) for name in self._able(self.heard, Capability.LISTS_RECEIVED))

    def _missed_at(self, name: str) -> int:
        now = self.now()
        since = self._turn(name, now)
        if since is None:
            return 0
        try:
            imported = self._import(name, since)
        except NotSetUp:
            return 0
        except NoWord as silence:
            log.warning("a provider could not be asked what came in", provider=name, why=str(silence))
            return 0
        with self.database.write() as session:
            beat(session, _listed(name), now)
        if imported:
            log.warning("texts that had not reached us were taken in", provider=name, texts=imported)
        return imported

    def _turn(self, name: str, now: datetime) -> datetime | None:
        """Since when to ask; None while it is too early to ask again, be it that there was no word."""
        with self.database.read() as session:
            asked, listed = last_beat(session, _asked(name)), last_beat(session, _listed(name))
        if asked and now - asked < EVERY:
            return None
        with self.database.write() as session:
            beat(session, _asked(name), now)
            if listed is None:
                beat(session, _listed(name), now)
        return max(listed - LISTED_TWICE, now - LOOKS_BACK) if listed else None

    def compare(self, since: datetime) -> Iterator[Differences]:
        """With each provider that can list anything, whatever was asked before."""
        able = (Capability.LISTS_RECEIVED, Capability.LISTS_SENT)
        names = dict.fromkeys(name for one in able for name in self._able((*self.heard, *self.sending), one))
        for name in names:
            try:
                yield self._differences(name, since)
            except NoWord as silence:
                yield Differences(name, silence=str(silence))

    def _differences(self, name: str, since: datetime) -> Differences:
        lists = self.providers[name].can
        hears = name in self.heard and Capability.LISTS_RECEIVED in lists
        imported = self._import(name, since) if hears else 0
        if name not in self.sending or Capability.LISTS_SENT not in lists:
            return Differences(name, imported)
        theirs = list(self.providers[name].sent_since(since - LISTED_TWICE))
        with self.database.read() as session:
            refs = (one.provider_ref for one in theirs)
            known = _known(session, Outgoing.provider_ref, refs, Outgoing.provider_used == name)
            ours = _ours(session, name, since, self.now() - STILL_UNDER_WAY)
        listed = {one.provider_ref for one in theirs}
        return Differences(
            name,
            imported,
            [one for one in theirs if one.provider_ref not in known and one.at and one.at >= since],
            [one for one in ours if one.provider_ref not in listed],
        )

    def _import(self, name: str, since: datetime) -> int:
        """As webhooks would; where one has come meanwhile, or comes later, the text is there once."""
        texts = list(self.providers[name].received_since(since))
        with self.database.read() as session:
            refs = [sms.provider_ref for sms in texts]
            known = _known(session, Inbound.provider_ref, refs, Inbound.provider == name)
            known |= _known(session, PartRow.provider_ref, refs, PartRow.provider == name)
        missing = [sms for sms in texts if sms.provider_ref not in known]
        return sum(self._takes_in(piece) for piece in _pieces(missing))

    def _takes_in(self, texts: Sequence[SmsReceived]) -> int:
        with self.database.write() as session:
            return sum(intake.bring_in(session, sms, self.now()) for sms in texts)

    def _able(self, names: Iterable[str], capability: Capability) -> list[str]:
        return [name for name in dict.fromkeys(names) if capability in self.providers[name].can]


def _asked(name: str) -> str:
    return f"asked {name} what came in"


def _listed(name: str) -> str:
    return f"heard from {name} what came in"


def _known(
    session: Session, column: InstrumentedAttribute[str], refs: Iterable[str], of: ColumnElement[bool]
) -> set[str]:
    """Which of these references we have."""
    questions = (select(column).where(of, column.in_(piece)) for piece in _pieces(list(refs)))
    return {ref for question in questions for ref in session.scalars(question)}


def _pieces(whole: Sequence[T]) -> Iterator[Sequence[T]]:
    return (whole[at : at + AT_ONCE] for at in range(0, len(whole), AT_ONCE))


def _ours(session: Session, name: str, since: datetime, until: datetime) -> list[Ours]:
    query = select(Outgoing.id, Outgoing.provider_ref, Outgoing.recipient, Outgoing.accepted_at).where(
        Outgoing.provider_used == name, Outgoing.provider_ref != "", Outgoing.accepted_at.between(since, until)
    )
    rows: Iterable[Any] = session.execute(query.order_by(Outgoing.id))
    return [Ours(*row) for row in rows]
