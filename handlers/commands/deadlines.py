"""`deadlines`: which complaints are due at a moment, which alerts would go out and why, and what terms one would get that came
then. Sends nothing."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

import click
from flask.cli import with_appcontext

from handlers import sums
from handlers.commands.plainly import told_plainly
from handlers.commands.times import Moment, shown
from handlers.guards import gateway
from smsgw.domain.categories import CategoryCode
from smsgw.domain.phone import masked
from smsgw.domain.workdays import VIETNAM
from smsgw.services import roster
from smsgw.services.digests import Foreseen
from smsgw.services.foresight import Forecast, Supposed, foresee
from smsgw.services.outlook import Alert, Outlook, would_tell
from smsgw.store.calendar import calendar, names
from smsgw.store.database import Transaction
from smsgw.store.dues import Due, due_by
from smsgw.store.tables import Unit


@dataclass(frozen=True, slots=True)
class Told:
    """All that the command says of a moment."""

    at: datetime
    due: Sequence[Due]
    outlook: Outlook
    terms: Sequence[Forecast]
    days: Mapping[date, str]


@click.command()
@click.option("--at", type=Moment(), metavar="TIME", help="The moment, Vietnam time; now when left out.")
@click.option(
    "--field",
    type=click.Choice([code.value for code in CategoryCode], case_sensitive=False),
    help="The field of a complaint that would come then; a field without a term of its own when left out.",
)
@click.option("--office", help="Code or name of the office, ward or commune it would lie with.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
@with_appcontext
def deadlines(*, at: datetime | None, field: str | None, office: str | None, as_json: bool) -> None:
    """Show which complaints are due by a moment, which alerts and digests would go out if nothing else happened, and every
    term, alert and sum of a complaint that came at that moment.

    \b
    Examples:
      ./run flask deadlines
      ./run flask deadlines --at 2027-02-11T08:00
      ./run flask deadlines --at 2027-02-03T15:00 --field GT --office 23617-kt
    """
    house = gateway()
    moment = at or house.now()
    with told_plainly(), house.database.read() as session:
        handbook = house.handbook(session)
        day = moment.astimezone(VIETNAM).date()
        home, supposed = _supposed(session, field, office, moment, day)
        told = Told(
            moment,
            due_by(session, moment),
            would_tell(session, handbook, moment),
            foresee(handbook.book, calendar(session, day, home), supposed, handbook.vigilance),
            names(session, day.year, "en", home),
        )
    click.echo(json.dumps(_data(told), ensure_ascii=False, indent=2) if as_json else _table(told))


def _supposed(
    session: Transaction, field: str | None, office: str | None, at: datetime, day: date
) -> tuple[int | None, Supposed]:
    """What is asked about, and the id of the ward or commune whose calendar counts."""
    found = roster.find(session, office, day, kinds=("office", *roster.KINDS)) if office else None
    of_office = found is not None and found.kind == "office"
    home = session.get(Unit, found.parent_id) if found and of_office else found
    return home.id if home else None, Supposed(
        category=field.upper() if field else None,
        unit=home.code if home else None,
        office=found.code if found and of_office else None,
        at=at.replace(second=0, microsecond=0),
    )


def _data(told: Told) -> dict[str, object]:
    return {
        "at": told.at.isoformat(),
        "due": [
            {"reference": d.reference, "due_at": d.due_at.isoformat(), "state": d.state, "rule": d.source}
            for d in told.due
        ],
        "alerts": [
            {
                "reference": alert.reference,
                "step": alert.step,
                "stage": alert.stage,
                "in_digest": alert.waits,
                "due_at": alert.due_at.isoformat(),
                "to": alert.official.name,
                "phone": masked(alert.official.phone),
                "why": alert.why,
            }
            for alert in told.outlook.alerts
        ],
        "digests": [
            {
                "to": one.official.name,
                "phone": masked(one.official.phone),
                "due": one.notice.due,
                "late": one.notice.late,
                "new": one.notice.new,
                "soon": one.notice.soon,
                "first": list(one.notice.first),
            }
            for one in told.outlook.digests
        ],
        "terms": [_forecast(one, told.days) for one in told.terms],
    }


def _forecast(one: Forecast, days: Mapping[date, str]) -> dict[str, object]:
    return {
        "level": one.level.value,
        "step": one.step.value,
        "amount": one.rule.amount,
        "measure": one.rule.measure.value,
        "counting": one.rule.counting.value,
        "source": one.rule.source,
        "confirmed": one.rule.confirmed,
        "due_at": one.sum.due.isoformat(),
        "alerts": [
            {
                "stage": alert.stage.name,
                "at": alert.at.isoformat(),
                "told_at": alert.told_at.isoformat(),
                "in_digest": alert.waits,
                "to": sorted(alert.stage.to),
                "climbs": [{"to": to.value, "at": at.isoformat()} for to, at in alert.climbs],
            }
            for alert in one.alerts
        ],
        "sum": [{**asdict(line), "day": line.day.isoformat()} for line in sums.told(one.sum, days, str)],
    }


def _table(told: Told) -> str:
    lines = [
        f"At {shown(told.at)} (Vietnam time)",
        "",
        *_due(told.due),
        "",
        *_alerts(told.outlook.alerts),
        "",
        *_digests(told.outlook.digests),
        "",
    ]
    return "\n".join([*lines, "If a complaint came at this moment:", *_terms(told)])


def _due(due: Sequence[Due]) -> Iterator[str]:
    yield f"Complaints past their due moment: {len(due)}"
    for one in due:
        yield f"  {one.reference}  due {shown(one.due_at)}  {one.state:<9} {one.unit}  ({one.source or 'no rule'})"


def _alerts(alerts: Sequence[Alert]) -> Iterator[str]:
    yield f"Alerts that would go out: {len(alerts)}"
    for alert in alerts:
        told = f"{alert.official.name}, {masked(alert.official.phone)}: {alert.why}"
        way = " (in the digest)" if alert.waits else ""
        yield f"  {alert.reference}  {alert.step} {alert.stage:<8} {shown(alert.due_at)}  to {told}{way}"


def _digests(digests: Sequence[Foreseen]) -> Iterator[str]:
    yield f"Digests that would go out: {len(digests)}"
    for one in digests:
        told, first = one.notice, ", ".join(one.notice.first)
        figures = f"due {told.due}, late {told.late}, new {told.new}, soon {told.soon}"
        yield f"  {one.official.name}, {masked(one.official.phone)}: {figures}; first {first}"


def _terms(told: Told) -> Iterator[str]:
    if not told.terms:
        yield "  No row of the table of terms speaks of it."
    for one in told.terms:
        confirmed = "confirmed" if one.rule.confirmed else "not confirmed"
        yield f"\n  {sums.STEPS[one.step]}, {one.level.value}: {sums.amount(one.rule, str)}, due {shown(one.sum.due)}"
        yield f"    {one.rule.source} ({confirmed})"
        for line in sums.told(one.sum, told.days, str):
            spans = f" ({line.spans})" if line.spans else ""
            yield f"    {line.day} {line.weekday} {line.minutes:>5} min  {line.total:>4}/{line.of}  {line.why}{spans}"
        for alert in one.alerts:
            way = f", in the digest at {shown(alert.told_at)}" if alert.waits else ""
            yield f"    alert {alert.stage.name:<8} {shown(alert.at)}  to {', '.join(sorted(alert.stage.to))}{way}"
            for to, at in alert.climbs:
                yield f"      silence climbs to the {to.value} at {shown(at)}"
