"""What the list is narrowed to: read from its address, and kept under a name that an official gives it."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk.entrance import READERS, door, number_given
from handlers.guards import demands, gateway, official
from handlers.typed import whole_number
from handlers.words import FIELDS
from smsgw.store import saved, searching
from smsgw.store.listing import FARTHEST, MARKS, NONE, Wanted
from smsgw.store.tables import OPEN_STATES

STATES: Mapping[str, tuple[str, ...]] = {
    "open": OPEN_STATES,
    "received": ("received",),
    "assigned": ("assigned",),
    "waiting": ("waiting",),
    "answered": ("answered",),
    "all": (),
}
STATE_WORDS = {
    "open": _("Still open"),
    "received": _("Not yet assigned"),
    "assigned": _("Being handled"),
    "waiting": _("Waiting for the citizen"),
    "answered": _("Answered"),
    "all": _("All"),
}
TERM_WORDS = {"late": _("Overdue"), "today": _("Due today or overdue")}
MARK_WORDS = {
    "emergency": _("Emergency"),
    "urgent": _("Urgent"),
    "incomplete": _("Incomplete"),
    "unverified": _("Unverified"),
    "together": _("Handled together with others"),
    "private": _("Private"),
    "for_another": _("For somebody else"),
}
LONGEST_SOUGHT, LONGEST_NAME, MOST_SAVED = 100, 40, 20
KEYS = ("state", "q", "field", "office", "term", "mark")
Pairs = list[tuple[str, str]]

SAVED = _("The list is kept under this name.")
FORGOTTEN = _("The name is gone; the complaints stay where they are.")
NOT_SAVED = _("Not kept: give it a name, choose at least one filter, and keep at most %(most)s.", most=MOST_SAVED)


def wanted() -> tuple[Wanted, str]:
    """What the address asks for, and the name of the states. What it does not understand it leaves out. Who seeks without
    saying where seeks in all."""
    told = request.args
    sought = told.get("q", "").strip()[:LONGEST_SOUGHT]
    digits = _digits(sought)
    chosen = told.get("state", "")
    chosen = chosen if chosen in STATES else "all" if sought else "open"
    return Wanted(
        states=() if digits else STATES[chosen],
        reference=digits,
        page=min(whole_number(told.get("page", "")) or 1, FARTHEST),
        words=() if digits else searching.words_of(sought),
        field=told.get("field", "") if told.get("field", "") in {*FIELDS, NONE} else "",
        office=told.get("office", "") if told.get("office") == NONE or whole_number(told.get("office", "")) else "",
        term=told.get("term", "") if told.get("term", "") in TERM_WORDS else "",
        marks=frozenset(told.getlist("mark")) & frozenset(MARKS),
    ), chosen


def _digits(sought: str) -> str:
    """Those of a reference, which may stand behind `#` or `AK`; empty where words are sought."""
    bare = sought.upper().removeprefix("AK").lstrip("# ")
    return bare[:7] if bare.isascii() and bare.isdigit() else ""


def pairs(told: Pairs) -> Pairs:
    """Of an address only what narrows the list: known keys with something behind them."""
    return [(key, value) for key, value in told if key in KEYS and value]


def here() -> Pairs:
    """The filters of the page at hand."""
    return pairs(list(request.args.items(multi=True)))


def with_state(state: str) -> str:
    """The list with the same filters and other states."""
    kept = [(key, value) for key, value in here() if key != "state"]
    return _list(urlencode([*kept, ("state", state)]))


def on_page(number: int) -> str:
    """Another page of the list at hand."""
    return _list(urlencode([*here(), ("page", str(number))]))


@door.post("/filters/save")
@demands(*READERS)
def save_filter() -> ResponseReturnValue:
    """Keeps the list under a name, in place of what had it before."""
    query = urlencode(pairs(parse_qsl(request.form.get("query", "")[:1000])))
    name = " ".join(request.form.get("name", "").split())[:LONGEST_NAME]
    with gateway().database.write() as session:
        kept = bool(query and name) and saved.keep(session, official().id, name, query, MOST_SAVED)
    flash(str(SAVED if kept else NOT_SAVED))
    return redirect(_list(query))


@door.post("/filters/forget")
@demands(*READERS)
def forget_filter() -> ResponseReturnValue:
    """Deletes one of the official's own names."""
    with gateway().database.write() as session:
        saved.forget(session, official().id, number_given("filter") or 0)
    flash(str(FORGOTTEN))
    return redirect(url_for("desk.inbox"))


def _list(query: str) -> str:
    return url_for("desk.inbox") + (f"?{query}" if query else "")
