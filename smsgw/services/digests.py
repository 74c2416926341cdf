"""Tells each official once a working day what can wait: how many cases are due, late and new, and which press most."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import or_
from sqlalchemy.orm import Session

from smsgw.domain import digest
from smsgw.domain.codes import Mint
from smsgw.domain.notices import DayDigest, Lane
from smsgw.domain.workdays import VIETNAM, Calendar
from smsgw.services import one_time
from smsgw.services.handbook import Handbook
from smsgw.services.reaching import Reach
from smsgw.services.telling import Envelope, tell_official
from smsgw.store import alerts, complaints, digests
from smsgw.store.database import Database
from smsgw.store.tables import OPEN_STATES, AlertRow, Official
from smsgw.text.speech import Speech

BATCH = 50
NAMED = 2
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Digester:
    """What the digest needs."""

    database: Database
    speech: Speech
    handbook: Callable[[Session], Handbook]
    now: Callable[[], datetime]
    mint: Mint

    def batch(self) -> int:
        """Up to `BATCH` people, whether there is anything to tell them or not; how many."""
        now = self.now()
        day = now.astimezone(VIETNAM).date()
        with self.database.read() as session:
            people = digests.not_seen_to(session, day, BATCH)
            if not people:
                return 0
            handbook = self.handbook(session)
        if not digest.is_time(now, *_rhythm(handbook)):
            return 0
        with self.database.write() as session:
            reach = Reach(session, now)
            taken = [official for one in people if (official := digests.take(session, one, day))]
            for official in taken:
                self._see_to(session, handbook, reach, official, now)
        return len(taken)

    def _see_to(self, session: Session, handbook: Handbook, reach: Reach, official: Official, now: datetime) -> None:
        day = now.astimezone(VIETNAM).date()
        if gets_one(official, reach, handbook, day):
            rows = alerts.take_waiting(session, _whose(official, reach))
            notice = composed(session, official, reach, rows, now)
            envelope = Envelope(f"digest:{official.id}:{day.isoformat()}", Lane.DIGEST)
            outbox_id = None
            if notice:
                notice = replace(notice, code=self._code(session, official, notice, now))
                outbox_id = tell_official(session, self.speech, official, notice, envelope, now=now)
            alerts.told(session, [row.id for row in rows], outbox_id, now)
        elif not official.active or not official.phone:
            alerts.told(session, [row.id for row in alerts.take_waiting(session, [official.id])], None, now)
        digests.seen_to(session, official.id, day)

    def _code(self, session: Session, official: Official, notice: DayDigest, now: datetime) -> str:
        """For the first complaint that it names."""
        first = complaints.of_reference(session, notice.first[0]) if notice.first else None
        return one_time.hand_out(session, self.mint, official, first, now=now) if first else ""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A digest that would go, and to whom."""

    official: Official
    notice: DayDigest


def foreseen(session: Session, handbook: Handbook, at: datetime) -> Iterator[Foreseen]:
    """The digests that would go by this moment of the day if nothing else happened; nothing is sent."""
    day = at.astimezone(VIETNAM).date()
    if not digest.is_time(at, *_rhythm(handbook)):
        return
    reach = Reach(session, at)
    for official in digests.people(session, day):
        if gets_one(official, reach, handbook, day):
            rows = alerts.waiting(session, _whose(official, reach))
            if notice := composed(session, official, reach, rows, at):
                yield Foreseen(official, notice)


def gets_one(official: Official, reach: Reach, handbook: Handbook, day: date) -> bool:
    """Who is there, can be texted and wishes for it, on a day on which their unit works. Who stands in for others hears what
    waited for these."""
    wished = official.digest or bool(reach.stand_ins(official.id))
    can = official.active and bool(official.phone) and not reach.is_away(official.id)
    home = official.unit.parent_id if official.unit.kind == "office" else official.unit_id
    return wished and can and handbook.calendar_of(home or official.unit_id).works_on(day)


def composed(
    session: Session, official: Official, reach: Reach, rows: Sequence[AlertRow], now: datetime
) -> DayDigest | None:
    """The digest in figures; None where there is nothing to tell. `rows` are the alerts that waited for it."""
    theirs = [of for one in (official, *reach.stand_ins(official.id)) if (of := digests.with_them(one)) is not None]
    if not theirs:
        return None
    day = now.astimezone(VIETNAM).date()
    ends = datetime.combine(day + A_DAY, time(), VIETNAM)
    told = digests.figures(session, or_(*theirs), now, ends, NAMED)
    soon = len(
        {row.complaint_id for row in rows if row.complaint.state in OPEN_STATES and (row.due_at or ends) >= ends}
    )
    if not (told.due or told.late or told.new or soon):
        return None
    return DayDigest(day, told.due, told.late, told.new, soon, told.first)


def _whose(official: Official, reach: Reach) -> list[int]:
    return [official.id, *(one.id for one in reach.stand_ins(official.id))]


def _rhythm(handbook: Handbook) -> tuple[Calendar, time]:
    return handbook.calendar, handbook.vigilance.digest_at
