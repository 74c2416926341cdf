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
    """Everything about a text but its words. `key` makes it happen once. `provider` is the one the person wrote through.
    `any_hour` lets it go in quiet hours; before `goes_at` it waits."""

    key: str
    lane: Lane
    complaint_id: int | None = None
    inbound_id: int | None = None
    provider: str = ""
    optional: bool = False
    any_hour: bool = False
    goes_at: datetime | None = None


def tell_citizen(
    session: Session, speech: Speech, citizen: Citizen, notice: Notice, envelope: Envelope, *, now: datetime
) -> int | None:
    """One text to a citizen; the outbox id, or None when this key was used before."""
    return put(session, to_citizen(speech, citizen, notice, envelope), now)


def tell_official(
    session: Session, speech: Speech, official: Official, notice: Notice, envelope: Envelope, *, now: datetime
) -> int | None:
    """One text to an official's phone."""
    body = speech.text(notice, language=official.language, tone_marks=False, heard=envelope.provider)
    return put(session, _draft(envelope, notice, official.phone, body, official_id=official.id), now)


def to_citizen(speech: Speech, citizen: Citizen, notice: Notice, envelope: Envelope) -> Draft:
    """The text in the citizen's language, with tone marks where they are wished and worth it."""
    body = speech.text(notice, language=citizen.language, tone_marks=citizen.tone_marks, heard=envelope.provider)
    return _draft(envelope, notice, citizen.phone, body)


def to_phone(speech: Speech, phone: str, notice: Notice, envelope: Envelope) -> Draft:
    """The text to a phone that is nobody's in particular, such as a duty phone."""
    return _draft(envelope, notice, phone, speech.text(notice, language="vi", tone_marks=False))


def _draft(envelope: Envelope, notice: Notice, phone: str, body: str, official_id: int | None = None) -> Draft:
    return Draft(
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
        any_hour=envelope.any_hour,
        goes_at=envelope.goes_at,
    )
