"""`duty show`, `duty import`: who is on watch."""

from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from handlers.commands.plainly import told_plainly
from handlers.commands.times import Moment, shown, today
from handlers.guards import gateway
from smsgw.domain import shiftfile
from smsgw.domain.phone import for_eyes
from smsgw.services import roster
from smsgw.services.alarming import on_watch
from smsgw.services.duty import DutyError, add_shift
from smsgw.services.reaching import Reach
from smsgw.store import officials
from smsgw.store.database import Transaction


@click.group()
def duty() -> None:
    """Who gets urgent texts."""


@duty.command("show")
@click.option("--at", type=Moment(), metavar="TIME", help="The moment, Vietnam time; now when left out.")
@with_appcontext
def show(*, at: datetime | None) -> None:
    """Show for each ward and commune who would be texted of a danger at a moment.

    \b
    Example:
      ./run flask duty show --at 2027-02-06T22:00
    """
    house = gateway()
    moment = at or house.now()
    with house.database.read() as session:
        handbook = house.handbook(session)
        for unit in officials.communes(session, today()):
            people = on_watch(session, Reach(session, moment), unit.id, None, moment)
            told = ", ".join(f"{one.name}, {for_eyes(one.phone)}" for one in people)
            phone = for_eyes(handbook.duty_phone_of(unit.id)) or "none"
            click.echo(f"{unit.code}  {unit.name}: {told or f'duty phone {phone}'}")
    click.echo(f"at {shown(moment)}")


@duty.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def import_(*, file: Path) -> None:
    """Read rows of the duty roster from a table with the columns unit, first, last, hours, official. All of them, or none when
    anything is wrong; a row that is there already stays as it is.

    \b
    Example of a row: 23617-ca,2027-02-05,2027-02-09,19:00-07:00,congan-ankhe
    """
    said = shiftfile.read(file.read_text(encoding="utf-8"))
    with told_plainly(), gateway().database.write() as session:
        wrong = [*said.problems, *(problem for line in said.lines for problem in _added(session, line))]
        if wrong:
            raise DutyError("\n".join(wrong))
    click.echo(f"rows: {len(said.lines)}")


def _added(session: Transaction, line: shiftfile.Line) -> list[str]:
    """What is wrong with the row; nothing for one that is in the roster now."""
    try:
        unit = roster.find(session, line.unit, today(), kinds=("office", *roster.KINDS))
        official = officials.by_username(session, line.official)
        if official is None:
            return [f"line {line.number}: there is no official {line.official!r}"]
        add_shift(session, unit, official, line.shift, today=today())
    except (roster.RosterError, DutyError) as refusal:
        return [f"line {line.number}: {refusal}"]
    return []
