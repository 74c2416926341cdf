"""Units and offices: added, renamed, become one and split, each from a day on. What is open follows; what was done stays."""

from collections.abc import Callable, Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handlers.admin.entrance import WRONG, changing, day_said, door, number_said, said, today
from handlers.guards import demands, gateway
from handlers.language import gettext
from smsgw.domain.categories import CategoryCode
from smsgw.domain.progress import Duty
from smsgw.services import reshaping, roster
from smsgw.services.roster import KINDS, RosterError
from smsgw.store import directory, officials
from smsgw.store.database import Transaction
from smsgw.store.tables import Unit

MOST_ID = 99_999

Change = Callable[[Transaction], object]


@door.get("/units")
@demands(Duty.ADMIN)
def units() -> ResponseReturnValue:
    """Units in force with their offices, and former units with their successors."""
    return _listed()


@door.post("/units/add")
@demands(Duty.ADMIN)
def add_unit() -> ResponseReturnValue:
    """A ward or commune, from today on."""

    def change(session: Transaction) -> object:
        top = roster.province(session, today())
        kind = said("kind")
        if kind not in KINDS:
            abort(400)
        return roster.add_unit(session, said("name"), kind, code=said("code"), parent=top, today=today())

    return _done(change, gettext("The unit is added. Give it offices and people."))


@door.post("/offices/add")
@demands(Duty.ADMIN)
def add_office() -> ResponseReturnValue:
    """An office of a unit with its fields, from today on."""

    def change(session: Transaction) -> object:
        home = _unit(session, number_said(said("unit"), MOST_ID) or 0)
        return roster.add_office(session, said("name"), home, code="", fields=_fields(), today=today())

    return _done(change, gettext("The office is added."))


@door.get("/units/<int:number>")
@demands(Duty.ADMIN)
def unit(number: int) -> ResponseReturnValue:
    """One unit or office, and what may be done with it."""
    return _shown(number)


@door.post("/units/<int:number>/amend")
@demands(Duty.ADMIN)
def amend_unit(number: int) -> ResponseReturnValue:
    """Its name, and of a ward or commune its duty phone."""

    def change(session: Transaction) -> None:
        known = _unit(session, number)
        roster.rename(known, said("name"))
        if known.kind in KINDS:
            roster.set_duty_phone(known, said("duty_phone"))

    return _done(change, gettext("It is written down."), number)


@door.post("/units/<int:number>/merge")
@demands(Duty.ADMIN)
def merge_unit(number: int) -> ResponseReturnValue:
    """From a day on another one answers for it."""
    first = day_said(said("first"))
    if first is None:
        return _shown(number, [gettext("Give the first day.")]), WRONG

    def change(session: Transaction) -> None:
        into = _unit(session, number_said(said("into"), MOST_ID) or 0)
        reshaping.merge(session, _unit(session, number), into, first=first, today=today())

    return _done(change, gettext("From that day on the other one answers for it. Open complaints and people follow."))


@door.post("/units/<int:number>/split")
@demands(Duty.ADMIN)
def split_unit(number: int) -> ResponseReturnValue:
    """Part of it becomes one of its own, today."""

    def change(session: Transaction) -> None:
        old, on = _unit(session, number), today()
        if old.kind == "office":
            home = _unit(session, old.parent_id or 0)
            new = roster.add_office(session, said("name"), home, code="", fields=_fields(), today=on)
        else:
            top = roster.province(session, on)
            new = roster.add_unit(session, said("name"), old.kind, code=said("code"), parent=top, today=on)
            reshaping.copy_offices(session, old, new, today=on)
        named = [name[:100] for name in request.form.getlist("place")]
        reshaping.split(session, old, new, fields=_fields(), named=named, now=gateway().now())

    return _done(change, gettext("It is split. Give the new one its people."), number)


def _fields() -> list[CategoryCode]:
    known = {code.value: code for code in CategoryCode}
    return [known[field] for field in dict.fromkeys(request.form.getlist("field")) if field in known]


def _unit(session: Transaction, number: int) -> Unit:
    return session.get(Unit, number) or abort(404)


def _done(change: Change, words: str, number: int | None = None) -> ResponseReturnValue:
    """Does it, has the day's changes followed at once, and goes on; or says what is wrong."""
    try:
        with changing() as session:
            change(session)
    except RosterError as refusal:
        wrong = [gettext(str(refusal))]
        return (_listed(wrong) if number is None else _shown(number, wrong)), WRONG
    settler = gateway().settler()
    while settler.batch():
        pass
    flash(words)
    return redirect(url_for("admin.units") if number is None else url_for("admin.unit", number=number))


def _listed(wrong: Sequence[str] = ()) -> str:
    with gateway().database.read() as session:
        known = directory.units(session)
    now = today()
    return render_template(
        "admin/units.html",
        units=[u for u in known if u.kind not in ("office", "former") and _stands(u)],
        offices=[u for u in known if u.kind == "office" and _stands(u)],
        former=[u for u in known if u.kind == "former" or not _stands(u)],
        by_id={unit.id: unit for unit in known},
        wrong=wrong,
        typed=request.form,
        today=now,
    )


def _shown(number: int, wrong: Sequence[str] = ()) -> str:
    with gateway().database.read() as session:
        known = _unit(session, number)
        everything = directory.units(session)
        now = today()
        offices = officials.offices_of(session, known.id, now)
        open_ = directory.still_open(session, known)
        fields = directory.fields_of(session, known.id, now)
    alike = [
        one
        for one in everything
        if one.id != known.id
        and _stands(one)
        and (one.parent_id == known.parent_id if known.kind == "office" else one.kind in KINDS)
        and (one.kind == "office") == (known.kind == "office")
    ]
    return render_template(
        "admin/unit.html",
        unit=next(one for one in everything if one.id == known.id),
        offices=offices,
        alike=alike,
        still_open=open_,
        fields=fields,
        places=[one for one in everything if one.kind == "former" and one.successor_id == known.id],
        by_id={one.id: one for one in everything},
        stands=_stands(known),
        is_unit=known.kind in KINDS,
        wrong=wrong,
        typed=request.form,
        today=now,
    )


def _stands(known: Unit) -> bool:
    return known.valid_to is None or known.valid_to >= today()
