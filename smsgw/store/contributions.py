"""What other offices are asked to add to a complaint's one answer."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session, joinedload

from smsgw.store.tables import OPEN_STATES, PART_IS_OWED, Complaint, Contribution


def of(session: Session, complaint_id: int) -> Sequence[Contribution]:
    """All of a complaint's, oldest first."""
    mine = select(Contribution).where(Contribution.complaint_id == complaint_id).order_by(Contribution.id)
    return session.scalars(mine.options(joinedload(Contribution.office), joinedload(Contribution.giver))).all()


def asked_of(session: Session, complaint_id: int, office_id: int) -> Contribution | None:
    """What this office was asked for."""
    query = select(Contribution).where(Contribution.complaint_id == complaint_id, Contribution.office_id == office_id)
    return session.scalars(query).one_or_none()


def by_reference(
    session: Session, offices: Collection[int], reference: str, *, to_change: bool = False
) -> Contribution | None:
    """What one of these offices was asked for about an open complaint, of several what is still owed; None exactly as where
    there is no such complaint. To change it, the complaint is locked before it, as by whoever asks, so that none waits in a
    ring."""
    asked = Complaint.reference == reference, Complaint.state.in_(OPEN_STATES), Contribution.office_id.in_(offices)
    query = select(Contribution).join(Complaint).where(*asked)
    query = query.order_by(Contribution.given_at.is_not(None), Contribution.id).limit(1)
    if to_change:
        of_whom = select(Complaint.id).join(Contribution).where(*asked)
        session.scalars(of_whom.with_for_update(key_share=True, of=Complaint)).all()
        return session.scalars(query.with_for_update(key_share=True, of=Contribution)).one_or_none()
    return session.scalars(query.options(joinedload(Contribution.complaint))).one_or_none()


def owed_by(session: Session, offices: Collection[int], limit: int) -> Sequence[Contribution]:
    """What these offices still owe of open complaints, due first."""
    if not offices:
        return []
    query = (
        select(Contribution)
        .join(Complaint)
        .where(text(PART_IS_OWED), Contribution.office_id.in_(offices), Complaint.state.in_(OPEN_STATES))
        .options(joinedload(Contribution.complaint))
    )
    return session.scalars(query.order_by(Contribution.due_at.asc().nulls_last(), Contribution.id).limit(limit)).all()


def overdue(session: Session, now: datetime, limit: int) -> Sequence[Contribution]:
    """What is owed past its time and was told to nobody, to change; rows that another clock holds are skipped."""
    query = (
        select(Contribution)
        .join(Complaint)
        .where(
            text(PART_IS_OWED),
            Contribution.due_at <= now,
            Contribution.told_at.is_(None),
            Complaint.state.in_(OPEN_STATES),
        )
    )
    return session.scalars(
        query.order_by(Contribution.due_at)
        .limit(limit)
        .with_for_update(key_share=True, of=Contribution, skip_locked=True)
    ).all()


def forget(session: Session, complaint_id: int) -> None:
    """Nothing of them stays with the complaint."""
    session.execute(delete(Contribution).where(Contribution.complaint_id == complaint_id))
