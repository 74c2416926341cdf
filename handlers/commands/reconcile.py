"""`reconcile`: our books against our providers'."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import click
from flask.cli import with_appcontext

from handlers.commands.times import Moment, shown
from handlers.guards import gateway
from smsgw.domain.phone import masked
from smsgw.services.reconciling import Differences

LOOKS_BACK = timedelta(hours=24)


@click.command()
@click.option("--since", type=Moment(), metavar="TIME", help="From when on, Vietnam time; 24 hours back when left out.")
@with_appcontext
def reconcile(since: datetime | None) -> None:
    """Take in texts that never reached us, and show where our books and a provider's differ. Numbers are masked.

    Exit code 1 when a provider could not be asked.

    \b
    Examples:
      ./run flask reconcile
      ./run flask reconcile --since 2026-11-23T08:00
    """
    house = gateway()
    found = list(house.reconciler().compare(since or house.now() - LOOKS_BACK))
    for one in found:
        click.echo("\n".join(_told(one)))
    if not found:
        click.echo("No provider that is named here can list its texts.")
    if any(one.silence for one in found):
        raise SystemExit(1)


def _told(one: Differences) -> Iterator[str]:
    if one.silence:
        yield f"{one.provider}: could not be asked: {one.silence}"
        return
    yield f"{one.provider}: texts that had not reached us, taken in now: {one.imported}"
    yield f"{one.provider}: sent by it, not in our books: {len(one.unknown_to_us)}"
    for theirs in one.unknown_to_us:
        yield f"  {theirs.provider_ref}  to {masked(theirs.to)}  {shown(theirs.at)}  {theirs.delivery}"
    yield f"{one.provider}: in our books, unknown to it: {len(one.unknown_to_them)}"
    for ours in one.unknown_to_them:
        yield f"  outbox {ours.outbox_id}  to {masked(ours.recipient)}  {shown(ours.accepted_at)}"
