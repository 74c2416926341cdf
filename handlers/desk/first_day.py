"""The first-day guide on the list: each step leads to its screen and ticks itself once it is done, in practice too."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk.entrance import READERS, door
from handlers.guards import demands, house, official, visitor
from smsgw.domain.first_day import DISMISSED, Step, steps_for
from smsgw.store import first_steps
from smsgw.store.tables import Complaint

WORDS = {
    Step.OPEN: (_("Take up"), _("Open the topmost complaint. The first line says whose turn it is, and by when.")),
    Step.ASSIGN: (_("Assign"), _("Choose the field and the office of what the machine could not read.")),
    Step.ASK: (_("Ask"), _("Something is missing: ask the citizen with one click. The reply joins the complaint.")),
    Step.PASS_ON: (_("Pass on"), _("Not your office's work: pass it on with a reason. The due date stays.")),
    Step.TIME: (_("Ask for time"), _("It takes longer: ask for more time before the due date, with a reason.")),
    Step.DECIDE: (_("Decide on more time"), _("Somebody asks for more time: grant it, or say why not.")),
    Step.ANSWER: (_("Answer"), _("Say what was done, by whom, and when; look at the exact text; send it.")),
    Step.CALL: (_("Call back"), _("A text did not arrive: phone the citizen and note how it went.")),
    Step.VERDICT: (
        _("Read the verdict"),
        _("Open an answered complaint and read what the citizen says to the answer."),
    ),
}
DEEDS = {
    "desk.take_up": Step.OPEN,
    "desk.triage": Step.ASSIGN,
    "desk.pass_on": Step.PASS_ON,
    "desk.pass_to_unit": Step.PASS_ON,
    "desk.ask_time": Step.TIME,
    "desk.decide_time": Step.DECIDE,
    "desk.call": Step.CALL,
    "desk.refuse": Step.ANSWER,
}
LETTERS = {"answer": Step.ANSWER, "question": Step.ASK}
PLACES = {
    Step.OPEN: "main",
    Step.ASSIGN: "assign",
    Step.ASK: "question-text",
    Step.PASS_ON: "to-office",
    Step.TIME: "time-reason",
    Step.DECIDE: "more-time",
    Step.ANSWER: "answer-text",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One step as the list shows it."""

    title: str
    words: str
    href: str
    done: bool


def guide(newest: str) -> Sequence[Line]:
    """The steps of whoever is signed in; empty once the guide was put away. `newest` is the reference of a
    complaint to try them on, empty where there is none."""
    who = official()
    steps = steps_for(who.duties)
    if not steps:
        return ()
    with house().database.read() as session:
        done = first_steps.done(session, who.id)
    if DISMISSED in done:
        return ()
    return [Line(str(WORDS[step][0]), str(WORDS[step][1]), _leads_to(step, newest), step in done) for step in steps]


def _leads_to(step: Step, newest: str) -> str:
    if step is Step.VERDICT:
        return url_for("desk.inbox", state="answered")
    if step is Step.CALL:
        return url_for("desk.inbox", _anchor="calls")
    return url_for("desk.page", reference=newest, _anchor=PLACES.get(step)) if newest else url_for("desk.inbox")


@door.post("/first-day/dismiss")
@demands(*READERS)
def dismiss_guide() -> ResponseReturnValue:
    """Puts the guide away."""
    with house().database.write() as session:
        first_steps.tick(session, official().id, DISMISSED, house().now())
    return redirect(url_for("desk.inbox"))


@door.post("/first-day/show")
@demands(*READERS)
def show_guide() -> ResponseReturnValue:
    """Brings it back."""
    with house().database.write() as session:
        first_steps.untick(session, official().id, DISMISSED)
    return redirect(url_for("desk.inbox"))


def looks_at(complaint: Complaint) -> None:
    """Remembers for this request that a complaint is on the screen, and whether its citizen has judged the answer."""
    g.verdict_read = bool(complaint.rating or complaint.verdict)


@door.after_request
def tick(response: Response) -> Response:
    """Whatever was just done well is ticked, once. A form that came back, or a preview, was not done."""
    step = _done_now(response.status_code)
    who = visitor() if step else None  # whoever is signed in is asked of the database, which may be away
    if who is None or step is None or step not in steps_for(who.duties):
        return response
    with house().database.read() as session:
        known = first_steps.done(session, who.id)
    if step not in known and DISMISSED not in known:
        with house().database.write() as session:
            first_steps.tick(session, who.id, step, house().now())
    return response


def _done_now(status: int) -> Step | None:
    if request.method == "GET":
        if status != 200 or "verdict_read" not in g:
            return None
        return Step.VERDICT if g.verdict_read else Step.OPEN
    if status != 302:
        return None
    if request.endpoint == "desk.letter":
        return LETTERS.get((request.view_args or {}).get("kind", ""))
    return DEEDS.get(request.endpoint or "")
