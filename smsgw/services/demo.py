"""What the simulator may be taken for, and whom a demo may text through a real provider."""

from collections.abc import Collection, Iterable

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from smsgw.providers.simulator import Simulator
from smsgw.store.tables import Inbound

SIMULATED = Simulator.name


def may_text(session: Session, phone: str, allowed: Collection[str]) -> bool:
    """Whether this number is listed or texted in over a real network: through the simulator anybody can be anyone."""
    texted_in = exists().where(Inbound.sender == phone, Inbound.provider != SIMULATED)
    return phone in allowed or bool(session.scalar(select(texted_in)))


def senders_for(provider: str, order: Iterable[str]) -> list[str]:
    """Which of `order` may send to somebody who wrote through `provider` (empty: nobody wrote), that one first.

    The simulator serves its own people, and everybody only where nothing real is named. It never stands in for a real
    provider.
    """
    named = list(order)
    real = [name for name in named if name != SIMULATED]
    if provider == SIMULATED and SIMULATED in named:
        return [SIMULATED]
    if provider == "" and not real:
        return named
    return sorted(real, key=lambda name: name != provider)
