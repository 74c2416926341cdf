"""The list: what is overdue first, triage on top for those who assign, figures in one line."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk.entrance import READERS, door, near_until, own_scope
from handlers.guards import demands, gateway, official
from handlers.words import Term, term
from smsgw.domain.progress import Duty
from smsgw.store import complaints
from smsgw.store.complaints import PAGE, Wanted
from smsgw.store.tables import OPEN_STATES, Complaint

FILTERS: dict[str, tuple[str, ...]] = {
    "open": OPEN_STATES,
    "received": ("received",),
    "assigned": ("assigned",),
    "waiting": ("waiting",),
    "answered": ("answered",),
    "all": (),
}
FILTER_WORDS = {
    "open": _("Still open"),
    "received": _("Not yet assigned"),
    "assigned": _("Being handled"),
    "waiting": _("Waiting for the citizen"),
    "answered": _("Answered"),
    "all": _("All"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A complaint and how its term stands; no term once it is closed."""

    complaint: Complaint
    term: Term | None


@door.get("/")
@demands(*READERS)
def inbox() -> ResponseReturnValue:
    """The complaints of the official's scope."""
    wanted, chosen = _wanted()
    if sought := _whole_reference(wanted.reference):
        return redirect(url_for("desk.page", reference=sought))
    house = gateway()
    now = house.now()
    with house.database.read() as session:
        scope = own_scope(session)
        near = near_until(house.handbook(session), now)
        found = complaints.listed(session, scope, wanted)
        counts = complaints.counted(session, scope, now=now, near_until=near)
    rows = [Row(c, term(c.due_at, now, near) if c.state in OPEN_STATES else None) for c in found[:PAGE]]
    triage = [row for row in rows if row.complaint.office_id is None and row.term and Duty.FOCAL in official().duties]
    return render_template(
        "desk/inbox.html",
        triage=triage,
        rows=[row for row in rows if row not in triage],
        counts=counts,
        chosen=chosen,
        wanted=wanted,
        filters=FILTER_WORDS,
        more=len(found) > PAGE,
        reads_words=reads_words(),
    )


def reads_words() -> bool:
    """Auditors read what was done, not what citizens wrote."""
    return bool(official().duties - {Duty.AUDITOR})


def _wanted() -> tuple[Wanted, str]:
    chosen = request.args.get("state", "open")
    chosen = chosen if chosen in FILTERS else "open"
    digits = "".join(sign for sign in request.args.get("q", "") if sign.isascii() and sign.isdigit())[:7]
    page = request.args.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    return Wanted(() if digits else FILTERS[chosen], digits, number), chosen


def _whole_reference(typed: str) -> str:
    """A whole reference within the scope opens at once."""
    if not typed:
        return ""
    with gateway().database.read() as session:
        return typed if complaints.within(session, own_scope(session), typed) else ""
