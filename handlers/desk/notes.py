"""Notes on a complaint, for the unit's people: they never go to the citizen."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk.entrance import WRITERS, door, found
from handlers.desk.page import about
from handlers.guards import demands, gateway, official
from smsgw.domain.progress import Duty
from smsgw.services.history import note

LONGEST = 1000
KEPT = _("Noted. Only officials of this unit read it.")
EMPTY = _("Please write the note first.")


@door.post("/<reference>/note")
@demands(*WRITERS, Duty.LEADER)
def keep_note(reference: str) -> ResponseReturnValue:
    """One more note, under the official's name."""
    words = request.form.get("note", "").replace("\r\n", "\n").strip()[:LONGEST]
    house = gateway()
    with house.database.write() as session:
        complaint = found(session, reference, to_change=True)
        if not words:
            told = about(session, complaint, refused=str(EMPTY), typed=request.form)
            return render_template("desk/complaint.html", **told), 422
        who, unit = official().id, complaint.unit_id
        note(session, complaint.id, "noted", at=house.now(), official_id=who, words=words, unit=unit)
    flash(str(KEPT))
    return redirect(url_for("desk.page", reference=reference))
