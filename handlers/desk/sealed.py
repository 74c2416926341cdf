"""Sealed matters: for those named to read them a list, each with its words on demand; for everybody else a number."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk.entrance import READERS, WRITERS, door, found, own_scope
from handlers.desk.page import about
from handlers.guards import bell, demands, gateway, official
from smsgw.services import sealing
from smsgw.services.sealing import DoneAlreadyError, NoReasonError, Release
from smsgw.store import sealed as store
from smsgw.store.database import Transaction
from smsgw.store.tables import Sealed

CHANNELS = {
    "denunciation": _("Denunciation"),
    "corruption": _("Report of corruption"),
    "decision": _("Complaint against a decision"),
}
SEALED_STATES = {
    "sealed": _("Sealed"),
    "handed_over": _("Handed over to the inspectorate"),
    "released": _("Released: an ordinary complaint"),
}
LINES = {
    "sealed": _("Received and sealed"),
    "added": _("One more text of the same matter"),
    "read": _("Read"),
    "handed_over": _("Handed over to the inspectorate"),
    "released": _("Released: an ordinary complaint"),
}
NO_REASON = _("Please say why: nothing leaves the seal without a reason.")
DONE_ALREADY = _("A colleague has dealt with it already; nothing was done.")
LONGEST_REASON = 500


@door.get("/sealed")
@demands(*READERS)
def sealed() -> ResponseReturnValue:
    """The list of a keeper; others learn how many there are in their scope."""
    who = official()
    with gateway().database.read() as session:
        keeps = sealing.is_keeper(session, who.id)
        rows = sealing.shown_to(session, who.id, who.name) if keeps else []
        count = store.counted(session, own_scope(session).units)
    return render_template(
        "desk/sealed.html", keeps=keeps, rows=rows, count=count, channels=CHANNELS, states=SEALED_STATES
    )


@door.get("/sealed/<int:number>")
@demands(*READERS)
def sealed_matter(number: int) -> ResponseReturnValue:
    """Everything but the words."""
    with gateway().database.read() as session:
        return _page(session, _found(session, number))


@door.post("/sealed/<int:number>/read")
@demands(*READERS)
def read_sealed(number: int) -> ResponseReturnValue:
    """The words; that they were read is kept with the reader's name."""
    house = gateway()
    with house.database.write() as session:
        matter = _found(session, number, to_change=True)
        texts = sealing.read_by(session, matter, official().id, house.now())
        return _page(session, matter, texts=texts)


@door.post("/sealed/<int:number>/hand-over")
@demands(*READERS)
def hand_over(number: int) -> ResponseReturnValue:
    """To the inspectorate, with a reason."""
    house = gateway()
    try:
        with house.database.write() as session:
            matter = _found(session, number, to_change=True)
            sealing.hand_over(session, matter, official().id, _reason(), house.now())
    except (NoReasonError, DoneAlreadyError) as refused:
        return _refused(number, refused)
    flash(str(_("Kept: it was handed over.")))
    return redirect(url_for("desk.sealed_matter", number=number))


@door.post("/sealed/<int:number>/release")
@demands(*READERS)
def release(number: int) -> ResponseReturnValue:
    """An ordinary complaint after all: it is read anew and goes its way."""
    house = gateway()
    try:
        with house.database.write() as session:
            matter = _found(session, number, to_change=True)
            words = "\n".join(text.body for text in store.texts(session, [matter.id])[matter.id])
            told = Release(official().id, _reason(), house.reader.read(words))
            reference = sealing.release(session, house.handbook(session), house.speech, matter, told, now=house.now())
    except (NoReasonError, DoneAlreadyError) as refused:
        return _refused(number, refused)
    bell().ring("outbox")
    flash(str(_("Released: it is complaint %(reference)s now, and the citizen gets the receipt.", reference=reference)))
    return redirect(url_for("desk.sealed_matter", number=number))


@door.post("/<reference>/seal")
@demands(*WRITERS)
def put_under_seal(reference: str) -> ResponseReturnValue:
    """A complaint that is none: its words leave this desk."""
    house = gateway()
    try:
        with house.database.write() as session:
            complaint = found(session, reference, to_change=True)
            sealing.put_under_seal(session, house.speech, complaint, official().id, _reason(), now=house.now())
    except (NoReasonError, DoneAlreadyError) as refused:
        why, code = (NO_REASON, 422) if isinstance(refused, NoReasonError) else (DONE_ALREADY, 409)
        with house.database.read() as session:
            page = render_template("desk/complaint.html", **about(session, found(session, reference), refused=str(why)))
        return page, code
    bell().ring("outbox")
    flash(str(_("Sealed. Only people named for it read it now.")))
    return redirect(url_for("desk.inbox"))


def _found(session: Transaction, number: int, *, to_change: bool = False) -> Sealed:
    """404 for everybody who is not named to read it, exactly as when there is none."""
    who = official()
    matter = sealing.found(session, who.id, who.name, number, to_change=to_change)
    if matter is None:
        abort(404)
    return matter


def _page(session: Transaction, matter: Sealed, **more: object) -> str:
    return render_template(
        "desk/sealed_matter.html",
        matter=matter,
        history=store.history(session, matter.id),
        channels=CHANNELS,
        states=SEALED_STATES,
        lines=LINES,
        **more,
    )


def _refused(number: int, refused: Exception) -> ResponseReturnValue:
    why, code = (NO_REASON, 422) if isinstance(refused, NoReasonError) else (DONE_ALREADY, 409)
    with gateway().database.read() as session:
        return _page(session, _found(session, number), refused=str(why)), code


def _reason() -> str:
    return request.form.get("reason", "")[:LONGEST_REASON]
