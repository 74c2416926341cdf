"""Sees to USSD sessions that broke off and that nobody went on with: a complaint of what was typed, else one friendly text."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from smsgw.domain import notices as n
from smsgw.domain.notices import Lane
from smsgw.domain.phone import is_number
from smsgw.domain.ussd.breaks import Outcome, becomes
from smsgw.domain.ussd.playing import filed
from smsgw.domain.ussd.standing import Standing, read
from smsgw.domain.workdays import VIETNAM
from smsgw.services import citizens
from smsgw.services.drafts import Clerk
from smsgw.services.history import note
from smsgw.services.telling import Envelope, tell_citizen
from smsgw.store import sittings
from smsgw.store.away import is_away
from smsgw.store.database import Database
from smsgw.store.tables import Citizen, Sitting

BATCH = 50

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Gatherer:
    """What seeing to them needs. `clerk` takes drafts in within a session."""

    database: Database
    clerk: Callable[[Session], Clerk]
    now: Callable[[], datetime]

    def batch(self) -> int:
        """Sees to up to `BATCH` sessions whose time has come; how many. One that fails does not stop the others: it is
        looked at again an hour later. Each has a transaction of its own, which locks the citizen first, as a turn does and
        whoever answers texts: with several citizens in one, two could wait for each other."""
        with self.database.read() as session:
            due = sittings.due(session, self.now(), BATCH)
        for sitting_id, phone in due:
            self._apart(sitting_id, phone)
        return len(due)

    def _apart(self, sitting_id: int, phone: str) -> None:
        try:
            with self.database.write() as session:
                clerk = self.clerk(session)
                citizen = citizens.citizen_of(session, phone, self.now())
                sitting = sittings.still_due(session, sitting_id, self.now())
                if sitting:
                    self._settle(session, clerk, sitting, citizen)
        except Exception as trouble:
            if is_away(trouble):
                raise
            log.exception("a USSD session that broke off could not be seen to", sitting=sitting_id)
            self._puts_off(sitting_id)

    def _puts_off(self, sitting_id: int) -> None:
        with self.database.write() as session:
            sitting = sittings.still_due(session, sitting_id, self.now())
            if sitting:
                sitting.look_at = self.now() + sittings.TRIED_AGAIN

    def _settle(self, session: Session, clerk: Clerk, sitting: Sitting, citizen: Citizen) -> None:
        standing = read(sitting.standing)
        sitting.state, sitting.look_at, sitting.outcome = "ended", None, becomes(standing)
        match becomes(standing):
            case Outcome.BECAME:
                self._file(session, clerk, sitting, standing, citizen)
            case Outcome.TOLD:
                self._tell(session, clerk, sitting, citizen)

    def _file(self, session: Session, clerk: Clerk, sitting: Sitting, standing: Standing, citizen: Citizen) -> None:
        """What is missing is asked by SMS, as after any text."""
        complaint = clerk.file(sitting, standing.draft, citizen.language, at=sitting.touched_at, now=self.now())
        if complaint:
            note(session, complaint.id, "cut_off", at=self.now(), screen=standing.screen.value)
        sitting.standing, sitting.open_until = filed(standing.at(standing.screen)).written(), None

    def _tell(self, session: Session, clerk: Clerk, sitting: Sitting, citizen: Citizen) -> None:
        """Once a day at most; who wants no optional texts gets none."""
        if not is_number(sitting.phone):
            return
        today = self.now().astimezone(VIETNAM).date()
        key = f"cut_off:{citizen.id}:{today}"
        envelope = Envelope(key, Lane.REMINDER, provider=sitting.provider, optional=True)
        tell_citizen(session, clerk.speech, citizen, n.CutOff(sitting.service_code), envelope, now=self.now())
