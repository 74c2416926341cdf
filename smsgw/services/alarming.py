"""Sees to it that somebody is told of a danger at once, whatever the hour, and somebody else when nobody takes it up.

The duty phone of the unit is texted once a complaint; where there is none, the people who lead the unit, then the province. A
phone that cries for help again and again about different things makes one text for all, so that the duty phone stays usable.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from smsgw.domain.notices import EmergencyDuty, Lane, ManyCries, NobodyTookUp, Notice
from smsgw.domain.progress import Duty
from smsgw.domain.sameness import Report, Seen, is_same_cry, seen
from smsgw.services.handbook import Handbook
from smsgw.services.history import jot, note
from smsgw.services.telling import Envelope, tell_official, to_phone
from smsgw.store import alarms, officials, outbox
from smsgw.store.database import Database, inserting_once
from smsgw.store.later import Later
from smsgw.store.tables import OPEN_STATES, Alarm, Citizen, Complaint, Official
from smsgw.text.speech import Speech

FEW = 3  # cries of one phone that are told one by one
WITHIN = timedelta(hours=1)
SAME_WITHIN = timedelta(minutes=30)
# When a danger that nobody has taken up is told to the next people: those who lead the unit, then the province.
CLIMBS = (timedelta(minutes=10), timedelta(minutes=30))
NEXT = ((Duty.LEADER, Duty.FOCAL), (Duty.SUPERVISOR,))
BATCH = 50

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Cry:
    """A complaint that tells of danger, by whom it was sent, and how many alarms that phone raised within the hour before."""

    complaint_id: int
    reference: str
    unit_id: int
    emergency: bool
    citizen: Citizen
    before: int
    at: datetime

    @property
    def is_one_of_many(self) -> bool:
        return self.before >= FEW


def lately(session: Session, citizen: Citizen, now: datetime) -> list[Complaint]:
    """What this phone raised alarms for within the hour."""
    return list(alarms.lately(session, citizen.id, now - WITHIN))


def the_same(recent: Iterable[Complaint], text: str, place: str | None, now: datetime) -> Complaint | None:
    """The danger, still open, that this text surely tells of once more; None for a new one, and in doubt."""
    fresh = [one for one in recent if now - one.received_at <= SAME_WITHIN and one.state in OPEN_STATES]
    if not fresh:
        return None
    told = seen(Report(text, None, place, now))
    return next((one for one in reversed(fresh) if is_same_cry(_seen(one), told)), None)


def _seen(complaint: Complaint) -> Seen:
    return seen(Report(complaint.text, None, complaint.place, complaint.received_at))


@dataclass(frozen=True, slots=True)
class Siren:
    """Raises alarms in the caller's transaction, written with the rest of a batch."""

    session: Session
    later: Later
    handbook: Handbook
    speech: Speech

    def sound(self, cry: Cry) -> None:
        """Once a complaint, however often it is asked for."""
        climbs = None if cry.is_one_of_many else cry.at + CLIMBS[0]
        row = {
            "complaint_id": cry.complaint_id,
            "citizen_id": cry.citizen.id,
            "raised_at": cry.at,
            "climbs_at": climbs,
            "step": 0,
        }
        self.later.add(inserting_once(self.session, Alarm), row)
        phones = self._phones(cry.unit_id)
        if not phones:
            log.error("nobody can be texted about a danger", reference=cry.reference)
            jot(self.later, cry.complaint_id, "nobody_to_tell", at=cry.at)
        for phone in phones:
            key, notice = self._text(cry, phone)
            envelope = Envelope(key, Lane.URGENT, cry.complaint_id)
            outbox.put_later(self.session, self.later, to_phone(self.speech, phone, notice, envelope), cry.at)

    def _text(self, cry: Cry, phone: str) -> tuple[str, Notice]:
        if cry.is_one_of_many:
            hour = f"{cry.at:%Y%m%d%H}"
            return f"duty-many:{cry.citizen.id}:{hour}:{phone}", ManyCries(cry.reference)
        unit = self.handbook.name_of(cry.unit_id)
        return f"duty:{cry.complaint_id}:{phone}", EmergencyDuty(cry.reference, unit, cry.at, danger=not cry.emergency)

    def _phones(self, unit_id: int) -> list[str]:
        """The duty phone; the database is asked only where there is none."""
        duty = self.handbook.duty_phone_of(unit_id)
        if duty:
            return [duty]
        for roles in NEXT:
            if people := _people(self.session, self.handbook, unit_id, roles):
                return [official.phone for official in people]
        return []


def _people(session: Session, handbook: Handbook, unit_id: int, roles: tuple[Duty, ...]) -> list[Official]:
    """Each phone once. Supervisors belong to the province above the unit."""
    home = handbook.place(unit_id).parent_id if Duty.SUPERVISOR in roles else unit_id
    found = officials.with_phone(session, home, roles) if home else []
    return list({official.phone: official for official in found}.values())


@dataclass(frozen=True, slots=True)
class Watch:
    """Tells the next people of dangers that nobody has taken up."""

    database: Database
    speech: Speech
    handbook: Callable[[Session], Handbook]
    now: Callable[[], datetime]

    def batch(self) -> int:
        """Up to `BATCH` alarms whose time has come; how many."""
        now = self.now()
        with self.database.read() as session:
            if not alarms.any_climbing(session, now):
                return 0
        with self.database.write() as session:
            handbook = self.handbook(session)
            due = alarms.climbing(session, now, BATCH)
            for alarm in due:
                self._climb(session, handbook, alarm, now)
        return len(due)

    def _climb(self, session: Session, handbook: Handbook, alarm: Alarm, now: datetime) -> None:
        complaint = session.get_one(Complaint, alarm.complaint_id)
        if alarms.is_taken_up(session, alarm, complaint):
            alarm.climbs_at = None
            return
        people = _people(session, handbook, complaint.unit_id, NEXT[alarm.step])
        # A cry for help wakes people; what may become dangerous within hours waits for the morning.
        lane = Lane.URGENT if complaint.emergency else Lane.REMINDER
        notice = NobodyTookUp(complaint.reference or "", handbook.name_of(complaint.unit_id))
        for official in people:
            envelope = Envelope(f"alarm:{complaint.id}:{alarm.step}:{official.phone}", lane, complaint.id)
            tell_official(session, self.speech, official, notice, envelope, now=now)
        note(session, complaint.id, "alarm_climbed" if people else "nobody_to_tell", at=now)
        alarm.step += 1
        alarm.climbs_at = alarm.raised_at + CLIMBS[alarm.step] if alarm.step < len(CLIMBS) else None


def take_up(session: Session, complaint: Complaint, official_id: int, now: datetime) -> None:
    """An official says that they are on it: the alarm climbs no further."""
    note(session, complaint.id, "taken_up", at=now, official_id=official_id)
