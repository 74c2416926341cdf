"""`deadlines`: which complaints are due at a moment, which alerts would go out, and why. Sends nothing."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

import click
from flask.cli import with_appcontext

from handlers.commands.times import Moment, shown
from handlers.guards import gateway
from smsgw.domain.phone import masked
from smsgw.services.chasing import Alert, would_tell
from smsgw.store.dues import Due, due_by


@click.command()
@click.option("--at", type=Moment(), metavar="TIME", help="The moment, Vietnam time; now when left out.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
@with_appcontext
def deadlines(*, at: datetime | None, as_json: bool) -> None:
    """Show which complaints are due by a moment and which alerts would go out if nothing else happened.

    \b
    Examples:
      ./run flask deadlines
      ./run flask deadlines --at 2027-02-11T08:00
    """
    house = gateway()
    moment = at or house.now()
    with house.database.read() as session:
        handbook = house.handbook(session)
        due, alerts = due_by(session, moment), would_tell(session, handbook, moment)
    click.echo(
        json.dumps(_data(moment, due, alerts), ensure_ascii=False, indent=2) if as_json else _table(moment, due, alerts)
    )


def _data(at: datetime, due: Sequence[Due], alerts: Sequence[Alert]) -> dict[str, object]:
    return {
        "at": at.isoformat(),
        "due": [
            {"reference": d.reference, "due_at": d.due_at.isoformat(), "state": d.state, "rule": d.source} for d in due
        ],
        "alerts": [
            {
                "reference": alert.reference,
                "stage": alert.stage,
                "due_at": alert.due_at.isoformat(),
                "to": alert.official.name,
                "phone": masked(alert.official.phone),
                "why": alert.why,
            }
            for alert in alerts
        ],
    }


def _table(at: datetime, due: Sequence[Due], alerts: Sequence[Alert]) -> str:
    return "\n".join([f"At {shown(at)} (Vietnam time)", "", *_due(due), "", *_alerts(alerts)])


def _due(due: Sequence[Due]) -> Iterator[str]:
    yield f"Complaints past their due moment: {len(due)}"
    for one in due:
        yield f"  {one.reference}  due {shown(one.due_at)}  {one.state:<9} {one.unit}  ({one.source or 'no rule'})"


def _alerts(alerts: Sequence[Alert]) -> Iterator[str]:
    yield f"Alerts that would go out: {len(alerts)}"
    for alert in alerts:
        told = f"{alert.official.name}, {masked(alert.official.phone)}: {alert.why}"
        yield f"  {alert.reference}  {alert.stage:<8} due {shown(alert.due_at)}  to {told}"
