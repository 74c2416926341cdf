"""Dividing a complaint that tells of two matters."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk.entrance import WRITERS, door, found, writer
from handlers.desk.letters import REFUSALS, REFUSED_WITH
from handlers.desk.page import about
from handlers.guards import bell, demands, gateway
from handlers.language import gettext
from smsgw.domain.dividing import Flaw
from smsgw.domain.progress import Refusal
from smsgw.services.dividing import Halves, divide

LONGEST = 2000
FLAWS = {
    Flaw.EMPTY: _("Both matters need words."),
    Flaw.NOT_THEIRS: _(
        "Only the citizen's own words, in their order: delete what belongs to the other matter, write nothing."
    ),
    Flaw.LOST: _("A word of the citizen stands in neither matter: nothing may be lost."),
}


@door.post("/<reference>/divide")
@demands(*WRITERS)
def divide_in_two(reference: str) -> ResponseReturnValue:
    """The second matter gets a number of its own, whose page is linked from this one."""
    halves = Halves(
        *(request.form.get(name, "").replace("\r\n", "\n")[:LONGEST] for name in ("stays", "goes", "field"))
    )
    house = gateway()
    with house.database.write() as session:
        complaint = found(session, reference, to_change=True)
        handbook = house.handbook(session)
        second = divide(session, house.speech, handbook, complaint, halves, writer(complaint), now=house.now())
        if isinstance(second, Flaw | Refusal):
            code, why = (422, FLAWS[second]) if isinstance(second, Flaw) else (REFUSED_WITH, REFUSALS[second])
            return render_template(
                "desk/complaint.html", **about(session, complaint, refused=why, typed=request.form)
            ), code
        number = second.reference
    bell().ring("outbox")
    flash(
        gettext("Divided: the second matter is complaint %(number)s. The citizen is told both numbers.", number=number)
    )
    return redirect(url_for("desk.page", reference=reference))
