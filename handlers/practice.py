"""Practice: the real desk and the simulated phone on a small house of one's own, under /practice, wiped afterwards.

Which house a page is about stands in its address and nowhere else: a page opened in practice can never act on what is real.
"""

import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flask import Blueprint, Flask, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk.entrance import READERS
from handlers.guards import demands, house, official, practising, visitor
from queues.at_once import AtOnce
from smsgw.domain.progress import Duty
from smsgw.gateway import Gateway
from smsgw.services.practising import Classroom
from smsgw.store import practice as store

PREFIX = "/practice"
MARK = "smsgw.practice"
OPEN = ("desk", "phone")
MOST_AT_A_TIME = 16  # practices that one process keeps open
SENDERS = 4
LEARNERS = tuple(duty for duty in READERS if duty is not Duty.AUDITOR)
OVER = _("Practice is over: what was practised is wiped. You may begin again.")

door = Blueprint("practice", __name__, url_prefix="/practise")


class Grounds:
    """The practices that this process has open, the one used longest ago first."""

    def __init__(self) -> None:
        self._open: OrderedDict[Path, tuple[Gateway, AtOnce]] = OrderedDict()
        self._pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="practice")
        self._lock = threading.Lock()

    def at(self, file: Path) -> tuple[Gateway, AtOnce]:
        """The practice in this file."""
        with self._lock:
            if file not in self._open:
                self._close_those_gone()
                ground = house().practice(file)
                self._open[file] = ground, AtOnce(ground, self._pool)
            self._open.move_to_end(file)
            return self._open[file]

    def _close_those_gone(self) -> None:
        gone = [file for file in self._open if not file.is_file()]
        while len(self._open) - len(gone) >= MOST_AT_A_TIME:
            gone.append(next(file for file in self._open if file not in gone))
        for file in gone:
            self._open.pop(file)[0].close()


def open_to(app: Flask) -> None:
    """Lets officials practise."""
    app.extensions["smsgw_practices"] = Grounds()
    app.before_request(_enter)
    app.register_blueprint(door)
    app.context_processor(lambda: {"practising": practising, "outside": outside})
    app.jinja_env.globals.update(practising=practising, outside=outside)


def outside(endpoint: str) -> str:
    """The address of a page of the real house, from within practice too."""
    return url_for(endpoint).removeprefix(request.script_root)


def _enter() -> ResponseReturnValue | None:
    """Only the desk and the phone are practised; whoever has no practice is led to where one begins."""
    if not request.environ.get(MARK) or request.endpoint in ("security.logout", "static"):
        return None
    who = visitor()
    if who is None or not who.duties.intersection(LEARNERS):
        return redirect(outside("security.login") if who is None else outside("start"))
    file = store.found(house().settings.home, who.id, house().now())
    if file is None:
        flash(str(OVER))
        return redirect(outside("practice.start"))
    if request.blueprint not in OPEN:
        abort(404)
    grounds: Grounds = current_app.extensions["smsgw_practices"]
    g.practice, g.practice_bell = grounds.at(file)
    g.practice_bell.ring("outbox")
    return None


@door.get("")
@demands(*LEARNERS)
def start() -> ResponseReturnValue:
    """What practice is, and its beginning."""
    file = store.found(house().settings.home, official().id, house().now())
    return render_template("practice.html", going_on=file is not None)


@door.post("/begin")
@demands(*LEARNERS)
def begin() -> ResponseReturnValue:
    """A new practice with its sample complaints, in place of an older one."""
    real, who = house(), official()
    store.sweep(real.settings.home, real.now())
    with real.database.read() as session:
        file = store.make(real.settings.home, who.id, session, real.now())
    grounds: Grounds = current_app.extensions["smsgw_practices"]
    ground, at_once = grounds.at(file)
    room = Classroom(
        database=ground.database,
        speech=ground.speech,
        handbook=ground.handbook,
        read=lambda: at_once.ring("inbox"),
        recipient=ground.settings.public_number,
        now=ground.now(),
        mint=ground.mint,
    )
    room.fill(who.id)
    return redirect(f"{PREFIX}{url_for('desk.inbox')}")


@door.post("/end")
@demands(*LEARNERS)
def end() -> ResponseReturnValue:
    """Wipes what was practised."""
    store.wipe(house().settings.home, official().id)
    flash(str(OVER))
    return redirect(url_for("practice.start"))
