"""Dangers that somebody was to be told of at once: those of one phone lately, and those that nobody has taken up."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session

from smsgw.store.tables import ALARM_CLIMBS, OPEN_STATES, Alarm, Complaint, Event


def lately(session: Session, citizen_id: int, since: datetime) -> Sequence[Complaint]:
    """The complaints of this phone that raised an alarm since, oldest first."""
    query = select(Complaint).join(Alarm, Alarm.complaint_id == Complaint.id)
    return session.scalars(
        query.where(Alarm.citizen_id == citizen_id, Alarm.raised_at > since).order_by(Alarm.raised_at, Complaint.id)
    ).all()


def any_climbing(session: Session, now: datetime) -> bool:
    """Whether any alarm's time has come."""
    return (
        session.scalar(select(Alarm.complaint_id).where(text(ALARM_CLIMBS), Alarm.climbs_at <= now).limit(1))
        is not None
    )


def climbing(session: Session, now: datetime, limit: int) -> Sequence[Alarm]:
    """Those whose time has come. Rows that another clock holds are skipped (PostgreSQL)."""
    query = select(Alarm).where(text(ALARM_CLIMBS), Alarm.climbs_at <= now).order_by(Alarm.climbs_at).limit(limit)
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def is_taken_up(session: Session, alarm: Alarm, complaint: Complaint) -> bool:
    """Whether an official has done anything about it, or it is over."""
    if complaint.state not in OPEN_STATES:
        return True
    acted = exists().where(
        Event.complaint_id == complaint.id, Event.official_id.is_not(None), Event.at >= alarm.raised_at
    )
    return bool(session.scalar(select(acted)))


def still_rings(session: Session, complaint: Complaint) -> bool:
    """Whether an alarm was raised for this complaint that nobody has taken up yet."""
    alarm = session.get(Alarm, complaint.id) if complaint.urgent else None
    return alarm is not None and not is_taken_up(session, alarm, complaint)
