"""What administrators look at: units, officials, fields and routing, terms, calendar, texts that are not out.

Nothing of these is changed here; who reads sealed texts is.
"""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.admin import keepers, reading
from handlers.admin.entrance import door, today
from handlers.admin.texts import CALLS, HEADINGS, TEXTS
from handlers.guards import demands, gateway
from smsgw.domain.calls import Standing
from smsgw.domain.progress import Duty
from smsgw.store import calls, directory, officials, pending
from smsgw.store.calendar import public_holidays

ROOMS = (
    ("admin.units", _("Units and offices")),
    ("admin.people", _("Officials")),
    ("admin.fields", _("Fields and routing")),
    ("admin.terms", _("Terms")),
    ("admin.calendar", _("Calendar")),
    ("admin.outbox", _("Texts")),
    ("admin.keepers", _("Sealed")),
    ("admin.understand", _("Reading")),
)
LISTED = 50

__all__ = ["door", "keepers", "reading"]

door.app_context_processor(lambda: {"admin_rooms": ROOMS})


@door.get("/")
@demands(Duty.ADMIN)
def start() -> ResponseReturnValue:
    return redirect(url_for("admin.units"))


@door.get("/units")
@demands(Duty.ADMIN)
def units() -> ResponseReturnValue:
    """Units in force with their offices, and former units with their successors."""
    with gateway().database.read() as session:
        known = directory.units(session)
    by_id = {unit.id: unit for unit in known}
    day = today()
    return render_template(
        "admin/units.html",
        units=[u for u in known if u.kind not in ("office", "former")],
        offices=[u for u in known if u.kind == "office" and (u.valid_to is None or u.valid_to >= day)],
        former=[u for u in known if u.kind == "former"],
        by_id=by_id,
    )


@door.get("/officials")
@demands(Duty.ADMIN)
def people() -> ResponseReturnValue:
    """Who signs in, with which role, where."""
    with gateway().database.read() as session:
        return render_template("admin/officials.html", officials=officials.everyone(session))


@door.get("/fields")
@demands(Duty.ADMIN)
def fields() -> ResponseReturnValue:
    """Fields against wards and communes: the office each goes to; an empty cell goes to triage."""
    day = today()
    with gateway().database.read() as session:
        names = {unit.id: unit.name for unit in directory.units(session)}
        matrix = {
            (route.category, route.unit_id): names[route.office_id]
            for route in directory.routes(session)
            if route.valid_from <= day and (route.valid_to is None or route.valid_to >= day)
        }
        return render_template("admin/fields.html", matrix=matrix, units=officials.communes(session, day))


@door.get("/terms")
@demands(Duty.ADMIN)
def terms() -> ResponseReturnValue:
    """How long an answer may take, where the figure comes from, and whether the locality confirmed it."""
    with gateway().database.read() as session:
        names = {unit.id: unit.name for unit in directory.units(session)}
        return render_template("admin/terms.html", rules=directory.terms(session), names=names)


@door.get("/calendar")
@demands(Duty.ADMIN)
def calendar() -> ResponseReturnValue:
    """Days off and make-up days ahead: the library's, corrected by the locality's."""
    day = today()
    closed, opened = public_holidays(day.year)
    with gateway().database.read() as session:
        own = directory.days(session)
    return render_template(
        "admin/calendar.html",
        own=own,
        closed=sorted(on for on in closed if on >= day),
        opened=sorted(on for on in opened if on >= day),
    )


@door.get("/texts")
@demands(Duty.ADMIN)
def outbox() -> ResponseReturnValue:
    """What waits to be sent, what is in doubt, what failed, and how many citizens are to be phoned. No words of anybody's."""
    with gateway().database.read() as session:
        heaps = pending.heaps(session, LISTED)
        to_phone = calls.counted(session).get(Standing.OPEN, 0)
    return render_template(
        "admin/outbox.html", heaps=heaps, headings=HEADINGS, kinds=TEXTS, calls=CALLS, to_phone=to_phone
    )
