"""Who is to get the day's digest, and the figures that it tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select, text, update
from sqlalchemy.orm import Session

from smsgw.domain.progress import Duty
from smsgw.store.officials import OWN_OFFICE
from smsgw.store.tables import IS_OPEN, Complaint, Official


@dataclass(frozen=True, slots=True)
class Figures:
    """Open complaints: due until the end of the day, late, not opened yet, and the two that press most."""

    due: int
    late: int
    new: int
    first: tuple[str, ...]


def not_seen_to(session: Session, day: date, limit: int) -> Sequence[int]:
    """Officials whose digest of this day was not seen to yet."""
    query = select(Official.id).where(Official.digested_on < day).order_by(Official.digested_on, Official.id)
    return session.scalars(query.limit(limit)).all()


def people(session: Session, day: date) -> Sequence[Official]:
    """The same, all of them, only looked at."""
    return session.scalars(select(Official).where(Official.digested_on < day).order_by(Official.id)).all()


def take(session: Session, official_id: int, day: date) -> Official | None:
    """One of these, taken for a change; None where another clock was quicker."""
    query = select(Official).where(Official.id == official_id, Official.digested_on < day)
    return session.scalars(query.with_for_update(skip_locked=True, key_share=True, of=Official)).one_or_none()


def seen_to(session: Session, official_id: int, day: date) -> None:
    """The day's digest went, or there was nothing to tell."""
    mine = update(Official).where(Official.id == official_id).values(digested_on=day)
    session.execute(mine, execution_options={"synchronize_session": False})


def with_them(official: Official) -> ColumnElement[bool] | None:
    """The complaints that are this official's to see to: their office's, a focal official's triage, a leader's whole unit;
    None for those who see to none."""
    held = {role.name for role in official.roles}
    home = official.unit_id
    theirs = [
        *([Complaint.office_id == home] if held & OWN_OFFICE else []),
        *([and_(Complaint.unit_id == home, Complaint.office_id.is_(None))] if Duty.FOCAL in held else []),
        *([Complaint.unit_id == home] if Duty.LEADER in held else []),
    ]
    return or_(*theirs) if theirs else None


def figures(session: Session, theirs: ColumnElement[bool], now: datetime, ends: datetime, named: int) -> Figures:
    """`ends` is the end of the local day. What was found late is named first."""
    open_ones = text(f"complaints.{IS_OPEN}"), theirs, Complaint.merged_into_id.is_(None)
    counts = (
        and_(Complaint.due_at >= now, Complaint.due_at < ends),
        Complaint.due_at < now,
        Complaint.unopened_since.is_not(None),
    )
    sums = [func.coalesce(func.sum(case((count, 1), else_=0)), 0) for count in counts]
    due, late, new = session.execute(select(*sums).where(*open_ones)).one()
    return Figures(
        int(due), int(late), int(new), tuple(one.reference or "" for one in pressing(session, theirs, named))
    )


def pressing(session: Session, theirs: ColumnElement[bool], limit: int, besides: int = 0) -> Sequence[Complaint]:
    """The open complaints whose due dates come first, what is late before the rest."""
    open_ones = text(f"complaints.{IS_OPEN}"), theirs, Complaint.merged_into_id.is_(None), Complaint.id != besides
    query = select(Complaint).where(*open_ones, Complaint.due_at.is_not(None))
    return session.scalars(query.order_by(Complaint.due_at, Complaint.id).limit(limit)).all()
