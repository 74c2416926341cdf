"""The log: what administrators and commands changed, when, and what stood there before and after. Auditors read it too."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.admin.entrance import door, number_said
from handlers.guards import demands, gateway
from handlers.words import FIELDS
from smsgw.domain.progress import Duty
from smsgw.store import changes, directory, officials
from smsgw.store.changes import PAGE

KINDS_OF = {
    "units": _("Unit or office"),
    "officials": _("Person"),
    "routes": _("Routing"),
    "fields_off": _("Field that is not handled"),
    "deadline_rules": _("Term"),
    "office_hours": _("Office hours"),
    "calendar_days": _("Calendar"),
    "unit_closures": _("Closure"),
    "seal_keepers": _("Reader of sealed texts"),
    "provider_health": _("Provider"),
    "duty_shifts": _("Duty roster"),
    "leaves": _("Leave"),
    "templates": _("Ready-made text"),
    "registered_texts": _("Text registered with the carrier"),
}
ACTS = {"added": _("added"), "changed": _("changed"), "removed": _("removed")}
COLUMNS = {
    "name": _("name"),
    "username": _("user name"),
    "phone": _("phone"),
    "duty_phone": _("duty phone"),
    "roles": _("roles"),
    "active": _("signs in"),
    "password": _("password"),
    "unit_id": _("unit or office"),
    "office_id": _("office"),
    "parent_id": _("belongs to"),
    "successor_id": _("successor"),
    "official_id": _("person"),
    "deputy_id": _("deputy"),
    "category": _("field"),
    "valid_from": _("first day"),
    "first": _("first day"),
    "last": _("last day"),
    "begins": _("from"),
    "ends": _("to"),
    "title": _("title"),
    "body": _("text"),
    "digest": _("digest"),
    "provider": _("provider"),
    "valid_to": _("last day"),
    "off_since": _("out of use since"),
    "language": _("language"),
    "source": _("source"),
    "confirmed": _("confirmed"),
    "code": _("code"),
    "kind": _("kind"),
}
SECRETS = {"old": _("the old one"), "new": _("a new one")}
UNITS = ("unit_id", "office_id", "parent_id", "successor_id")


@door.get("/log")
@demands(Duty.ADMIN, Duty.AUDITOR)
def log() -> ResponseReturnValue:
    """Newest first."""
    what = request.args.get("what", "")
    what = what if what in KINDS_OF else ""
    page = max(number_said(request.args.get("page", "1"), 9999) or 1, 1)
    with gateway().database.read() as session:
        rows = changes.listed(session, what, page)
        units = {unit.id: unit.name for unit in directory.units(session)}
        people = {one.id: one.name for one in officials.everyone(session)}
    names = {column: units for column in UNITS} | {"official_id": people, "deputy_id": people}  # noqa: C420 (read only)
    return render_template(
        "admin/log.html",
        rows=[(row, _said(row.before, names), _said(row.after, names)) for row in rows[:PAGE]],
        more=len(rows) > PAGE,
        page=page,
        what=what,
        whats=KINDS_OF,
        acts=ACTS,
    )


def _said(side: Mapping[str, Any], names: Mapping[str, Mapping[int, str]]) -> list[tuple[str, str]]:
    """A side of a change as words: columns and what they hold."""
    return [(str(COLUMNS.get(name, name)), _value(name, value, names)) for name, value in side.items() if name != "id"]


def _value(name: str, value: Any, names: Mapping[str, Mapping[int, str]]) -> str:
    if name in names and isinstance(value, int):
        return names[name].get(value, str(value))
    if name in changes.SECRET:
        return str(SECRETS.get(value, ""))
    if name == "category":
        return str(FIELDS.get(value, value))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
