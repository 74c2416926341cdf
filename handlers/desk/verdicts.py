"""What waits for a person because of a citizen's word or their silence: the lists, and closing or sending back."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk.clock import term_now
from handlers.desk.entrance import READERS, door, found, near_until, own_scope, reads_words, writer
from handlers.desk.inbox import Row
from handlers.desk.letters import REFUSALS, REFUSED_WITH
from handlers.desk.moves import LONGEST_REASON
from handlers.desk.page import about, next_step
from handlers.guards import bell, demands, gateway
from smsgw.domain.progress import Duty
from smsgw.services import windows
from smsgw.store import verdicts as kept
from smsgw.store.tables import Complaint

COUNTED = timedelta(days=30)
WORDS = {
    "answered": _("answers given"),
    "confirmed": _("confirmed by the citizen"),
    "not_done": _("said not done"),
    "unclear": _("said unclear"),
    "reopened": _("opened again"),
    "closed_silent": _("closed after silence"),
    "closed_unasked": _("closed without asking"),
    "refused": _("not accepted, with a reason"),
}
NO_REASON = _("Please say what you found.")


@door.get("/verdicts")
@demands(*READERS)
def verdicts() -> ResponseReturnValue:
    """Of the official's scope: what must be looked at, what was said not done twice, what is to be explained."""
    house = gateway()
    now = house.now()
    with house.database.read() as session:
        scope, near = own_scope(session), near_until(house.handbook(session), now)
        lists = {
            "look": kept.to_look_at(session, scope),
            "again": kept.said_again(session, scope),
            "explain": kept.to_explain(session, scope),
        }
        counts = kept.counted(session, now - COUNTED, now + timedelta(seconds=1), scope)

        def row(complaint: Complaint) -> Row:
            step = next_step(complaint, stops_clock=house.coaching.stops_clock)
            return Row(complaint, term_now(complaint, now, near), step)

        rows = {name: [row(one) for one in ones] for name, ones in lists.items()}
    return render_template(
        "desk/verdicts.html",
        rows=rows,
        counts={kind: (WORDS[kind], counts[kind]) for kind in WORDS},
        reads_words=reads_words(),
    )


@door.post("/<reference>/look")
@demands(Duty.FOCAL, Duty.HEAD, Duty.LEADER)
def look(reference: str) -> ResponseReturnValue:
    """A person has looked at an answer that nobody spoke of: it closes, or the office goes on."""
    house, words = gateway(), request.form.get("reason", "")[:LONGEST_REASON]
    sends_back = request.form.get("decision") == "back"
    try:
        with house.database.write() as session:
            complaint = found(session, reference, to_change=True)
            who = writer(complaint)
            handbook, duties = house.handbook(session), frozenset(who.duties)
            refusal = (
                windows.send_back(session, house.speech, handbook, complaint, who.id, duties, words, now=house.now())
                if sends_back
                else windows.close(session, complaint, who.id, duties, words, now=house.now())
            )
            if refusal:
                why = str(REFUSALS[refusal])
                return render_template("desk/complaint.html", **about(session, complaint, refused=why)), REFUSED_WITH
    except windows.NoReasonError:
        with house.database.read() as session:
            told = about(session, found(session, reference), refused=str(NO_REASON), typed=request.form)
            return render_template("desk/complaint.html", **told), 422
    if sends_back:
        bell().ring("outbox")
    flash(
        str(_("Sent back: the office goes on, and the citizen is told the new date.") if sends_back else _("Closed."))
    )
    return redirect(url_for("desk.page", reference=reference))
