"""One-time codes of complaints and the texts that used them, or tried to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, joinedload

from smsgw.store.database import insert_once
from smsgw.store.tables import Event, Inbound, Outgoing, TextCode, TextOrder


def keep(session: Session, values: Mapping[str, Any]) -> bool:
    """Whether this official never had this code before."""
    return insert_once(session, TextCode, values) is not None


def found(session: Session, official_id: int, digest: str) -> TextCode | None:
    """The code, locked."""
    query = select(TextCode).where(TextCode.official_id == official_id, TextCode.digest == digest)
    return session.scalars(query.with_for_update(key_share=True)).one_or_none()


def seen(session: Session, official_id: int, complaint_id: int) -> int:
    """Up to which line of the history this official was told of the complaint by text."""
    query = select(func.max(TextCode.seen)).where(
        TextCode.complaint_id == complaint_id, TextCode.official_id == official_id
    )
    return session.scalar(query) or 0


def used_by_the_same(session: Session, code: TextCode, body: str) -> bool:
    """Whether the text that used it has the same words: then it came twice."""
    return code.used_by is not None and session.scalar(select(Inbound.body).where(Inbound.id == code.used_by)) == body


def note(session: Session, values: Mapping[str, Any]) -> bool:
    """Writes an order down; False where that was done."""
    return insert_once(session, TextOrder, values) is not None


def asked_by_text(session: Session, complaint_id: int) -> int | None:
    """Who asked about this complaint by text last; None for nobody."""
    asked = TextOrder.complaint_id == complaint_id, TextOrder.deed == "ask", TextOrder.outcome == "done"
    query = select(TextOrder.official_id).where(*asked).order_by(TextOrder.at.desc()).limit(1)
    return session.scalar(query)


def wished_by_text(session: Session, complaint_id: int, official_id: int) -> bool:
    """Whether this official asked for more time by text."""
    mine = TextOrder.complaint_id == complaint_id, TextOrder.official_id == official_id
    query = select(TextOrder.inbound_id).where(*mine, TextOrder.deed == "more_time", TextOrder.outcome == "done")
    return session.scalar(query.limit(1)) is not None


def mark_lines(session: Session, complaint_id: int, after: int, official_id: int, inbound_id: int) -> None:
    """The lines of a history that an official wrote since say which text brought them."""
    mine = Event.complaint_id == complaint_id, Event.id > after, Event.official_id == official_id
    for line in session.scalars(select(Event).where(*mine)):
        line.details = {**line.details, "by_text": inbound_id}


def orders(session: Session, limit: int, *, refused: bool = False) -> Sequence[TextOrder]:
    """The newest."""
    query = select(TextOrder).options(joinedload(TextOrder.official), joinedload(TextOrder.complaint))
    if refused:
        query = query.where(TextOrder.outcome != "done")
    return session.scalars(query.order_by(TextOrder.at.desc(), TextOrder.inbound_id.desc()).limit(limit)).all()


def forget_words(session: Session, complaint_id: int) -> None:
    """What was held back for a complaint, and what officials read of it by text: of that nothing stays with us, and what has
    not gone yet does not go."""
    session.execute(update(TextCode).where(TextCode.complaint_id == complaint_id).values(draft="", draft_kind=""))
    shown = Outgoing.complaint_id == complaint_id, Outgoing.kind == "ComplaintShown"
    session.execute(update(Outgoing).where(*shown, Outgoing.state == "queued").values(state="cancelled"))
    on_its_way = Outgoing.state.in_(("dispatching", "unknown"))
    session.execute(update(Outgoing).where(*shown, ~on_its_way).values(body=""))


def forget(session: Session, expired_before: datetime) -> None:
    """Codes that expired long ago; what was done with them stays."""
    session.execute(delete(TextCode).where(TextCode.expires_at < expired_before))
