"""`restored`: what to do once, after a backup was put back."""

import click
from flask.cli import with_appcontext

from handlers.guards import gateway
from smsgw.services.restoring import suspect_all


@click.command()
@with_appcontext
def restored() -> None:
    """Say that the database was restored from a backup, before anything is sent from it.

    What waits to be sent may have been sent since the backup was made: receipts, answers and urgent texts go as possible
    duplicates, reminders do not go. Texts that came in since are taken in again where a provider lists them.

    \b
    Example, with everything stopped:
      ./run flask restored
    """
    house = gateway()
    with house.database.write() as session:
        found = suspect_all(session, house.now())
    click.echo(f"Texts that will go as possible duplicates: {found.flagged}")
    click.echo(f"Texts that will not go: {found.cancelled}")
