"""Keyboard shortcuts: off until an official switches them on, so that no key surprises a screen reader's user."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk.entrance import READERS, door
from handlers.guards import demands, gateway, official
from smsgw.store import officials

ON = _("Keyboard shortcuts are on. Press ? to see them.")
OFF = _("Keyboard shortcuts are off.")


@door.post("/shortcuts/switch")
@demands(*READERS)
def switch_shortcuts() -> ResponseReturnValue:
    """On or off, for one's own account."""
    wanted = request.form.get("shortcuts") == "on"
    with gateway().database.write() as session:
        officials.use_shortcuts(session, official().id, wanted=wanted)
    flash(str(ON if wanted else OFF))
    return redirect(url_for("desk.inbox"))
