"""`official add`, `office add`, `unit add`, `unit duty`: people, offices and units."""

import secrets

import click
from flask.cli import with_appcontext

from handlers.commands.changing import changing
from handlers.commands.plainly import told_plainly
from handlers.commands.times import today
from smsgw.domain.categories import CategoryCode
from smsgw.domain.phone import for_eyes
from smsgw.services import roster
from smsgw.services.first_data import ROLES

HOMES = ("province", "ward", "commune")


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
    on = today()
    with told_plainly(), changing() as session:
        home = roster.province(session, on) if unit is None else roster.find(session, unit, on, kinds=HOMES)
        if office is not None:
            home = roster.find(session, office, on, kinds=("office",), inside=home)
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
    on = today()
    with told_plainly(), changing() as session:
        home = roster.find(session, unit, on, kinds=HOMES)
        wanted = [CategoryCode(field) for field in dict.fromkeys(fields)]
        added = roster.add_office(session, name, home, code=code, fields=wanted, today=on)
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
    on = today()
    with told_plainly(), changing() as session:
        added = roster.add_unit(session, name, kind, code=code, parent=roster.province(session, on), today=on)
    click.echo(f"unit: {added.code} {added.name}")


@unit.command("duty")
@click.argument("code")
@click.argument("phone")
@with_appcontext
def set_duty(*, code: str, phone: str) -> None:
    """Set the phone that emergencies in a ward or commune are texted to; "" means the one of the settings again.

    \b
    Example:
      ./run flask unit duty 23617 0900000113
    """
    with told_plainly(), changing() as session:
        home = roster.find(session, code, today(), kinds=roster.KINDS)
        roster.set_duty_phone(home, phone)
    click.echo(f"unit: {home.code} {home.name}\nduty phone: {for_eyes(home.duty_phone) or 'that of the settings'}")
