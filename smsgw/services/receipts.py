"""Keeps what a provider tells about a message already sent, and lets it change the message only forwards."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from smsgw.domain.messages import Delivery, Receipt
from smsgw.store.database import insert_once
from smsgw.store.tables import Citizen, Outgoing, ReceiptRow

RANK = {
    "queued": 0,
    "dispatching": 0,
    "unknown": 1,
    "accepted": 1,
    "delivery_unknown": 2,
    "undelivered": 3,
    "delivered": 4,
}
MEANING = {
    Delivery.PENDING: "accepted",
    Delivery.SENT: "accepted",
    Delivery.UNDELIVERED: "undelivered",
    Delivery.DELIVERED: "delivered",
}
LATE = timedelta(hours=24)
AT_ONCE = 200  # receipts that one transaction of the clock may settle


def record(session: Session, receipt: Receipt, outbox_id: int | None, now: datetime) -> None:
    """Stores the receipt, once however often it comes, and settles the message it belongs to where that is known.

    `outbox_id` is what the signed reference says, None where the provider gives none or it was altered.
    """
    row_id = insert_once(
        session,
        ReceiptRow,
        {
            "provider": receipt.provider,
            "ref": receipt.ref or "",
            "provider_ref": receipt.provider_ref or "",
            "delivery": receipt.delivery.value,
            "code": receipt.code,
            "received_at": now,
        },
    )
    if row_id is None:
        return
    message = _message(session, receipt.provider, receipt.provider_ref or "", outbox_id)
    if message:
        _settle(session, row_id, message, receipt.delivery, receipt.provider_ref or "", receipt.code, now)
        if receipt.opted_out:
            _stop(session, message.recipient, now)


def late(session: Session, now: datetime) -> Sequence[int]:
    """The receipts of the last day that came before their message was recorded, and whose message is known by now.

    Those that nothing is known of may be many, so this is asked in a session that only reads.
    """
    theirs = and_(Outgoing.provider_used == ReceiptRow.provider, Outgoing.provider_ref == ReceiptRow.provider_ref)
    found = (
        select(ReceiptRow.id)
        .join(Outgoing, theirs)
        .where(ReceiptRow.outbox_id.is_(None), ReceiptRow.provider_ref != "", ReceiptRow.received_at > now - LATE)
        .order_by(ReceiptRow.id)
        .limit(AT_ONCE)
    )
    return session.scalars(found).all()


def match_late(session: Session, found: Sequence[int], now: datetime) -> int:
    """Settles the messages of these receipts; of how many."""
    matched = 0
    for row in session.scalars(select(ReceiptRow).where(ReceiptRow.id.in_(found)).order_by(ReceiptRow.id)):
        message = _message(session, row.provider, row.provider_ref, None)
        if message:
            _settle(session, row.id, message, Delivery(row.delivery), row.provider_ref, row.code, now)
            matched += 1
    return matched


def _message(session: Session, provider: str, provider_ref: str, outbox_id: int | None) -> Outgoing | None:
    """By our reference, else by the provider's."""
    query = select(Outgoing).with_for_update()
    if outbox_id is not None:
        return session.scalars(query.where(Outgoing.id == outbox_id)).one_or_none()
    if not provider_ref:
        return None
    mine = query.where(Outgoing.provider_used == provider, Outgoing.provider_ref == provider_ref)
    return session.scalars(mine.limit(1)).one_or_none()


def _settle(
    session: Session, row_id: int, message: Outgoing, delivery: Delivery, provider_ref: str, code: str, now: datetime
) -> None:
    """Only upwards: a late or repeated receipt changes nothing, and `delivered` beats `undelivered`."""
    session.execute(update(ReceiptRow).where(ReceiptRow.id == row_id).values(outbox_id=message.id))
    state = MEANING[delivery]
    if RANK[state] <= RANK.get(message.state, 0):
        return
    message.state = state
    message.provider_ref = message.provider_ref or provider_ref
    message.accepted_at = message.accepted_at or now
    message.lease_until = None
    if state in ("delivered", "undelivered"):
        message.settled_at = now
        message.error = code if state == "undelivered" else ""


def _stop(session: Session, phone: str, now: datetime) -> None:
    silent = update(Citizen).where(Citizen.phone == phone, Citizen.opted_out_at.is_(None)).values(opted_out_at=now)
    session.execute(silent)
