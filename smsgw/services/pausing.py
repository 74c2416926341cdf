"""Stops a complaint's clock while it waits for the citizen and lets it run on: each a line of its history.

Whether a question may stop the clock, and for how long at most, is a figure in the row of the table of terms that the complaint
came under. A due moment that has passed is never stopped.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from smsgw.domain.deadlines import Counting, Measure, Rule, pace_of
from smsgw.domain.notices import Lane, NewDate
from smsgw.domain.pauses import Counted, Stop, continued, running
from smsgw.domain.workdays import Calendar, Pace
from smsgw.services.handbook import Handbook
from smsgw.services.history import note
from smsgw.services.telling import Envelope, tell_citizen
from smsgw.store.tables import Complaint
from smsgw.text.speech import Speech


class Why(StrEnum):
    """Why a clock runs on."""

    REPLIED = "replied"
    NO_REPLY = "no_reply"
    GOES_ON = "goes_on"
    ANSWERED = "answered"
    REFUSED = "refused"


def begun_at(complaint: Complaint) -> datetime:
    """From when its term runs."""
    return complaint.begun_at or complaint.received_at


def calendar(complaint: Complaint, handbook: Handbook) -> Calendar:
    """When the offices of its ward or commune work."""
    return handbook.calendar_of(complaint.unit_id)


def pace(complaint: Complaint, handbook: Handbook, rule_id: int | None = None) -> Pace:
    """The time that counts for it: its rule's, or that of an earlier step, without what its clock stood."""
    rule = handbook.every_rule.get(rule_id) if rule_id else _rule(complaint, handbook)
    counting = rule.counting if rule else Counting.WORKING
    return running(pace_of(counting, calendar(complaint, handbook)), [_read(stop) for stop in complaint.stops])


def may_pause(complaint: Complaint, handbook: Handbook, now: datetime) -> bool:
    """Whether a question to the citizen stops its clock now."""
    rule = _rule(complaint, handbook)
    runs = complaint.paused_at is None and complaint.due_at is not None and complaint.due_at > now
    return runs and rule is not None and rule.pause_days > 0


def pause(
    session: Session, handbook: Handbook, complaint: Complaint, *, now: datetime, official_id: int | None = None
) -> bool:
    """Stops the clock, where that may be: no alert comes until it runs on. Whether it was stopped."""
    rule = _rule(complaint, handbook)
    if rule is None or complaint.due_at is None or not may_pause(complaint, handbook, now):
        return False
    complaint.paused_at, complaint.due_before_pause, complaint.due_at = now, complaint.due_at, None
    complaint.look_at = until = calendar(complaint, handbook).after_days(now, rule.pause_days)
    details = {"due": complaint.due_before_pause.isoformat(), "until": until.isoformat()}
    note(session, complaint.id, "paused", at=now, official_id=official_id, **details)
    return True


def paused_until(complaint: Complaint, handbook: Handbook) -> datetime | None:
    """When the clock runs on by itself, at the latest; None for one that runs."""
    rule = _rule(complaint, handbook)
    if complaint.paused_at is None or rule is None:
        return complaint.paused_at
    return calendar(complaint, handbook).after_days(complaint.paused_at, max(rule.pause_days, 1))


def resume(
    session: Session,
    handbook: Handbook,
    complaint: Complaint,
    why: Why,
    *,
    now: datetime,
    official_id: int | None = None,
) -> bool:
    """Lets the clock run on: what was left of the term follows. Whether it stood. Alerts go on where they were."""
    if complaint.paused_at is None or complaint.due_before_pause is None:
        return False
    stop = Stop(complaint.paused_at, max(now, complaint.paused_at))
    before = complaint.due_before_pause
    how = _counted(complaint, handbook, complaint.rule_id)
    complaint.due_at = continued(before, stop, how, calendar(complaint, handbook))
    complaint.steps = {step: _moved(told, stop, complaint, handbook) for step, told in complaint.steps.items()}
    complaint.stops = [*complaint.stops, [stop.began.isoformat(), stop.ended.isoformat()]]
    complaint.paused_at = complaint.due_before_pause = None
    complaint.look_at = now
    dates = {"due_was": before.isoformat(), "due": complaint.due_at.isoformat()}
    note(session, complaint.id, "resumed", at=now, official_id=official_id, why=why.value, **dates)
    return True


def stood_at(complaint: Complaint, at: datetime) -> bool:
    """Whether a stop that is over began at this moment, or had begun before it and lasted."""
    stops = [_read(stop) for stop in complaint.stops]
    return any(stop.began == at or stop.began < at < stop.ended for stop in stops)


def tell_new_date(
    session: Session, speech: Speech, complaint: Complaint, notice: NewDate, *, now: datetime
) -> int | None:
    """The interim text: once a due moment; the outbox id."""
    moved_to = complaint.due_at.isoformat() if complaint.due_at else ""
    envelope = Envelope(f"interim:{complaint.id}:{notice.why}:{moved_to}", Lane.ANSWER, complaint.id)
    return tell_citizen(session, speech, complaint.citizen, notice, envelope, now=now)


def new_date(complaint: Complaint, handbook: Handbook, why: Why) -> NewDate:
    """What the citizen is told when the clock runs on."""
    due = complaint.due_at if complaint.due_confirmed or not handbook.confirmed_only else None
    return NewDate(complaint.reference or "", due, why.value)


def _rule(complaint: Complaint, handbook: Handbook) -> Rule | None:
    return handbook.every_rule.get(complaint.rule_id or 0)


def _counted(complaint: Complaint, handbook: Handbook, rule_id: int | None) -> Counted:
    rule = handbook.every_rule.get(rule_id or 0)
    began_on = calendar(complaint, handbook).day_of(begun_at(complaint))
    return Counted(rule.measure if rule else Measure.DAYS, rule.counting if rule else Counting.WORKING, began_on)


def _moved(told: dict[str, Any], stop: Stop, complaint: Complaint, handbook: Handbook) -> dict[str, Any]:
    due = datetime.fromisoformat(told["due"])
    moved = continued(due, stop, _counted(complaint, handbook, told["rule"]), calendar(complaint, handbook))
    return {**told, "due": moved.isoformat()}


def _read(stop: list[str]) -> Stop:
    return Stop(*(datetime.fromisoformat(at) for at in stop))
