"""What everybody may see: how to text, what happens then, open figures, a leaflet and a text for loudspeakers."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, render_template
from flask_babel import get_locale
from flask_babel import gettext as _

from handlers.guards import gateway
from handlers.loopback import from_this_machine
from smsgw.data import tables
from smsgw.services.reporting import FIELD_NAMES
from smsgw.store.figures import OpenFigures, figures_if_any

FIGURES_GO_BACK = timedelta(days=365)
FIGURES_KEPT_S = 60.0
SHELF = "smsgw_open_figures"
SPOKEN = {
    "vi": ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"),
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}

door = Blueprint("public", __name__)


@dataclass(slots=True)
class Kept:
    """Figures already reckoned, and until when (monotonic seconds) they will do."""

    figures: OpenFigures | None
    until: float


@door.get("/")
def home() -> str:
    """What the service is, in one page."""
    return _page("home", figures=_figures(), phone=_phone_is_open())


@door.get("/leaflet")
def leaflet() -> str:
    """One A5 page to print."""
    return _page("leaflet")


@door.get("/loudspeaker")
def loudspeaker() -> str:
    """A minute's text for the commune's loudspeakers."""
    return _page("loudspeaker", digits=digits(gateway().settings.public_number, str(get_locale())))


def _page(name: str, **more: Any) -> str:
    settings = gateway().settings
    return render_template(
        f"public/{name}.html",
        name=settings.name,
        number=settings.public_number,
        price_note=settings.price_note,
        demo=settings.demo,
        ussd=ussd_shown(settings.ussd, settings.ussd_code, demo=settings.demo),
        emergency=_emergency(),
        fields={code.value: _(label) for code, label in FIELD_NAMES.items()},
        **more,
    )


def ussd_shown(providers: tuple[str, ...], code: str, *, demo: bool) -> str:
    """The code to dial where a network carries it, marked in a demo; empty where dialling it reaches nobody."""
    if any(provider != "simulator" for provider in providers):
        return code
    return f"{code} (demo)" if demo and providers else ""


def digits(number: str, language: str) -> str:
    """A telephone number as it is read aloud."""
    words = SPOKEN.get(language, SPOKEN["en"])
    return " ".join(words[int(sign)] for sign in number if sign.isascii() and sign.isdigit())


def _emergency() -> Mapping[str, str]:
    """Number by what it is for, in words."""
    numbers = tables.whole("emergency.toml")
    meanings = {
        "police": _("Police"),
        "fire": _("Fire"),
        "ambulance": _("Ambulance"),
        "rescue": _("Search and rescue"),
        "children": _("Children in danger"),
    }
    return {numbers[key]: meaning for key, meaning in meanings.items() if key in numbers}


def _figures() -> OpenFigures | None:
    """Reckoned at most once a minute, whoever asks; None while the database is away."""
    kept: Kept | None = current_app.extensions.get(SHELF)
    if kept is None or kept.until < time.monotonic():
        house = gateway()
        now = house.now()
        kept = Kept(figures_if_any(house.database, now - FIGURES_GO_BACK, now), time.monotonic() + FIGURES_KEPT_S)
        current_app.extensions[SHELF] = kept
    return kept.figures


def _phone_is_open() -> bool:
    settings = gateway().settings
    return settings.demo and "simulator" in settings.sms_in and from_this_machine()
