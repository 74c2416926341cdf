"""A complaint's clock: letting it run on, asking for more time, and deciding on that."""

from collections.abc import Callable, Sequence
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk.entrance import WRITERS, door, found, writer
from handlers.desk.letters import REFUSALS, REFUSED_WITH
from handlers.desk.moves import LONGEST_REASON
from handlers.desk.page import about
from handlers.guards import bell, demands, gateway
from smsgw.domain.extensions import Flaw
from smsgw.domain.progress import Act, Duty, Refusal, decide
from smsgw.services import pausing, prolonging
from smsgw.services.handbook import Handbook
from smsgw.services.prolonging import Wish
from smsgw.store.database import Transaction
from smsgw.store.tables import Complaint

FLAWS = {
    Flaw.LATE_ALREADY: _("The due date has passed: more time cannot undo that. Please answer now."),
    Flaw.NOT_LATER: _("Choose a day after the due date."),
    Flaw.DAY_OFF: _("Offices do not work on that day. Choose a working day."),
    Flaw.TOO_FAR: _("That is too far: at most three months after the due date."),
    Flaw.NO_REASON: _("Please say why: the citizen is told the reason."),
}
NO_DAY = _("Choose the new day.")

Outcome = Refusal | Sequence[Flaw] | None
Deed = Callable[[Transaction, Handbook, Complaint], Outcome]


@door.post("/<reference>/run-on")
@demands(*WRITERS)
def run_on(reference: str) -> ResponseReturnValue:
    """The clock runs on before the citizen has replied; the citizen is told the new date."""
    house = gateway()

    def deed(session: Transaction, handbook: Handbook, complaint: Complaint) -> Outcome:
        has_office = complaint.office_id is not None
        state = decide(Act.RUN_ON, complaint.stands, writer(complaint).duties, has_office=has_office)
        if isinstance(state, Refusal):
            return state
        why, now = pausing.Why.GOES_ON, house.now()
        if not pausing.resume(session, handbook, complaint, why, now=now, official_id=writer(complaint).id):
            return Refusal.RUNS
        notice = pausing.new_date(complaint, handbook, why)
        pausing.tell_new_date(session, house.speech, complaint, notice, now=now)
        return None

    return _done(reference, deed, str(_("The clock runs on. The citizen is told the new date.")))


@door.post("/<reference>/time")
@demands(*WRITERS)
def ask_time(reference: str) -> ResponseReturnValue:
    """A wish for more time, put before the head or the leader."""
    house, until = gateway(), _day(request.form.get("until", ""))

    def deed(session: Transaction, handbook: Handbook, complaint: Complaint) -> Outcome:
        wish = Wish(until or date.min, request.form.get("reason", "")[:LONGEST_REASON])
        by = writer(complaint)
        return prolonging.ask(session, house.speech, handbook, complaint, by, wish, now=house.now(), mint=house.mint)

    if until is None:
        return _refused(reference, [str(NO_DAY)])
    return _done(reference, deed, str(_("More time is asked for. The head or the leader decides.")))


@door.post("/<reference>/time/decide")
@demands(Duty.HEAD, Duty.LEADER)
def decide_time(reference: str) -> ResponseReturnValue:
    """More time is granted, and the citizen told; or it is not, with a reason."""
    house = gateway()
    grants = request.form.get("decision") == "grant"

    def deed(session: Transaction, handbook: Handbook, complaint: Complaint) -> Outcome:
        by, now, mint = writer(complaint), house.now(), house.mint
        if grants:
            return prolonging.grant(session, house.speech, handbook, complaint, by, now=now, mint=mint)
        reason = request.form.get("reason", "")[:LONGEST_REASON]
        return prolonging.refuse(session, house.speech, complaint, by, reason=reason, now=now, mint=mint)

    granted, refused = _("More time is granted. The citizen is told the new date."), _("More time is not granted.")
    return _done(reference, deed, str(granted if grants else refused))


def _done(reference: str, deed: Deed, words: str) -> ResponseReturnValue:
    """Does it in one transaction; says what stands in the way, on the page itself."""
    with gateway().database.write() as session:
        complaint = found(session, reference, to_change=True)
        outcome = deed(session, gateway().handbook(session), complaint)
        if isinstance(outcome, Refusal):
            why = str(REFUSALS[outcome])
            return render_template("desk/complaint.html", **about(session, complaint, refused=why)), REFUSED_WITH
    if outcome:
        return _refused(reference, [str(FLAWS[flaw]) for flaw in outcome])
    bell().ring("outbox")
    flash(words)
    return redirect(url_for("desk.page", reference=reference))


def _refused(reference: str, wrong: Sequence[str]) -> ResponseReturnValue:
    with gateway().database.read() as session:
        complaint = found(session, reference)
        told = about(session, complaint, refused=" ".join(wrong), typed=request.form)
        return render_template("desk/complaint.html", **told), 422


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None
