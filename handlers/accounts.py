"""The officials' accounts as the login library wants them: read from the house's own tables, one short look each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_security import RoleMixin, UserMixin
from flask_security.datastore import UserDatastore

from smsgw.domain.progress import Duty
from smsgw.domain.workdays import VIETNAM
from smsgw.store import absences, officials
from smsgw.store.database import Database
from smsgw.store.tables import Complaint, Official

NOT_HANDED_ON = frozenset({Duty.ADMIN, Duty.AUDITOR})  # a deputy answers for cases, not for the house or its records


class AccountRole(RoleMixin):
    """A role by its name; permissions beyond roles do not exist here."""

    permissions: list[str] | None = None

    def __init__(self, name: str) -> None:
        self.name = name


@dataclass(frozen=True, slots=True)
class Hat:
    """Duties in one unit or office: the official's own, or, with a name, those of a person on leave."""

    unit_id: int
    duties: frozenset[str]
    name: str = ""

    def holds(self, complaint: Complaint) -> bool:
        """Whether these duties are over this complaint, which lies within somebody's scope."""
        of_unit = bool(self.duties & officials.WHOLE_UNIT) and complaint.unit_id == self.unit_id
        of_office = bool(self.duties & officials.OWN_OFFICE) and complaint.office_id == self.unit_id
        return of_unit or of_office or bool(self.duties & officials.WHOLE_PROVINCE)


@dataclass(eq=False)
class Account(UserMixin):
    """One official who signs in. A token other than the session cookie is never accepted. `stands_in` are the duties of those
    who are on leave today and named this official as their deputy."""

    id: int
    username: str
    name: str
    unit_id: int
    unit_name: str
    language: str
    password: str | None = field(repr=False)
    active: bool = False
    fs_uniquifier: str = field(default="", repr=False)
    roles: list[RoleMixin] = field(default_factory=list)
    shortcuts: bool = False
    stands_in: tuple[Hat, ...] = ()

    @property
    def hats(self) -> tuple[Hat, ...]:
        """The official's own duties, then those of the people they stand in for."""
        return Hat(self.unit_id, frozenset(role.name for role in self.roles)), *self.stands_in

    @property
    def duties(self) -> frozenset[str]:
        """The names of the roles, deputies' included."""
        return frozenset().union(*(hat.duties for hat in self.hats))

    def duties_over(self, complaint: Complaint) -> frozenset[str]:
        """Those that count for this complaint: what a person on leave may do in another office counts there alone."""
        own, *others = self.hats
        more = [hat.duties for hat in others if hat.holds(complaint)]
        kept = own.duties if own.holds(complaint) or not more else frozenset()
        return kept.union(*more)

    @property
    def has_desk(self) -> bool:
        """Whether any role but the administrator's is held: that one sees no complaints."""
        return bool(self.duties - {Duty.ADMIN})

    @property
    def sees_figures(self) -> bool:
        """Whether any role is held that the figures are for: an officer has the list of what is to be done."""
        return bool(self.duties - {Duty.ADMIN, Duty.OFFICER})

    def verify_auth_token(self, data: dict[str, Any]) -> bool:
        return False


class Accounts(UserDatastore):
    """Finds accounts; creates and deletes none (operators do, by command)."""

    user_model: type[Account]

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        super().__init__(Account, AccountRole)
        self._database, self._now = database, now

    def find_user(self, case_insensitive: bool = False, **named: Any) -> Account | None:
        """By `username` or by `fs_uniquifier`; nothing else identifies anybody."""
        with self._database.read() as session:
            match named:
                case {"username": str(username)}:
                    found = officials.by_username(session, username)
                case {"fs_uniquifier": str(mark)}:
                    found = officials.by_uniquifier(session, mark)
                case _:
                    found = None
            if found is None:
                return None
            day = self._now().astimezone(VIETNAM).date()
            return _account(found, tuple(_hat(one) for one in absences.stood_in_for(session, found.id, day)))

    def find_role(self, role: str) -> AccountRole:
        return AccountRole(role)

    def put(self, model: Account) -> Account:
        """Only a hash renewed at login is ever written."""
        if model.password:
            with self._database.write() as session:
                officials.keep_password(session, model.id, model.password)
        return model

    def commit(self) -> None:
        """Nothing stays open between looks."""


def _hat(official: Official) -> Hat:
    duties = frozenset(role.name for role in official.roles) - NOT_HANDED_ON
    return Hat(official.unit_id, duties, official.name)


def _account(official: Official, stands_in: tuple[Hat, ...]) -> Account:
    parent = official.unit.parent if official.unit.kind == "office" else None
    return Account(
        id=official.id,
        username=official.username,
        name=official.name,
        unit_id=official.unit_id,
        unit_name=f"{official.unit.name}, {parent.name}" if parent else official.unit.name,
        language=official.language,
        password=official.password,
        active=official.active,
        fs_uniquifier=official.fs_uniquifier,
        roles=[AccountRole(role.name) for role in official.roles],
        stands_in=stands_in,
        shortcuts=official.shortcuts,
    )
