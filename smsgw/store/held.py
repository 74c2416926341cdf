"""Texts of officials that wait for a second look, came back from it, or left after it; and the fields that need approval."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from smsgw.store.officials import Scope
from smsgw.store.tables import OPEN_STATES, ApprovedField, Complaint, HeldLetter

AT_THE_WRITERS = ("returned", "taken_back")


def waiting(session: Session) -> Sequence[int]:
    """The complaints of every text that waits, oldest first."""
    query = select(HeldLetter.complaint_id).where(HeldLetter.state == "waiting").order_by(HeldLetter.id)
    return session.scalars(query).all()


def waiting_of(session: Session, complaint_id: int, *, to_change: bool = False) -> HeldLetter | None:
    """The text of this complaint that waits; there is one at most."""
    query = select(HeldLetter).where(HeldLetter.complaint_id == complaint_id, HeldLetter.state == "waiting")
    if to_change:
        return session.scalars(query.with_for_update(key_share=True)).one_or_none()
    return session.scalars(query.options(joinedload(HeldLetter.writer))).one_or_none()


def to_be_changed(session: Session, complaint_id: int) -> HeldLetter | None:
    """The newest text that came back and that nothing has followed."""
    query = select(HeldLetter).where(HeldLetter.complaint_id == complaint_id).order_by(HeldLetter.id.desc()).limit(1)
    newest = session.scalars(query).one_or_none()
    return newest if newest and newest.state in AT_THE_WRITERS else None


def listed(session: Session, scope: Scope) -> Sequence[HeldLetter]:
    """What waits in the scope, the oldest first."""
    people = joinedload(HeldLetter.complaint).joinedload(Complaint.office), joinedload(HeldLetter.writer)
    query = select(HeldLetter).join(HeldLetter.complaint).where(scope.condition(), _still_waits()).options(*people)
    return session.scalars(query.order_by(HeldLetter.id)).all()


def came_back(session: Session, scope: Scope, writer_id: int) -> Sequence[HeldLetter]:
    """What was sent back to this writer, of complaints in the scope that are still open; the newest first."""
    later = select(func.max(HeldLetter.id)).group_by(HeldLetter.complaint_id)
    query = (
        select(HeldLetter)
        .join(HeldLetter.complaint)
        .where(
            scope.condition(),
            HeldLetter.written_by == writer_id,
            HeldLetter.state == "returned",
            HeldLetter.id.in_(later),
            Complaint.state.in_(OPEN_STATES),
        )
        .options(joinedload(HeldLetter.complaint))
    )
    return session.scalars(query.order_by(HeldLetter.id.desc())).all()


def counted(session: Session, scope: Scope) -> int:
    """How many wait in the scope."""
    query = select(func.count()).select_from(HeldLetter).join(HeldLetter.complaint)
    return session.scalar(query.where(scope.condition(), _still_waits())) or 0


def _still_waits() -> ColumnElement[bool]:
    """A text about a complaint that was taken back, or that goes with another, goes nowhere."""
    alone = or_(Complaint.merged_into_id.is_(None), Complaint.state.not_in(OPEN_STATES))
    return and_(HeldLetter.state == "waiting", Complaint.state.in_((*OPEN_STATES, "answered")), alone)


def settle(session: Session, complaint_id: int, states: Sequence[str], to: str) -> None:
    """All of a complaint's texts in these states get another; texts already read in this session know of it."""
    mine = update(HeldLetter).where(HeldLetter.complaint_id == complaint_id, HeldLetter.state.in_(states))
    session.execute(mine.values(state=to), execution_options={"synchronize_session": "fetch"})


def needs_approval(session: Session, unit_id: int, category: str | None) -> bool:
    """Whether answers of this field wait for the unit's leader."""
    wanted = exists().where(ApprovedField.unit_id == unit_id, ApprovedField.category == category)
    return bool(category and session.scalar(select(wanted)))


def approved_fields(session: Session, unit_id: int) -> frozenset[str]:
    """Those of the unit."""
    query = select(ApprovedField.category).where(ApprovedField.unit_id == unit_id)
    return frozenset(session.scalars(query).all())
