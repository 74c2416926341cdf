"""One complaint as the desk looks for it, and everything said about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from smsgw.store.alarms import OPENED
from smsgw.store.officials import Scope
from smsgw.store.tables import Citizen, Complaint, Event, Inbound, Official, Outgoing

DIVIDED = "divided:"  # what the key of a complaint begins with that was divided from another, before that one's id


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything about a complaint, oldest first in each list."""

    heard: Sequence[Inbound]
    told: Sequence[Outgoing]
    history: Sequence[Event]

    @property
    def seen(self) -> int:
        """The newest line of the history: whoever acts on a page says up to which line they had read. That somebody opened
        it is no news."""
        return max((line.id for line in self.history if line.kind != OPENED), default=0)


def within(session: Session, scope: Scope, reference: str, *, to_change: bool = False) -> Complaint | None:
    """The complaint of this reference; None when there is none and when it lies outside the scope alike. To change it,
    its citizen is locked first and then itself: the order in which a citizen's text is read, so that none waits in a ring.
    """
    named = Complaint.reference == reference, scope.condition()
    query = select(Complaint).where(*named)
    if not to_change:
        return session.scalars(query.options(*with_people())).one_or_none()
    session.scalars(
        select(Citizen).join(Complaint).where(*named).with_for_update(key_share=True, of=Citizen)
    ).one_or_none()
    return session.scalars(query.with_for_update(key_share=True, of=Complaint)).one_or_none()


def of_reference(session: Session, reference: str) -> Complaint | None:
    """The complaint, whoever's it is."""
    return session.scalars(select(Complaint).where(Complaint.reference == reference)).one_or_none()


def conversation(session: Session, complaint: Complaint) -> Conversation:
    """What was heard, told and done."""
    heard = select(Inbound).where(Inbound.complaint_id == complaint.id).order_by(Inbound.id)
    told = select(Outgoing).where(Outgoing.complaint_id == complaint.id).order_by(Outgoing.id)
    return Conversation(session.scalars(heard).all(), session.scalars(told).all(), history(session, complaint.id))


def history(session: Session, complaint_id: int) -> Sequence[Event]:
    """The complaint's history with those who wrote it."""
    lines = select(Event).where(Event.complaint_id == complaint_id).options(joinedload(Event.official))
    return session.scalars(lines.order_by(Event.id)).all()


def provider_of(session: Session, complaint_id: int) -> str:
    """The provider through which the citizen wrote last about this; empty when nothing came by text."""
    query = select(Inbound.provider).where(Inbound.complaint_id == complaint_id).order_by(Inbound.id.desc()).limit(1)
    return session.scalar(query) or ""


def undivided(session: Session, complaint: Complaint) -> Complaint:
    """The complaint whose text it was divided from; itself for one that came by itself."""
    while complaint.key.startswith(DIVIDED):
        complaint = session.get_one(Complaint, int(complaint.key.split(":")[1]))
    return complaint


def texts_of(session: Session, complaint: Complaint) -> Sequence[int]:
    """Ids of the texts about it; of one that was divided off also of those that it came in with, together with another."""
    mine = Inbound.complaint_id == complaint.id
    whole = undivided(session, complaint)
    came = and_(Inbound.complaint_id == whole.id, Inbound.received_at <= complaint.received_at)
    return session.scalars(select(Inbound.id).where(or_(mine, came)).order_by(Inbound.id)).all()


def joined_with(session: Session, complaint: Complaint) -> Sequence[Complaint]:
    """What the citizen opened and then said to belong to this one."""
    said = select(Event.complaint_id).where(
        Event.kind == "joined", Event.details["other"].as_string() == complaint.reference
    )
    mine = Complaint.citizen_id == complaint.citizen_id, Complaint.state == "withdrawn"
    return session.scalars(select(Complaint).where(*mine, Complaint.id.in_(said))).all()


def reference_of(session: Session, complaint_id: int) -> str:
    """What it is called, without a look at anything that a lock must come before."""
    return session.scalar(select(Complaint.reference).where(Complaint.id == complaint_id)) or ""


def author_of(session: Session, complaint_id: int, outbox_id: int) -> Official | None:
    """The official who wrote this text to the citizen."""
    lines = history(session, complaint_id)
    return next((line.official for line in lines if line.details.get("outbox_id") == outbox_id), None)


def times(session: Session, complaint_id: int, kind: str) -> int:
    """How many lines of this kind the history has."""
    query = select(func.count()).where(Event.complaint_id == complaint_id, Event.kind == kind)
    return session.scalar(query) or 0


def newest_line(session: Session, complaint_id: int) -> int:
    """The id of the newest line of the history that is news; 0 when there is none."""
    news = Event.complaint_id == complaint_id, Event.kind != OPENED
    return session.scalar(select(func.max(Event.id)).where(*news)) or 0


def with_people() -> tuple[ORMOption, ...]:
    """Its citizen, unit and office are read with it."""
    return joinedload(Complaint.citizen), joinedload(Complaint.unit), joinedload(Complaint.office)
