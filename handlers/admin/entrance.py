"""The administrators' blueprint, its rooms, and what their forms say."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from flask import Blueprint, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from handlers.guards import gateway, official
from handlers.typed import whole_number
from smsgw.domain.dayfile import YEARS
from smsgw.domain.workdays import VIETNAM
from smsgw.store import changes
from smsgw.store.database import Transaction

Room = tuple[str, LazyString, LazyString]

HALLS: tuple[tuple[LazyString, tuple[Room, ...]], ...] = (
    (
        _("People and offices"),
        (
            ("admin.units", _("Units and offices"), _("Add, rename, merge or divide.")),
            ("admin.people", _("Officials"), _("Accounts, roles and new passwords.")),
            ("admin.numbers", _("Numbers"), _("Officials' phones: verify and change.")),
            ("admin.duty", _("Watch and leave"), _("Who is texted at night, and who stands in.")),
            ("admin.keepers", _("Sealed"), _("Who may read denunciations.")),
        ),
    ),
    (
        _("Rules and words"),
        (
            ("admin.fields", _("Fields and routing"), _("Which office answers for what.")),
            ("admin.terms", _("Terms"), _("How long an answer may take.")),
            ("admin.calendar", _("Calendar"), _("Days off, days worked instead.")),
            ("admin.templates", _("Ready-made"), _("Texts that officials may begin with.")),
        ),
    ),
    (
        _("How the service runs"),
        (
            ("admin.outbox", _("Texts"), _("What waits, is in doubt or failed.")),
            ("admin.providers", _("Providers"), _("Which ways texts go, and how they do.")),
            ("admin.understand", _("Reading"), _("Paste a text and see how it is read.")),
            ("admin.broken_off", _("USSD"), _("Where sessions break off.")),
            ("admin.settings", _("Settings"), _("How the service was started.")),
            ("admin.log", _("Log"), _("Who changed what, and when.")),
        ),
    ),
)
NEXT_TO = {"admin.what_if": "admin.calendar", "admin.orders": "admin.numbers", "admin.confusion": "admin.understand"}
LONGEST = 300
WRONG = 422

door = Blueprint("admin", __name__, url_prefix="/admin")
door.context_processor(lambda: {"halls": HALLS, "hall": _hall()})


def _hall() -> tuple[Room, ...]:
    """The rooms beside the one shown, so that a neighbour is one click away; none at the entrance."""
    here = NEXT_TO.get(request.endpoint or "", request.endpoint)
    return next((rooms for _title, rooms in HALLS for room in rooms if here == room[0] or _is_within(room[0])), ())


def _is_within(endpoint: str) -> bool:
    return request.path.startswith(f"{url_for(endpoint)}/")


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
    known = whole_number(words)
    return known if known is not None and known <= most else None
