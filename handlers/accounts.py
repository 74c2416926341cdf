"""The officials' accounts as the login library wants them: read from the house's own tables, one short look each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_security import RoleMixin, UserMixin
from flask_security.datastore import UserDatastore

from smsgw.domain.progress import Duty
from smsgw.services import hats
from smsgw.services.hats import Hat
from smsgw.store import officials
from smsgw.store.database import Database
from smsgw.store.tables import Complaint, Official


class AccountRole(RoleMixin):
    """A role by its name; permissions beyond roles do not exist here."""

    permissions: list[str] | None = None

    def __init__(self, name: str) -> None:
        self.name = name


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
        return hats.duties_over(self.hats, complaint)

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
            return _account(found, hats.handed_on(session, found.id, self._now()))

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
