"""The settings as this house was started with: to read, not to change, and without a secret."""

from collections.abc import Iterator

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.admin.entrance import door
from handlers.guards import demands, gateway
from smsgw.domain.phone import for_eyes
from smsgw.domain.progress import Duty
from smsgw.gateway import Gateway

OURS = "SMSGW_"  # what a provider is told may be secret whatever its name
SECRET_PARTS = ("KEY", "TOKEN", "PASSWORD", "SECRET")
OTHERS = ("PUBLIC_URL", "HOST", "PORT")


@door.get("/settings")
@demands(Duty.ADMIN)
def settings() -> ResponseReturnValue:
    """By what they mean, then by the name of the variable."""
    house = gateway()
    return render_template("admin/settings.html", meant=list(_meant(house)), named=_named(house))


def _meant(house: Gateway) -> Iterator[tuple[object, str]]:
    told = house.settings
    yield _("Name of the service"), told.name
    yield _("Number that people text"), told.public_number
    yield _("What a text costs"), told.price_note
    yield _("USSD code"), told.ussd_code
    yield _("Duty phone"), for_eyes(told.duty_phone)
    yield _("Address"), told.public_url
    yield _("Mode"), told.mode
    yield _("Sends by, in this order"), ", ".join(told.sms_out)
    yield _("Hears texts from"), ", ".join(told.sms_in)
    yield _("Hears USSD from"), ", ".join(told.ussd)
    yield _("Database"), house.database.engine.dialect.name
    quiet = house.limits.quiet
    yield _("Quiet hours"), f"{quiet.begins:%H:%M} – {quiet.ends:%H:%M}" if quiet else "–"


def _named(house: Gateway) -> list[tuple[str, str]]:
    """Variables that were set; of secrets only that they are."""
    env = house.settings.env
    providers = tuple(f"{name.upper()}_" for name in house.providers)
    found = sorted(name for name in env if name.startswith((OURS, *providers)) or name in OTHERS)
    return [(name, env[name] if _is_open(name) else "•••") for name in found]


def _is_open(name: str) -> bool:
    return (name.startswith(OURS) or name in OTHERS) and not any(part in name for part in SECRET_PARTS)
