"""An official has read a case or says that they are on it: what was to climb stops, the clock runs on."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from smsgw.domain.progress import Duty
from smsgw.services.history import note
from smsgw.store import alarms
from smsgw.store.officials import OWN_OFFICE
from smsgw.store.tables import OPEN_STATES, Complaint

_MAY_TAKE_UP = OWN_OFFICE | {Duty.FOCAL, Duty.LEADER}


def acknowledge(session: Session, complaint: Complaint, official_id: int, now: datetime) -> None:
    """They say that they are on it, at the desk or by text: alerts climb no further, of a danger neither. The complaint must
    be locked."""
    alarms.quieten(session, complaint.id)
    note(session, complaint.id, "taken_up", at=now, official_id=official_id)
    complaint.unopened_since = None


def is_news(session: Session, complaint: Complaint, duties: Collection[str]) -> bool:
    """Whether it says anything that an official with these duties over the case has it before them: it was not opened at the
    desk where it lies, or an alert is to climb unless somebody takes it up."""
    if complaint.state not in OPEN_STATES or complaint.merged_into_id is not None:
        return False
    unread = complaint.unopened_since is not None and lies_with(complaint, duties)
    return unread or (bool(_MAY_TAKE_UP.intersection(duties)) and alarms.is_waited_for(session, complaint.id))


def opened(session: Session, complaint: Complaint, official_id: int, duties: Collection[str], now: datetime) -> None:
    """They have opened it, once: alerts of deadlines climb no further. To read of a danger does not quieten it. Whoever
    writes to this case meanwhile is not in the way: its version stays."""
    alarms.quieten(session, complaint.id)
    note(session, complaint.id, alarms.OPENED, at=now, official_id=official_id)
    if lies_with(complaint, duties):
        mine = update(Complaint).where(Complaint.id == complaint.id).values(unopened_since=None)
        session.execute(mine, execution_options={"synchronize_session": False})
        session.expire(complaint)


def lies_with(complaint: Complaint, duties: Collection[str]) -> bool:
    """Whether these are the duties of the desk where it lies: the office's, or in triage the focal official's."""
    return bool((OWN_OFFICE if complaint.office_id else {Duty.FOCAL}).intersection(duties))
