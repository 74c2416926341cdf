"""Keeps what a provider tells about a message already sent, and lets it change the message only forwards."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, or_, select, update
from sqlalchemy.orm import Session

from smsgw import crash
from smsgw.domain.messages import Delivery, Receipt
from smsgw.domain.outbox_states import State, after_receipt
from smsgw.store.database import insert_once
from smsgw.store.tables import Citizen, Outgoing, ReceiptRow

LATE = timedelta(hours=24)
REPORTED_WITHIN = timedelta(days=4)  # networks give a text up after three at most; so long a report may be of that one
AT_ONCE = 200  # receipts that one transaction of the clock may settle

_IN_FLIGHT = Outgoing.state.in_((State.DISPATCHING, State.UNKNOWN))  # what an index is kept for
_IN_DOUBT = and_(_IN_FLIGHT, Outgoing.state == State.UNKNOWN, Outgoing.provider_ref == "")


def record(session: Session, receipt: Receipt, outbox_id: int | None, now: datetime) -> None:
    """Stores the receipt, once however often it comes, and settles the message it belongs to where that is known.

    `outbox_id` is what the signed reference says, None where the provider gives none or it was altered.
    """
    values: dict[str, Any] = {
        "provider": receipt.provider,
        "ref": receipt.ref or "",
        "provider_ref": receipt.provider_ref or "",
        "delivery": receipt.delivery.value,
        "code": receipt.code,
        "phone": receipt.phone,
        "opted_out": receipt.opted_out,
        "received_at": now,
    }
    row_id = insert_once(session, ReceiptRow, values)
    if row_id is None:
        return
    crash.point("mid_receipt")
    row = ReceiptRow(id=row_id, **values)
    message = _message(session, row, outbox_id)
    if message:
        _settle(session, row, message, now)
        if receipt.opted_out:
            _stop(session, message.recipient, now)


def late(session: Session, now: datetime) -> Sequence[int]:
    """The receipts of the last day that came before their message was recorded, and whose message is known by now.

    Those that nothing is known of may be many, so this is asked in a session that only reads.
    """
    theirs = and_(Outgoing.provider_used == ReceiptRow.provider, Outgoing.provider_ref == ReceiptRow.provider_ref)
    found = _unmatched(now).join(Outgoing, theirs).where(ReceiptRow.provider_ref != "")
    maybe = and_(Outgoing.provider_used == ReceiptRow.provider, Outgoing.recipient == ReceiptRow.phone)
    in_doubt = _unmatched(now).join(Outgoing, maybe).where(ReceiptRow.phone != "", _IN_DOUBT)
    return session.scalars(found).all() or session.scalars(in_doubt).unique().all()


def match_late(session: Session, found: Sequence[int], now: datetime) -> int:
    """Settles the messages of these receipts; of how many."""
    matched = 0
    for row in session.scalars(select(ReceiptRow).where(ReceiptRow.id.in_(found)).order_by(ReceiptRow.id)):
        message = _message(session, row, None)
        if message:
            _settle(session, row, message, now)
            if row.opted_out:
                _stop(session, message.recipient, now)
            matched += 1
    return matched


def _unmatched(now: datetime) -> Select[int]:
    query = select(ReceiptRow.id).where(ReceiptRow.outbox_id.is_(None), ReceiptRow.received_at > now - LATE)
    return query.order_by(ReceiptRow.id).limit(AT_ONCE)


def _message(session: Session, row: ReceiptRow, outbox_id: int | None) -> Outgoing | None:
    """By our reference, else by the provider's, else the one text to this phone that may be meant."""
    query = select(Outgoing).with_for_update(key_share=True)
    if outbox_id is not None:
        return session.scalars(query.where(Outgoing.id == outbox_id)).one_or_none()
    if row.provider_ref:
        mine = query.where(Outgoing.provider_used == row.provider, Outgoing.provider_ref == row.provider_ref)
        if message := session.scalars(mine.limit(1)).one_or_none():
            return message
    return _only_one_in_doubt(session, row) if row.phone else None


def _only_one_in_doubt(session: Session, row: ReceiptRow) -> Outgoing | None:
    """The provider names the phone but no reference of ours. One text to it is meant where that is in doubt, no other is
    on its way, and none that was in doubt has been sent again since, by whatever provider: its first try may be what is
    reported."""
    on_its_way = and_(
        Outgoing.state == State.DISPATCHING,
        Outgoing.provider_used == row.provider,
        Outgoing.dispatched_at <= row.received_at,
    )
    query = select(Outgoing).where(
        Outgoing.recipient == row.phone,
        Outgoing.created_at <= row.received_at,
        Outgoing.dispatched_at >= row.received_at - REPORTED_WITHIN,
        or_(on_its_way, Outgoing.doubts > 0),
    )
    texts = session.scalars(query.limit(2).with_for_update(key_share=True)).all()
    meant = texts[0] if len(texts) == 1 else None
    return meant if meant and _may_be_meant(meant, row) else None


def _may_be_meant(text: Outgoing, row: ReceiptRow) -> bool:
    since_called = row.received_at - (text.dispatched_at or row.received_at)
    is_open = text.state == State.UNKNOWN and not text.provider_ref and text.provider_used == row.provider
    return is_open and timedelta(0) <= since_called <= LATE


def _settle(session: Session, row: ReceiptRow, message: Outgoing, now: datetime) -> None:
    """Only upwards: a late or repeated receipt changes nothing, and `delivered` beats `undelivered`."""
    session.execute(update(ReceiptRow).where(ReceiptRow.id == row.id).values(outbox_id=message.id))
    if row.provider == message.provider_used:
        message.provider_ref = message.provider_ref or row.provider_ref
    before, state = State(message.state), after_receipt(State(message.state), Delivery(row.delivery))
    if state == before:
        return
    message.state = state
    message.accepted_at = message.accepted_at or now
    message.lease_until = None
    if state in (State.DELIVERED, State.UNDELIVERED):
        message.settled_at = now
        message.error = row.code if state == State.UNDELIVERED else ""


def _stop(session: Session, phone: str, now: datetime) -> None:
    silent = update(Citizen).where(Citizen.phone == phone, Citizen.opted_out_at.is_(None)).values(opted_out_at=now)
    session.execute(silent)
