"""An official takes a case up: what was told of it climbs no further."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk.entrance import WRITERS, door, found
from handlers.guards import demands, gateway, official
from smsgw.domain.progress import Duty
from smsgw.services import acknowledging
from smsgw.store import alarms

TAKEN = _("Noted: you are on it.")
NOTHING_RINGS = _("A colleague is on it already.")


@door.post("/<reference>/taken-up")
@demands(*WRITERS, Duty.LEADER, Duty.SUPERVISOR)
def take_up(reference: str) -> ResponseReturnValue:
    """Kept in the history under the official's name, once."""
    house = gateway()
    with house.database.write() as session:
        complaint = found(session, reference, to_change=True)
        rings = alarms.still_rings(session, complaint) or alarms.is_waited_for(session, complaint.id)
        if rings:
            acknowledging.acknowledge(session, complaint, official().id, house.now())
    flash(str(TAKEN if rings else NOTHING_RINGS))
    return redirect(url_for("desk.page", reference=reference))
