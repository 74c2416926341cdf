"""Plants one broken promise into what a trial left behind, to see that the checker finds it and nothing else."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy import Select, delete, select, update

from ops.chaos.evidence import digest
from ops.chaos.journal import Journal
from ops.chaos.rows import Rows, utc_now
from smsgw.store.database import Transaction
from smsgw.store.tables import Base, Citizen, Complaint, Inbound, Outgoing, ReceiptRow

Plant = Callable[[Rows, Journal], None]


def nothing(_rows: Rows, _ledger: Journal) -> None:
    """What was left behind stays as it is."""


def loss(rows: Rows, _ledger: Journal) -> None:
    """A text that was acknowledged is gone, with all that came of it."""
    untouched = (Complaint.stage == "", Complaint.answered_at.is_(None), Complaint.channel == "sms")
    with rows.writing() as session:
        query = select(Inbound.id, Complaint.id).join(Complaint, Complaint.id == Inbound.complaint_id)
        text_id, complaint_id = session.execute(query.where(*untouched).order_by(Inbound.id).limit(1)).one()
        _forget(session, text_id, complaint_id)


def double(rows: Rows, ledger: Journal) -> None:
    """A provider sent a text twice, and nothing here says so."""
    with rows.writing() as session:
        _send_again(session.scalars(_sent_once()).one(), ledger)


def stuck(rows: Rows, _ledger: Journal) -> None:
    """A text is due, and nobody takes it."""
    with rows.writing() as session:
        row = session.scalars(_sent_once()).one()
        row.state, row.next_attempt_at, row.lease_until = "queued", utc_now() - timedelta(hours=1), None


def flag(rows: Rows, ledger: Journal) -> None:
    """A text was sent twice and is marked so, but no answer had been lost."""
    with rows.writing() as session:
        row = session.scalars(_sent_once()).one()
        row.possible_duplicate = True
        _send_again(row, ledger)


PLANTS: Mapping[str, Plant] = {"loss": loss, "double": double, "stuck": stuck, "flag": flag}
SHOWS_AS = {"loss": "lost", "double": "unflagged_duplicates", "stuck": "stuck", "flag": "false_flags"}


def _sent_once() -> Select[Outgoing]:
    """A reply that went well at the first try, through a provider that takes our reference."""
    well = (Outgoing.state.in_(("accepted", "delivered")), Outgoing.attempts == 1, Outgoing.doubts == 0)
    ours = (Outgoing.provider_used == "kannel", Outgoing.key.startswith("reply:"))
    return select(Outgoing).where(*well, *ours).order_by(Outgoing.id).limit(1)


def _send_again(row: Outgoing, ledger: Journal) -> None:
    ledger.write(
        "order",
        provider=row.provider_used,
        phone=row.recipient,
        body=digest(row.body),
        ref=f"{row.id}.planted",
        name="planted",
        fault="none",
        taken=True,
        ambiguous=False,
    )


def _forget(session: Transaction, text_id: int, complaint_id: int) -> None:
    """Removes a text and its complaint as if they had never come. The reply stays: it went out."""
    replies = select(Outgoing.id).where(Outgoing.complaint_id == complaint_id)
    session.execute(update(ReceiptRow).where(ReceiptRow.outbox_id.in_(replies)).values(outbox_id=None))
    session.execute(update(Citizen).where(Citizen.prompt_complaint_id == complaint_id).values(prompt=""))
    gone = {"complaint_id": None, "inbound_id": None}
    session.execute(update(Outgoing).where(Outgoing.complaint_id == complaint_id).values(**gone))
    for (
        table
    ) in Base.metadata.tables.values():  # its history, its words for the search, and whatever else is about it alone
        about = table.columns.get("complaint_id")
        if about is not None and not about.nullable:
            session.execute(delete(table).where(about == complaint_id))
    session.execute(delete(Inbound).where(Inbound.id == text_id))
    session.execute(delete(Complaint).where(Complaint.id == complaint_id))
