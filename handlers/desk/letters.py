"""Writing to the citizen in two steps: see the exact text, then agree to it."""

from datetime import datetime
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk.entrance import WRITERS, door, found, number_given, writer
from handlers.desk.meanwhile import Meanwhile, since
from handlers.desk.page import about
from handlers.desk.wording import flaws, lacks, size, waits
from handlers.guards import bell, demands, gateway, official
from handlers.words import moment
from smsgw import crash
from smsgw.domain.coaching import Question
from smsgw.domain.progress import Refusal
from smsgw.services import answering, undoing
from smsgw.services.answering import Flaw, Held, Kind, Letter, LookAgain, Preview
from smsgw.store.database import Transaction
from smsgw.store.tables import Complaint

REFUSALS = {
    Refusal.NOT_YOURS: _("Your role does not do this."),
    Refusal.ANSWERED: _(
        "This complaint was answered already; your text was not sent. Here is the answer that went out."
    ),
    Refusal.WITHDRAWN: _("The citizen withdrew this complaint meanwhile; nothing was done."),
    Refusal.CLOSED: _("This complaint is closed; nothing was done."),
    Refusal.NO_OFFICE: _("Choose the field and the office first."),
    Refusal.HAS_OFFICE: _("A colleague assigned it already."),
    Refusal.CALL_FIRST: _(
        "The question did not reach the citizen; nothing was sent. Please phone first, and note the call."
    ),
    Refusal.NOT_ANSWERED: _("This can be done only after an answer, once the citizen had time to speak."),
    Refusal.NO_DATE: _("It has no due date now; nothing was done."),
    Refusal.RUNS: _("The clock runs already."),
    Refusal.ASKED_ALREADY: _("More time was asked for already; please wait for the decision."),
    Refusal.NOT_ASKED: _("Nobody asks for more time now, or it was decided already."),
    Refusal.OWN_WISH: _("Who asked for more time does not decide on it."),
    Refusal.OWN_LETTER: _("Who wrote a text does not decide on it: a second person looks at it."),
    Refusal.NOT_HELD: _("This text waits no more: it was decided on, taken back or replaced. Please look again."),
    Refusal.NO_CALL: _(
        "Nothing was noted: a colleague noted a call already, or the text has arrived. Please look again."
    ),
}
LATER = {
    Kind.ANSWER: _("The answer goes to the citizen at %(at)s."),
    Kind.QUESTION: _("The question goes to the citizen at %(at)s."),
}
SENT = {Kind.ANSWER: _("The answer is on its way to the citizen."), Kind.QUESTION: _("The question is on its way.")}
WAITS = _("The text waits for a second person. Nothing was sent yet; the deadline runs on.")
REFUSED_WITH = 409


@door.post("/<reference>/<any(answer, question):kind>")
@demands(*WRITERS)
def letter(reference: str, kind: str) -> ResponseReturnValue:
    """First the preview; with the proof of one, the text goes out exactly so or is shown again."""
    written = _letter(Kind(kind))
    if not written.proof or "back" in request.form:
        return _previewed(reference, written)
    house = gateway()
    with house.database.write() as session:
        complaint = found(session, reference, to_change=True)
        outcome = answering.send(
            session,
            house.speech,
            house.handbook(session),
            complaint,
            written,
            writer(complaint),
            now=house.now(),
            stops_clock=house.coaching.stops_clock,
            goes_at=house.answer_goes_at(at_once=written.at_once),
        )
        if isinstance(outcome, Refusal):
            news = _meanwhile(session, complaint, written)
            told = about(session, complaint, refused=REFUSALS[outcome], meanwhile=news)
            return render_template("desk/complaint.html", **told), REFUSED_WITH
        if isinstance(outcome, LookAgain):
            shown = _shown(written, outcome.preview, outcome)
            unseen = _meanwhile(session, complaint, written) if outcome.news else None
            page = render_template("desk/preview.html", **about(session, complaint, meanwhile=unseen, **shown))
            return page, REFUSED_WITH
        crash.point("mid_answer")
        may_be_called_back = undoing.may_call_back(session, complaint, official().id, house.now())
    if isinstance(outcome, Held):
        flash(str(WAITS))
        return redirect(url_for("desk.page", reference=reference))
    bell().ring("outbox")
    if not may_be_called_back:  # which the page itself says
        _told(written)
    return redirect(url_for("desk.page", reference=reference))


@door.post("/<reference>/preview")
@demands(*WRITERS)
def live_preview(reference: str) -> ResponseReturnValue:
    """The same preview as figures for a page that shows it while typing."""
    kind = request.form.get("kind", "")
    written = _letter(Kind(kind) if kind in Kind.__members__.values() else Kind.ANSWER)
    house = gateway()
    with house.database.read() as session:
        shown = answering.preview(session, house.speech, found(session, reference), written)
    told = [] if Flaw.EMPTY in shown.flaws else flaws(shown)
    return jsonify(body=shown.body, size=size(shown), flaws=[*told, *lacks(shown), *waits(shown)])


def _letter(kind: Kind) -> Letter:
    return Letter(
        kind=kind,
        text=request.form.get("text", "").replace("\r\n", "\n"),
        proof=request.form.get("proof", "")[:64],
        seen=number_given("seen") or 0,
        at_once="at_once" in request.form,
        asks=_gap(),
    )


def _gap() -> Question:
    """What a question is about; one in the official's own words fills no gap by itself."""
    given = request.form.get("gap", "")
    return Question(given) if given in Question.__members__.values() else Question.FREE


def _previewed(reference: str, written: Letter) -> ResponseReturnValue:
    house = gateway()
    with house.database.read() as session:
        complaint = found(session, reference)
        shown = answering.preview(session, house.speech, complaint, written)
        return render_template("desk/preview.html", **about(session, complaint, **_shown(written, shown, None)))


def _shown(written: Letter, shown: Preview, again: LookAgain | None) -> dict[str, Any]:
    return {
        "written": written,
        "shown": shown,
        "size": size(shown),
        "flaws": flaws(shown),
        "lacks": lacks(shown),
        "waits": waits(shown),
        "again": again is not None,
        "news": again is not None and again.news,
        "quiet_until": _quiet_until(),
        "undo": gateway().settings.undo.seconds if written.kind is Kind.ANSWER else 0,
    }


def _meanwhile(session: Transaction, complaint: Complaint, written: Letter) -> Meanwhile:
    """What the writer has not seen, beside their own text."""
    body = answering.preview(session, gateway().speech, complaint, written).body
    return since(session, complaint, written.seen, kind=written.kind.value, body=body, kept=written.text)


def _quiet_until() -> datetime | None:
    """When a text goes that is agreed to now, in quiet hours; None at any other time: at once."""
    house = gateway()
    quiet = house.limits.quiet
    return quiet.over_at(house.now()) if quiet else None


def _told(written: Letter) -> None:
    later = None if written.at_once else _quiet_until()
    flash(str(LATER[written.kind]) % {"at": moment(later)} if later else str(SENT[written.kind]))
