"""Adds people, offices and units to the tree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from smsgw.domain.categories import CategoryCode
from smsgw.domain.marks import N_
from smsgw.domain.phone import is_mobile, normalised
from smsgw.domain.plain import plain
from smsgw.store.passwords import hashed
from smsgw.store.tables import FieldOff, Official, Role, Route, Unit

IN_AN_OFFICE = frozenset({"officer", "head"})
IN_A_UNIT = frozenset({"focal", "leader"})
PROVINCE_WIDE = frozenset({"supervisor", "auditor", "admin"})
KINDS = ("ward", "commune")
KIND_WORDS = frozenset({"phuong", "xa", "tinh", "phong"})


class RosterError(ValueError):
    """What was asked cannot be done; the text is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class NewOfficial:
    """A person to add. `password` is written down as a hash only; `marker` is the random value that sessions carry."""

    name: str
    username: str
    role: str
    password: str
    marker: str
    phone: str = ""


def add_official(session: Session, new: NewOfficial, home: Unit) -> Official:
    """Adds a person who may sign in. `home` is the office, ward, commune or province they belong to."""
    role = session.scalars(select(Role).where(Role.name == new.role)).one_or_none()
    if role is None:
        raise RosterError(f"There is no role {new.role!r}.")
    check_home(new.role, home)
    username = new.username or slug(new.name)
    if not username:
        raise RosterError("The name has no letter or digit: give a --username.")
    if session.scalars(select(Official.id).where(Official.username == username)).first():
        raise RosterError(f"The username {username!r} is taken: give another --username.")
    official = Official(
        username=username,
        name=new.name,
        password=hashed(new.password),
        fs_uniquifier=new.marker,
        phone=mobile(new.phone),
        unit_id=home.id,
        roles=[role],
    )
    session.add(official)
    session.flush()
    return official


def check_home(role: str, home: Unit) -> None:
    """Officers and heads work in an office, focal officials and leaders for a ward or commune."""
    if role in IN_AN_OFFICE and home.kind != "office":
        raise RosterError(f"The role {role} belongs to an office: give --office.")
    if role in IN_A_UNIT and home.kind not in KINDS:
        raise RosterError(f"The role {role} belongs to a ward or commune: give --unit, and no --office.")
    if role in PROVINCE_WIDE and home.kind != "province":
        raise RosterError(f"The role {role} belongs to the province: give the province as --unit.")


def mobile(phone: str) -> str:
    number = normalised(phone) if phone else ""
    if number and not is_mobile(number):
        raise RosterError(f"{phone!r} is not a Vietnamese mobile number, so no text could reach it.")
    return number


def add_office(
    session: Session, name: str, unit: Unit, *, code: str, fields: Sequence[CategoryCode], today: date
) -> Unit:
    """Adds an office of a ward, commune or province and, from today on, gives it the fields named."""
    if unit.kind in ("office", "former"):
        raise RosterError(f"{unit.name} is not a unit that has offices.")
    wanted = Unit(code=code or f"{unit.code}-{slug(name)}", kind="office", name=name, parent_id=unit.id)
    office = _add(session, wanted, today)
    for field in fields:
        route(session, field, unit, office, today)
    session.flush()
    return office


def route(session: Session, field: CategoryCode, unit: Unit, office: Unit | None, first: date) -> None:
    """From `first` on the field goes to this office, or without one to the focal official. The old row of the matrix ends the
    day before; one that begins then, or later, gives way."""
    mine = Route.category == field.value, Route.unit_id == unit.id
    for old in session.scalars(select(Route).where(*mine, or_(Route.valid_to.is_(None), Route.valid_to >= first))):
        if old.valid_from >= first:
            session.delete(old)
        else:
            old.valid_to = first - timedelta(days=1)
    session.flush()
    if office is not None:
        session.add(Route(category=field.value, unit_id=unit.id, office_id=office.id, valid_from=first))


def switch_field(session: Session, field: CategoryCode, *, on: bool, today: date) -> None:
    """Whether the locality handles this field. One that it does not goes to the focal official, whatever the matrix says."""
    known = session.get(FieldOff, field.value)
    if on and known is not None:
        session.delete(known)
    if not on and known is None:
        session.add(FieldOff(category=field.value, since=today))


def add_unit(session: Session, name: str, kind: str, *, code: str, parent: Unit, today: date) -> Unit:
    """Adds a ward or commune under the province."""
    if parent.kind != "province":
        raise RosterError(f"{parent.name} is not a province.")
    return _add(session, Unit(code=code, kind=kind, name=name, parent_id=parent.id), today)


def rename(unit: Unit, name: str) -> None:
    """Another name for the same unit or office, in the past as well."""
    if not name.strip():
        raise RosterError(N_("Give the name."))
    unit.name = name.strip()


def set_duty_phone(unit: Unit, phone: str) -> None:
    """The phone that emergencies in the unit are texted to; none means the deployment's."""
    unit.duty_phone = mobile(phone.strip())


def _add(session: Session, unit: Unit, today: date) -> Unit:
    if not unit.code or not unit.name.strip():
        raise RosterError("A unit needs a name and a code.")
    if any(known.code == unit.code for known in _in_force(session, today)):
        raise RosterError(f"The code {unit.code!r} is in use: give another --code.")
    unit.valid_from = today
    session.add(unit)
    session.flush()
    return unit


def find(session: Session, wanted: str, today: date, *, kinds: Iterable[str], inside: Unit | None = None) -> Unit:
    """The unit in force with this code or name, case and tone marks aside; its kind word may be left out."""
    allowed = set(kinds)
    units = [u for u in _in_force(session, today) if u.kind in allowed and (inside is None or u.parent_id == inside.id)]
    found = [unit for unit in units if unit.code == wanted] or [unit for unit in units if _is_called(unit, wanted)]
    match found:
        case [unit]:
            return unit
        case []:
            known = "; ".join(f"{unit.code} {unit.name}" for unit in units) or "none"
            raise RosterError(f"There is no {wanted!r}. Known: {known}.")
        case _:
            codes = ", ".join(unit.code for unit in found)
            raise RosterError(f"{wanted!r} may be several: give one of the codes {codes}.")


def province(session: Session, today: date) -> Unit:
    """The top of the tree."""
    return next(unit for unit in _in_force(session, today) if unit.kind == "province")


def _in_force(session: Session, today: date) -> Sequence[Unit]:
    query = select(Unit).where(Unit.valid_from <= today, or_(Unit.valid_to.is_(None), Unit.valid_to >= today))
    return session.scalars(query.order_by(Unit.id)).all()


def _is_called(unit: Unit, wanted: str) -> bool:
    """By name, or for an office by the last part of its code."""
    return bare(unit.name) == bare(wanted) or unit.code.rpartition("-")[2] == wanted


def bare(name: str) -> str:
    """A name without marks and without its kind of unit."""
    words = plain(name).split()
    return " ".join(words[1:] if words and words[0] in KIND_WORDS else words)


def slug(name: str) -> str:
    """A name as a username or code: small letters without marks, digits, and hyphens."""
    return "-".join("".join(sign if sign.isascii() and sign.isalnum() else " " for sign in plain(name)).split())
