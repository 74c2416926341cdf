"""Which providers may be used now: one that keeps failing is left alone for a while, then tried again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from smsgw.domain.messages import AccountWrong, InDoubt, Outcome, TryLater
from smsgw.store.database import insert_once
from smsgw.store.tables import ProviderHealth

FAILURES_IN_A_ROW = 5
REST = timedelta(seconds=60)


def usable(session: Session, order: Sequence[str], now: datetime) -> list[str]:
    """The providers of `order` that are not resting, in that order."""
    resting = {
        row.name
        for row in (session.get(ProviderHealth, name) for name in order)
        if row and row.closed_until and row.closed_until > now
    }
    return [name for name in order if name not in resting]


def record(session: Session, outcomes: Sequence[tuple[str, Outcome]], now: datetime) -> None:
    """Counts failures in a row; any success ends the count. A wrong account rests at once."""
    rows = {name: _row(session, name) for name in sorted({name for name, _ in outcomes})}
    for name, outcome in outcomes:
        match outcome:
            case TryLater(why) | InDoubt(why):
                _failed(rows[name], why, now, weight=1)
            case AccountWrong(why):
                _failed(rows[name], why, now, weight=FAILURES_IN_A_ROW)
            case _:
                _well(rows[name])


def _row(session: Session, name: str) -> ProviderHealth:
    """The provider's row; the first time two senders may want to make it at once."""
    row = session.get(ProviderHealth, name)
    if row is None:
        insert_once(session, ProviderHealth, {"name": name, "failures": 0, "why": ""})
        row = session.get_one(ProviderHealth, name)
    return row


def _failed(row: ProviderHealth, why: str, now: datetime, *, weight: int) -> None:
    row.failures, row.why = row.failures + weight, why
    if row.failures >= FAILURES_IN_A_ROW:
        row.closed_until = now + REST


def _well(row: ProviderHealth) -> None:
    if row.failures or row.closed_until:
        row.failures, row.closed_until, row.why = 0, None, ""
