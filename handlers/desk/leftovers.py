"""Texts that opened no complaint, for a person to glance over."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk.entrance import door
from handlers.guards import demands, gateway
from smsgw.domain.progress import Duty
from smsgw.services import sealing
from smsgw.store import leftovers as kept

KINDS = {
    "spam": _("Taken for advertising"),
    "stop": _("Asked again to stop"),
    "thanks": _("Thanks"),
    "wrong_number": _("Private talk or wrong number"),
    "order": _("An official's order by text, which was not done"),
    "confirm": _("A short answer to no question"),
}


@door.get("/texts")
@demands(Duty.FOCAL, Duty.SUPERVISOR)
def leftovers() -> ResponseReturnValue:
    """They have no place and so no unit: every focal official may see them."""
    house = gateway()
    with house.database.read() as session:
        texts = kept.texts(session, house.now())
    sealed = {text.id for text in texts if sealing.found_in(text.body)}
    return render_template("desk/leftovers.html", texts=texts, kinds=KINDS, sealed=sealed)
