"""The second look: what waits for it, letting a text go, sending it back, taking it back, and fields that need approval."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk.clock import term_now
from handlers.desk.composing import REASONS
from handlers.desk.entrance import (
    READERS,
    WRITERS,
    door,
    found,
    near_until,
    number_given,
    own_scope,
    reads_words,
    writer,
)
from handlers.desk.letters import REFUSALS, REFUSED_WITH
from handlers.desk.moves import LONGEST_REASON
from handlers.desk.page import about
from handlers.guards import bell, demands, gateway, official
from smsgw.domain.progress import Duty, Refusal
from smsgw.domain.workdays import VIETNAM
from smsgw.services import second_look
from smsgw.services.answering import LookAgain
from smsgw.services.second_look import Agreed, NoReasonError
from smsgw.store import held, officials
from smsgw.store.database import Transaction
from smsgw.store.tables import Complaint

LOOKERS = (Duty.FOCAL, Duty.LEADER)
NO_REASON = _("Please say why: the writer must know what to change.")
CHANGED = _("Something changed since you looked; nothing was sent. Please look again.")
SENT = _("The text is on its way to the citizen.")
SENT_BACK = _("The text is back with its writer.")
TAKEN_BACK = _("The text is yours again: change it below.")
FIELDS_SET = _("Kept. Answers of the ticked fields wait for your approval from now on.")

Deed = Callable[[Transaction, Complaint], Refusal | LookAgain | None]


@door.get("/second-look")
@demands(*READERS)
def second_looks() -> ResponseReturnValue:
    """What waits in the official's scope, what came back to them, and, for a leader, which fields need approval."""
    house = gateway()
    now = house.now()
    with house.database.read() as session:
        scope, near = own_scope(session), near_until(house.handbook(session), now)
        waiting = held.listed(session, scope)
        return render_template(
            "desk/second_looks.html",
            waiting=[(row, term_now(row.complaint, now, near)) for row in waiting],
            back=held.came_back(session, scope, official().id),
            reasons=REASONS,
            reads_words=reads_words(),
            leads=_leads(session),
            fields=held.approved_fields(session, official().unit_id),
        )


def _leads(session: Transaction) -> bool:
    """Whether the visitor leads a ward or commune."""
    today = gateway().now().astimezone(VIETNAM).date()
    communes = {unit.id for unit in officials.communes(session, today)}
    return Duty.LEADER in official().duties and official().unit_id in communes


@door.post("/second-look/fields")
@demands(Duty.LEADER)
def set_approval() -> ResponseReturnValue:
    """Which fields of the leader's unit need approval."""
    house = gateway()
    with house.database.write() as session:
        if not _leads(session):
            abort(404)
        second_look.set_fields(
            session, official().unit_id, request.form.getlist("field"), official().id, now=house.now()
        )
    flash(str(FIELDS_SET))
    return redirect(url_for("desk.second_looks"))


@door.post("/<reference>/second-look/<int:number>/go")
@demands(*LOOKERS)
def let_go(reference: str, number: int) -> ResponseReturnValue:
    """Exactly what was shown goes to the citizen, or is shown again."""
    house = gateway()

    def deed(session: Transaction, complaint: Complaint) -> Refusal | LookAgain | None:
        agreed = Agreed(number, request.form.get("proof", "")[:64], number_given("seen") or 0)
        outcome = second_look.let_go(
            session,
            house.speech,
            house.handbook(session),
            complaint,
            agreed,
            writer(complaint),
            now=house.now(),
            stops_clock=house.coaching.stops_clock,
        )
        return outcome if isinstance(outcome, Refusal | LookAgain) else None

    return _done(reference, deed, str(SENT))


@door.post("/<reference>/second-look/<int:number>/back")
@demands(*LOOKERS)
def send_back(reference: str, number: int) -> ResponseReturnValue:
    """To its writer, with the reason."""
    reason = request.form.get("reason", "")[:LONGEST_REASON]

    def deed(session: Transaction, complaint: Complaint) -> Refusal | None:
        return second_look.send_back(session, complaint, number, writer(complaint), reason=reason, now=gateway().now())

    return _done(reference, deed, str(SENT_BACK))


@door.post("/<reference>/second-look/<int:number>/take")
@demands(*WRITERS)
def take_back(reference: str, number: int) -> ResponseReturnValue:
    """To change it, or to leave it."""

    def deed(session: Transaction, complaint: Complaint) -> Refusal | None:
        return second_look.take_back(session, complaint, number, writer(complaint), now=gateway().now())

    return _done(reference, deed, str(TAKEN_BACK))


def _done(reference: str, deed: Deed, words: str) -> ResponseReturnValue:
    """Does it in one transaction; says what stands in the way, on the page itself."""
    with gateway().database.write() as session:
        complaint = found(session, reference, to_change=True)
        try:
            outcome = deed(session, complaint)
        except NoReasonError:
            return _shown(session, complaint, str(NO_REASON)), 422
        if isinstance(outcome, Refusal):
            return _shown(session, complaint, str(REFUSALS[outcome])), REFUSED_WITH
        if isinstance(outcome, LookAgain):
            return _shown(session, complaint, str(CHANGED)), REFUSED_WITH
    bell().ring("outbox")
    flash(words)
    return redirect(url_for("desk.page", reference=reference))


def _shown(session: Transaction, complaint: Complaint, refused: str) -> str:
    return render_template("desk/complaint.html", **about(session, complaint, refused=refused))
