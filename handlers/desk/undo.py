"""Calling an answer back in the seconds that it waits before it goes out."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk.entrance import WRITERS, door, found, writer
from handlers.desk.letters import REFUSED_WITH
from handlers.desk.page import about
from handlers.guards import demands, gateway
from smsgw.services import undoing

BACK = _("Called back: nobody got the answer. Your words stand in the form again.")
TOO_LATE = _("Too late: the answer has gone out, or something has happened since. Nothing was changed.")


@door.post("/<reference>/call-back")
@demands(*WRITERS)
def call_back(reference: str) -> ResponseReturnValue:
    """Its writer only; everything stands as before."""
    house = gateway()
    with house.database.write() as session:
        complaint = found(session, reference, to_change=True)
        if not undoing.call_back(session, complaint, writer(complaint), now=house.now()):
            told = about(session, complaint, refused=str(TOO_LATE))
            return render_template("desk/complaint.html", **told), REFUSED_WITH
    flash(str(BACK))
    return redirect(url_for("desk.page", reference=reference))
