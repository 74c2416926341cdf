"""What stands in the product's database, read from outside; and the few things that a trial writes into it."""

import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, text, update

from ops.chaos.evidence import ComplaintRow, OutboxRow, TextRow, digest
from ops.chaos.messages import CONSONANTS
from smsgw.store.database import Database, Transaction
from smsgw.store.tables import AlertRow, Complaint, Inbound, Outgoing

TOKEN = re.compile(f"zq[{CONSONANTS}]{{6}}")
MARK = re.compile(f"zy[{CONSONANTS}]{{6}}")
LONG_AGO = timedelta(days=30)
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Standing:
    """One outbox row at one look. `tries` grows with every attempt; `due` says that somebody should be at it."""

    id: int
    state: str
    flagged: bool
    tries: int
    due: bool


class Rows:
    """The tables, through connections of our own."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)

    def close(self) -> None:
        self._database.close()

    def writing(self) -> AbstractContextManager[Transaction]:
        """A transaction for who plants something."""
        return self._database.write()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """As long as this lasts nobody else takes in a text. On SQLite nobody else writes anything."""
        with self._database.write() as session:
            if session.connection().dialect.name == "postgresql":
                session.execute(text("lock table inbound in access exclusive mode"))
            yield

    def texts(self) -> list[TextRow]:
        """Every text that was taken in."""
        columns = (Inbound.id, Inbound.provider, Inbound.provider_ref, Inbound.state, Inbound.body)
        with self._database.read() as session:
            rows = session.execute(select(*columns))
            return [TextRow(row_id, by, ref, state, _found(TOKEN, body)) for row_id, by, ref, state, body in rows]

    def complaints(self) -> list[ComplaintRow]:
        """Every complaint."""
        columns = (Complaint.id, Complaint.key, Complaint.channel, Complaint.text)
        with self._database.read() as session:
            rows = session.execute(select(*columns))
            return [ComplaintRow(row_id, key, way, _found(TOKEN, words)) for row_id, key, way, words in rows]

    def outbox(self, now: datetime) -> list[OutboxRow]:
        """Every text that was to go out."""
        with self._database.read() as session:
            told: dict[int | None, list[str]] = {}
            for key, outbox_id in session.execute(select(AlertRow.key, AlertRow.outbox_id)):
                told.setdefault(outbox_id, []).append(key)
            return [_outbox_row(row, now, told.get(row.id, ())) for row in session.scalars(select(Outgoing))]

    def standings(self, now: datetime) -> list[Standing]:
        """How every outbox row stands."""
        columns = (Outgoing.id, Outgoing.state, Outgoing.possible_duplicate, Outgoing.attempts)
        with self._database.read() as session:
            rows = session.execute(select(*columns, Outgoing.next_attempt_at, Outgoing.lease_until))
            return [
                Standing(row_id, state, flagged, tries, (_due_since(state, next_at, lease) or NEVER) <= now)
                for row_id, state, flagged, tries, next_at, lease in rows
            ]

    def due_elsewhere(self, now: datetime) -> list[str]:
        """Texts that wait for a worker and complaints that wait for a clock, by name."""
        free = and_(Inbound.state == "received", or_(Inbound.held_until.is_(None), Inbound.held_until <= now))
        with self._database.read() as session:
            texts = session.scalars(select(Inbound.id).where(free)).all()
            late = session.scalars(select(Complaint.id).where(Complaint.look_at <= now)).all()
        return [*(f"text {row_id}" for row_id in texts), *(f"complaint {row_id}" for row_id in late)]

    def unfinished(self) -> int:
        """How many texts are not read yet, not sent yet, or in a doubt that somebody will look into."""
        doubtful = and_(Outgoing.state == "unknown", Outgoing.lease_until.is_not(None))
        waiting = or_(Outgoing.state.in_(("queued", "dispatching")), doubtful)
        with self._database.read() as session:
            texts = session.scalars(select(Inbound.id).where(Inbound.state == "received")).all()
            return len(texts) + len(session.scalars(select(Outgoing.id).where(waiting)).all())

    def reference_of(self, token: str) -> str | None:
        """The reference of the complaint with this token; None while there is none."""
        with self._database.read() as session:
            return session.scalar(select(Complaint.reference).where(_holds(token)))

    def make_overdue(self, tokens: Sequence[str], now: datetime) -> list[tuple[int, str]]:
        """Puts the due moments of these complaints a month back, to be looked at now; id and token of those there are."""
        late = update(Complaint).where(or_(*map(_holds, tokens)), Complaint.stage == "")
        with self._database.write() as session:
            moved = late.values(due_at=now - LONG_AGO, look_at=now).returning(Complaint.id, Complaint.text)
            return [(row_id, _found(TOKEN, words)) for row_id, words in session.execute(moved)]


def utc_now() -> datetime:
    return datetime.now(UTC)


def _holds(token: str) -> ColumnElement[bool]:
    return Complaint.text.contains(token)


def _found(sign: re.Pattern[str], words: str) -> str:
    match = sign.search(words)
    return match[0] if match else ""


def _outbox_row(row: Outgoing, now: datetime, alerts: Sequence[str]) -> OutboxRow:
    since = _due_since(row.state, row.next_attempt_at, row.lease_until)
    return OutboxRow(
        id=row.id,
        key=row.key,
        phone=row.recipient,
        body=digest(row.body),
        state=row.state,
        flagged=row.possible_duplicate,
        due_for=max(0.0, (now - since).total_seconds()) if since else 0.0,
        waiting=since is not None,
        alerts=tuple(alerts),
        mark=_found(MARK, row.body),
    )


def _due_since(state: str, next_at: datetime, lease: datetime | None) -> datetime | None:
    """When somebody should be at a row; None when nobody need be any more."""
    if state == "queued":
        return max(next_at, lease) if lease else next_at
    return lease if state in ("dispatching", "unknown") else None
