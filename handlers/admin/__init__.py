"""What administrators look at: units, officials, fields and routing, texts that are not out. Terms and the calendar, which are
changed too, have files of their own, as have the duty roster and USSD."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from handlers.admin import calendar, duty, keepers, numbers, reading, templates, terms, ussd, what_if
from handlers.admin.entrance import door, today
from handlers.admin.texts import CALLS, HEADINGS, TEXTS
from handlers.guards import demands, gateway
from smsgw.domain.calls import Standing
from smsgw.domain.progress import Duty
from smsgw.store import calls, directory, officials, pending

LISTED = 50

__all__ = ["calendar", "door", "duty", "keepers", "numbers", "reading", "templates", "terms", "ussd", "what_if"]


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
    now = today()
    return render_template(
        "admin/units.html",
        units=[u for u in known if u.kind not in ("office", "former")],
        offices=[u for u in known if u.kind == "office" and (u.valid_to is None or u.valid_to >= now)],
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
    now = today()
    with gateway().database.read() as session:
        names = {unit.id: unit.name for unit in directory.units(session)}
        matrix = {
            (route.category, route.unit_id): names[route.office_id]
            for route in directory.routes(session)
            if route.valid_from <= now and (route.valid_to is None or route.valid_to >= now)
        }
        return render_template("admin/fields.html", matrix=matrix, units=officials.communes(session, now))


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
