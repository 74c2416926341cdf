"""Putting a complaint on another desk, and, in demo, bringing its due date near."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk.entrance import WRITERS, door, found, number_given, own_scope, writer
from handlers.desk.letters import REFUSALS, REFUSED_WITH
from handlers.desk.meanwhile import Meanwhile, since
from handlers.desk.page import about
from handlers.guards import bell, demands, gateway
from smsgw.domain.progress import Duty, Refusal
from smsgw.services import passing
from smsgw.services.handbook import Handbook
from smsgw.services.passing import NoReasonError, WrongDeskError
from smsgw.store import complaints
from smsgw.store.database import Transaction
from smsgw.store.tables import Complaint

NO_REASON = _("Please say why: the next desk must understand it.")
NO_OFFICE = _("Please choose an office of this unit; the routing matrix names none for that field.")
NO_UNIT = _("Please choose another ward or commune.")
LOOK_AGAIN = _("Something happened since you opened this page; nothing was done. Look at it, then decide.")
LONGEST_REASON = 500

Move = Callable[[Transaction, Handbook, Complaint], Refusal | None]


@door.post("/<reference>/triage")
@demands(Duty.FOCAL, Duty.LEADER)
def triage(reference: str) -> ResponseReturnValue:
    """Field and office are set."""

    def assign(session: Transaction, handbook: Handbook, complaint: Complaint) -> Refusal | None:
        category, office = request.form.get("category", ""), number_given("office")
        return passing.assign(
            session, handbook, complaint, writer(complaint), category=category, office_id=office, now=gateway().now()
        )

    return _moved(reference, assign, str(_("Assigned.")), wrong_desk=str(NO_OFFICE))


@door.post("/<reference>/pass")
@demands(*WRITERS)
def pass_on(reference: str) -> ResponseReturnValue:
    """To another office of the unit."""

    def move(session: Transaction, handbook: Handbook, complaint: Complaint) -> Refusal | None:
        office, reason, house = number_given("office") or 0, _reason(), gateway()
        return passing.pass_on(
            session,
            house.speech,
            handbook,
            complaint,
            writer(complaint),
            office_id=office,
            reason=reason,
            now=house.now(),
        )

    return _moved(reference, move, str(_("Passed on. The due date stays.")), wrong_desk=str(NO_OFFICE))


@door.post("/<reference>/unit")
@demands(Duty.FOCAL, Duty.SUPERVISOR)
def pass_to_unit(reference: str) -> ResponseReturnValue:
    """To another ward or commune."""

    def move(session: Transaction, handbook: Handbook, complaint: Complaint) -> Refusal | None:
        unit, reason, house = number_given("unit") or 0, _reason(), gateway()
        return passing.pass_to_unit(
            session, house.speech, handbook, complaint, writer(complaint), unit_id=unit, reason=reason, now=house.now()
        )

    return _moved(reference, move, str(_("Passed on. The due date stays.")), wrong_desk=str(NO_UNIT))


@door.post("/<reference>/near")
@demands(*WRITERS, Duty.LEADER)
def bring_near(reference: str) -> ResponseReturnValue:
    """Demo only: an alert within a minute."""
    if not gateway().settings.demo:
        abort(404)

    def move(session: Transaction, handbook: Handbook, complaint: Complaint) -> Refusal | None:
        return passing.bring_due_near(session, handbook, complaint, writer(complaint), now=gateway().now())

    return _moved(reference, move, str(_("Due in 45 seconds: the alert follows within a minute.")))


def _moved(reference: str, move: Move, done: str, wrong_desk: str = "") -> ResponseReturnValue:
    """Does it in one transaction; says what stands in the way, on the page itself."""
    try:
        with gateway().database.write() as session:
            complaint = found(session, reference, to_change=True)
            if unseen := _unseen(session, complaint):
                told = about(session, complaint, refused=str(LOOK_AGAIN), typed=request.form, meanwhile=unseen)
                return render_template("desk/complaint.html", **told), REFUSED_WITH
            refusal = move(session, gateway().handbook(session), complaint)
            if refusal:
                return _refused(session, complaint, str(REFUSALS[refusal])), REFUSED_WITH
    except NoReasonError:
        return _refused_anew(reference, str(NO_REASON))
    except WrongDeskError:
        return _refused_anew(reference, wrong_desk)
    bell().ring("outbox")
    flash(done)
    return redirect(_still_seen(reference))


def _unseen(session: Transaction, complaint: Complaint) -> Meanwhile | None:
    """What happened since the page was opened; None where its form says that this was seen, or says nothing."""
    seen = number_given("seen")
    if seen is None or seen >= complaints.newest_line(session, complaint.id):
        return None
    return since(session, complaint, seen)


def _refused(session: Transaction, complaint: Complaint, why: str) -> str:
    return render_template("desk/complaint.html", **about(session, complaint, refused=why, typed=request.form))


def _refused_anew(reference: str, why: str) -> ResponseReturnValue:
    with gateway().database.read() as session:
        return _refused(session, found(session, reference), why), 422


def _still_seen(reference: str) -> str:
    """The page, or the list where the complaint has left this official's scope."""
    with gateway().database.read() as session:
        seen = complaints.within(session, own_scope(session), reference)
    return url_for("desk.page", reference=reference) if seen else url_for("desk.inbox")


def _reason() -> str:
    return request.form.get("reason", "")[:LONGEST_REASON]
