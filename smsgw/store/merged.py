"""Complaints handled as one matter, and those that may be: found when somebody looks, in one question each."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload

from smsgw.store.officials import Scope
from smsgw.store.tables import OPEN_STATES, Citizen, Complaint, Event

MOST = 200
OVER = ("withdrawn", "refused")


class Near(NamedTuple):
    """An open complaint as it is compared with others."""

    id: int
    reference: str
    citizen_id: int
    text: str
    category: str | None
    place: str | None
    received_at: datetime
    urgent: bool = False
    merged_into_id: int | None = None


_COMPARED = tuple(getattr(Complaint, name) for name in Near._fields)


def near(session: Session, scope: Scope, complaint: Complaint, window: timedelta) -> Sequence[Near]:
    """Other open complaints of the unit that came within the window and stand by themselves, newest first."""
    query = select(*_COMPARED).where(
        Complaint.unit_id == complaint.unit_id,
        Complaint.state.in_(OPEN_STATES),
        Complaint.id != complaint.id,
        Complaint.merged_into_id.is_(None),
        Complaint.received_at.between(complaint.received_at - window, complaint.received_at + window),
        scope.condition(),
    )
    return [Near(*row) for row in session.execute(query.order_by(Complaint.id.desc()).limit(MOST))]


def parts(session: Session, main_id: int, *, to_change: bool = False) -> Sequence[Complaint]:
    """What is handled with this complaint, oldest first."""
    query = select(Complaint).where(Complaint.merged_into_id == main_id).order_by(Complaint.id)
    if to_change:
        return session.scalars(query.with_for_update(key_share=True, of=Complaint)).all()
    return session.scalars(query.options(joinedload(Complaint.citizen))).all()


def family(session: Session, complaint: Complaint, *, to_change: bool = False) -> Sequence[Complaint]:
    """Everything that is one matter with this complaint, itself too, oldest first."""
    root = complaint.merged_into_id or complaint.id
    query = select(Complaint).where((Complaint.id == root) | (Complaint.merged_into_id == root)).order_by(Complaint.id)
    return session.scalars(query.with_for_update(key_share=True, of=Complaint) if to_change else query).all()


def locked(session: Session, scope: Scope, references: Collection[str]) -> Sequence[Complaint]:
    """These complaints of the scope, oldest first, to change; their citizens are locked before them, all in one order."""
    named = Complaint.reference.in_(references), scope.condition()
    people = select(Citizen).join(Complaint, Complaint.citizen_id == Citizen.id).where(*named)
    session.scalars(people.order_by(Citizen.id).with_for_update(key_share=True, of=Citizen)).all()
    found = select(Complaint).where(*named).order_by(Complaint.id).with_for_update(key_share=True, of=Complaint)
    return session.scalars(found).all()


def how_it_stood(session: Session, complaint_id: int) -> Event | None:
    """The line of the history that says how the complaint stood when it was merged last."""
    lines = select(Event).where(Event.complaint_id == complaint_id, Event.kind == "merged")
    return session.scalars(lines.order_by(Event.id.desc()).limit(1)).one_or_none()


def forsaken(session: Session, limit: int) -> Sequence[int]:
    """Ids of complaints that were taken back, refused or answered without others that are handled with them."""
    main = aliased(Complaint)
    query = (
        select(main.id)
        .join(Complaint, main.id == Complaint.merged_into_id)
        .where(Complaint.merged_into_id.is_not(None), Complaint.state.in_(OPEN_STATES), main.state.not_in(OPEN_STATES))
    )
    return session.scalars(query.distinct().order_by(main.id).limit(limit)).all()
