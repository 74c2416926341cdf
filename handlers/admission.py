"""Choosing a password with the code that an administrator handed over, on paper or as a link. Looking uses no code up."""

from typing import Any, cast

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter

from handlers.guards import house
from handlers.language import gettext
from smsgw.services import personnel
from smsgw.services.roster import RosterError
from smsgw.store import changes

TRIES, LOOKS = "10 per 10 minutes", "60 per 10 minutes"
LONGEST_CODE, LONGEST_PASSWORD = 40, 200
WRONG = 422

door = Blueprint("admission", __name__)


def open_to(app: Flask, limiter: Limiter) -> None:
    """Adds /new-password; tries, and looks at what a code opens, are limited by address."""
    app.register_blueprint(door)
    for endpoint, limit in (("admission.take_up", TRIES), ("admission.choose", LOOKS)):
        app.view_functions[endpoint] = cast("Any", limiter.limit(limit)(app.view_functions[endpoint]))


@door.get("/new-password")
def choose() -> ResponseReturnValue:
    """The form, with the code of the link in it."""
    return _page(request.args.get("code", "")[:LONGEST_CODE])


@door.post("/new-password/take-up")
def take_up() -> ResponseReturnValue:
    """The password becomes the person's own, and the code is used up."""
    code = request.form.get("code", "")[:LONGEST_CODE]
    password = request.form.get("password", "")[:LONGEST_PASSWORD]
    if password != request.form.get("again", "")[:LONGEST_PASSWORD]:
        return _page(code, gettext("The two passwords differ.")), WRONG
    own = house()
    try:
        with own.database.write() as session:
            known = personnel.admitted(session, code, own.now())
            changes.watch(session, known.id if known else None, own.now())
            personnel.choose_password(session, code, password, own.now())
    except RosterError as refusal:
        return _page(code, gettext(str(refusal))), WRONG
    return redirect(url_for("admission.chosen"))


@door.get("/new-password/done")
def chosen() -> ResponseReturnValue:
    """On to the sign-in page."""
    return render_template("security/new_password.html", done=True, code="", wrong="", name="")


def _page(code: str, wrong: str = "") -> str:
    own = house()
    with own.database.read() as session:
        known = personnel.admitted(session, code, own.now()) if code else None
    name = known.username if known else ""
    return render_template("security/new_password.html", done=False, code=code, wrong=wrong, name=name)
