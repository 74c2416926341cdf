"""The routing matrix: which office gets a complaint of which field in which ward or commune, from which day on."""

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handlers.admin.entrance import WRONG, changing, day_said, door, number_said, said, today
from handlers.guards import demands, gateway
from handlers.language import gettext
from smsgw.domain.categories import CategoryCode
from smsgw.domain.progress import Duty
from smsgw.services import roster
from smsgw.store import directory, officials
from smsgw.store.tables import Unit

MOST_ID = 99_999


@door.get("/fields")
@demands(Duty.ADMIN)
def fields() -> ResponseReturnValue:
    """Fields against wards and communes: the office each goes to; an empty cell goes to triage."""
    return _shown()


@door.post("/fields/route")
@demands(Duty.ADMIN)
def set_route() -> ResponseReturnValue:
    """One cell of the matrix, from a day on."""
    first, field = day_said(said("first")), said("field")
    if field not in list(CategoryCode):
        abort(400)
    if first is None or first < today():
        return _shown([gettext("Give the first day, today or later.")]), WRONG
    with changing() as session:
        unit = session.get(Unit, number_said(said("unit"), MOST_ID) or 0)
        office = session.get(Unit, number_said(said("office"), MOST_ID) or 0) if said("office") else None
        if unit is None or (said("office") and (office is None or office.parent_id != unit.id)):
            unit = None
        else:
            roster.route(session, CategoryCode(field), unit, office, first)
    if unit is None:
        return _shown([gettext("The office must belong to the ward or commune.")]), WRONG
    flash(gettext("The field goes there from that day on."))
    return redirect(url_for("admin.fields"))


@door.post("/fields/<code>/switch")
@demands(Duty.ADMIN)
def switch_field(code: str) -> ResponseReturnValue:
    """Whether the locality handles it at all."""
    if code not in list(CategoryCode):
        abort(404)
    on = said("use") == "yes"
    with changing() as session:
        roster.switch_field(session, CategoryCode(code), on=on, today=today())
    flash(gettext("The field is handled again.") if on else gettext("The field goes to a person from now on."))
    return redirect(url_for("admin.fields"))


def _shown(wrong: Sequence[str] = ()) -> str:
    now = today()
    with gateway().database.read() as session:
        known = directory.units(session)
        routes = directory.routes(session)
        units, off = officials.communes(session, now), directory.fields_off(session)
    names = {unit.id: unit.name for unit in known}
    standing = {unit.id for unit in units}
    offices = [one for one in known if one.kind == "office" and one.parent_id in standing]
    return render_template(
        "admin/fields.html",
        matrix={
            (route.category, route.unit_id): names[route.office_id]
            for route in routes
            if route.valid_from <= now and (route.valid_to is None or route.valid_to >= now)
        },
        to_come=[route for route in routes if route.valid_from > now or (route.valid_to and route.valid_to >= now)],
        names=names,
        off=off,
        units=units,
        offices=[one for one in offices if one.valid_to is None or one.valid_to >= now],
        wrong=wrong,
        typed=request.form,
        today=now,
    )
