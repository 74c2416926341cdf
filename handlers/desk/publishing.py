"""A case for everybody to read: put forward with masked words, agreed to by a second person, taken back at any time."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk.clock import term_now
from handlers.desk.entrance import door, found, near_until, number_given, writer
from handlers.desk.letters import REFUSED_WITH
from handlers.guards import demands, gateway, official
from smsgw.domain.progress import Duty
from smsgw.domain.publication import LONGEST, Bar, Flaw, Words
from smsgw.domain.understanding import Understanding
from smsgw.services import publishing
from smsgw.store import calls, publications
from smsgw.store.database import Transaction
from smsgw.store.tables import Complaint

DONE = {
    "propose": _("Put forward. Another official of your unit must agree before anybody else reads it."),
    "publish": _("Published. It can be taken back at any time."),
    "decline": _("Not published."),
    "take_back": _("Taken back: nobody else reads it any more."),
}
FLAWS = {
    Flaw.EMPTY: _("Nothing was done: something must be left to read, of at most 2,000 signs."),
    Flaw.ADDED: _("Nothing was done: words may be left out or covered by [...], never added or changed."),
    Flaw.PERSONAL: _("Nothing was done: what is left still looks like a number, an address or a name."),
    Flaw.CHANGED: _("Nothing was done: somebody was quicker. Please read it again."),
    Flaw.OWN_WISH: _("Nothing was done: another person must agree, not who put it forward."),
    Flaw.NOTHING: _("Nothing was done: nothing of it is put forward or published."),
}
BARS = {
    Bar.NOT_ANSWERED: _("It is not answered, or its answer went out with another complaint's."),
    Bar.LAWFUL: _("The law has a procedure of its own for such a matter."),
    Bar.EMERGENCY: _("It was an emergency."),
    Bar.SENSITIVE: _("A death, violence or a child is in it."),
    Bar.PRIVATE: _("The sender may wish not to be known."),
    Bar.ON_BEHALF: _("It is about another person than the sender."),
}

Act = Callable[[Transaction, Complaint], Flaw | list[Bar] | None]


@door.get("/<reference>/publication")
@demands(Duty.FOCAL, Duty.LEADER)
def publication(reference: str) -> ResponseReturnValue:
    """What would be shown, and what stands against it."""
    with gateway().database.read() as session:
        return _page(session, found(session, reference))


@door.post("/<reference>/publication/proposal")
@demands(Duty.FOCAL)
def propose(reference: str) -> ResponseReturnValue:
    """Puts words forward."""
    chosen = Words(*(request.form.get(name, "")[: 2 * LONGEST].strip() for name in ("text", "answer")))

    def act(session: Transaction, complaint: Complaint) -> Flaw | list[Bar] | None:
        return publishing.propose(session, complaint, chosen, writer(complaint), _read, now=gateway().now())

    return _done(reference, act, "propose", chosen)


@door.post("/<reference>/publication/decision")
@demands(Duty.FOCAL, Duty.LEADER)
def decide_publication(reference: str) -> ResponseReturnValue:
    """A second person agrees, or does not."""
    agrees, number = request.form.get("decision") == "publish", number_given("number") or 0

    def act(session: Transaction, complaint: Complaint) -> Flaw | list[Bar] | None:
        return publishing.decide(
            session, complaint, number, writer(complaint), _read, agrees=agrees, now=gateway().now()
        )

    return _done(reference, act, "publish" if agrees else "decline")


@door.post("/<reference>/publication/end")
@demands(Duty.FOCAL, Duty.LEADER)
def unpublish(reference: str) -> ResponseReturnValue:
    """Takes it back."""

    def act(session: Transaction, complaint: Complaint) -> Flaw | list[Bar] | None:
        return publishing.take_back(session, complaint, writer(complaint), now=gateway().now())

    return _done(reference, act, "take_back")


def _read(text: str) -> Understanding:
    return gateway().reader.read(text)


def _done(reference: str, act: Act, what: str, chosen: Words | None = None) -> ResponseReturnValue:
    gateway().load_words()
    with gateway().database.write() as session:
        complaint = found(session, reference, to_change=True)
        refused = act(session, complaint)
        if refused:
            why = " ".join(str(BARS[bar]) for bar in refused) if isinstance(refused, list) else str(FLAWS[refused])
            return _page(session, complaint, refused=why, chosen=chosen), REFUSED_WITH
    flash(str(DONE[what]))
    return redirect(url_for("desk.publication", reference=reference))


def _page(session: Transaction, complaint: Complaint, refused: str = "", chosen: Words | None = None) -> str:
    house = gateway()
    now, draft = house.now(), publishing.draft(session, complaint)
    standing = publications.standing(session, complaint.id)
    return render_template(
        "desk/publication.html",
        complaint=complaint,
        term=term_now(complaint, now, near_until(house.handbook(session), now)),
        call=calls.open_call(session, complaint.id),
        done=True,
        standing=standing,
        draft=draft,
        words=chosen or (Words(standing.text, standing.answer) if standing else draft),
        bars=[BARS[bar] for bar in publishing.against(complaint, draft, _read)],
        refused=refused,
        proposes=bool(official().duties & publishing.PROPOSES),
        own=standing is not None and standing.proposed_by == official().id,
        longest=LONGEST,
    )
