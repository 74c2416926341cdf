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


def _free() -> ColumnElement[bool]:
    return (Inbound.state == "received") & (Inbound.held_until.is_(None) | (Inbound.held_until <= bindparam("now")))


_OLDEST = (
    select(*_AS_THEY_CAME)
    .where(_free())
    .order_by(Inbound.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, key_share=True)
)
_OLDEST_OF_OTHERS = _OLDEST.where(Inbound.sender.not_in(bindparam("but", expanding=True)))
_HELD = (
    update(_INBOX)
    .where(_INBOX.c.id.in_(bindparam("ids", expanding=True)))
    .values(attempts=_INBOX.c.attempts + 1, held_until=bindparam("until"))
)
_HOPELESS = (
    update(_INBOX)
    .where(text(HOPELESS), _free(), _INBOX.c.attempts > bindparam("tries"))
    .values(state="quarantined", reason="could not be filed")
    .returning(_INBOX.c.id, _INBOX.c.provider, _INBOX.c.sender)
)
_STILL_WAITING = (
    select(Inbound.id)
    .where(Inbound.id.in_(bindparam("ids", expanding=True)), Inbound.state == "received")
    .order_by(Inbound.id)
    .with_for_update(key_share=True)
)


def take_up(session: Session, now: datetime, until: datetime, limit: int) -> list[Arrived]:
    """The oldest texts that nobody holds, and of each phone no more than its share while others wait; held by the caller
    until then. Each try is counted."""

    def oldest(but: Collection[str], most: int) -> list[Arrived]:
        told: dict[str, object] = {"now": now, "most": most}
        rows = session.execute(_OLDEST_OF_OTHERS, told | {"but": list(but)}) if but else session.execute(_OLDEST, told)
        return [Arrived._make(row) for row in rows]

    rows = in_turn(oldest, limit)
    if rows:
        session.connection().execute(_HELD, {"ids": [row.id for row in rows], "until": until})
    return rows


def set_apart(session: Session, now: datetime, after_tries: int) -> Sequence[Hopeless]:
    """Texts that could not even be filed wait no longer: a person must look at them."""
    lost = session.connection().execute(_HOPELESS, {"now": now, "tries": after_tries})
    return [Hopeless(*row) for row in lost]


def still_waiting(session: Session, ids: Sequence[int]) -> set[int]:
    """Which of these texts nobody has worked through meanwhile; they stay so until the caller's transaction ends."""
    return set(session.scalars(_STILL_WAITING, {"ids": list(ids)}))


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
