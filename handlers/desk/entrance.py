"""The desk's blueprint, and how its pages find a complaint: within the official's scope or not at all."""

from datetime import datetime

from flask import Blueprint, abort, request

from handlers.guards import official
from handlers.typed import whole_number
from smsgw.domain.progress import Duty
from smsgw.services import hats
from smsgw.services.answering import Writer
from smsgw.services.handbook import Handbook
from smsgw.store import complaints
from smsgw.store.database import Transaction
from smsgw.store.officials import Scope
from smsgw.store.tables import OPEN_STATES, Complaint

NEAR_HOURS = 8  # working hours in which a due date counts as near, as in the periodic report

door = Blueprint("desk", __name__, url_prefix="/desk")

# What may be done to a complaint that is handled together with another: the rest is done to that one.
WITH_ANOTHER = ("desk.separate", "desk.call", "desk.take_up", "desk.look", "desk.keep_note")

READERS = (Duty.FOCAL, Duty.OFFICER, Duty.HEAD, Duty.LEADER, Duty.SUPERVISOR, Duty.AUDITOR)
WRITERS = (Duty.FOCAL, Duty.OFFICER, Duty.HEAD)


def own_scope(session: Transaction) -> Scope:
    """What the signed-in official sees: their own cases, and those of whoever they stand in for."""
    return hats.scope(session, official().hats)


def found(session: Transaction, reference: str, *, to_change: bool = False) -> Complaint:
    """The complaint; 404 when it is out of scope exactly as when there is none."""
    complaint = complaints.within(session, own_scope(session), reference, to_change=to_change)
    if complaint is None:
        abort(404)
    if to_change and complaint.main and complaint.main.state in OPEN_STATES and request.endpoint not in WITH_ANOTHER:
        abort(409)
    return complaint


def writer(complaint: Complaint) -> Writer:
    """The signed-in official as services know them: with the duties that they have over this complaint."""
    who = official()
    return Writer(who.id, who.duties_over(complaint))


def reads_words() -> bool:
    """Auditors read what was done, not what citizens wrote."""
    return bool(official().duties - {Duty.AUDITOR})


def number_given(name: str) -> int | None:
    """The whole number of a form's field; None where there is none."""
    return whole_number(request.form.get(name, ""))


def near_until(handbook: Handbook, now: datetime) -> datetime:
    """Up to when a due date is near."""
    return handbook.calendar.after_hours(now, NEAR_HOURS)
