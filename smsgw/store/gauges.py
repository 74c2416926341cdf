"""What a monitoring system reads: how many rows stand in each state, and how long the oldest has waited."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from smsgw.domain.workdays import VIETNAM
from smsgw.store import allowances
from smsgw.store.database import Database
from smsgw.store.tables import PART_WAITS, Call, Complaint, Heartbeat, Inbound, Outgoing, PartRow, ReceiptRow

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Gauge:
    """One family of numbers; each sample has the values of `labels` in their order. Ages are in seconds."""

    name: str
    meaning: str
    labels: tuple[str, ...]
    samples: tuple[tuple[tuple[str, ...], float], ...]


def read(database: Database, now: datetime) -> list[Gauge]:
    """Everything there is to tell, and first whether the database answered; without it that is all."""
    try:
        with database.read() as session:
            return [_answered(1.0), *gauges(session, now)]
    except SQLAlchemyError:
        return [_answered(0.0)]


def _answered(value: float) -> Gauge:
    return Gauge("smsgw_database_up", "Whether the database answered", (), (((), value),))


def gauges(session: Session, now: datetime) -> Iterator[Gauge]:
    """Reckoned from the database at the moment of asking, so that every process tells the same."""
    yield _counted(session, "smsgw_inbound", "Texts that came in", ("state",), select(Inbound.state, func.count()))
    yield _counted(
        session, "smsgw_outbox", "Texts to send", ("state", "lane"), select(Outgoing.state, Outgoing.lane, func.count())
    )
    yield _counted(session, "smsgw_complaints", "Complaints", ("state",), select(Complaint.state, func.count()))
    yield _counted(session, "smsgw_calls", "Citizens to phone, or phoned", ("state",), select(Call.state, func.count()))
    yield _cost(session, now)
    yield _unmatched(session, now)
    yield _parts(session)
    yield _oldest(session, now)
    yield _silence(session, now)


def _counted(
    session: Session, name: str, meaning: str, labels: tuple[str, ...], query: Select[*tuple[Any, ...]]
) -> Gauge:
    by = tuple(query.selected_columns)[:-1]
    rows = session.execute(query.group_by(*by).order_by(*by))
    return Gauge(name, meaning, labels, tuple((tuple(map(str, row[:-1])), float(row[-1])) for row in rows))


def _cost(session: Session, now: datetime) -> Gauge:
    spent = allowances.spent(session, now.astimezone(VIETNAM).date())
    return Gauge("smsgw_segments_today", "What the day's texts cost so far, in segments", (), (((), float(spent)),))


def _unmatched(session: Session, now: datetime) -> Gauge:
    """Early ones find their message within seconds; the rest tell of texts that are not ours, or of somebody's guesses."""
    query = select(func.count()).where(ReceiptRow.outbox_id.is_(None), ReceiptRow.received_at > now - A_DAY)
    meaning = "Receipts of the last day that belong to no text of ours"
    return Gauge("smsgw_receipts_unmatched", meaning, (), (((), float(session.scalar(query) or 0)),))


def _parts(session: Session) -> Gauge:
    meaning = "Parts of long texts that wait for the rest"
    waiting = session.scalar(select(func.count()).select_from(PartRow).where(text(PART_WAITS))) or 0
    return Gauge("smsgw_parts_waiting", meaning, (), (((), float(waiting)),))


def _oldest(session: Session, now: datetime) -> Gauge:
    """Zero where nothing waits."""
    inbox = session.scalar(select(func.min(Inbound.received_at)).where(Inbound.state == "received"))
    queued = (Outgoing.state == "queued", Outgoing.next_attempt_at <= now)
    outbox = session.scalar(select(func.min(Outgoing.next_attempt_at)).where(*queued))
    look = session.scalar(select(func.min(Complaint.look_at)).where(Complaint.look_at <= now))
    part = session.scalar(select(func.min(PartRow.received_at)).where(text(PART_WAITS)))
    waits = (("inbox", inbox), ("parts", part), ("outbox", outbox), ("deadlines", look))
    samples = tuple(((box,), _seconds(since, now)) for box, since in waits)
    return Gauge("smsgw_oldest_waiting_seconds", "How long the oldest row has been due", ("box",), samples)


def _silence(session: Session, now: datetime) -> Gauge:
    rows = session.scalars(select(Heartbeat).order_by(Heartbeat.name))
    samples = tuple(((row.name,), _seconds(row.at, now)) for row in rows)
    return Gauge("smsgw_heartbeat_age_seconds", "How long ago a process last said that it lives", ("process",), samples)


def _seconds(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0
