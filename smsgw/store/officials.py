"""Officials: who signs in, and which complaints each may see."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from smsgw.domain.progress import Duty
from smsgw.store.tables import Complaint, Official, Role, Unit

WHOLE_UNIT = frozenset({Duty.FOCAL, Duty.LEADER})
OWN_OFFICE = frozenset({Duty.OFFICER, Duty.HEAD})
WHOLE_PROVINCE = frozenset({Duty.SUPERVISOR, Duty.AUDITOR})


@dataclass(frozen=True, slots=True)
class Scope:
    """Ids of the units whose every complaint is seen, and of the offices whose own are."""

    units: frozenset[int] = frozenset()
    offices: frozenset[int] = frozenset()

    def condition(self) -> ColumnElement[bool]:
        """The complaints within, as SQL."""
        within = [
            column.in_(ids)
            for column, ids in ((Complaint.unit_id, self.units), (Complaint.office_id, self.offices))
            if ids
        ]
        return or_(*within) if within else false()

    def holds(self, complaint: Complaint) -> bool:
        """The same of one at hand."""
        return complaint.unit_id in self.units or complaint.office_id in self.offices


def scope_of(session: Session, unit_id: int, duties: Collection[str]) -> Scope:
    """What an official of this unit or office sees: several roles add up, an administrator sees no complaint."""
    held = frozenset(duties)
    units = {unit_id} if held & (WHOLE_UNIT | WHOLE_PROVINCE) else set()
    if held & WHOLE_PROVINCE:
        units.update(session.scalars(select(Unit.id).where(Unit.parent_id == unit_id, Unit.kind != "office")))
    offices = {unit_id} if held & OWN_OFFICE else set()
    return Scope(with_ended(session, units), with_ended(session, offices))


def with_ended(session: Session, ids: Collection[int]) -> frozenset[int]:
    """These units or offices, and all that have ended and whose successors they are: what was done there stays in sight."""
    found, fresh = set(ids), set(ids)
    while fresh:
        ended = select(Unit.id).where(Unit.successor_id.in_(fresh), Unit.kind != "former")
        fresh = set(session.scalars(ended)) - found
        found |= fresh
    return frozenset(found)


def take(session: Session, official_id: int) -> Official | None:
    """One official to be told something, taken for a change; None while another clock tells this one (PostgreSQL)."""
    query = select(Official).where(Official.id == official_id)
    return session.scalars(query.with_for_update(skip_locked=True, key_share=True, of=Official)).one_or_none()


def by_username(session: Session, username: str) -> Official | None:
    """The account of this name; capitals do not matter."""
    return session.scalars(_account().where(func.lower(Official.username) == username.strip().lower())).one_or_none()


def by_uniquifier(session: Session, mark: str) -> Official | None:
    """The account that a session cookie names."""
    return session.scalars(_account().where(Official.fs_uniquifier == mark)).one_or_none()


def keep_password(session: Session, official_id: int, password_hash: str) -> None:
    """Stores a hash made with newer parameters."""
    session.get_one(Official, official_id).password = password_hash


def use_shortcuts(session: Session, official_id: int, *, wanted: bool) -> None:
    """Switches an official's keyboard shortcuts on or off."""
    session.get_one(Official, official_id).shortcuts = wanted


def everyone(session: Session) -> Sequence[Official]:
    """All officials with unit and roles, by unit and name."""
    query = select(Official).join(Official.unit).options(joinedload(Official.unit).joinedload(Unit.parent))
    return session.scalars(query.order_by(Unit.code, Official.username)).all()


def offices_of(session: Session, unit_id: int, on: date) -> Sequence[Unit]:
    """The offices of a unit on a day, by name."""
    return session.scalars(_units(on).where(Unit.parent_id == unit_id, Unit.kind == "office")).all()


def offices_seen(session: Session, scope: Scope, on: date) -> Sequence[Unit]:
    """The offices of the scope's units on a day, by name; none for who sees their own office's complaints alone."""
    return session.scalars(_units(on).where(Unit.parent_id.in_(scope.units), Unit.kind == "office")).all()


def communes(session: Session, on: date) -> Sequence[Unit]:
    """The wards and communes of a day, by name."""
    return session.scalars(_units(on).where(Unit.kind.in_(("ward", "commune")))).all()


def homes(session: Session, on: date) -> Sequence[Unit]:
    """The province, the wards and the communes of a day."""
    return session.scalars(_units(on).where(Unit.kind.in_(("province", "ward", "commune")))).all()


def with_phone(session: Session, unit_id: int, roles: Collection[str]) -> Sequence[Official]:
    """Those of this unit or office who hold one of the roles and can be texted."""
    held = Official.roles.any(Role.name.in_(roles))
    query = select(Official).where(Official.unit_id == unit_id, Official.active, Official.phone != "", held)
    return session.scalars(query.order_by(Official.id)).all()


def province_of(session: Session, unit_id: int) -> int | None:
    """The unit above a ward or commune."""
    return session.get_one(Unit, unit_id).parent_id


def answering_for(session: Session, complaint: Complaint) -> tuple[Sequence[Official], bool]:
    """Whose phones hear of a complaint: its office's, or, where it has none or nobody in it has a phone, those of the
    unit's focal officials. And whether it is the office's."""
    office = with_phone(session, complaint.office_id, OWN_OFFICE) if complaint.office_id else []
    return (office, True) if office else (with_phone(session, complaint.unit_id, (Duty.FOCAL,)), False)


def _account() -> Select[Official]:
    return select(Official).options(joinedload(Official.unit).joinedload(Unit.parent))


def _units(on: date) -> Select[Unit]:
    valid = Unit.valid_from <= on, or_(Unit.valid_to.is_(None), Unit.valid_to >= on)
    return select(Unit).where(*valid).order_by(Unit.kind.desc(), Unit.name)
