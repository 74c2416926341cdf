"""The inbox: texts that wait to be worked on, held by one worker at a time, and what came of them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Table, bindparam, func, select, text, update
from sqlalchemy.orm import Session

from smsgw.domain.fairness import in_turn
from smsgw.store.tables import HOPELESS, Inbound

_INBOX = cast("Table", Inbound.__table__)
_AS_THEY_CAME = (
    Inbound.id,
    Inbound.provider,
    Inbound.account,
    Inbound.sender,
    Inbound.body,
    Inbound.received_at,
    Inbound.attempts,
    Inbound.recipient,
    Inbound.sent_at,
    Inbound.continues,
)
_PROCESSED = (
    update(_INBOX)
    .where(_INBOX.c.id == bindparam("its_id"))
    .values(
        state="processed",
        **{name: bindparam(name) for name in ("verb", "reference", "intent", "reason", "complaint_id", "repeat_of")},
    )
)


class Arrived(NamedTuple):
    """A text as it came: where from, by whom, when; how often it was taken up before, to whom and when it was sent, and
    which long text it is the late rest of."""

    id: int
    provider: str
    account: str
    sender: str
    body: str
    received_at: datetime
    attempts: int = 0
    recipient: str = ""
    sent_at: datetime | None = None
    continues: int | None = None


class Hopeless(NamedTuple):
    """A text that nobody could file, and whom to tell."""

    id: int
    provider: str
    sender: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a text was understood as, and what came of it; of a repeat, which text it repeats."""

    inbound_id: int
    verb: str
    reference: str | None
    intent: str
    reason: str
    complaint_id: int | None
    repeat_of: int | None = None


def take_up(session: Session, now: datetime, until: datetime, limit: int) -> list[Arrived]:
    """The oldest texts that nobody holds, and of each phone no more than its share while others wait; held by the caller
    until then. Each try is counted."""
    query = (
        select(*_AS_THEY_CAME).where(_free(now)).order_by(Inbound.id).with_for_update(skip_locked=True, key_share=True)
    )

    def oldest(but: Collection[str], most: int) -> list[Arrived]:
        of_others = query.where(Inbound.sender.not_in(but)) if but else query
        return [Arrived._make(row) for row in session.execute(of_others.limit(most))]

    rows = in_turn(oldest, limit)
    if rows:
        held = update(Inbound).where(Inbound.id.in_([row.id for row in rows]))
        session.execute(held.values(attempts=Inbound.attempts + 1, held_until=until))
    return rows


def set_apart(session: Session, now: datetime, after_tries: int) -> Sequence[Hopeless]:
    """Texts that could not even be filed wait no longer: a person must look at them."""
    hopeless = update(Inbound).where(text(HOPELESS), _free(now), Inbound.attempts > after_tries)
    lost = hopeless.values(state="quarantined", reason="could not be filed")
    return [Hopeless(*row) for row in session.execute(lost.returning(Inbound.id, Inbound.provider, Inbound.sender))]


def still_waiting(session: Session, ids: Sequence[int]) -> set[int]:
    """Which of these texts nobody has worked through meanwhile; they stay so until the caller's transaction ends."""
    query = select(Inbound.id).where(Inbound.id.in_(ids), Inbound.state == "received")
    return set(session.scalars(query.order_by(Inbound.id).with_for_update(key_share=True)))


def settle(session: Session, outcomes: Iterable[Outcome]) -> None:
    """Writes down what came of texts that were still waiting."""
    rows = [
        {
            "its_id": one.inbound_id,
            "verb": one.verb,
            "reference": one.reference,
            "intent": one.intent,
            "reason": one.reason,
            "complaint_id": one.complaint_id,
            "repeat_of": one.repeat_of,
        }
        for one in outcomes
    ]
    if rows:
        session.connection().execute(_PROCESSED, rows)


def give_back(session: Session, ids: Sequence[int]) -> None:
    """The try does not count, and the texts are free for the next one."""
    mine = update(Inbound).where(Inbound.id.in_(ids), Inbound.state == "received")
    session.execute(mine.values(attempts=Inbound.attempts - 1, held_until=None))


def let_go(session: Session, ids: Sequence[int]) -> None:
    """What is still waiting after its try is free for the next one."""
    mine = update(Inbound).where(Inbound.id.in_(ids), Inbound.state == "received")
    session.execute(mine.values(held_until=None))


def waiting(session: Session) -> int:
    """How many texts wait to be worked on."""
    return session.scalar(select(func.count()).where(Inbound.state == "received")) or 0


def _free(now: datetime) -> ColumnElement[bool]:
    return (Inbound.state == "received") & (Inbound.held_until.is_(None) | (Inbound.held_until <= now))
