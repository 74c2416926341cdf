"""Changes what is known of people: name, phone, roles, place of work, whether they sign in; and lets them choose a password."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from smsgw.domain.marks import N_
from smsgw.domain.progress import Duty
from smsgw.services import roster
from smsgw.services.roster import RosterError
from smsgw.store.passwords import hashed
from smsgw.store.tables import Admission, Official, Role, Unit

ADMITTED_FOR: Final = timedelta(days=7)
SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read as another
GROUPS, GROUP = 3, 4  # 59 bits: nobody guesses it at ten tries in ten minutes
SHORTEST: Final = 10
LANGUAGES: Final = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Person:
    """All that an administrator says of somebody but the password, which is nobody's to say."""

    name: str
    duties: Collection[str]
    phone: str = ""
    language: str = "vi"


def add(session: Session, person: Person, username: str, home: Unit) -> Official:
    """Somebody new, who cannot sign in before a password is chosen."""
    name = username or roster.slug(person.name)
    if not name:
        raise RosterError(N_("The name has no letter or digit: give a user name."))
    if session.scalars(select(Official.id).where(Official.username == name)).first():
        raise RosterError(N_("That user name is taken: give another one."))
    official = Official(username=name, password=None, fs_uniquifier=secrets.token_hex(16), roles=[])
    amend(session, official, person, home)
    session.add(official)
    session.flush()
    return official


def amend(session: Session, official: Official, person: Person, home: Unit) -> None:
    """Sets all of it."""
    if not person.name.strip():
        raise RosterError(N_("Give the name."))
    roles = session.scalars(select(Role).where(Role.name.in_(person.duties))).all()
    if not roles:
        raise RosterError(N_("Give at least one role."))
    for role in roles:
        roster.check_home(role.name, home)
    if Duty.ADMIN not in person.duties and _is_last_admin(session, official):
        raise RosterError(N_("Somebody must stay administrator: name another one first."))
    official.name, official.phone = person.name.strip(), roster.mobile(person.phone)
    official.language = person.language if person.language in LANGUAGES else LANGUAGES[0]
    official.unit_id = home.id
    official.roles = list(roles)


def set_active(session: Session, official: Official, *, active: bool) -> None:
    """Whether the person signs in and is alerted. Sessions that are open end at once."""
    if not active and _is_last_admin(session, official):
        raise RosterError(N_("Somebody must stay administrator: name another one first."))
    official.active = active
    official.fs_uniquifier = secrets.token_hex(16)


def admit(session: Session, official: Official, now: datetime) -> str:
    """A code with which this person chooses a password, once, within seven days. The old password and every session of
    theirs end at once, and so does an earlier code."""
    _end_codes(session, official, now)
    code = "-".join("".join(secrets.choice(SIGNS) for _ in range(GROUP)) for _ in range(GROUPS))
    session.add(Admission(code_hash=_hash_of(code), official_id=official.id, made_at=now, until=now + ADMITTED_FOR))
    official.password, official.fs_uniquifier = None, secrets.token_hex(16)
    return code


def admitted(session: Session, code: str, now: datetime) -> Official | None:
    """Whose code this is; None for one that was never made, was used, or is over."""
    found = session.get(Admission, _hash_of(code))
    if found is None or found.used_at is not None or found.until <= now or not found.official.active:
        return None
    return found.official


def choose_password(session: Session, code: str, password: str, now: datetime) -> Official:
    """Takes the code up. Raises `RosterError` with what is wrong."""
    official = admitted(session, code, now)
    if official is None:
        raise RosterError(N_("This code was used already, or is over. Please ask your administrator for a new one."))
    if len(password) < SHORTEST:
        raise RosterError(N_("The password is too short: at least ten signs."))
    if len(set(password)) < SHORTEST // 2 or official.username.lower() in password.lower():
        raise RosterError(N_("That password is easily guessed. Several words in a row are good."))
    _end_codes(session, official, now)
    official.password, official.fs_uniquifier = hashed(password), secrets.token_hex(16)
    return official


def awaited(session: Session, now: datetime) -> frozenset[int]:
    """The officials who have a code that they may still use."""
    waiting = Admission.used_at.is_(None), Admission.until > now
    return frozenset(session.scalars(select(Admission.official_id).where(*waiting)))


def _end_codes(session: Session, official: Official, now: datetime) -> None:
    open_ = Admission.official_id == official.id, Admission.used_at.is_(None)
    session.execute(update(Admission).where(*open_).values(used_at=now))


def _hash_of(code: str) -> str:
    """Of the code as it may be typed: small letters and blanks do not matter."""
    return hashlib.sha256("".join(sign for sign in code.upper() if sign.isalnum()).encode()).hexdigest()


def _is_last_admin(session: Session, official: Official) -> bool:
    others = Official.id != official.id, Official.active, Official.roles.any(Role.name == Duty.ADMIN)
    is_admin = Duty.ADMIN in {role.name for role in official.roles} and official.active
    return is_admin and session.scalars(select(Official.id).where(*others)).first() is None
