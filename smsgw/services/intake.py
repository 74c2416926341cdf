"""Takes a text in: the message as it came, once; a part of a long text waits for the rest.

What it says is read later: nothing in it can keep it out.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from smsgw import crash
from smsgw.domain.messages import Part, SmsReceived
from smsgw.store.database import Database, insert_once
from smsgw.store.tables import Inbound, PartRow
from smsgw.store.together import Told, Wish


def take_in(database: Database, sms: SmsReceived, now: datetime) -> None:
    """Stores the text durably, unless this provider's account gave us this message before."""
    table, values = _row(sms, now)
    crash.point("before_insert")
    database.add_together(table, values)
    crash.point("after_commit_before_reply")


def put_in(database: Database, sms: SmsReceived, now: datetime, told: Told) -> Wish:
    """The same without waiting for it."""
    table, values = _row(sms, now)
    crash.point("before_insert")
    return database.put_together(table, values, told)


def bring_in(session: Session, sms: SmsReceived, now: datetime) -> bool:
    """The same in the caller's transaction; whether it was new."""
    table, values = _row(sms, now)
    return insert_once(session, table, values) is not None


def receive(session: Session, sms: SmsReceived, now: datetime) -> int | None:
    """A whole text in the caller's transaction; the text's id, or None when it was there."""
    return insert_once(session, Inbound, _values(sms, now))


def _row(sms: SmsReceived, now: datetime) -> tuple[type[Inbound | PartRow], Mapping[str, Any]]:
    return (PartRow, _part_values(sms, sms.part, now)) if sms.part else (Inbound, _values(sms, now))


def _values(sms: SmsReceived, now: datetime) -> Mapping[str, Any]:
    return {
        "provider": sms.provider,
        "account": sms.account,
        "provider_ref": sms.provider_ref,
        "sender": sms.sender,
        "recipient": sms.recipient,
        "body": sms.text,
        "verb": "",
        "reference": None,
        "sent_at": sms.sent_at,
        "received_at": now,
        "state": "received",
        "attempts": 0,
        "intent": "",
        "reason": "",
    }


def _part_values(sms: SmsReceived, part: Part, now: datetime) -> Mapping[str, Any]:
    return {
        "provider": sms.provider,
        "account": sms.account,
        "provider_ref": sms.provider_ref,
        "sender": sms.sender,
        "recipient": sms.recipient,
        "reference": part.reference,
        "total": part.total,
        "number": part.number,
        "body": sms.text,
        "sent_at": sms.sent_at,
        "received_at": now,
    }
