"""What limits reckon with: what phones were sent of late, what a day cost, and the texts that replies are to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Executable, Table, bindparam, delete, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from smsgw.domain import limits
from smsgw.domain.limits import Told
from smsgw.store.tables import Allowance, Inbound, Outgoing

ONE_AT_A_TIME = text("select pg_advisory_xact_lock(779264913)")  # any number, the same in every process


@dataclass(frozen=True, slots=True)
class Incoming:
    """The text that a reply is to."""

    provider: str
    account: str
    verb: str
    reference: str | None
    body: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of texts that are due: `incoming` by outbox id, `told` by phone, the segments that the day cost."""

    incoming: Mapping[int, Incoming] = field(default_factory=dict)
    told: Mapping[str, Sequence[Told]] = field(default_factory=dict)
    segments: int = 0


_KNOWN = (
    select(
        Outgoing.id,
        Outgoing.recipient,
        Allowance.lately,
        select(Allowance.segments).where(Allowance.holder == bindparam("day")).scalar_subquery(),
        Inbound.id,
        *(getattr(Inbound, name) for name in Incoming.__slots__),
    )
    .outerjoin(Inbound, Inbound.id == Outgoing.inbound_id)
    .outerjoin(Allowance, Allowance.holder == Outgoing.recipient)
    .where(Outgoing.id.in_(bindparam("ids", expanding=True)))
)


def known(session: Session, outbox_ids: Sequence[int], day: date) -> Known:
    """In one question, whatever the number of texts. Until this transaction ends nobody else gets an answer, so two
    senders never grant the same allowance: on SQLite a writer is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(ONE_AT_A_TIME)
    rows = session.execute(_KNOWN, {"ids": list(outbox_ids), "day": _of_day(day)}).all()
    return Known(
        incoming={row[0]: Incoming(*row[5:]) for row in rows if row[4] is not None},
        told={row[1]: [_told(one) for one in row[2]] for row in rows if row[2]},
        segments=(rows[0][3] if rows else 0) or 0,
    )


def keep(session: Session, told: Mapping[str, Sequence[Told]], day: date, segments: int, now: datetime) -> None:
    """Writes what these phones were sent of late and what the day has cost by now."""
    rows: list[dict[str, Any]] = [
        {"holder": phone, "lately": [_written(one) for one in texts], "segments": 0, "touched_at": now}
        for phone, texts in told.items()
    ]
    rows.append({"holder": _of_day(day), "lately": [], "segments": segments, "touched_at": now})
    session.execute(_kept(session.get_bind().dialect.name), rows)


def spent(session: Session, day: date) -> int:
    """The segments that a day has cost."""
    return session.scalar(select(Allowance.segments).where(Allowance.holder == _of_day(day))) or 0


def forget(session: Session, untouched_since: datetime) -> None:
    """What no limit asks for any more: a number is not kept longer for their sake."""
    session.execute(delete(Allowance).where(Allowance.touched_at < untouched_since))


@cache
def _kept(dialect: str) -> Executable:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement: Any = insert(cast("Table", Allowance.__table__))
    new = {name: statement.excluded[name] for name in ("lately", "segments", "touched_at")}
    made: Executable = statement.on_conflict_do_update(index_elements=["holder"], set_=new)
    return made


def _of_day(day: date) -> str:
    return f"day {day}"


def _written(told: Told) -> list[Any]:
    return [told.id, told.at.timestamp(), told.under.value, told.words, told.quick]


def _told(written: Sequence[Any]) -> Told:
    outbox_id, at, under, words, quick = written
    return Told(outbox_id, datetime.fromtimestamp(at, UTC), limits.Allowance(under), words, quick)
