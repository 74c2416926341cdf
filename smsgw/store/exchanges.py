"""What one phone and the service texted each other, as the phone's owner sees it, and which phones there are to try."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from smsgw.store.tables import Inbound, Official, Outgoing, Unit

ARRIVED = ("accepted", "delivered")
USSD = "ussd"  # the account of drafts that were dialled, not texted


@dataclass(frozen=True, slots=True)
class Bubble:
    """One text of the conversation. `outbox_id` is set where the service wrote it; `fresh` means never shown."""

    text: str
    at: datetime
    outbox_id: int | None = None
    provider_ref: str = ""
    fresh: bool = False

    @property
    def from_service(self) -> bool:
        return self.outbox_id is not None


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose phone a number is: an official by name, role and unit, or the duty phone of a unit (no role)."""

    number: str
    name: str
    role: str = ""
    unit: str = ""


def exchange(session: Session, number: str, provider: str, limit: int = 60) -> list[Bubble]:
    """The last texts of this number through this provider, oldest first."""
    both = [*_written(session, number, provider, limit), *_arrived(session, number, provider, limit)]
    return sorted(both, key=lambda bubble: bubble.at)[-limit:]


def _written(session: Session, number: str, provider: str, limit: int) -> list[Bubble]:
    mine = Inbound.sender == number, Inbound.provider == provider, Inbound.account != USSD
    query = select(Inbound.body, Inbound.received_at).where(*mine).order_by(Inbound.id.desc()).limit(limit)
    return [Bubble(body, at) for body, at in session.execute(query)]


def _arrived(session: Session, number: str, provider: str, limit: int) -> list[Bubble]:
    query = (
        select(Outgoing)
        .where(Outgoing.recipient == number, Outgoing.provider_used == provider, Outgoing.state.in_(ARRIVED))
        .order_by(Outgoing.id.desc())
        .limit(limit)
    )
    return [
        Bubble(row.body, row.accepted_at or row.created_at, row.id, row.provider_ref, row.state == "accepted")
        for row in session.scalars(query)
    ]


def meant_for(session: Session, number: str) -> Sequence[str]:
    """All that was written for this number, oldest first, whether it has gone yet or not."""
    return session.scalars(select(Outgoing.body).where(Outgoing.recipient == number).order_by(Outgoing.id)).all()


def unread(session: Session, provider: str) -> dict[str, int]:
    """How many texts wait to be shown, by number."""
    fresh = Outgoing.provider_used == provider, Outgoing.state == "accepted"
    query = select(Outgoing.recipient, func.count()).where(*fresh).group_by(Outgoing.recipient)
    return dict(session.execute(query).all())


def owners(session: Session) -> Sequence[Owner]:
    """Officials with a phone, then the duty phones of units."""
    officials = select(Official).where(Official.phone != "", Official.active).order_by(Official.id)
    duty = select(Unit).where(Unit.duty_phone != "").order_by(Unit.id)
    return [
        *(Owner(o.phone, o.name, o.roles[0].name if o.roles else "", o.unit.name) for o in session.scalars(officials)),
        *(Owner(unit.duty_phone, unit.name, unit=unit.name) for unit in session.scalars(duty)),
    ]
