"""What is remembered of each provider's answers, so that all senders know which one rests and which is coming back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from smsgw.domain.choice import Standing, after, probed
from smsgw.domain.messages import Outcome
from smsgw.store.database import insert_once
from smsgw.store.tables import ProviderHealth

_REMEMBERED = tuple(Standing.__slots__)
_COLUMNS = tuple(getattr(ProviderHealth, name) for name in _REMEMBERED)
_STANDINGS = select(ProviderHealth.name, *_COLUMNS).where(ProviderHealth.name.in_(bindparam("names", expanding=True)))
_OFF = select(ProviderHealth.name, ProviderHealth.off_since).where(ProviderHealth.off_since.is_not(None))
_LOCKED = select(ProviderHealth).where(ProviderHealth.name == bindparam("name")).with_for_update(key_share=True)


def standings(session: Session, names: Iterable[str]) -> dict[str, Standing]:
    """Of each of these providers; one that was never used stands well."""
    wanted = list(names)
    found = session.execute(_STANDINGS, {"names": wanted})  # as it is now, never as it was
    known = {name: Standing(*remembered) for name, *remembered in found}
    return {name: known.get(name, Standing()) for name in wanted}


def off(session: Session) -> dict[str, datetime]:
    """The providers that an administrator took out of use, and since when."""
    return {name: since for name, since in session.execute(_OFF) if since}


def switch(session: Session, name: str, since: datetime | None) -> None:
    """Takes a provider out of use, or with None into use again."""
    row = _row(session, name)
    row.off_since = (row.off_since or since) if since else None


def take_probe(session: Session, name: str, seen: Standing, now: datetime) -> Standing | None:
    """Takes it upon this sender to try the provider; None when another sender has been quicker."""
    then = probed(seen, now)
    taken = (
        update(ProviderHealth)
        .where(ProviderHealth.name == name, ProviderHealth.closed_until == seen.closed_until)
        .values(closed_until=then.closed_until, probed_at=then.probed_at)
    )
    return then if session.execute(taken).rowcount else None  # type: ignore[attr-defined]


def give_back_probe(session: Session, name: str, taken: Standing, before: Standing) -> None:
    """No text tried the provider after all, in the transaction that took it upon itself."""
    given_back = (
        update(ProviderHealth)
        .where(ProviderHealth.name == name, ProviderHealth.closed_until == taken.closed_until)
        .values(closed_until=before.closed_until, probed_at=before.probed_at)
    )
    session.execute(given_back)


def record(session: Session, outcomes: Sequence[tuple[str, Outcome]], now: datetime) -> Mapping[str, Standing]:
    """Counts what came of calls, in the order in which they were answered; how these providers stand now."""
    rows = {name: _row(session, name) for name in sorted({name for name, _ in outcomes})}
    found = {name: _standing(row) for name, row in rows.items()}
    for name, outcome in outcomes:
        found[name] = after(found[name], outcome, now)
    _write(rows, found)
    return found


def _row(session: Session, name: str) -> ProviderHealth:
    """The provider's row, ours until the transaction ends; the first time two senders may want to make it at once."""
    row = session.scalars(_LOCKED, {"name": name}).one_or_none()
    if row is None:
        insert_once(session, ProviderHealth, {"name": name})
        row = session.scalars(_LOCKED, {"name": name}).one()
    return row


def _standing(row: ProviderHealth) -> Standing:
    return Standing(**{name: getattr(row, name) for name in _REMEMBERED})


def _write(rows: Mapping[str, ProviderHealth], found: Mapping[str, Standing]) -> None:
    for name, row in rows.items():
        for part in _REMEMBERED:
            setattr(row, part, getattr(found[name], part))
