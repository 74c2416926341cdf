"""Finds what officials must be alerted of: each stage of each step once, however many clocks run.

What is found is laid down, an alert a person, and told by `bundling` in the next breath. Silence climbs (`alarming`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from smsgw import crash
from smsgw.domain import digest
from smsgw.domain.deadlines import STAGES, Audience, Stage, Step
from smsgw.services import alarming, alerts, breaches, owing, pausing
from smsgw.services.alerts import UNOPENED, Alert
from smsgw.services.handbook import Handbook
from smsgw.services.owing import Debt
from smsgw.services.reaching import Reach, Reached
from smsgw.store import alerts as laid
from smsgw.store import complaints, dues
from smsgw.store.away import is_away
from smsgw.store.database import Database
from smsgw.store.tables import Complaint
from smsgw.text.speech import Speech

BATCH = 25  # as many as keep others who write waiting for moments only
AFTER_A_FAILURE = timedelta(hours=1)
OVERDUE = STAGES[-1].name
_ABOVE = frozenset({Audience.HEAD})

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Chaser:
    """What chasing needs."""

    database: Database
    speech: Speech
    handbook: Callable[[Session], Handbook]
    now: Callable[[], datetime]

    def batch(self) -> int:
        """Looks at up to `BATCH` complaints whose moment has come; how many. One that fails is pushed an hour ahead; trouble
        of the database is no complaint's fault: it is raised, and they are looked at again."""
        now = self.now()
        with self.database.read() as session:
            if not dues.waits(session, now):
                return 0
            handbook = self.handbook(session)
        with self.database.write() as session:
            complaints = dues.to_look_at(session, now, BATCH)
            reach = Reach(session, now)
            for complaint in complaints:
                self._look(session, handbook, reach, complaint, now)
                crash.point("mid_chase")
        if complaints:
            crash.point("after_chase_commit")
        return len(complaints)

    def _look(self, session: Session, handbook: Handbook, reach: Reach, complaint: Complaint, now: datetime) -> None:
        try:
            with session.begin_nested():
                self._chase(session, handbook, reach, complaint, now)
        except Exception as trouble:
            if is_away(trouble):
                raise
            log.exception("a deadline could not be worked out", reference=complaint.reference)
            later = update(Complaint).where(Complaint.id == complaint.id).values(look_at=now + AFTER_A_FAILURE)
            session.execute(later, execution_options={"synchronize_session": False})
            session.expire(complaint)

    def _chase(self, session: Session, handbook: Handbook, reach: Reach, complaint: Complaint, now: datetime) -> None:
        if complaint.paused_at is not None:
            self._run_on(session, handbook, complaint, now)
        watched = is_watched(session, complaint)
        answers = set[str]()
        for found in found_at(session, handbook, reach, complaint, now, watched=watched):
            _lay(session, handbook, complaint, found, now, any_hour=watched or complaint.emergency)
            if found.stage and found.debt.step is Step.ANSWER:
                answers.add(found.name)
        if answers:
            breaches.tell(session, self.speech, handbook, complaint, late=OVERDUE in answers, now=now)
        complaint.look_at = owing.next_look(complaint, handbook, now)

    def _run_on(self, session: Session, handbook: Handbook, complaint: Complaint, now: datetime) -> None:
        """The citizen did not reply in time: the clock has run on since then, whenever we come to see it."""
        until = pausing.paused_until(complaint, handbook) or now
        pausing.resume(session, handbook, complaint, pausing.Why.NO_REPLY, now=min(until, now))
        notice = pausing.new_date(complaint, handbook, pausing.Why.NO_REPLY)
        pausing.tell_new_date(session, self.speech, complaint, notice, now=now)


@dataclass(frozen=True, slots=True)
class Found:
    """Something to be told of a complaint: a stage of a step, or that nobody has opened it (no `stage`); to whom, and whether
    the day's digest is soon enough."""

    debt: Debt
    stage: Stage | None
    to: list[Reached]
    waits: bool

    @property
    def name(self) -> str:
        """The stage's word."""
        return self.stage.name if self.stage else UNOPENED


def found_at(
    session: Session, handbook: Handbook, reach: Reach, complaint: Complaint, at: datetime, *, watched: bool = False
) -> Iterator[Found]:
    """What a look at this moment finds; nothing is changed. A matter of danger waits for no digest."""
    calendar = pausing.calendar(complaint, handbook)
    for one in owing.untold(complaint, handbook, at):
        waits = one.stage.can_wait(one.debt.due, at, calendar) and not (complaint.urgent or watched)
        yield Found(one.debt, one.stage, reach.told_of(complaint, one.debt.step, one.stage.to), waits)
    unopened, since = owing.unopened_at(complaint, handbook), complaint.unopened_since
    if unopened and since and unopened <= at and not laid.was_found_unopened(session, complaint.id, since):
        debt = Debt(Step.RECEIVE, since, None, "")
        above = _ABOVE if complaint.office_id else frozenset({Audience.LEADER})
        yield Found(debt, None, reach.told_of(complaint, _opened_by(complaint), above), waits=False)


def _opened_by(complaint: Complaint) -> Step:
    """The step of whoever should open it: the office's, or in triage the focal official's."""
    return Step.ANSWER if complaint.office_id else Step.RECEIVE


def is_watched(session: Session, complaint: Complaint) -> bool:
    """Whether somebody brought the due date near to watch the alert come (demo): that is of no use in the morning."""
    return complaints.times(session, complaint.id, "due_brought_near") > 0


def _lay(
    session: Session, handbook: Handbook, complaint: Complaint, found: Found, now: datetime, *, any_hour: bool
) -> None:
    """Lays it down for each person, and sets the climb going."""
    debt = found.debt
    about = f"{debt.step.value}:{found.name}:{complaint.deadline_version}"
    mark = about if found.stage else f"{UNOPENED}:{debt.due:%Y%m%d%H%M%S}"
    what = Alert(debt.step, found.name, debt.due, mark, waits=found.waits, any_hour=any_hour)
    for one in found.to:
        alerts.lay(session, complaint, one, what, now)
    if found.stage is None:
        return
    owing.keep_told(complaint, debt.step, found.stage.name)
    alarming.quieten(session, complaint.id, f"{debt.step.value}:")
    if found.stage.climbs:
        calendar = pausing.calendar(complaint, handbook)
        heard = digest.next_at(now, calendar, handbook.vigilance.digest_at) if found.waits else now
        climbs_at = calendar.after_work(heard, handbook.vigilance.climbs_after)
        alarming.set_going(session, complaint, about, now, climbs_at)
