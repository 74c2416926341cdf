"""Phoning a citizen whom a text did not reach: the official says how the call went."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk.entrance import WRITERS, door, found, number_given, writer
from handlers.desk.letters import REFUSALS, REFUSED_WITH
from handlers.desk.page import about
from handlers.guards import demands, gateway
from smsgw.domain.calls import Outcome
from smsgw.services import calling
from smsgw.services.calling import CallMade
from smsgw.services.passing import NoReasonError
from smsgw.store.database import Transaction
from smsgw.store.tables import Complaint

LONGEST_WORDS = 500
KEPT = {
    Outcome.TOLD: _("Noted: the citizen was told by phone."),
    Outcome.NOT_REACHED: _("Noted: nobody answered. Please try again later."),
    Outcome.UNREACHABLE: _("Noted: the citizen cannot be reached by phone."),
}
NO_OUTCOME = _("Please choose how the call went.")
NO_REASON = _("Please say why the citizen cannot be reached.")


@door.post("/<reference>/call")
@demands(*WRITERS)
def call(reference: str) -> ResponseReturnValue:
    """One try, kept in the history under the official's name."""
    chosen = request.form.get("outcome", "")
    if chosen not in Outcome.__members__.values():
        return _sent_back(reference, str(NO_OUTCOME))
    words = request.form.get("words", "")[:LONGEST_WORDS]
    made = CallMade(number_given("call") or 0, number_given("tries") or 0, Outcome(chosen), words)
    try:
        with gateway().database.write() as session:
            complaint = found(session, reference, to_change=True)
            refusal = calling.record(session, complaint, made, writer(complaint), now=gateway().now())
            if refusal:
                return _again(session, complaint, str(REFUSALS[refusal])), REFUSED_WITH
    except NoReasonError:
        return _sent_back(reference, str(NO_REASON))
    flash(str(KEPT[made.outcome]))
    return redirect(url_for("desk.page", reference=reference))


def _again(session: Transaction, complaint: Complaint, why: str) -> str:
    return render_template("desk/complaint.html", **about(session, complaint, refused=why, typed=request.form))


def _sent_back(reference: str, why: str) -> ResponseReturnValue:
    with gateway().database.read() as session:
        return _again(session, found(session, reference), why), 422
