"""Cases put forward for publication and published ones; what is no longer fit to be shown is not found here."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select, text, update
from sqlalchemy.orm import Session, joinedload

from smsgw.store.figures import is_answered, is_counted
from smsgw.store.officials import Scope
from smsgw.store.tables import IN_SIGHT, IS_PUBLISHED, Complaint, Outgoing, Publication

PAGE = 20
ANSWER = "OfficeAnswer"
MOST_PROPOSED = 100


def standing(session: Session, complaint_id: int) -> Publication | None:
    """What is put forward or published of a complaint."""
    query = select(Publication).where(Publication.complaint_id == complaint_id, text(IN_SIGHT))
    return session.scalars(query.options(joinedload(Publication.proposer))).one_or_none()


def proposed(session: Session, scope: Scope) -> Sequence[Publication]:
    """What waits for a second person within the scope, oldest first."""
    query = select(Publication).join(Publication.complaint).where(Publication.state == "proposed", scope.condition())
    seen = joinedload(Publication.complaint), joinedload(Publication.proposer)
    return session.scalars(query.options(*seen).order_by(Publication.id).limit(MOST_PROPOSED)).unique().all()


def published(session: Session, page: int = 1) -> Sequence[Publication]:
    """Newest first; one more than a page tells that another follows."""
    query = _for_everybody().order_by(Publication.decided_at.desc(), Publication.id.desc())
    return session.scalars(query.offset((max(page, 1) - 1) * PAGE).limit(PAGE + 1)).unique().all()


def shown(session: Session, number: int) -> Publication | None:
    """The published case of this number; None where everybody may not read it, or no more."""
    return session.scalars(_for_everybody().where(Publication.id == number)).unique().one_or_none()


def answer_sent(session: Session, complaint_id: int) -> str:
    """The newest text by which the office answered; empty where none went out."""
    query = select(Outgoing.body).where(Outgoing.complaint_id == complaint_id, Outgoing.kind == ANSWER)
    return session.scalar(query.order_by(Outgoing.id.desc()).limit(1)) or ""


def forget(session: Session, complaint_id: int, now: datetime) -> None:
    """Takes back what is put forward or published of it, and its words, whoever agreed to them."""
    known = update(Publication).where(Publication.complaint_id == complaint_id)
    session.execute(known.where(text(IN_SIGHT)).values(state="withdrawn", ended_at=now))
    session.execute(known.values(text="", answer=""))


def _for_everybody() -> Select[Publication]:
    """Published, and nothing has come up since that forbids it."""
    query = select(Publication).join(Publication.complaint).where(text(f"publications.{IS_PUBLISHED}"), *still_fit())
    return query.options(joinedload(Publication.complaint).joinedload(Complaint.unit))


def still_fit() -> tuple[ColumnElement[bool], ...]:
    """What a complaint must still be."""
    careful = Complaint.sensitive | Complaint.emergency | Complaint.private | Complaint.on_behalf
    return is_answered(), is_counted(), ~careful
