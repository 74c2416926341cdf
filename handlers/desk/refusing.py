"""Refusing a complaint for a lawful reason, in two steps: see the exact text, then agree to it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk.entrance import door, found, number_given, writer
from handlers.desk.letters import REFUSALS, REFUSED_WITH
from handlers.desk.moves import LONGEST_REASON
from handlers.desk.page import about
from handlers.guards import bell, demands, gateway
from smsgw.domain.grounds import SOURCES, Ground
from smsgw.domain.progress import Duty, Refusal
from smsgw.services import refusing
from smsgw.services.refusing import Flaw, Shown, Wording

FLAWS = {
    Flaw.NO_REASON: _("Please say why this reason holds here."),
    Flaw.NO_WHERE: _("Please name the body that is handling it: the citizen must know where to turn."),
    Flaw.TOO_LONG: _("The text must fit one message: name the place more shortly."),
}


@door.post("/<reference>/refuse")
@demands(Duty.FOCAL, Duty.LEADER)
def refuse(reference: str) -> ResponseReturnValue:
    """First the preview; with the proof of one the text goes out exactly so, or is shown again."""
    house, written = gateway(), _written()
    if written is None:
        return _sent_back(reference, str(_("Please choose the reason.")))
    if not written.proof:
        with house.database.read() as session:
            complaint = found(session, reference)
            shown = refusing.preview(session, house.speech, house.handbook(session), complaint, written)
            if shown.flaws:
                return _sent_back(reference, " ".join(str(FLAWS[flaw]) for flaw in shown.flaws))
            return render_template("desk/refusal.html", **about(session, complaint, **_told(written, shown)))
    with house.database.write() as session:
        complaint = found(session, reference, to_change=True)
        outcome = refusing.refuse(
            session, house.speech, house.handbook(session), complaint, written, writer(complaint), now=house.now()
        )
        if isinstance(outcome, Refusal):
            told = about(session, complaint, refused=str(REFUSALS[outcome]))
            return render_template("desk/complaint.html", **told), REFUSED_WITH
        if isinstance(outcome, Shown):
            told = about(session, complaint, **_told(written, outcome), again=True)
            return render_template("desk/refusal.html", **told), REFUSED_WITH
    bell().ring("outbox")
    flash(str(_("Not accepted. The citizen is told why, and where to turn.")))
    return redirect(url_for("desk.page", reference=reference))


def _written() -> Wording | None:
    form = request.form
    if form.get("ground") not in Ground.__members__.values():
        return None
    return Wording(
        ground=Ground(form["ground"]),
        reason=form.get("reason", "")[:LONGEST_REASON],
        where=form.get("where", "")[:200],
        proof=form.get("proof", "")[:64],
        seen=number_given("seen") or 0,
    )


def _told(written: Wording, shown: Shown) -> dict[str, object]:
    return {
        "written": written,
        "shown": shown,
        "source": SOURCES[written.ground],
        "flaws": [FLAWS[one] for one in shown.flaws],
    }


def _sent_back(reference: str, why: str) -> ResponseReturnValue:
    with gateway().database.read() as session:
        told = about(session, found(session, reference), refused=why, typed=request.form)
        return render_template("desk/complaint.html", **told), 422
