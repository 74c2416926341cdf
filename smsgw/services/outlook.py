"""What would be told by a moment if nothing else happened: alerts, climbs and digests, to whom and why. Nothing is sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from smsgw.services import alarming, digests
from smsgw.services.chasing import Found, found_at, is_watched
from smsgw.services.digests import Foreseen
from smsgw.services.handbook import Handbook
from smsgw.services.reaching import Reach
from smsgw.store import alarms, dues
from smsgw.store.alarms import DANGER
from smsgw.store.tables import Complaint, Official


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert that would go: which stage of which step of a complaint, to whom, why, and whether the digest tells it."""

    reference: str
    step: str
    stage: str
    due_at: datetime
    official: Official
    why: str
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Outlook:
    """Everything of a moment."""

    alerts: list[Alert]
    digests: list[Foreseen]


def would_tell(session: Session, handbook: Handbook, at: datetime) -> Outlook:
    """Which alerts would be due, and the digests of that day that would have gone."""
    reach = Reach(session, at)
    found = [*_stages(session, handbook, reach, at), *_climbs(session, handbook, reach, at)]
    return Outlook(found, list(digests.foreseen(session, handbook, at)))


def _stages(session: Session, handbook: Handbook, reach: Reach, at: datetime) -> Iterator[Alert]:
    for complaint in dues.looked_at_by(session, at):
        watched = is_watched(session, complaint)
        for found in found_at(session, handbook, reach, complaint, at, watched=watched):
            yield from _of(complaint, found)


def _of(complaint: Complaint, found: Found) -> Iterator[Alert]:
    debt = found.debt
    for one in found.to:
        waits = found.waits and one.official.digest
        yield Alert(complaint.reference or "", debt.step.value, found.name, debt.due, one.official, one.why, waits)


def _climbs(session: Session, handbook: Handbook, reach: Reach, at: datetime) -> Iterator[Alert]:
    for alarm in alarms.climbing_by(session, at):
        complaint = session.get_one(Complaint, alarm.complaint_id)
        if alarm.about == DANGER:
            continue
        if climb := alarming.climbs(session, handbook, reach, complaint, alarm, at):
            for one in climb.to:
                why = f"{one.why}: nobody took it up"
                yield Alert(complaint.reference or "", climb.step.value, climb.stage, climb.due, one.official, why)
