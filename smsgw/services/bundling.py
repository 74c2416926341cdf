"""Tells officials of the alerts laid down for them: a few by themselves, many that came at once in one text.

What is urgent is told first. The rest is told once no complaint waits for a look any more, so that what falls due together
stands together.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from smsgw import crash
from smsgw.domain.codes import Mint
from smsgw.domain.notices import DeadlineAlert, Lane, ManyAlerts, Unopened
from smsgw.services import one_time
from smsgw.services.alerts import worded
from smsgw.services.handbook import Handbook
from smsgw.services.telling import Envelope, tell_official
from smsgw.store import alerts, dues, officials
from smsgw.store.database import Database
from smsgw.store.tables import OPEN_STATES, AlertRow, Official
from smsgw.text.speech import Speech

FEW = 3  # alerts that one person is told one by one
NAMED = 2
BATCH = 50
PRESSING = ("overdue", "due", "near")


@dataclass(frozen=True, slots=True)
class Bundler:
    """What telling needs."""

    database: Database
    speech: Speech
    handbook: Callable[[Session], Handbook]
    now: Callable[[], datetime]
    mint: Mint

    def batch(self) -> int:
        """The alerts of up to `BATCH` people; for how many."""
        now = self.now()
        with self.database.read() as session:
            urgent = bool(whose := alerts.whose(session, urgent=True, limit=BATCH))
            if not urgent and not dues.waits(session, now):
                whose = alerts.whose(session, urgent=False, limit=BATCH)
            if not whose:
                return 0
            handbook = self.handbook(session)
        with self.database.write() as session:
            told = [self._tell(session, handbook, official, urgent=urgent, now=now) for official in whose]
        crash.point("after_bundling")
        return sum(told)

    def _tell(self, session: Session, handbook: Handbook, official_id: int, *, urgent: bool, now: datetime) -> bool:
        official = officials.take(session, official_id)  # two clocks would halve what stands together
        if official is None:
            return False
        rows = alerts.take(session, official_id, urgent=urgent)
        live = [row for row in rows if row.complaint.state in OPEN_STATES]
        if len(live) > FEW:
            self._in_one(session, official, live, now)
        else:
            for row in live:
                self._alone(session, handbook, official, row, now)
        over = [row.id for row in rows if row.complaint.state not in OPEN_STATES]
        alerts.told(session, over, None, now)
        return bool(rows)

    def _alone(self, session: Session, handbook: Handbook, official: Official, row: AlertRow, now: datetime) -> None:
        """It is acted on by text where the number is known to be the official's."""
        notice, envelope = worded(handbook, row)
        if isinstance(notice, DeadlineAlert | Unopened):
            notice = replace(notice, code=one_time.hand_out(session, self.mint, official, row.complaint, now=now))
        alerts.told(session, [row.id], tell_official(session, self.speech, official, notice, envelope, now=now), now)

    def _in_one(self, session: Session, official: Official, rows: Sequence[AlertRow], now: datetime) -> None:
        lane = Lane.ALERT if any(row.urgent for row in rows) else Lane.REMINDER
        any_hour = any(row.any_hour for row in rows)
        envelope = Envelope(f"alerts:{official.id}:{rows[0].id}", lane, any_hour=any_hour)
        most = min(rows, key=_pressing).complaint
        notice = replace(summed(rows), code=one_time.hand_out(session, self.mint, official, most, now=now))
        outbox_id = tell_official(session, self.speech, official, notice, envelope, now=now)
        alerts.told(session, [row.id for row in rows], outbox_id, now)


def summed(rows: Collection[AlertRow]) -> ManyAlerts:
    """Many alerts in one text; each complaint counts once, for its most pressing stage."""
    stages: dict[str, str] = {}
    for row in sorted(rows, key=_pressing):
        stages.setdefault(row.complaint.reference or "", row.stage)
    overdue, due, near = (list(stages.values()).count(stage) for stage in PRESSING)
    others = len(stages) - overdue - due - near
    return ManyAlerts(overdue, due, near, others, tuple(list(stages)[:NAMED]))


def _pressing(row: AlertRow) -> tuple[int, bool, datetime, int]:
    rank = PRESSING.index(row.stage) if row.stage in PRESSING else len(PRESSING)
    return rank, not row.urgent, row.due_at or row.created_at, row.id
