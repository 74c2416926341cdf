"""What an empty house begins with: units, offices, routing, deadline rules, calendar, roles, templates; in demo, officials too.

No complaints. A locality edits the data; what is there already is never overwritten.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from smsgw.data import tables
from smsgw.domain.phone import normalised
from smsgw.services import templates
from smsgw.settings import Settings
from smsgw.store.database import Database
from smsgw.store.passwords import hashed
from smsgw.store.tables import CalendarDay, DeadlineRule, Official, Role, Route, Unit

ROLES = {
    "focal": "Receives, checks, passes on and answers for its unit",
    "officer": "Handles complaints for an office",
    "head": "Heads an office",
    "leader": "Leads a ward or commune",
    "supervisor": "Province: figures, passing between units",
    "auditor": "Reads the history",
    "admin": "Keeps people, units and settings",
}
SINCE = date(2025, 7, 1)
DEMO_DUTY_PHONE = "+84900000100"

DEMO_PASSWORD = "demo-an-khe"  # noqa: S105 - of accounts that exist in demo only; production refuses to start with them

LONG_AGO = date(1900, 1, 1)
KINDS = {"phường": "ward", "xã": "commune"}

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A demo account, as the banner and the phone page show it."""

    username: str
    password: str
    role: str
    name: str
    phone: str


def demo_logins() -> list[DemoLogin]:
    """The demo accounts, in the order of the data."""
    rows = tables.rows("demo_officials.csv")
    return [DemoLogin(row["username"], DEMO_PASSWORD, row["role"], row["name"], row["phone"]) for row in rows]


def sow(database: Database, settings: Settings) -> list[str]:
    """Sows an empty database and says so; one that holds units already gets the templates at most."""
    with database.write() as session:
        sown = ["sowed texts that officials write often"] if templates.sow(session) else []
        if session.scalar(select(exists().where(Unit.id > 0))):
            return sown
        units = _units(session, tables.whole("units.toml"), demo=settings.demo)
        offices = _offices(session, tables.tree("offices.toml", "office"), units)
        session.add_all(_rule(row) for row in tables.rows("deadlines.csv"))
        session.add_all(_day(row) for row in tables.rows("calendar.csv"))
        roles = {name: Role(name=name, description=text) for name, text in ROLES.items()}
        session.add_all(roles.values())
        if settings.demo:
            password = hashed(DEMO_PASSWORD)
            people = tables.rows("demo_officials.csv")
            session.add_all(_official(row, units, offices, roles, password) for row in people)
    return ["sowed units, offices, routing and deadlines" + (" (demo)" if settings.demo else ""), *sown]


def leftovers(database: Database) -> list[str]:
    """What of the demo is still there; production must not start on it."""
    with database.read() as session:
        people = session.scalars(select(Official.username).where(Official.demo, Official.active)).all()
    return [f"demo account {name} is still active: production needs a database of its own" for name in people]


def _units(session: Session, told: Row, *, demo: bool) -> dict[str, Unit]:
    """The tree; today's units by code. Codes were reused in July 2025: a former unit has the same one, with other dates."""
    province = Unit(code=told["province"]["code"], kind="province", name=_titled(told["province"]), valid_from=SINCE)
    session.add(province)
    session.flush()
    today = {
        row["code"]: Unit(
            code=row["code"],
            kind=KINDS[row["kind"]],
            name=_titled(row),
            parent_id=province.id,
            valid_from=row["valid_from"],
            duty_phone=DEMO_DUTY_PHONE if demo else "",
        )
        for row in told["unit"]
        if "valid_to" not in row
    }
    session.add_all(today.values())
    session.flush()
    session.add_all(
        Unit(
            code=row.get("code", row["name"]),  # of some former units only the name is known
            kind="former",
            name=_titled(row),
            parent_id=province.id,
            valid_from=LONG_AGO,
            valid_to=row["valid_to"],
            successor_id=today[row["successor"]].id,
        )
        for row in told["unit"]
        if "valid_to" in row
    )
    return {**today, province.code: province}


def _titled(row: Row) -> str:
    """A unit's name with its kind before it, as it is written."""
    return f"{row['kind'].capitalize()} {row['name']}"


def _offices(session: Session, rows: Sequence[Row], units: Mapping[str, Unit]) -> dict[tuple[str, str], Unit]:
    """Every unit's offices and the routing matrix."""
    made: dict[tuple[str, str], Unit] = {}
    for unit in units.values():
        for row in rows:
            if unit.kind in row["of"]:
                office = Unit(
                    code=f"{unit.code}-{row['code']}",
                    kind="office",
                    name=str(row["name"]),
                    parent_id=unit.id,
                    valid_from=SINCE,
                    demo=True,
                )
                session.add(office)
                session.flush()
                made[unit.code, str(row["code"])] = office
                session.add_all(
                    Route(category=code, unit_id=unit.id, office_id=office.id, valid_from=SINCE, demo=True)
                    for code in row["fields"]
                )
    return made


def _rule(row: Mapping[str, str]) -> DeadlineRule:
    return DeadlineRule(
        category=row["category"] or None,
        level=row["level"],
        amount=int(row["amount"]),
        measure=row["measure"],
        step=row["step"],
        counting=row["counting"],
        source=row["source"],
        confirmed=row["confirmed"] == "yes",
        valid_from=SINCE,
    )


def _day(row: Mapping[str, str]) -> CalendarDay:
    return CalendarDay(
        day=date.fromisoformat(row["day"]), working=row["working"] == "yes", name=row["name"], source=row["source"]
    )


def _official(
    row: Mapping[str, str],
    units: Mapping[str, Unit],
    offices: Mapping[tuple[str, str], Unit],
    roles: Mapping[str, Role],
    password_hash: str | None,
) -> Official:
    home = offices[row["unit"], row["office"]] if row["office"] else units[row["unit"]]
    return Official(
        username=row["username"],
        name=row["name"],
        password=password_hash,
        fs_uniquifier=secrets.token_hex(16),
        phone=normalised(row["phone"]) if row["phone"] else "",
        unit_id=home.id,
        demo=True,
        roles=[roles[row["role"]]],
    )
