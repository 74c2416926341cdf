"""Dangers that somebody was to be told of at once: those of one phone lately, and those that nobody has taken up."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select, text, update
from sqlalchemy.orm import Session

from smsgw.store.tables import ALARM_CLIMBS, OPEN_STATES, Alarm, Complaint, Event

DANGER = "danger"
OPENED = "opened"  # a line of the history: somebody read it, which is no answer to a cry for help


def lately(session: Session, citizen_id: int, since: datetime) -> Sequence[Complaint]:
    """The complaints of this phone that raised an alarm since, oldest first."""
    query = select(Complaint).join(Alarm, Alarm.complaint_id == Complaint.id)
    theirs = Alarm.citizen_id == citizen_id, Alarm.raised_at > since, Alarm.about == DANGER
    return session.scalars(query.where(*theirs).order_by(Alarm.raised_at, Complaint.id)).all()


def any_climbing(session: Session, now: datetime) -> bool:
    """Whether any alarm's time has come."""
    return (
        session.scalar(select(Alarm.complaint_id).where(text(ALARM_CLIMBS), Alarm.climbs_at <= now).limit(1))
        is not None
    )


def climbing(session: Session, now: datetime, limit: int) -> Sequence[tuple[int, str]]:
    """Those whose time has come, by complaint and what they are about, longest ago first."""
    due = text(ALARM_CLIMBS), Alarm.climbs_at <= now
    rows = session.execute(select(Alarm.complaint_id, Alarm.about).where(*due).order_by(Alarm.climbs_at).limit(limit))
    return [(complaint_id, about) for complaint_id, about in rows]


def climbing_by(session: Session, at: datetime) -> Sequence[Alarm]:
    """Those that would climb until then."""
    return session.scalars(
        select(Alarm).where(text(ALARM_CLIMBS), Alarm.climbs_at <= at).order_by(Alarm.climbs_at)
    ).all()


def held(session: Session, complaint_id: int, about: str, now: datetime) -> tuple[Complaint, Alarm] | None:
    """One of these with its complaint, both locked, the complaint first as everybody does; None when somebody acts on it now
    (PostgreSQL), or has since it was found."""
    whole = select(Complaint).where(Complaint.id == complaint_id)
    complaint = session.scalars(whole.with_for_update(skip_locked=True, key_share=True, of=Complaint)).one_or_none()
    mine = Alarm.complaint_id == complaint_id, Alarm.about == about, Alarm.climbs_at <= now
    alarm = (
        session.scalars(select(Alarm).where(*mine).with_for_update(key_share=True)).one_or_none() if complaint else None
    )
    return (complaint, alarm) if complaint and alarm else None


def quieten(session: Session, complaint_id: int, about: str = "") -> None:
    """No alarm of this complaint climbs any further, but for a danger: only those that begin with `about`."""
    mine = Alarm.complaint_id == complaint_id, Alarm.about != DANGER, Alarm.climbs_at.is_not(None)
    query = update(Alarm).where(*mine, Alarm.about.startswith(about, autoescape=True)).values(climbs_at=None)
    session.execute(query, execution_options={"synchronize_session": False})


def is_waited_for(session: Session, complaint_id: int) -> bool:
    """Whether the alarm of a deadline is to climb unless somebody takes it up."""
    mine = Alarm.complaint_id == complaint_id, Alarm.about != DANGER, Alarm.climbs_at.is_not(None)
    return bool(session.scalar(select(exists().where(*mine))))


def is_taken_up(session: Session, alarm: Alarm, complaint: Complaint) -> bool:
    """Whether an official has done anything about it, or it is over. To have read of a danger is not enough."""
    if complaint.state not in OPEN_STATES:
        return True
    acted = [Event.complaint_id == complaint.id, Event.official_id.is_not(None), Event.at >= alarm.raised_at]
    if alarm.about == DANGER:
        acted.append(Event.kind != OPENED)
    return bool(session.scalar(select(exists().where(*acted))))


def still_rings(session: Session, complaint: Complaint) -> bool:
    """Whether an alarm was raised for this danger that nobody has taken up yet."""
    alarm = session.get(Alarm, (complaint.id, DANGER)) if complaint.urgent else None
    return alarm is not None and not is_taken_up(session, alarm, complaint)
