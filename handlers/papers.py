"""The periodic report in every form that it is asked for: on the command line and from the desk."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from handlers.guards import gateway
from smsgw.domain.marks import N_
from smsgw.domain.workdays import VIETNAM
from smsgw.services.handbook import Handbook, Place
from smsgw.services.paper import Issuer, as_docx
from smsgw.services.reporting import Reported, as_data, as_text
from smsgw.services.tabling import report_as_csv, report_as_xlsx
from smsgw.text.catalogs import Translate

COMMITTEE = N_("People's Committee of %(unit)s")
OFFICE_XML = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Form:
    """What a browser is told of a file, and whether it is none to read on a screen."""

    type: str
    binary: bool = False


FORMS: Mapping[str, Form] = {
    "text": Form("text/plain; charset=utf-8"),
    "json": Form("application/json"),
    "csv": Form("text/csv; charset=utf-8"),
    "xlsx": Form(f"{OFFICE_XML}.spreadsheetml.sheet", binary=True),
    "docx": Form(f"{OFFICE_XML}.wordprocessingml.document", binary=True),
}


def written(told: Reported, form: str, language: str, handbook: Handbook, unit: Place | None) -> bytes:
    """The content of the file. `unit` is the ward or commune that reports; without one it is the province."""
    house = gateway()
    t = house.catalogs.of(language)
    match form:
        case "docx":
            today = house.now().astimezone(VIETNAM).date()
            return as_docx(told, issuer(handbook, unit, t), today, language, t)
        case "xlsx":
            return report_as_xlsx(told, t)
        case "csv":
            return report_as_csv(told, t).encode()
        case "json":
            return (json.dumps(as_data(told), ensure_ascii=False, indent=2) + "\n").encode()
        case _:
            return as_text(told, house.settings.name, t).encode()


def issuer(handbook: Handbook, unit: Place | None, t: Translate) -> Issuer:
    """The committee of the unit, below that of the province."""
    province = next((place for place in handbook.places.values() if place.kind == "province"), None)
    above, here = (province, unit) if unit else (None, province)
    name = here.name if here else "..."
    return Issuer(_committee(above, t), _committee(here, t), name, name.partition(" ")[2] or name)


def _committee(place: Place | None, t: Translate) -> str:
    return t(COMMITTEE) % {"unit": place.name[:1].lower() + place.name[1:]} if place else ""
