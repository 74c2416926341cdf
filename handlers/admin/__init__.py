"""What administrators look at and change: each room has a file of its own. Texts that are not out are shown here."""

from flask import render_template
from flask.typing import ResponseReturnValue

from handlers.admin import (
    calendar,
    duty,
    keepers,
    log,
    numbers,
    people,
    providers,
    reading,
    routing,
    settings,
    templates,
    terms,
    units,
    ussd,
    what_if,
)
from handlers.admin.entrance import door
from handlers.admin.texts import CALLS, HEADINGS, TEXTS
from handlers.guards import demands, gateway
from smsgw.domain.calls import Standing
from smsgw.domain.progress import Duty
from smsgw.store import calls, pending

LISTED = 50

__all__ = [
    "calendar",
    "door",
    "duty",
    "keepers",
    "log",
    "numbers",
    "people",
    "providers",
    "reading",
    "routing",
    "settings",
    "templates",
    "terms",
    "units",
    "ussd",
    "what_if",
]


@door.get("/")
@demands(Duty.ADMIN)
def start() -> ResponseReturnValue:
    """Every room by what one does there."""
    return render_template("admin/start.html")


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
