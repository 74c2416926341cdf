"""`report`: the periodic report, as a table for people or JSON for machines."""

import json
from datetime import date
from pathlib import Path

import click
from flask.cli import with_appcontext

from handlers.commands.times import Day
from handlers.guards import gateway
from smsgw.domain.statistics import Period
from smsgw.services.reporting import as_data, as_text, periodic, reach, sealed, sealed_as_text


@click.command()
@click.option("--from", "first", type=Day(), required=True, metavar="DATE", help="First day, Vietnam time.")
@click.option("--to", "last", type=Day(), required=True, metavar="DATE", help="Last day, included.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--language", default="vi", show_default=True, help="Language of the table.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file to write instead of the screen."
)
@with_appcontext
def report(*, first: date, last: date, form: str, language: str, output: Path | None) -> None:
    """Sum up the complaints of a period, both days included.

    \b
    Examples:
      ./run flask report --from 2026-11-01 --to 2026-11-30
      ./run flask report --from 2026-01-01 --to 2026-12-31 --format json --output year.json
    """
    text = _written(_period(first, last), form, language)
    if output is None:
        click.echo(text)
        return
    try:
        output.write_text(text + "\n", encoding="utf-8")
    except OSError as trouble:
        raise click.FileError(str(output), trouble.strerror) from trouble


def _period(first: date, last: date) -> Period:
    if last < first:
        raise click.BadParameter("the last day is before the first", param_hint="--to")
    return Period(first, last)


def _written(period: Period, form: str, language: str) -> str:
    house = gateway()
    with house.database.read() as session:
        figures = periodic(session, period, house.now(), house.handbook(session).calendar)
        reached, count = reach(session, period), sealed(session, period)
    if form == "json":
        return json.dumps({**as_data(figures, reached, period), "sealed": count}, ensure_ascii=False, indent=2)
    t = house.catalogs.of(language)
    table = as_text(figures, reached, period, house.settings.name, t).rstrip("\n")
    return f"{table}\n{sealed_as_text(count, t)}" if count else table
