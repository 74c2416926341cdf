"""What if a complaint came at some moment: every due date and alert, with the sum."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from handlers import sums
from handlers.admin.entrance import door, moment_said, today
from handlers.guards import demands, gateway
from handlers.language import chosen, gettext
from smsgw.domain.categories import CategoryCode
from smsgw.domain.pauses import Stop
from smsgw.domain.progress import Duty
from smsgw.domain.workdays import VIETNAM
from smsgw.services.foresight import Supposed, foresee
from smsgw.store import directory
from smsgw.store.calendar import calendar, names
from smsgw.store.tables import Unit
from smsgw.text.speech import STAGES


@door.get("/what-if")
@demands(Duty.ADMIN)
def what_if() -> ResponseReturnValue:
    """Nothing is changed and nothing is sent."""
    house, asked = gateway(), request.args
    at = moment_said(asked.get("at", "")) or house.now().astimezone(VIETNAM).replace(second=0, microsecond=0)
    at = at.astimezone(VIETNAM)
    stop, wrong = _stop(asked.get("stands_from", ""), asked.get("stands_until", ""))
    if asked.get("at") and moment_said(asked["at"]) is None:
        wrong = gettext("That is no moment such as 2027-02-03T15:00.")
    field = asked.get("field", "")
    with house.database.read() as session:
        units = [unit for unit in directory.units(session) if unit.kind in ("ward", "commune", "office")]
        chosen_unit = next((unit for unit in units if str(unit.id) == asked.get("unit")), None)
        home, office = _where(chosen_unit)
        supposed = Supposed(field if field in list(CategoryCode) else None, home, office, at, [stop] if stop else [])
        home_id = _home_id(chosen_unit)
        found = foresee(house.handbook(session).book, calendar(session, at.date(), home_id), supposed)
        days = names(session, at.year, chosen(), home_id)
    return render_template(
        "admin/what_if.html",
        at=at,
        asked=asked,
        wrong=wrong,
        stop=stop,
        units=[unit for unit in units if _stands(unit) and unit.kind != "office"],
        offices=[unit for unit in units if _stands(unit) and unit.kind == "office"],
        forecasts=[(one, sums.amount(one.rule, gettext), sums.told(one.sum, days, gettext)) for one in found],
        steps=sums.STEPS,
        stages=STAGES,
    )


def _stop(began: str, ended: str) -> tuple[Stop | None, str]:
    """From when until when the clock is supposed to stand; with it what is wrong with what was typed."""
    first, last = moment_said(began), moment_said(ended)
    if not began and not ended:
        return None, ""
    if first is None or last is None or last < first:
        return None, gettext("Give both moments of a stop, the earlier one first.")
    return Stop(first, last), ""


def _where(unit: Unit | None) -> tuple[str | None, str | None]:
    """The codes of the unit and of the office."""
    if unit is None:
        return None, None
    return (unit.parent.code if unit.parent else None, unit.code) if unit.kind == "office" else (unit.code, None)


def _home_id(unit: Unit | None) -> int | None:
    """The ward or commune whose calendar counts."""
    return (unit.parent_id if unit.kind == "office" else unit.id) if unit else None


def _stands(unit: Unit) -> bool:
    return unit.valid_to is None or unit.valid_to >= today()
