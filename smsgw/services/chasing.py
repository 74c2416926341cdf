"""Tells officials that a deadline nears or has passed, and citizens that it has: each once, however many clocks run."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from smsgw import crash
from smsgw.domain.codes import Mint
from smsgw.domain.deadlines import STAGES, Audience, Stage, look_again_at, reached
from smsgw.domain.notices import DeadlineAlert, Lane
from smsgw.services import breaches, one_time, pausing
from smsgw.services.handbook import Handbook
from smsgw.services.telling import Envelope, tell_official
from smsgw.store import complaints, dues, officials
from smsgw.store.away import is_away
from smsgw.store.database import Database
from smsgw.store.tables import OPEN_STATES, Complaint, Official
from smsgw.text.speech import Speech

BATCH = 100
AFTER_A_FAILURE = timedelta(hours=1)
OVERDUE = STAGES[-1].name

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Alert:
    """One text that would go: which stage of which complaint, to whom, and why."""

    reference: str
    stage: str
    due_at: datetime
    official: Official
    why: str


@dataclass(frozen=True, slots=True)
class Chaser:
    """What chasing needs."""

    database: Database
    speech: Speech
    handbook: Callable[[Session], Handbook]
    now: Callable[[], datetime]
    mint: Mint

    def batch(self) -> int:
        """Looks at up to `BATCH` complaints whose moment has come; how many. One that fails is pushed an hour ahead; trouble
        of the database is no complaint's fault: it is raised, and they are looked at again."""
        now = self.now()
        with self.database.write() as session:
            handbook = self.handbook(session)
            complaints = dues.to_look_at(session, now, BATCH)
            for complaint in complaints:
                self._look(session, handbook, complaint, now)
                crash.point("mid_chase")
        if complaints:
            crash.point("after_chase_commit")
        return len(complaints)

    def _look(self, session: Session, handbook: Handbook, complaint: Complaint, now: datetime) -> None:
        try:
            with session.begin_nested():
                self._chase(session, handbook, complaint, now)
        except Exception as trouble:
            if is_away(trouble):
                raise
            log.exception("a deadline could not be worked out", reference=complaint.reference)
            later = update(Complaint).where(Complaint.id == complaint.id).values(look_at=now + AFTER_A_FAILURE)
            session.execute(later, execution_options={"synchronize_session": False})
            session.expire(complaint)

    def _chase(self, session: Session, handbook: Handbook, complaint: Complaint, now: datetime) -> None:
        if complaint.paused_at is not None:
            self._run_on(session, handbook, complaint, now)
        stage = _stage(complaint, handbook, now)
        if stage and stage.name != complaint.stage:
            for official, _why in _recipients(session, complaint, stage):
                self._tell(session, handbook, complaint, stage, official, now)
            complaint.stage = stage.name
            breaches.tell(session, self.speech, handbook, complaint, late=stage.name == OVERDUE, now=now)
        due_at = complaint.due_at or now
        begun, pace = pausing.begun_at(complaint), pausing.pace(complaint, handbook)
        complaint.look_at = look_again_at(begun, due_at, now, pace)

    def _run_on(self, session: Session, handbook: Handbook, complaint: Complaint, now: datetime) -> None:
        """The citizen did not reply in time: the clock has run on since then, whenever we come to see it."""
        until = pausing.paused_until(complaint, handbook) or now
        pausing.resume(session, handbook, complaint, pausing.Why.NO_REPLY, now=min(until, now))
        notice = pausing.new_date(complaint, handbook, pausing.Why.NO_REPLY)
        pausing.tell_new_date(session, self.speech, complaint, notice, now=now)

    def _tell(
        self,
        session: Session,
        handbook: Handbook,
        complaint: Complaint,
        stage: Stage,
        official: Official,
        now: datetime,
    ) -> None:
        code = one_time.hand_out(session, self.mint, official, complaint, now=now)
        alert = replace(_notice(handbook, complaint, stage), code=code)
        key = f"alert:{complaint.id}:{stage.name}:{complaint.deadline_version}:{official.phone}"
        envelope = Envelope(key, Lane.REMINDER, complaint.id, any_hour=_is_watched(session, complaint))
        tell_official(session, self.speech, official, alert, envelope, now=now)


def _is_watched(session: Session, complaint: Complaint) -> bool:
    """Whether somebody brought the due date near to watch the alert come (demo): that is of no use in the morning."""
    return complaints.times(session, complaint.id, "due_brought_near") > 0


def _stage(complaint: Complaint, handbook: Handbook, at: datetime) -> Stage | None:
    """The stage reached at this moment; none for one that is answered or withdrawn. A question to the citizen
    does not move the due date, so it silences nothing."""
    if complaint.state not in OPEN_STATES or complaint.due_at is None:
        return None
    return reached(pausing.begun_at(complaint), complaint.due_at, at, pausing.pace(complaint, handbook))


def _notice(handbook: Handbook, complaint: Complaint, stage: Stage) -> DeadlineAlert:
    return DeadlineAlert(
        reference=complaint.reference or "",
        stage=stage.name,
        category=complaint.category or "",
        unit=handbook.name_of(complaint.unit_id),
        due=complaint.due_at or complaint.received_at,
    )


def _recipients(session: Session, complaint: Complaint, stage: Stage) -> Iterable[tuple[Official, str]]:
    """Those of the office, or the unit's focal officials where there is no office or nobody with a phone in it; the
    unit's leader too where the stage says so. Each phone once."""
    told: dict[str, tuple[Official, str]] = {}
    people, of_office = officials.answering_for(session, complaint)
    why = "handles it" if of_office else "focal official: no office phone"
    leaders = officials.with_phone(session, complaint.unit_id, ("leader",)) if Audience.LEADER in stage.to else []
    for group, reason in ((people, why), (leaders, "leader")):
        for official in group:
            told.setdefault(official.phone, (official, reason))
    return told.values()


def would_tell(session: Session, handbook: Handbook, at: datetime) -> list[Alert]:
    """Which alerts would be due by a moment if nothing else happened; nothing is sent."""
    alerts = []
    for complaint in dues.looked_at_by(session, at):
        stage = _stage(complaint, handbook, at)
        if stage and stage.name != complaint.stage and complaint.due_at:
            alerts += [
                Alert(complaint.reference or "", stage.name, complaint.due_at, official, why)
                for official, why in _recipients(session, complaint, stage)
            ]
    return alerts
