"""Officials' numbers for administrators: which are proved, which no text reaches, and what was ordered from them by text."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handlers import numbers as words
from handlers.admin.entrance import changing, door
from handlers.guards import bell, demands, gateway, official
from smsgw.domain.progress import Duty
from smsgw.services import verifying
from smsgw.services.verifying import Trouble
from smsgw.store import phones, text_codes
from smsgw.store.database import Transaction
from smsgw.store.phones import Known

LISTED = 200

Change = Callable[[Transaction, Known], Trouble | None]


@door.get("/numbers")
@demands(Duty.ADMIN)
def numbers() -> ResponseReturnValue:
    """Numbers that need somebody first."""
    return _page()


@door.post("/numbers/<int:number>/code")
@demands(Duty.ADMIN)
def text_code(number: int) -> ResponseReturnValue:
    """A code to the official's number, who reads it out to the administrator or types it at the desk."""
    house = gateway()
    return _done(
        number,
        lambda session, one: verifying.send_code(session, house.speech, house.mint, one.official, now=house.now()),
        words.CODE_SENT,
    )


@door.post("/numbers/<int:number>/confirm")
@demands(Duty.ADMIN)
def confirm_code(number: int) -> ResponseReturnValue:
    """The code as the official read it out."""
    house, typed = gateway(), request.form.get("code", "")[:20]
    return _done(
        number,
        lambda session, one: verifying.confirm(
            session, house.mint, one.official, typed, by=official().id, now=house.now()
        ),
        words.VERIFIED,
    )


@door.post("/numbers/<int:number>/change")
@demands(Duty.ADMIN)
def change_number(number: int) -> ResponseReturnValue:
    """Another number, not verified."""
    house, written = gateway(), request.form.get("phone", "")[:30]
    return _done(
        number,
        lambda session, one: verifying.change_number(session, house.speech, one.official, written, now=house.now()),
        words.CHANGED,
    )


@door.post("/numbers/<int:number>/open")
@demands(Duty.ADMIN)
def open_number(number: int) -> ResponseReturnValue:
    """Orders by text are heard again."""

    def change(_session: Transaction, one: Known) -> None:
        if one.phone:
            verifying.open_again(one.phone)

    return _done(number, change, words.OPENED)


@door.get("/orders")
@demands(Duty.ADMIN, Duty.AUDITOR)
def orders() -> ResponseReturnValue:
    """What was ordered by text and what came of it. No words of anybody's."""
    refused = request.args.get("only") == "refused"
    with gateway().database.read() as session:
        rows = text_codes.orders(session, LISTED, refused=refused)
        return render_template(
            "admin/orders.html",
            rows=rows,
            refused=refused,
            deeds=words.DEEDS,
            outcome=words.outcome,
            reason=words.reason,
            no_good=words.WITHOUT_CODE,
        )


def _done(number: int, change: Change, told: object) -> ResponseReturnValue:
    with changing() as session:
        one = phones.of(session, number, to_change=True) or abort(404)
        trouble = change(session, one)
    if trouble:
        return _page(str(words.TROUBLES[trouble]), number), 422
    bell().ring("outbox")
    flash(str(told))
    return redirect(url_for("admin.numbers", _anchor=f"n{number}"))


def _page(refused: str = "", about: int = 0) -> str:
    house = gateway()
    with house.database.read() as session:
        people = phones.everyone(session)
        lost = phones.failing(session, {one.official.phone for one in people if one.official.phone})
        now = house.now()
        return render_template(
            "admin/numbers.html",
            people=people,
            failing=[one for one in people if one.official.phone in lost],
            locked=[one for one in people if one.locked],
            waits={
                one.official.id for one in people if one.phone and one.phone.expires_at and one.phone.expires_at > now
            },
            refused=refused,
            about=about,
        )
