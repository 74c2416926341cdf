"""Handling two complaints as one matter, and taking them apart again."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk.entrance import WRITERS, door, found, own_scope
from handlers.desk.letters import REFUSED_WITH
from handlers.desk.page import about
from handlers.guards import demands, gateway, official
from smsgw.services import merging
from smsgw.services.merging import NotOneMatterError

MERGED = _("From now on both are handled as one. Both citizens get the answer, each under their own number.")
SEPARATED = _("Taken apart: this complaint goes on by itself.")
NOT_ONE = _("Nothing was done: only two open complaints of your unit can be handled as one.")
NOT_MERGED = _("Nothing was done: this complaint goes on by itself already.")


@door.post("/<reference>/merge")
@demands(*WRITERS)
def merge(reference: str) -> ResponseReturnValue:
    """The younger goes on with the older, whose page is shown then."""
    other = request.form.get("other", "")[:7]
    house = gateway()
    try:
        with house.database.write() as session:
            found(session, reference)
            names, handbook = (reference, other), house.handbook(session)
            main = merging.merge(session, handbook, own_scope(session), names, official().id, house.now())
            name = main.reference
    except NotOneMatterError:
        return _refused(reference, str(NOT_ONE))
    flash(str(MERGED))
    return redirect(url_for("desk.page", reference=name))


@door.post("/<reference>/separate")
@demands(*WRITERS)
def separate(reference: str) -> ResponseReturnValue:
    """Undoes it for this one."""
    house = gateway()
    try:
        with house.database.write() as session:
            part = found(session, reference, to_change=True)
            merging.separate(session, house.handbook(session), part, house.now(), official().id)
    except NotOneMatterError:
        return _refused(reference, str(NOT_MERGED))
    flash(str(SEPARATED))
    return redirect(url_for("desk.page", reference=reference))


def _refused(reference: str, why: str) -> ResponseReturnValue:
    with gateway().database.read() as session:
        page = render_template("desk/complaint.html", **about(session, found(session, reference), refused=why))
    return page, REFUSED_WITH
