"""Sees to it that somebody is told of a danger at once, whatever the hour, and that what nobody takes up climbs: a danger to
those who lead the unit and then the province, a deadline to the head of the office and then the leader.

Of a danger the official on watch is texted once a complaint; where the roster names nobody for the moment, the unit's duty
phone; where there is none, the people who lead the unit, then the province. A phone that cries for help again and again about
different things makes one text for all, so that the duty phone stays usable.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from smsgw.domain.codes import Mint
from smsgw.domain.deadlines import Step
from smsgw.domain.notices import EmergencyDuty, Lane, ManyCries, NobodyTookUp, Notice
from smsgw.domain.progress import Duty
from smsgw.domain.sameness import Report, Seen, is_same_cry, seen
from smsgw.services import alerts, one_time, owing, pausing
from smsgw.services.alerts import Alert
from smsgw.services.handbook import Handbook
from smsgw.services.history import jot, note
from smsgw.services.reaching import Reach, Reached
from smsgw.services.telling import Envelope, tell_official, to_phone
from smsgw.store import alarms, officials, outbox, shifts
from smsgw.store.alarms import DANGER, quieten
from smsgw.store.database import Database, insert_once, inserting_once
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

__all__ = ["Cry", "Siren", "Watch", "climbs", "lately", "quieten", "set_going", "the_same"]

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
    office_id: int | None = None

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
            "about": DANGER,
            "citizen_id": cry.citizen.id,
            "raised_at": cry.at,
            "climbs_at": climbs,
            "step": 0,
        }
        self.later.add(inserting_once(self.session, Alarm), row)
        phones = self._phones(cry)
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

    def _phones(self, cry: Cry) -> list[str]:
        """Whoever is on watch, else the duty phone, else those who come next."""
        reach = Reach(self.session, cry.at)
        if people := on_watch(self.session, reach, cry.unit_id, cry.office_id, cry.at):
            return [one.phone for one in people]
        duty = self.handbook.duty_phone_of(cry.unit_id)
        if duty:
            return [duty]
        for roles in NEXT:
            if people := _people(self.session, self.handbook, reach, cry.unit_id, roles):
                return [official.phone for official in people]
        return []


def on_watch(session: Session, reach: Reach, unit_id: int, office_id: int | None, at: datetime) -> list[Official]:
    """Who gets what is urgent at this moment by the roster, in an absent person's place whoever stands in; each phone once."""
    rows = shifts.on_watch(session, unit_id, office_id, at)
    return reach.all_present(row.official for row in rows if row.official.active)


def _people(
    session: Session, handbook: Handbook, reach: Reach, unit_id: int, roles: tuple[Duty, ...]
) -> list[Official]:
    """Each phone once, in an absent person's place whoever stands in. Supervisors belong to the province above the unit."""
    home = handbook.place(unit_id).parent_id if Duty.SUPERVISOR in roles else unit_id
    found = officials.with_phone(session, home, roles) if home else []
    return reach.all_present(found)


def set_going(session: Session, complaint: Complaint, about: str, now: datetime, climbs_at: datetime) -> None:
    """Officials were told of a stage, `about`: at `climbs_at` the next ones are, unless somebody takes it up."""
    row = {"complaint_id": complaint.id, "about": about, "citizen_id": complaint.citizen_id, "step": 0}
    insert_once(session, Alarm, {**row, "raised_at": now, "climbs_at": climbs_at})


@dataclass(frozen=True, slots=True)
class Climb:
    """The next people who hear of a stage that nobody took up, and of which."""

    step: Step
    stage: str
    due: datetime
    to: list[Reached]


def climbs(
    session: Session, handbook: Handbook, reach: Reach, complaint: Complaint, alarm: Alarm, now: datetime
) -> Climb | None:
    """Whom the alarm of a deadline is told to next, and which stage is reached by now; None where it has been taken up, is of
    a deadline that holds no more, or nobody comes next."""
    step, _stage, version = alarm.about.split(":")
    debt = next((one for one in owing.owed(complaint) if one.step == step), None)
    if debt is None or version != str(complaint.deadline_version) or alarms.is_taken_up(session, alarm, complaint):
        return None
    stage, above = owing.stage_of(complaint, handbook, debt, now), reach.above(complaint, debt.step, alarm.step)
    return Climb(debt.step, stage.name, debt.due, above) if above and stage else None


@dataclass(frozen=True, slots=True)
class Watch:
    """Tells the next people of dangers that nobody has taken up."""

    database: Database
    speech: Speech
    handbook: Callable[[Session], Handbook]
    now: Callable[[], datetime]
    mint: Mint

    def batch(self) -> int:
        """Up to `BATCH` alarms whose time has come; how many."""
        now = self.now()
        with self.database.read() as session:
            if not alarms.any_climbing(session, now):
                return 0
        with self.database.write() as session:
            handbook, reach = self.handbook(session), Reach(session, now)
            found = [alarms.held(session, *due, now) for due in alarms.climbing(session, now, BATCH)]
            for complaint, alarm in filter(None, found):
                if alarm.about == DANGER:
                    self._climb(session, handbook, reach, complaint, alarm, now)
                else:
                    _climb_on(session, handbook, reach, complaint, alarm, now)
        return len([one for one in found if one])

    def _climb(
        self, session: Session, handbook: Handbook, reach: Reach, complaint: Complaint, alarm: Alarm, now: datetime
    ) -> None:
        if alarms.is_taken_up(session, alarm, complaint):
            alarm.climbs_at = None
            return
        people = _people(session, handbook, reach, complaint.unit_id, NEXT[alarm.step])
        # A cry for help wakes people; what may become dangerous within hours waits for the morning.
        lane = Lane.URGENT if complaint.emergency else Lane.ALERT
        notice = NobodyTookUp(complaint.reference or "", handbook.name_of(complaint.unit_id))
        for official in people:
            envelope = Envelope(f"alarm:{complaint.id}:{alarm.step}:{official.phone}", lane, complaint.id)
            code = one_time.hand_out(session, self.mint, official, complaint, now=now)
            tell_official(session, self.speech, official, replace(notice, code=code), envelope, now=now)
        note(session, complaint.id, "alarm_climbed" if people else "nobody_to_tell", at=now)
        alarm.step += 1
        alarm.climbs_at = alarm.raised_at + CLIMBS[alarm.step] if alarm.step < len(CLIMBS) else None


def _climb_on(
    session: Session, handbook: Handbook, reach: Reach, complaint: Complaint, alarm: Alarm, now: datetime
) -> None:
    """The next rung is told of a deadline; the one after it follows after the same silence."""
    climb = climbs(session, handbook, reach, complaint, alarm, now)
    if climb is None:
        alarm.climbs_at = None
        return
    alarm.step += 1
    mark = f"{alarm.about}:{alarm.step}"
    what = Alert(climb.step, climb.stage, climb.due, mark, rung=alarm.step, any_hour=complaint.emergency)
    for one in climb.to:
        alerts.lay(session, complaint, one, what, now)
    note(session, complaint.id, "alert_climbed", at=now, words=", ".join(one.official.name for one in climb.to))
    silence = handbook.vigilance.climbs_after
    alarm.climbs_at = pausing.calendar(complaint, handbook).after_work(now, silence)
