"""Where USSD sessions of late broke off, and what became of them. No words of anybody's."""

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from handlers.admin.entrance import door
from handlers.guards import demands, gateway
from smsgw.domain.progress import Duty
from smsgw.domain.ussd import script
from smsgw.store import sittings

LATELY = timedelta(days=30)
SCREENS = {name.value: lazy_gettext(screen.title) for name, screen in script.SCREENS.items()}


@door.get("/ussd")
@demands(Duty.ADMIN)
def broken_off() -> ResponseReturnValue:
    """By screen, most first."""
    now = gateway().now()
    with gateway().database.read() as session:
        begun, drops = sittings.begun(session, now - LATELY), sittings.drops(session, now - LATELY, now)
    return render_template("admin/ussd.html", begun=begun, drops=drops, screens=SCREENS, days=LATELY.days)
