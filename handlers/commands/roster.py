"""`official add`, `office add`, `unit add`: people, offices and units."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import click
from flask.cli import with_appcontext

from handlers.guards import gateway
from smsgw.domain.categories import CategoryCode
from smsgw.domain.workdays import VIETNAM
from smsgw.services import roster
from smsgw.services.first_data import ROLES

HOMES = ("province", "ward", "commune")


@contextmanager
def _told_plainly() -> Iterator[None]:
    """What cannot be done is told in one sentence."""
    try:
        yield
    except roster.RosterError as refusal:
        raise click.ClickException(str(refusal)) from refusal


def _today() -> date:
    return gateway().now().astimezone(VIETNAM).date()


@click.group()
def official() -> None:
    """People who sign in and who are alerted by text."""


@official.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(list(ROLES)), required=True, help="What the person may do.")
@click.option("--unit", help="Code or name of the ward, commune or province.")
@click.option("--office", help="Code or name of the office in that unit (officer, head).")
@click.option("--phone", default="", help="Mobile number for alerts.")
@click.option("--username", default="", help="Made from the name when left out.")
@with_appcontext
def add_official(*, name: str, role: str, unit: str | None, office: str | None, phone: str, username: str) -> None:
    """Add an official and print a password, once: it is kept as a hash only.

    \b
    Examples:
      ./run flask official add "Tran Thi B" --role focal --unit 23617
      ./run flask official add "Le Van C" --role officer --unit 23617 --office kt --phone 0900000123
    """
    password = secrets.token_urlsafe(12)
    new = roster.NewOfficial(name, username, role, password, secrets.token_hex(16), phone)
    today = _today()
    with _told_plainly(), gateway().database.write() as session:
        home = roster.province(session, today) if unit is None else roster.find(session, unit, today, kinds=HOMES)
        if office is not None:
            home = roster.find(session, office, today, kinds=("office",), inside=home)
        added = roster.add_official(session, new, home)
    click.echo(f"username: {added.username}\npassword: {password}\nrole: {role}\nof: {home.code} {home.name}")


@click.group()
def office() -> None:
    """Offices, and the fields that go to them."""


@office.command("add")
@click.argument("name")
@click.option("--unit", required=True, help="Code or name of the ward, commune or province it belongs to.")
@click.option("--code", default="", help="Made from the unit's code and the name when left out.")
@click.option(
    "--field",
    "fields",
    multiple=True,
    type=click.Choice([code.value for code in CategoryCode], case_sensitive=False),
    help="A field that goes to it from today on; may be repeated.",
)
@with_appcontext
def add_office(*, name: str, unit: str, code: str, fields: tuple[str, ...]) -> None:
    """Add an office to a unit.

    \b
    Example:
      ./run flask office add "Doi Quan ly do thi" --unit 23617 --field HT --field XD
    """
    today = _today()
    with _told_plainly(), gateway().database.write() as session:
        home = roster.find(session, unit, today, kinds=HOMES)
        wanted = [CategoryCode(field) for field in dict.fromkeys(fields)]
        added = roster.add_office(session, name, home, code=code, fields=wanted, today=today)
    click.echo(
        f"office: {added.code} {added.name}\nof: {home.code} {home.name}\nfields: {', '.join(wanted) or 'none yet'}"
    )


@click.group()
def unit() -> None:
    """Wards and communes."""


@unit.command("add")
@click.argument("name")
@click.option("--kind", type=click.Choice(roster.KINDS), required=True)
@click.option("--code", required=True, help="The official code of the unit.")
@with_appcontext
def add_unit(*, name: str, kind: str, code: str) -> None:
    """Add a ward or commune to the province, valid from today.

    \b
    Example:
      ./run flask unit add "xa Vi Du" --kind commune --code 23995
    """
    today = _today()
    with _told_plainly(), gateway().database.write() as session:
        added = roster.add_unit(session, name, kind, code=code, parent=roster.province(session, today), today=today)
    click.echo(f"unit: {added.code} {added.name}")
