"""An official's own number: proved by a code that is texted to it, changed, opened again after wrong codes."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handlers import numbers
from handlers.desk.entrance import READERS, door
from handlers.guards import bell, demands, gateway, official
from smsgw.services import verifying
from smsgw.services.verifying import Trouble
from smsgw.store import phones
from smsgw.store.database import Transaction
from smsgw.store.phones import Known

Change = Callable[[Transaction, Known], Trouble | None]


@door.get("/my-number")
@demands(*READERS)
def own_number() -> ResponseReturnValue:
    """How it stands, and what may be ordered from it."""
    return _page()


@door.post("/my-number/code")
@demands(*READERS)
def text_own_code() -> ResponseReturnValue:
    """A code to the number."""
    house = gateway()
    return _done(
        lambda session, me: verifying.send_code(session, house.speech, house.mint, me.official, now=house.now()),
        numbers.CODE_SENT,
    )


@door.post("/my-number/confirm")
@demands(*READERS)
def confirm_own_code() -> ResponseReturnValue:
    """The code as it was read on the phone."""
    house, typed = gateway(), request.form.get("code", "")[:20]
    return _done(
        lambda session, me: verifying.confirm(
            session, house.mint, me.official, typed, by=official().id, now=house.now()
        ),
        numbers.VERIFIED,
    )


@door.post("/my-number/change")
@demands(*READERS)
def change_own_number() -> ResponseReturnValue:
    """Another number, not verified."""
    house, written = gateway(), request.form.get("phone", "")[:30]
    return _done(
        lambda session, me: verifying.change_number(session, house.speech, me.official, written, now=house.now()),
        numbers.CHANGED,
    )


@door.post("/my-number/open")
@demands(*READERS)
def open_own_number() -> ResponseReturnValue:
    """Orders by text are heard again."""

    def change(_session: Transaction, me: Known) -> None:
        if me.phone:
            verifying.open_again(me.phone)

    return _done(change, numbers.OPENED)


def _done(change: Change, words: object) -> ResponseReturnValue:
    with gateway().database.write() as session:
        me = phones.of(session, official().id, to_change=True)
        trouble = change(session, me) if me else None
    if trouble:
        return _page(str(numbers.TROUBLES[trouble])), 422
    bell().ring("outbox")
    flash(str(words))
    return redirect(url_for("desk.own_number"))


def _page(refused: str = "") -> str:
    house = gateway()
    with house.database.read() as session:
        me = phones.of(session, official().id)
        return render_template(
            "desk/own_number.html",
            me=me,
            refused=refused,
            waits=bool(me and me.phone and me.phone.expires_at and me.phone.expires_at > house.now()),
            typed=request.form,
        )
