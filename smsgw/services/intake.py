"""Takes a text in: the message as it came and what its structure says, once, in the caller's transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from smsgw.domain.grammar import parse
from smsgw.domain.messages import SmsReceived
from smsgw.store.database import insert_once
from smsgw.store.tables import Inbound


def receive(session: Session, sms: SmsReceived, now: datetime) -> int | None:
    """Stores the text; its id, or None when this provider's account gave us this message before."""
    command = parse(sms.text)
    return insert_once(
        session,
        Inbound,
        {
            "provider": sms.provider,
            "account": sms.account,
            "provider_ref": sms.provider_ref,
            "sender": sms.sender,
            "recipient": sms.recipient,
            "body": sms.text,
            "verb": command.verb.value,
            "reference": command.reference,
            "sent_at": sms.sent_at,
            "received_at": now,
            "state": "received",
            "attempts": 0,
            "intent": "",
            "reason": "",
        },
    )
