"""`term set`: how long an answer may take, and whether the locality stands by it."""

from datetime import date

import click
from flask.cli import with_appcontext

from handlers.commands.changing import changing
from handlers.commands.plainly import told_plainly
from handlers.commands.times import Day, today
from smsgw.domain.categories import CategoryCode
from smsgw.domain.deadlines import Counting, Level, Measure, Step
from smsgw.services import roster
from smsgw.services.terms import NewTerm, adopt, presets, set_term


@click.group()
def term() -> None:
    """How long an answer may take."""


@term.command("set")
@click.option(
    "--field",
    type=click.Choice([code.value for code in CategoryCode], case_sensitive=False),
    help="The field; every field that has no term of its own when left out.",
)
@click.option(
    "--step", type=click.Choice([step.value for step in Step]), default="answer", help="What is owed: the answer."
)
@click.option("--days", type=click.IntRange(1, 365), help="Working days.")
@click.option("--hours", type=click.IntRange(1, 999), help="Working hours, instead of days.")
@click.option("--calendar", "by_calendar", is_flag=True, help="The act counts every day or hour, not working ones.")
@click.option(
    "--pause-days",
    type=click.IntRange(0, 60),
    default=0,
    help="For how many working days at most a question to the citizen stops the clock; 0: it does not.",
)
@click.option("--source", required=True, help="The act that the term comes from.")
@click.option("--confirmed", is_flag=True, help="The locality stands by it, so that citizens are told the date.")
@click.option("--unit", help="Code or name of a ward, a commune or an office; all of them when left out.")
@click.option("--urgent", is_flag=True, help="For matters of danger to people.")
@click.option("--from", "first", type=Day(), metavar="DATE", help="First day, Vietnam time; today when left out.")
@click.option("--until", "last", type=Day(), metavar="DATE", help="Last day; open when left out.")
@with_appcontext
def set_(
    *,
    field: str | None,
    step: str,
    by_calendar: bool,
    pause_days: int,
    last: date | None,
    days: int | None,
    hours: int | None,
    source: str,
    confirmed: bool,
    unit: str | None,
    urgent: bool,
    first: date | None,
) -> None:
    """Set a term from a day on; the former one ends the day before. In production only confirmed terms are texted.

    \b
    Examples:
      ./run flask term set --field GT --days 5 --source "QD 12/2026/QD-UBND" --confirmed
      ./run flask term set --urgent --hours 8 --source "QD 12/2026/QD-UBND" --unit 23617 --from 2027-01-01
    """
    amount, measure = _amount(days, hours)
    now = today()
    with told_plainly(), changing() as session:
        home = roster.find(session, unit, now, kinds=(*roster.KINDS, "office")) if unit else None
        new = NewTerm(
            field=CategoryCode(field) if field else None,
            unit=home,
            level=Level.URGENT if urgent else Level.NORMAL,
            amount=amount,
            measure=measure,
            source=source,
            confirmed=confirmed,
            first=first or now,
            last=last,
            step=Step(step),
            counting=Counting.CALENDAR if by_calendar else Counting.WORKING,
            pause_days=pause_days,
        )
        rule = set_term(session, new, today=now)
    click.echo(f"field: {field or 'every'}\nof: {f'{home.code} {home.name}' if home else 'every ward and commune'}")
    until = f" until {rule.valid_to}" if rule.valid_to else ""
    term = f"{rule.amount} {rule.counting} {rule.measure} ({rule.level})"
    click.echo(f"term: {term} to {rule.step.replace('_', ' ')}, from {rule.valid_from}{until}")
    click.echo(f"source: {rule.source}\nconfirmed: {'yes' if rule.confirmed else 'no'}")


@term.command("preset")
@click.argument("name", type=click.Choice(list(presets())))
@click.option("--from", "first", type=Day(), metavar="DATE", help="First day, Vietnam time; today when left out.")
@with_appcontext
def preset(*, name: str, first: date | None) -> None:
    """Take over the rows of an act that we know of, not confirmed, for every unit.

    \b
    Example:
      ./run flask term preset da-nang-2021 --from 2027-01-01
    """
    now = today()
    with told_plainly(), changing() as session:
        rules = adopt(session, name, first=first or now, today=now)
    for rule in rules:
        click.echo(
            f"{rule.category or 'every field'}: {rule.amount} {rule.counting} {rule.measure} to {rule.step}: {rule.source}"
        )


def _amount(days: int | None, hours: int | None) -> tuple[int, Measure]:
    match days, hours:
        case int(), None:
            return days, Measure.DAYS
        case None, int():
            return hours, Measure.HOURS
        case _:
            raise click.UsageError("Give either --days or --hours.")
