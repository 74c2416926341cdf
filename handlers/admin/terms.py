"""The table of terms: every row with its source, new rows, rows of known acts, confirmed ones and ended ones."""

from collections.abc import Callable, Sequence
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.admin.entrance import WRONG, changing, day_said, door, number_said, said, today
from handlers.guards import demands, gateway
from handlers.language import gettext
from handlers.sums import AMOUNTS, STEPS
from smsgw.domain.categories import CategoryCode
from smsgw.domain.deadlines import Counting, Level, Measure, Step
from smsgw.domain.progress import Duty
from smsgw.services.terms import NewTerm, TermError, adopt, confirm, end, presets, set_term
from smsgw.store import directory
from smsgw.store.database import Transaction
from smsgw.store.tables import Unit

PRESETS = {
    "da-nang-2021": _("Da Nang, decision 960 of 2021"),
    "ha-noi-2025": _("Ha Noi, decision 1207 of 2025"),
    "binh-duong-2021": _("Binh Duong, Covid channel of 2021"),
    "decree-20-2008": _("Decree 20 of 2008: passing on"),
    "circular-17-2014": _("Circular 17 of 2014, culture ministry"),
    "circular-21-2016": _("Circular 21 of 2016, transport ministry"),
    "reception-law-2013": _("Law on Reception of Citizens of 2013"),
}
LEVELS = {"normal": _("normal"), "urgent": _("urgent")}
MOST = 999
LONGEST_PAUSE = 60

Change = Callable[[Transaction], object]


@door.get("/terms")
@demands(Duty.ADMIN)
def terms() -> ResponseReturnValue:
    """How long each step may take, where the figure comes from, and whether the locality confirmed it."""
    return _shown()


@door.post("/terms/new")
@demands(Duty.ADMIN)
def add_term() -> ResponseReturnValue:
    """A new row; the one that it follows ends the day before."""
    with changing() as session:
        new, wrong = _told(session)
        if new is None:
            return _shown(wrong), WRONG
        try:
            set_term(session, new, today=today())
        except TermError as refusal:
            return _shown([gettext(str(refusal))]), WRONG
    flash(gettext("The term is in the table."))
    return redirect(url_for("admin.terms"))


@door.post("/terms/preset")
@demands(Duty.ADMIN)
def adopt_preset() -> ResponseReturnValue:
    """Rows of a known act, not confirmed."""
    first = day_said(said("first"))
    if said("preset") not in presets() or first is None:
        return _shown([gettext("Choose an act and the first day.")]), WRONG
    return _done(
        lambda session: adopt(session, said("preset"), first=first, today=today()),
        gettext("The rows are in the table."),
    )


@door.post("/terms/<int:rule>/confirm")
@demands(Duty.ADMIN)
def confirm_term(rule: int) -> ResponseReturnValue:
    """The locality stands by it: citizens are told its dates."""
    return _done(lambda session: confirm(session, rule, today=today()), gettext("The term is confirmed."))


@door.post("/terms/<int:rule>/end")
@demands(Duty.ADMIN)
def end_term(rule: int) -> ResponseReturnValue:
    """It speaks of nothing new any more."""
    return _done(lambda session: end(session, rule, today=today()), gettext("The term is ended."))


def _done(change: Change, words: str) -> ResponseReturnValue:
    try:
        with changing() as session:
            change(session)
    except TermError as refusal:
        return _shown([gettext(str(refusal))]), WRONG
    flash(words)
    return redirect(url_for("admin.terms"))


def _shown(wrong: Sequence[str] = ()) -> str:
    now = today()
    with gateway().database.read() as session:
        units = directory.units(session)
        rules = directory.terms(session)
    past = [rule for rule in rules if rule.valid_to is not None and rule.valid_to < now]
    return render_template(
        "admin/terms.html",
        rules=[rule for rule in rules if rule not in past],
        past=[rule for rule in past if rule.valid_to is not None and rule.valid_to >= rule.valid_from],
        names={unit.id: unit.name for unit in units},
        units=[unit for unit in units if _stands(unit, now) and unit.kind in ("ward", "commune")],
        offices=[unit for unit in units if _stands(unit, now) and unit.kind == "office"],
        amounts={f"{measure}-{counting}": words for (measure, counting), words in AMOUNTS.items()},
        steps=STEPS,
        levels=LEVELS,
        presets=PRESETS,
        today=now,
        typed=request.form,
        wrong=wrong,
    )


def _stands(unit: Unit, on: date) -> bool:
    return unit.valid_from <= on and (unit.valid_to is None or on <= unit.valid_to)


def _told(session: Transaction) -> tuple[NewTerm | None, list[str]]:
    """What the form says, or all that is wrong with it."""
    amount, pause = number_said(said("amount"), MOST), number_said(said("pause_days") or "0", LONGEST_PAUSE)
    first, last = day_said(said("first")), day_said(said("last"))
    measure, _dash, counting = said("measure").partition("-")
    unit = session.get(Unit, number_said(said("unit"), 99_999) or 0)
    lacking = (
        (not amount, gettext("Give a whole number above 0.")),
        (pause is None, gettext("A question stops the clock for 0 to %(most)s working days.", most=LONGEST_PAUSE)),
        (first is None, gettext("Give the first day.")),
        (bool(said("last")) and last is None, gettext("The last day is no date.")),
        (not said("source"), gettext("Give the act that the term comes from.")),
        (bool(said("unit")) and unit is None, gettext("There is no such unit.")),
    )
    known = (
        measure in list(Measure),
        counting in list(Counting),
        said("step") in list(Step),
        said("level") in list(Level),
    )
    if not all(known) or (said("field") and said("field") not in list(CategoryCode)):
        abort(400)
    wrong = [words for lacks, words in lacking if lacks]
    if wrong or not amount or pause is None or first is None:
        return None, wrong
    return (
        NewTerm(
            field=CategoryCode(said("field")) if said("field") else None,
            unit=unit,
            level=Level(said("level")),
            amount=amount,
            measure=Measure(measure),
            source=said("source"),
            confirmed="confirmed" in request.form,
            first=first,
            last=last,
            step=Step(said("step")),
            counting=Counting(counting),
            pause_days=pause,
        ),
        [],
    )
