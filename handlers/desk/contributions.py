"""Several offices, one answer: asking an office for its part, and the page on which it gives it."""

from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk.entrance import door, found, number_given, own_scope, writer
from handlers.desk.letters import REFUSALS, REFUSED_WITH
from handlers.desk.page import about
from handlers.guards import demands, gateway
from smsgw.domain.progress import Duty
from smsgw.services import contributing
from smsgw.services.contributing import Asked, NotAskedError
from smsgw.store import contributions
from smsgw.store.database import Transaction
from smsgw.store.tables import Contribution

LONGEST = 1000
ASKED = _("Asked. The office finds it on its list.")
NOT_ASKED = _("Choose another office of this unit, write what it is to answer, and choose a day that is not over.")
GIVEN = _("Your part is with the office that writes the answer.")
EMPTY = _("Please write your part first.")


@door.post("/<reference>/offices")
@demands(Duty.FOCAL)
def ask_office(reference: str) -> ResponseReturnValue:
    """Another office is asked for its part."""
    told = Asked(
        number_given("part_office") or 0, request.form.get("question", "")[:LONGEST], _day(request.form.get("by", ""))
    )
    house = gateway()
    with house.database.write() as session:
        complaint = found(session, reference, to_change=True)
        code, why = REFUSED_WITH, ""
        try:
            refusal = contributing.ask(
                session, house.handbook(session), complaint, told, writer(complaint), now=house.now()
            )
            why = str(REFUSALS[refusal]) if refusal else ""
        except NotAskedError:
            code, why = 422, str(NOT_ASKED)
        if why:
            return render_template(
                "desk/complaint.html", **about(session, complaint, refused=why, typed=request.form)
            ), code
    flash(str(ASKED))
    return redirect(url_for("desk.page", reference=reference))


@door.get("/<reference>/part")
@demands(Duty.OFFICER, Duty.HEAD)
def part(reference: str) -> ResponseReturnValue:
    """What one's own office was asked, and the words it is about."""
    with gateway().database.read() as session:
        return render_template("desk/part.html", row=_asked(session, reference))


@door.post("/<reference>/part/give")
@demands(Duty.OFFICER, Duty.HEAD)
def give_part(reference: str) -> ResponseReturnValue:
    """The office's part."""
    words, house = request.form.get("words", "").replace("\r\n", "\n").strip()[:LONGEST], gateway()
    with house.database.write() as session:
        row = _asked(session, reference, to_change=True)
        if not words:
            return render_template("desk/part.html", row=row, refused=EMPTY), 422
        contributing.give(session, row, words, writer(row.complaint), now=house.now())
    flash(str(GIVEN))
    return redirect(url_for("desk.inbox"))


def _asked(session: Transaction, reference: str, *, to_change: bool = False) -> Contribution:
    """404 for any office but one that was asked. Who acts for two of them says for which."""
    own, meant = own_scope(session).offices, number_given("office")
    offices = own if meant is None else own & {meant}
    row = contributions.by_reference(session, offices, reference, to_change=to_change)
    if row is None:
        abort(404)
    return row


def _day(told: str) -> date | None:
    try:
        return date.fromisoformat(told)
    except ValueError:
        return None
