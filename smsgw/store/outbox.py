"""The outbox: texts put in with the business change, claimed in order of urgency, settled by what the provider said."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Table, bindparam, func, select, text, update
from sqlalchemy.orm import Session

from smsgw.store.database import insert_once, inserting_once
from smsgw.store.later import Later
from smsgw.store.tables import AWAITS_RECEIPT, IN_FLIGHT, Citizen, Outgoing


@dataclass(frozen=True, slots=True)
class Draft:
    """A text to put in. `key` is unique for ever: the same draft twice is one text. `provider` is the wished one or ''.
    `any_hour` lets it go in quiet hours; before `goes_at` it waits, None for no wait."""

    key: str
    kind: str
    lane: int
    recipient: str
    body: str
    segments: int
    complaint_id: int | None = None
    official_id: int | None = None
    inbound_id: int | None = None
    provider: str = ""
    optional: bool = False
    any_hour: bool = False
    goes_at: datetime | None = None


def put(session: Session, draft: Draft, now: datetime) -> int | None:
    """Adds the text; its id, or None when a text with this key is there already."""
    return insert_once(session, Outgoing, _row(draft, now))


def put_later(session: Session, later: Later, draft: Draft, now: datetime) -> None:
    """Adds the text when `later` is written, unless one with this key is there already."""
    later.add(inserting_once(session, Outgoing), _row(draft, now))


def _row(draft: Draft, now: datetime) -> dict[str, object]:
    return {
        **{name: getattr(draft, name) for name in _WRITTEN},
        "state": "queued",
        "attempts": 0,
        "doubts": 0,
        "possible_duplicate": False,
        "provider_used": "",
        "provider_ref": "",
        "error": "",
        "next_attempt_at": draft.goes_at or now,
        "created_at": now,
    }


class Due(NamedTuple):
    """A text that may go now. `provider` is the wished one or ''; `attempts` and `doubts` are those there were;
    `held_until` is until when a limit or the hour last kept it."""

    id: int
    kind: str
    lane: int
    recipient: str
    body: str
    segments: int
    official_id: int | None
    inbound_id: int | None
    provider: str
    optional: bool
    any_hour: bool
    attempts: int
    doubts: int
    created_at: datetime
    held_until: datetime | None


_WRITTEN = tuple(name for name in Draft.__slots__ if name != "goes_at")
_OUTBOX = cast("Table", Outgoing.__table__)
_DUE = tuple(getattr(Outgoing, name) for name in Due._fields)
_FOUND_DUE = (
    select(*_DUE)
    .where(Outgoing.state == "queued", Outgoing.next_attempt_at <= bindparam("now"))
    .order_by(Outgoing.lane, Outgoing.next_attempt_at, Outgoing.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, key_share=True)
)
_ONE_MORE_TRY = (
    update(_OUTBOX)
    .where(_OUTBOX.c.id.in_(bindparam("ids", expanding=True)))
    .values(attempts=_OUTBOX.c.attempts + 1, lease_until=bindparam("lease"), provider_used=bindparam("through"))
)
_DISPATCHED = _ONE_MORE_TRY.values(state="dispatching", not_there=0, dispatched_at=bindparam("now"))
_KEPT = _ONE_MORE_TRY.values(next_attempt_at=bindparam("lease"))


def due(
    session: Session, now: datetime, limit: int, but_not: Collection[str] = (), order: Collection[str] = ()
) -> list[Due]:
    """Texts that may go now, most urgent first, but not those that wish for one of these providers ('' is one of them:
    those that wish for none of `order`). Rows that another worker holds are skipped (PostgreSQL)."""
    query = _FOUND_DUE
    if "" in but_not:
        query = query.where(Outgoing.provider.in_([name for name in order if name not in but_not]))
    elif but_not:
        query = query.where(Outgoing.provider.not_in(but_not))
    return [Due(*row) for row in session.execute(query, {"now": now, "most": limit})]


def dispatch(session: Session, ids: Sequence[int], provider: str, now: datetime, lease_until: datetime) -> None:
    """Marks texts just found due as being handed to this provider, one more attempt each."""
    told = {"ids": list(ids), "now": now, "lease": lease_until, "through": provider}
    session.connection().execute(_DISPATCHED, told)


def claim(session: Session, ids: Sequence[int], provider: str, lease_until: datetime) -> None:
    """Keeps texts just found due for the caller, who is to `mark` them: nobody else finds them due before then."""
    told = {"ids": list(ids), "lease": lease_until, "through": provider}
    session.connection().execute(_KEPT, told)


def cancel(session: Session, ids: Sequence[int], why: str, now: datetime) -> None:
    """Texts just found due that are never to be sent."""
    mine = update(_OUTBOX).where(_OUTBOX.c.id.in_(ids))
    session.connection().execute(mine.values(state="cancelled", settled_at=now, lease_until=None, error=why))


def postpone(session: Session, ids: Sequence[int], why: str, until: datetime) -> None:
    """Texts just found due that have to wait, without an attempt."""
    mine = update(_OUTBOX).where(_OUTBOX.c.id.in_(ids))
    session.connection().execute(mine.values(next_attempt_at=until, lease_until=None, error=why))


def waits_until(session: Session, outbox_id: int, now: datetime) -> datetime | None:
    """Until when a text that nobody has taken up yet waits; None once it may go."""
    return session.scalar(select(Outgoing.next_attempt_at).where(Outgoing.id == outbox_id, *_untouched(now)))


def call_back(session: Session, ids: Collection[int], now: datetime) -> bool:
    """Texts that are never to be sent, all of them or, where one may have gone already, none; whether they are."""
    waiting = (
        select(Outgoing.id)
        .where(Outgoing.id.in_(ids), *_untouched(now))
        .order_by(Outgoing.id)
        .with_for_update(key_share=True)
    )
    if set(session.scalars(waiting)) != set(ids):
        return False
    cancel(session, list(ids), "called back", now)
    return True


def _untouched(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Outgoing.state == "queued",
        Outgoing.attempts == 0,
        Outgoing.lease_until.is_(None),
        Outgoing.next_attempt_at > now,
    )


def hold(session: Session, ids: Sequence[int], why: str, until: datetime) -> None:
    """Texts just found due that a limit or the hour keeps; they have as long as any other from then on."""
    mine = update(_OUTBOX).where(_OUTBOX.c.id.in_(ids))
    values = {"next_attempt_at": until, "held_until": until, "lease_until": None, "error": why}
    session.connection().execute(mine.values(**values))


def mark(session: Session, claims: Sequence[tuple[int, int]], now: datetime, lease_until: datetime) -> set[int]:
    """Marks claimed texts, each an id with the attempt that claimed it, as being handed to their provider. Which: those
    whose claim has lapsed meanwhile, or that a receipt has settled, are not."""
    if not claims:
        return set()
    theirs = {"now": now, "lease": lease_until}
    rows = [{"its_id": outbox_id, "its_attempt": attempt, **theirs} for outbox_id, attempt in claims]
    if session.connection().execute(_CLAIMED, rows).rowcount == len(rows):
        return {outbox_id for outbox_id, _ in claims}
    ids = [outbox_id for outbox_id, _ in claims]
    marked = select(Outgoing.id, Outgoing.attempts).where(Outgoing.id.in_(ids), Outgoing.state == "dispatching")
    ours = set(claims)
    return {row.id for row in session.execute(marked) if (row.id, row.attempts) in ours}


def give_back(session: Session, claims: Sequence[tuple[int, int]], now: datetime) -> None:
    """Claimed texts, each an id with the attempt that claimed it, may go at once: nobody was told of them."""
    rows = [{"its_id": outbox_id, "its_attempt": attempt, "now": now} for outbox_id, attempt in claims]
    if rows:
        session.connection().execute(_FREED, rows)


@dataclass(frozen=True, slots=True)
class Change:
    """New values for a text that its attempt number `held` is sending."""

    outbox_id: int
    held: int
    values: Mapping[str, object]


def change(session: Session, changes: Iterable[Change]) -> None:
    """Makes the changes, but for texts that another attempt took over meanwhile; like ones go in one statement."""
    alike: dict[tuple[str, ...], list[dict[str, object]]] = {}
    for one in changes:
        row = {"its_id": one.outbox_id, "its_attempt": one.held, **one.values}
        alike.setdefault(tuple(sorted(one.values)), []).append(row)
    for rows in alike.values():
        session.connection().execute(_HELD, rows)


_HELD = update(_OUTBOX).where(
    _OUTBOX.c.id == bindparam("its_id"),
    _OUTBOX.c.attempts == bindparam("its_attempt"),
    _OUTBOX.c.state == "dispatching",
)


_OF_ITS_CLAIM = update(_OUTBOX).where(
    _OUTBOX.c.id == bindparam("its_id"),
    _OUTBOX.c.attempts == bindparam("its_attempt"),
    _OUTBOX.c.state == "queued",
)
_CLAIMED = _OF_ITS_CLAIM.values(
    state="dispatching", dispatched_at=bindparam("now"), lease_until=bindparam("lease"), not_there=0
)
_FREED = _OF_ITS_CLAIM.values(next_attempt_at=bindparam("now"), lease_until=None)


def opted_out(session: Session, phones: Sequence[str]) -> set[str]:
    """Which of these numbers want no optional texts."""
    query = select(Citizen.phone).where(Citizen.phone.in_(phones), Citizen.opted_out_at.is_not(None))
    return set(session.scalars(query))


def waiting(session: Session, now: datetime) -> int:
    """How many texts may go now."""
    query = select(func.count()).where(Outgoing.state == "queued", Outgoing.next_attempt_at <= now)
    return session.scalar(query) or 0


def is_waiting(session: Session, now: datetime) -> bool:
    """Whether any text may go now."""
    query = select(Outgoing.id).where(Outgoing.state == "queued", Outgoing.next_attempt_at <= now)
    return session.scalar(query.limit(1)) is not None


def lapsed(session: Session, now: datetime, limit: int) -> Sequence[Outgoing]:
    """Texts whose attempt never came back, or whose doubt has lasted long enough to look again."""
    query = (
        select(Outgoing)
        .where(text(IN_FLIGHT), Outgoing.lease_until <= now)  # in the index's own words: SQLite proves no others
        .order_by(Outgoing.lease_until)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return session.scalars(query).all()


def give_up_receipts(session: Session, accepted_before: datetime, now: datetime) -> int:
    """Texts that a provider took long ago and never reported on: their delivery stays unknown. How many."""
    silent = (
        update(Outgoing)
        .where(text(AWAITS_RECEIPT), Outgoing.accepted_at < accepted_before)
        .values(state="delivery_unknown", settled_at=now)
    )
    return session.execute(silent).rowcount  # type: ignore[attr-defined, no-any-return]
