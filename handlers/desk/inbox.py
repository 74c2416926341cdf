"""The list: citizens to phone on top, then triage for those who assign, what is overdue first; figures in one line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk import first_day
from handlers.desk.clock import term_now
from handlers.desk.entrance import READERS, door, near_until, own_scope
from handlers.guards import demands, gateway, official
from handlers.words import Term
from smsgw.domain.progress import Duty
from smsgw.store import calls, clusters, complaints
from smsgw.store import sealed as sealed_store
from smsgw.store.complaints import PAGE, Wanted
from smsgw.store.tables import OPEN_STATES, Call, Complaint

CLUSTERS_SHOWN = timedelta(days=3)
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
    """A complaint, how its term stands, and the call that it waits for; no term once it is closed."""

    complaint: Complaint
    term: Term | None
    call: Call | None = None


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
        sealed = sealed_store.counted(session, scope.units | sealed_store.units_kept_by(session, official().id))
        many = (
            clusters.listed(session, scope, now - CLUSTERS_SHOWN) if wanted.page == 1 and not wanted.reference else []
        )
        waiting = [] if wanted.reference or wanted.page > 1 else calls.listed(session, scope, PAGE)

    def row(complaint: Complaint, call: Call | None = None) -> Row:
        return Row(complaint, term_now(complaint, now, near), call)

    to_phone = [row(call.complaint, call) for call in waiting]
    on_top = {call.complaint_id for call in waiting}
    rows = [row(complaint) for complaint in found[:PAGE] if complaint.id not in on_top]
    triage = [row for row in rows if row.complaint.office_id is None and row.term and Duty.FOCAL in official().duties]
    return render_template(
        "desk/inbox.html",
        to_phone=to_phone,
        triage=triage,
        rows=[row for row in rows if row not in triage],
        counts=counts,
        chosen=chosen,
        wanted=wanted,
        filters=FILTER_WORDS,
        more=len(found) > PAGE,
        reads_words=reads_words(),
        sealed=sealed,
        many=many,
        guide=first_day.guide(_one_to_try(rows)) if not wanted.reference else (),
    )


def reads_words() -> bool:
    """Auditors read what was done, not what citizens wrote."""
    return bool(official().duties - {Duty.AUDITOR})


def _one_to_try(rows: Sequence[Row]) -> str:
    """The topmost complaint that is still open."""
    return next((row.complaint.reference or "" for row in rows if row.term), "")


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
