"""What if a complaint came at some moment: every due date and alert, with the sum."""

from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue

from handlers import sums
from handlers.admin.entrance import door, moment_said, today
from handlers.guards import demands, gateway
from handlers.language import chosen, gettext
from smsgw.domain.categories import CategoryCode
from smsgw.domain.deadlines import Audience, Step
from smsgw.domain.pauses import Stop
from smsgw.domain.phone import for_eyes
from smsgw.domain.progress import Duty
from smsgw.domain.routing import Desk
from smsgw.domain.workdays import VIETNAM
from smsgw.services.alarming import on_watch
from smsgw.services.foresight import Forecast, Supposed, foresee
from smsgw.services.handbook import Handbook
from smsgw.services.reaching import Reach, Reached
from smsgw.store import directory
from smsgw.store.calendar import calendar, names
from smsgw.store.database import Transaction
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
        handbook = house.handbook(session)
        found = foresee(handbook.book, calendar(session, at.date(), home_id), supposed, handbook.vigilance)
        told = _who(session, chosen_unit, home_id, found)
        watch = _watch(session, handbook, chosen_unit, home_id, at)
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
        told=told,
        watch=watch,
    )


def _who(
    session: Transaction, unit: Unit | None, home_id: int | None, found: list[Forecast]
) -> dict[tuple[datetime, frozenset[Audience], Step], str]:
    """Who would hear of each alert on its day, deputies in the place of those on leave; empty where no unit was chosen."""
    if unit is None or home_id is None:
        return {}
    desk = Desk(home_id, unit.id if unit.kind == "office" else None)
    told = {}
    for one in found:
        for alert in one.alerts:
            people = Reach(session, alert.told_at).told_of(desk, one.step, alert.stage.to)
            told[alert.told_at, alert.stage.to, one.step] = ", ".join(_named(who) for who in people)
    return told


def _named(who: Reached) -> str:
    if not who.instead_of:
        return who.official.name
    return gettext("%(deputy)s in place of %(who)s", deputy=who.official.name, who=who.instead_of)


def _watch(session: Transaction, handbook: Handbook, unit: Unit | None, home_id: int | None, at: datetime) -> str:
    """Who is texted of a danger at this moment: by the roster, else the duty phone; empty where no unit was chosen."""
    if unit is None or home_id is None:
        return ""
    office = unit.id if unit.kind == "office" else None
    people = on_watch(session, Reach(session, at), home_id, office, at)
    return ", ".join(one.name for one in people) or for_eyes(handbook.duty_phone_of(home_id))


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
