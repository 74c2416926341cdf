"""Puts a notice into the outbox, in the words and spelling of the person it goes to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from smsgw.domain.notices import Lane, Notice
from smsgw.store.outbox import Draft, put
from smsgw.store.tables import Citizen, Official
from smsgw.text.fit import measure
from smsgw.text.speech import Speech


@dataclass(frozen=True, slots=True)
class Envelope:
    """Everything about a text but its words. `key` makes it happen once. `provider` is the one the person wrote through."""

    key: str
    lane: Lane
    complaint_id: int | None = None
    inbound_id: int | None = None
    provider: str = ""
    optional: bool = False


def tell_citizen(
    session: Session, speech: Speech, citizen: Citizen, notice: Notice, envelope: Envelope, *, now: datetime
) -> int | None:
    """One text to a citizen; the outbox id, or None when this key was used before."""
    body = speech.say(notice, language=citizen.language, tone_marks=citizen.tone_marks)
    return _put(session, envelope, notice, citizen.phone, body, now)


def tell_official(
    session: Session, speech: Speech, official: Official, notice: Notice, envelope: Envelope, *, now: datetime
) -> int | None:
    """One text to an official's phone."""
    body = speech.say(notice, language=official.language)
    return _put(session, envelope, notice, official.phone, body, now, official_id=official.id)


def tell_phone(
    session: Session, speech: Speech, phone: str, notice: Notice, envelope: Envelope, *, now: datetime
) -> int | None:
    """One text to a phone that is nobody's in particular, such as a duty phone."""
    return _put(session, envelope, notice, phone, speech.say(notice), now)


def _put(
    session: Session,
    envelope: Envelope,
    notice: Notice,
    phone: str,
    body: str,
    now: datetime,
    official_id: int | None = None,
) -> int | None:
    draft = Draft(
        key=envelope.key,
        kind=type(notice).__name__,
        lane=envelope.lane,
        recipient=phone,
        body=body,
        segments=measure(body).segments,
        complaint_id=envelope.complaint_id,
        official_id=official_id,
        inbound_id=envelope.inbound_id,
        provider=envelope.provider,
        optional=envelope.optional,
    )
    return put(session, draft, now)
