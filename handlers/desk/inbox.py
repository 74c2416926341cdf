"""The list: citizens to phone on top, then the day's work in its order; figures in one line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.desk import filters, first_day
from handlers.desk.clock import term_now
from handlers.desk.entrance import READERS, door, near_until, own_scope, reads_words
from handlers.desk.page import next_call, next_step
from handlers.guards import demands, gateway, official
from handlers.words import Term, term
from smsgw.domain.workdays import VIETNAM
from smsgw.store import calls, clusters, complaints, contributions, held, listing, officials, saved, verdicts
from smsgw.store import sealed as sealed_store
from smsgw.store.database import Transaction
from smsgw.store.listing import FARTHEST, PAGE, Listed, Today, Turn, Wanted
from smsgw.store.officials import Scope
from smsgw.store.tables import Call, Complaint

CLUSTERS_SHOWN = timedelta(days=3)
TURNS = {
    Turn.EMERGENCY: _("Emergencies"),
    Turn.LATE: _("Overdue"),
    Turn.TODAY: _("Due today"),
    Turn.NEW: _("To assign"),
    Turn.IN_HAND: _("Being handled"),
    Turn.WAITS: _("Waiting for the citizen"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A complaint, how its term stands, what is to be done next, and the call that it waits for; no term once it is closed."""

    complaint: Complaint
    term: Term | None
    next_act: str
    call: Call | None = None


@door.get("/")
@demands(*READERS)
def inbox() -> ResponseReturnValue:
    """The complaints of the official's scope."""
    wanted, chosen = filters.wanted()
    if sought := _whole_reference(wanted.reference):
        return redirect(url_for("desk.page", reference=sought))
    now = gateway().now()
    first = wanted.page == 1 and {key for key, _value in filters.here()} <= {"state"}
    with gateway().database.read() as session:
        scope = own_scope(session)
        near = near_until(gateway().handbook(session), now)
        shown = _work(session, scope, wanted, now=now, near=near, first=first)
        shown |= _around(session, scope, now=now, near=near, first=first)
    return render_template(
        "desk/inbox.html",
        **shown,
        turns=TURNS,
        chosen=chosen,
        wanted=wanted,
        filters=filters,
        reads_words=reads_words(),
        guide=() if wanted.reference else first_day.guide(_one_to_try(shown["sections"])),
    )


def _work(
    session: Transaction, scope: Scope, wanted: Wanted, *, now: datetime, near: datetime, first: bool
) -> dict[str, Any]:
    """What there is to do: on the first page the citizens to phone and the parts that others ask for, then the page's rows."""
    stops_clock = gateway().coaching.stops_clock

    def row(complaint: Complaint, call: Call | None = None) -> Row:
        step = next_call(complaint, call) if call else next_step(complaint, stops_clock=stops_clock)
        return Row(complaint, term_now(complaint, now, near), step, call)

    found = listing.listed(session, scope, wanted, today_of(now))
    to_phone = [row(call.complaint, call) for call in (calls.listed(session, scope, PAGE) if first else ())]
    asked = contributions.owed_by(session, scope.offices, PAGE) if first else ()
    on_top = {one.complaint.id for one in to_phone}
    rows = [one for one in found[:PAGE] if one.complaint.id not in on_top]
    return {
        "to_phone": to_phone,
        "asked": [(one, term(one.due_at, now, near)) for one in asked],
        "sections": [(turn, [row(one.complaint) for one in ones]) for turn, ones in _by_turn(rows, wanted.of_work)],
        "more": len(found) > PAGE and wanted.page < FARTHEST,
    }


def _around(session: Transaction, scope: Scope, *, now: datetime, near: datetime, first: bool) -> dict[str, Any]:
    """What stands around the list: figures, what waits on other pages, and what a list may be narrowed to."""
    me = official().id
    return {
        "counts": listing.counted(session, scope, now=now, near_until=near, since=year_of(now)),
        "sealed": sealed_store.counted(session, scope.units | sealed_store.units_kept_by(session, me)),
        "many": clusters.listed(session, scope, now - CLUSTERS_SHOWN) if first else [],
        "offices": officials.offices_seen(session, scope, now.astimezone(VIETNAM).date()),
        "kept": saved.of(session, me),
        "judged": verdicts.waiting_for_officials(session, scope),
        "second_looks": {
            "waiting": held.counted(session, scope),
            "back": len(held.came_back(session, scope, me)),
        },
    }


def today_of(now: datetime) -> Today:
    """Now, and when Viet Nam's day ends."""
    day = now.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    return Today(now, day + timedelta(days=1))


def year_of(now: datetime) -> datetime:
    """When the year began."""
    return now.astimezone(VIETNAM).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)


def _by_turn(rows: Sequence[Listed], of_work: bool) -> list[tuple[Turn, list[Listed]]]:
    """The rows under the headings of the day's work; without headings where they are told newest first."""
    if not of_work:
        return [(Turn.OVER, list(rows))] if rows else []
    return [(turn, list(ones)) for turn, ones in groupby(rows, key=lambda row: row.turn)]


def _one_to_try(sections: Iterable[tuple[Turn, list[Row]]]) -> str:
    """The topmost complaint that is still open."""
    return next((row.complaint.reference or "" for _turn, rows in sections for row in rows if row.term), "")


def _whole_reference(typed: str) -> str:
    """A whole reference within the scope opens at once."""
    if not typed:
        return ""
    with gateway().database.read() as session:
        return typed if complaints.within(session, own_scope(session), typed) else ""
