"""Sets apart the texts that three tries could not even file: a person reads them, and whoever wrote hears that we have them."""

from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from smsgw.domain.notices import Lane, SetApart
from smsgw.domain.phone import is_number
from smsgw.services.telling import Envelope, to_phone
from smsgw.store import inbox, outbox
from smsgw.store.away import is_away
from smsgw.store.inbox import Hopeless
from smsgw.text.speech import Speech

log = structlog.get_logger()


def set_apart(session: Session, speech: Speech, now: datetime, *, after_tries: int) -> None:
    """In the caller's transaction, so that none is set apart in silence."""
    texts = inbox.set_apart(session, now, after_tries)
    if texts:
        ids = [text.id for text in texts]
        log.error("texts could not be filed and were set apart: a person must read them", inbound=ids)
    for text in texts:
        if is_number(text.sender):
            _tell(session, speech, text, now)


def _tell(session: Session, speech: Speech, text: Hopeless, now: datetime) -> None:
    """What spoilt the text may spoil this too; it stays set apart all the same."""
    envelope = Envelope(f"reply:{text.id}", Lane.RECEIPT, inbound_id=text.id, provider=text.provider)
    try:
        with session.begin_nested():
            outbox.put(session, to_phone(speech, text.sender, SetApart(f"T{text.id}"), envelope), now)
    except Exception as trouble:
        if is_away(trouble):
            raise
        log.exception("the sender of a text that was set apart could not be told", inbound=text.id)
