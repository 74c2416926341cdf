"""The simulated phone's pages: pick a phone, read and write texts, dial a code and answer its screens."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from handlers.guards import gateway, practising
from handlers.loopback import from_this_machine
from handlers.phone import line
from handlers.phone.handsets import chosen, handsets
from smsgw.domain.workdays import VIETNAM
from smsgw.store.sittings import Shown
from smsgw.text.fit import Fit, measure

LONGEST = 1600
REFRESHES = 4
KEYS = (
    ("1", ".,?!"),
    ("2", "abc"),
    ("3", "def"),
    ("4", "ghi"),
    ("5", "jkl"),
    ("6", "mno"),
    ("7", "pqrs"),
    ("8", "tuv"),
    ("9", "wxyz"),
    ("*", "+"),
    ("0", "_"),
    ("#", "Aa"),
)
EXAMPLES = (
    "PA DN xa Tu An mat nuoc tu thu hai",
    "Duong Quang Trung truoc truong hoc co o ga rat to",
    "TT",
    "HD",
    "Chay nha o cho An Khe, co nguoi mac ket",
)
IDENTITY = re.compile(r"[0-9a-f]{32}")

door = Blueprint("phone", __name__, url_prefix="/phone")


@dataclass(frozen=True, slots=True)
class Draft:
    """What is being written: the text and its own id, so that a second press of Send sends nothing."""

    text: str = ""
    problem: str = ""
    message_id: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def fit(self) -> Fit:
        return measure(self.text)


@door.before_request
def demo_only() -> None:
    """Elsewhere this page does not exist, but in an official's practice."""
    settings = gateway().settings
    if practising():
        return
    if not (settings.demo and "simulator" in settings.sms_in and from_this_machine()):
        abort(404)


@door.app_template_filter()
def phone_clock(moment: datetime) -> str:
    """Hours and minutes in Viet Nam."""
    return f"{moment.astimezone(VIETNAM):%H:%M}"


@door.get("")
def home() -> ResponseReturnValue:
    """The phone in hand: its texts, what is being dialled, or the screen of a session."""
    number = chosen(request.args.get("number", ""))
    if number is None:
        return _page(chosen("") or "", Draft(problem=_("That is not a mobile number."))), 400
    typed = request.args.get("typed", "")[:40] + request.args.get("key", "")[:1]
    shown = line.screen(number, request.args.get("session", ""))
    dialling = bool(typed) and shown is None
    return _page(number, Draft(request.args.get("text", "")[:LONGEST]), shown, typed, dialling=dialling)


@door.get("/texts")
def texts() -> ResponseReturnValue:
    """For the page's own script: the conversation as it stands, and what other phones have not shown yet."""
    number = _number(request.args)
    bubbles = render_template("phone/bubbles.html", bubbles=line.conversation(number))
    unread = {one.number: one.unread for group in handsets() for one in group}
    return jsonify(bubbles=bubbles, unread=unread)


@door.post("/send")
def send() -> ResponseReturnValue:
    """The text goes the way every text goes."""
    number, text = _number(request.form), request.form.get("text", "").replace("\r\n", "\n")
    if not text.strip() or len(text) > LONGEST:
        problem = _("Write something first.") if not text.strip() else _("That is too long for one text.")
        return _page(number, Draft(text[:LONGEST], problem)), 400
    line.send(number, text, _identity("message_id"))
    return redirect(url_for("phone.home", number=number, wait=REFRESHES), 303)


@door.post("/count")
def count() -> ResponseReturnValue:
    """How many segments the text takes, for browsers without scripts."""
    return _page(_number(request.form), Draft(request.form.get("text", "").replace("\r\n", "\n")[:LONGEST]))


@door.post("/dial")
def dial() -> ResponseReturnValue:
    """Begins a session where the code is the service's own."""
    number, code = _number(request.form), request.form.get("typed", "").strip()
    settings = gateway().settings
    is_open = "simulator" in settings.ussd
    if code != settings.ussd_code or not is_open:
        tried = _("That code does not exist. Try %(code)s.", code=settings.ussd_code)
        wrong = Draft(problem=tried if is_open else _("That code does not exist."))
        return _page(number, wrong, typed=code, dialling=True), 400
    session_id = _identity("session")
    line.dial(number, session_id, code)
    return redirect(url_for("phone.home", number=number, session=session_id), 303)


@door.post("/answer")
def answer() -> ResponseReturnValue:
    """One answer to a screen; the same answer twice is one."""
    number, session_id = _number(request.form), _identity("session")
    line.answer(number, session_id, request.form.get("history", ""), request.form.get("typed", "")[:LONGEST])
    return redirect(url_for("phone.home", number=number, session=session_id), 303)


@door.post("/hang-up")
def hang_up() -> ResponseReturnValue:
    """Ends a session."""
    number = _number(request.form)
    line.hang_up(number, _identity("session"))
    return redirect(url_for("phone.home", number=number), 303)


def _number(given: Any) -> str:
    return chosen(given.get("number", "")) or abort(400)


def _identity(name: str) -> str:
    """The 32 hexadecimal digits a page was made with."""
    given = request.form.get(name, "")
    return given if IDENTITY.fullmatch(given) else abort(400)


def _page(number: str, draft: Draft, shown: Shown | None = None, typed: str = "", *, dialling: bool = False) -> str:
    settings = gateway().settings
    citizens, officials = handsets()
    wait = min(request.args.get("wait", 0, type=int), REFRESHES)
    return render_template(
        "phone/phone.html",
        number=number,
        citizens=citizens,
        officials=officials,
        owner=next((one for one in (*citizens, *officials) if one.number == number), None),
        bubbles=[] if shown or dialling else line.conversation(number),
        draft=draft,
        shown=shown,
        dialling=dialling,
        typed=typed,
        fresh_session=secrets.token_hex(16),
        service=settings.public_number,
        ussd_code=settings.ussd_code if "simulator" in settings.ussd else "",
        keys=KEYS,
        examples=EXAMPLES,
        longest=LONGEST,
        again=url_for("phone.home", number=number, wait=wait - 1) if wait > 0 else "",
    )
