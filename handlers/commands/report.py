"""`report`: the periodic report, as a table for people, a paper, spreadsheets, or JSON for machines."""

import sys
from datetime import date
from pathlib import Path

import click
from flask.cli import with_appcontext

from handlers.commands.times import Day
from handlers.guards import gateway
from handlers.papers import FORMS, written
from smsgw.domain.statistics import Period
from smsgw.services.reporting import reported
from smsgw.store.officials import Scope


@click.command()
@click.option("--from", "first", type=Day(), required=True, metavar="DATE", help="First day, Vietnam time.")
@click.option("--to", "last", type=Day(), required=True, metavar="DATE", help="Last day, included.")
@click.option("--format", "form", type=click.Choice(list(FORMS)), default="text", show_default=True)
@click.option("--unit", "code", metavar="CODE", help="Only this ward or commune, which then issues the paper.")
@click.option("--language", default="vi", show_default=True, help="Language of the report.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file to write instead of the screen."
)
@with_appcontext
def report(*, first: date, last: date, form: str, code: str | None, language: str, output: Path | None) -> None:
    """Sum up the complaints of a period, both days included.

    \b
    Examples:
      ./run flask report --from 2026-11-01 --to 2026-11-30
      ./run flask report --from 2026-11-01 --to 2026-11-30 --format docx --output bao-cao.docx
      ./run flask report --from 2026-01-01 --to 2026-12-31 --format json --output year.json
    """
    if output is None and FORMS[form].binary and sys.stdout.isatty():
        raise click.UsageError(f"{form} is not for the screen: name a file with --output")
    content = _content(_period(first, last), form, code, language)
    if output is None:
        click.echo(content, nl=False)
        return
    try:
        output.write_bytes(content)
    except OSError as trouble:
        raise click.FileError(str(output), trouble.strerror) from trouble


def _period(first: date, last: date) -> Period:
    if last < first:
        raise click.BadParameter("the last day is before the first", param_hint="--to")
    return Period(first, last)


def _content(period: Period, form: str, code: str | None, language: str) -> bytes:
    house = gateway()
    with house.database.read() as session:
        handbook = house.handbook(session)
        unit = handbook.by_code.get(code) if code else None
        if code and (unit is None or unit.kind not in ("ward", "commune")):
            raise click.BadParameter(f"there is no ward or commune {code}", param_hint="--unit")
        told = reported(session, period, house.now(), handbook.calendar, Scope(frozenset({unit.id})) if unit else None)
    return written(told, form, language, handbook, unit)
