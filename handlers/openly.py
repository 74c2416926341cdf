"""What everybody may see of the work: open figures and published cases, as pages and as data."""

import time
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from handlers.charts import stacked
from handlers.guards import gateway
from handlers.language import gettext
from handlers.typed import whole_number
from handlers.words import FIELDS
from smsgw.domain.categories import CategoryCode
from smsgw.domain.openly import ANY, FEWEST, Key, line, together
from smsgw.domain.workdays import VIETNAM
from smsgw.services.opening import Opened, opened, opened_as_csv
from smsgw.services.reporting import FIELD_NAMES
from smsgw.store import publications
from smsgw.store.database import StoreError
from smsgw.store.tables import Publication
from smsgw.text.sheets import Value

KEPT_S = 600.0
SHELF = "smsgw_opened"
LAST_PAGE = 500

door = Blueprint("open", __name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """Figures already reckoned, and until when (monotonic seconds) they will do."""

    opened: Opened
    until: float


@door.get("/figures")
def figures() -> ResponseReturnValue:
    """By month, field and unit."""
    found = _opened()
    unit = request.args.get("unit", "")
    unit = unit if unit in found.units else ""
    lines = {key: cases for key, cases in found.lines.items() if not unit or key.unit == unit}
    by_month = together(lines, lambda key: key.month)
    months = [by_month.get(month) for month in found.months]
    handled = stacked(
        [f"{month:%m/%y}" for month in found.months],
        (
            ("good", [told.on_time if told else 0 for told in months]),
            ("wait", [told.received - told.on_time - told.late if told else 0 for told in months]),
            ("late", [told.late if told else 0 for told in months]),
        ),
    )
    return _page(
        "figures",
        total=line([case for cases in lines.values() for case in cases]),
        unit=unit,
        units=sorted(found.units.items(), key=lambda pair: pair[1]),
        by_month=[(f"{month:%m/%Y}", by_month[month]) for month in found.months if month in by_month],
        other_months=by_month.get(None),
        by_field=sorted(
            ((_field(code), told) for code, told in together(lines, lambda key: key.field).items()),
            key=lambda pair: -pair[1].received,
        ),
        by_unit=[]
        if unit
        else sorted(
            ((found.units.get(code, ""), told) for code, told in together(lines, lambda key: key.unit).items()),
            key=lambda pair: -pair[1].received,
        ),
        handled=handled,
        fewest=FEWEST,
    )


@door.get("/figures.csv")
def figures_csv() -> Response:
    """The same, line by line."""
    found = _opened()
    rows = [_row(key, found) for key in sorted(found.lines, key=lambda key: (str(key.month), key.unit, key.field))]
    content = opened_as_csv(rows)
    return Response(content, content_type="text/csv; charset=utf-8")


@door.get("/published")
def published() -> ResponseReturnValue:
    """Cases that two officials agreed to show, newest first."""
    page = _number(request.args.get("page", "1"))
    with gateway().database.read() as session:
        found = publications.published(session, page)
    cases, more = found[: publications.PAGE], len(found) > publications.PAGE
    return _page("published", cases=cases, more=more, page=page)


@door.get("/published/<int:number>")
def case(number: int) -> ResponseReturnValue:
    """One of them; 404 once it was taken back."""
    return _page("case", case=_shown(number))


@door.get("/open311/v2/services.json")
def services() -> Response:
    """Open311 GeoReport v2: the fields as services."""
    told = {code.value: gettext(name) for code, name in FIELD_NAMES.items()}
    return jsonify([_service(code, name) for code, name in told.items()])


@door.get("/open311/v2/requests.json")
def requests() -> Response:
    """Open311 GeoReport v2, read-only: published cases."""
    with gateway().database.read() as session:
        found = publications.published(session, _number(request.args.get("page", "1")))
    return jsonify([_request(one) for one in found[: publications.PAGE]])


@door.get("/open311/v2/requests/<int:number>.json")
def one_request(number: int) -> Response:
    """Open311 GeoReport v2: one published case."""
    return jsonify([_request(_shown(number))])


def _shown(number: int) -> Publication:
    with gateway().database.read() as session:
        found = publications.shown(session, number)
    if found is None:
        abort(404)
    return found


def _number(page: str) -> int:
    return min(whole_number(page) or 1, LAST_PAGE)


def _page(name: str, **more: Any) -> str:
    settings = gateway().settings
    told = {"name": settings.name, "number": settings.public_number, "price_note": settings.price_note}
    return render_template(f"public/{name}.html", **told, **more)


def _opened() -> Opened:
    """Reckoned at most every ten minutes, whoever asks; 503 while the database is away."""
    kept: Kept | None = current_app.extensions.get(SHELF)
    if kept is None or kept.until < time.monotonic():
        house = gateway()
        try:
            with house.database.read() as session:
                found = opened(session, house.now(), house.handbook(session).calendar)
        except StoreError:
            abort(503)
        kept = current_app.extensions[SHELF] = Kept(found, time.monotonic() + KEPT_S)
    return kept.opened


def _field(code: str) -> str:
    if code == ANY:
        return gettext("Several fields together")
    return str(FIELDS.get(code, gettext("Field not known yet")))


def _row(key: Key, found: Opened) -> list[Value]:
    told = line(found.lines[key])
    unit = found.units.get(key.unit, "")
    return [
        f"{key.month:%Y-%m}" if key.month else ANY,
        key.unit,
        unit,
        key.field,
        _field(key.field),
        told.received,
        told.answered,
        told.on_time,
        told.early,
        told.late,
        told.reopened,
        told.rated,
        told.satisfied,
        None if told.usual is None else round(told.usual, 1),
        None if told.slow is None else round(told.slow, 1),
    ]


def _service(code: str, name: str) -> dict[str, Any]:
    return {
        "service_code": code,
        "service_name": name,
        "description": name,
        "metadata": False,
        "type": "batch",
        "keywords": "",
        "group": "",
    }


def _request(one: Publication) -> dict[str, Any]:
    """Neither the moment it came nor the place within the unit is told: either may tell who wrote."""
    complaint, at = one.complaint, one.decided_at
    code = complaint.category or CategoryCode.KH.value
    return {
        "service_request_id": str(one.id),
        "status": "closed",
        "status_notes": one.answer,
        "service_name": gettext(FIELD_NAMES[CategoryCode(code)]),
        "service_code": code,
        "description": one.text,
        "agency_responsible": complaint.unit.name,
        "requested_datetime": None,
        "updated_datetime": at.astimezone(VIETNAM).isoformat(timespec="seconds") if at else None,
        "expected_datetime": None,
        "address": complaint.unit.name,
        "address_id": complaint.unit.code,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }
