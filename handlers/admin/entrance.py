"""The administrators' blueprint, its rooms, and what their forms say."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from flask import Blueprint, request
from flask_babel import lazy_gettext as _

from handlers.guards import gateway, official
from smsgw.domain.dayfile import YEARS
from smsgw.domain.workdays import VIETNAM
from smsgw.store import changes
from smsgw.store.database import Transaction

ROOMS = (
    ("admin.units", _("Units and offices")),
    ("admin.people", _("Officials")),
    ("admin.numbers", _("Numbers")),
    ("admin.duty", _("Watch and leave")),
    ("admin.fields", _("Fields and routing")),
    ("admin.terms", _("Terms")),
    ("admin.calendar", _("Calendar")),
    ("admin.templates", _("Ready-made")),
    ("admin.outbox", _("Texts")),
    ("admin.keepers", _("Sealed")),
    ("admin.understand", _("Reading")),
    ("admin.broken_off", _("USSD")),
    ("admin.providers", _("Providers")),
    ("admin.settings", _("Settings")),
    ("admin.log", _("Log")),
)
LONGEST = 300
WRONG = 422

door = Blueprint("admin", __name__, url_prefix="/admin")
door.app_context_processor(lambda: {"admin_rooms": ROOMS})


@contextmanager
def changing() -> Iterator[Transaction]:
    """A transaction whose every change is logged under the administrator's name."""
    house = gateway()
    with house.database.write() as session:
        changes.watch(session, official().id, house.now())
        yield session


def today() -> date:
    """The day by the house's clock."""
    return gateway().now().astimezone(VIETNAM).date()


def said(name: str, most: int = LONGEST) -> str:
    """A field of the form, in one line."""
    return " ".join(request.form.get(name, "")[:most].split())


def day_said(words: str) -> date | None:
    """A day as a browser writes it; None for anything else, and for a year that no calendar of ours reaches."""
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def time_said(words: str) -> time | None:
    """A time of day as a browser writes it."""
    try:
        return time.fromisoformat(words).replace(tzinfo=None, second=0, microsecond=0)
    except ValueError:
        return None


def moment_said(words: str) -> datetime | None:
    """A moment by the clock in Viet Nam as a browser writes it, to the minute; None for anything else."""
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        return None
    known = at if at.tzinfo else at.replace(tzinfo=VIETNAM)
    return known.replace(second=0, microsecond=0) if known.year in YEARS else None


def number_said(words: str, most: int) -> int | None:
    """A whole number from 0 to `most`; None for anything else."""
    known = int(words) if words.isascii() and words.isdigit() and len(words) < 6 else None
    return known if known is not None and known <= most else None
