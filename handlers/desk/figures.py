"""The leader's picture of a period, and the periodic report to download."""

import time
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.charts import Chart, lines, stacked
from handlers.desk.entrance import door, own_scope
from handlers.guards import demands, gateway, official
from handlers.language import gettext, page_language
from handlers.papers import FORMS, written
from handlers.words import FIELDS
from smsgw.domain.dayfile import YEARS
from smsgw.domain.picture import MONTHLY_FROM, Picture, Row
from smsgw.domain.progress import Duty
from smsgw.domain.statistics import Period
from smsgw.domain.workdays import VIETNAM
from smsgw.services import picturing, publishing
from smsgw.services.handbook import Handbook, Place
from smsgw.services.reporting import HIDDEN, reported
from smsgw.store import directory
from smsgw.store.database import Transaction
from smsgw.store.officials import Scope

SEERS = (Duty.FOCAL, Duty.HEAD, Duty.LEADER, Duty.SUPERVISOR, Duty.AUDITOR)
LONGEST = timedelta(days=3 * 366)
OFFERED = ("docx", "xlsx", "csv", "text")
LONG_S, KEPT_S = 0.5, 60.0
SHELF = "smsgw_pictures"
Key = tuple[frozenset[int], frozenset[int], Period]
ENDINGS = {"text": "txt"}
SPANS = {
    "month": _("This month"),
    "last_month": _("Last month"),
    "quarter": _("This quarter"),
    "year": _("This year"),
    "last_year": _("Last year"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table with its name."""

    name: str
    row: Row


@door.get("/figures")
@demands(*SEERS)
def figures() -> ResponseReturnValue:
    """On time, late, nearly due, and how long it took: in all, by office, by field, over time."""
    house = gateway()
    now, (period, chosen, wrong) = house.now(), _wanted()
    with house.database.read() as session:
        handbook = house.handbook(session)
        scope = own_scope(session)
        drawn = _drawn(session, scope, period, handbook)
        names = {unit.id: unit.name for unit in directory.units(session)}
        proposed = publishing.proposed(session, scope) if official().duties & publishing.DECIDES else ()
    return render_template(
        "desk/figures.html",
        picture=drawn,
        period=period,
        chosen=chosen,
        wrong=wrong,
        spans=SPANS,
        forms=OFFERED,
        runs=period.ends > now,
        hidden=HIDDEN,
        proposed=proposed,
        **_tables(drawn, names),
        **_charts(drawn, period),
    )


def _drawn(session: Transaction, scope: Scope, period: Period, handbook: Handbook) -> Picture:
    """What took long to draw is shown again for a minute to whoever sees the same."""
    shelf: dict[Key, tuple[float, Picture]] = current_app.extensions.setdefault(SHELF, {})
    key, began = (scope.units, scope.offices, period), time.monotonic()
    until, drawn = shelf.get(key, (0.0, None))
    if drawn is not None and began < until:
        return drawn
    drawn = picturing.draw(session, scope, period, gateway().now(), handbook.calendar)
    if time.monotonic() - began > LONG_S:
        for old in [old for old, (until, _) in list(shelf.items()) if until < began]:
            shelf.pop(old, None)
        shelf[key] = time.monotonic() + KEPT_S, drawn
    return drawn


@door.get("/figures/report.<form>")
@demands(*SEERS)
def report(form: str) -> ResponseReturnValue:
    """The report of the official's own scope as a file."""
    house, (period, _chosen, wrong) = gateway(), _wanted()
    name = next((known for known in FORMS if ENDINGS.get(known, known) == form), None)
    if name is None or wrong:
        abort(404)
    with house.database.read() as session:
        handbook = house.handbook(session)
        told = reported(session, period, house.now(), handbook.calendar, own_scope(session))
        content = written(told, name, page_language(), handbook, _home(handbook))
    file = f"report-{period.first:%Y%m%d}-{period.last:%Y%m%d}.{form}"
    response = Response(content, content_type=FORMS[name].type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def _home(handbook: Handbook) -> Place | None:
    """The ward or commune whose official this is; none for those of the province."""
    place = handbook.places.get(official().unit_id)
    if place is not None and place.kind == "office":
        place = handbook.places.get(place.parent_id or 0)
    return place if place is not None and place.kind in ("ward", "commune") else None


def _wanted() -> tuple[Period, str, str]:
    """The period asked for, its name (empty for days that were typed), and what is wrong with these."""
    today = gateway().now().astimezone(VIETNAM).date()
    first, last = request.args.get("from", ""), request.args.get("to", "")
    if first or last:
        if typed := _typed(first, last):
            return typed, "", ""
        return (
            _span("month", today),
            "month",
            gettext("Give two days, the earlier one first, at most three years apart."),
        )
    chosen = request.args.get("period", "month")
    chosen = chosen if chosen in SPANS else "month"
    return _span(chosen, today), chosen, ""


def _typed(first: str, last: str) -> Period | None:
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
    if any(day.year not in YEARS for day in days):
        return None
    return Period(*days) if timedelta() <= days[1] - days[0] <= LONGEST else None


def _span(name: str, today: date) -> Period:
    match name:
        case "last_month":
            last = today.replace(day=1) - timedelta(days=1)
            return Period(last.replace(day=1), last)
        case "quarter":
            first = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
            return Period(first, _end_of_month(first.replace(month=first.month + 2)))
        case "year":
            return Period(today.replace(month=1, day=1), today.replace(month=12, day=31))
        case "last_year":
            return Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))
        case _:
            return Period(today.replace(day=1), _end_of_month(today))


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _tables(drawn: Picture, names: Mapping[int, str]) -> Mapping[str, Any]:
    def place(unit_id: int, office_id: int | None) -> str:
        office = names.get(office_id, "?") if office_id else gettext("not chosen yet")
        return f"{office} · {names.get(unit_id, '?')}" if len(drawn.by_unit) > 1 else office

    units = [Line(names.get(unit_id, "?"), row) for unit_id, row in drawn.by_unit.items()]
    offices = [Line(place(*key), row) for key, row in drawn.by_office.items()]
    fields = [
        Line(str(FIELDS.get(code or "", gettext("Field not known yet"))), row) for code, row in drawn.by_field.items()
    ]
    return {
        "by_unit": _worst_first(units) if len(units) > 1 else [],
        "by_office": _worst_first(offices),
        "by_field": _worst_first(fields),
    }


def _worst_first(rows: list[Line]) -> list[Line]:
    return sorted(rows, key=lambda line: (-line.row.count.late_in_all, -line.row.count.to_handle, line.name))


def _charts(drawn: Picture, period: Period) -> Mapping[str, Any]:
    """By when complaints were received; what was carried over stands before the first part."""
    monthly = (period.last - period.first).days >= MONTHLY_FROM
    names = [f"{day:%m/%y}" if monthly else f"{day:%d/%m}" for day in drawn.steps]
    rows = [drawn.by_step.get(step, Row()) for step in range(len(names))]
    counts = [row.count for row in rows]
    handled: Chart = stacked(
        names,
        (
            ("good", [count.done_on_time for count in counts]),
            ("wait", [count.nearly_due + count.not_due for count in counts]),
            ("late", [count.late_in_all for count in counts]),
        ),
    )
    taken = lines(
        names, (("usual", [row.answering.usual for row in rows]), ("slow", [row.answering.slow for row in rows]))
    )
    steps = [Line(name, row) for name, row in zip(names, rows, strict=True)]
    if before := drawn.by_step.get(-1):
        steps.insert(0, Line(gettext("Carried over"), before))
    return {"handled": handled, "taken": taken, "by_step": steps, "monthly": monthly}
