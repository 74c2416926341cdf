"""A complaint's page: the next step in one sentence, the whole conversation, and the forms of what may be done."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from handlers.desk import first_day
from handlers.desk.clock import Clock, clock_of, term_now
from handlers.desk.composing import composed, next_look
from handlers.desk.entrance import READERS, WRITERS, door, found, near_until, own_scope, reads_words, writer
from handlers.desk.gaps import standing
from handlers.desk.outcome import SAID, next_after_answer, next_answer, why_look
from handlers.desk.questions import ready
from handlers.desk.turns import turns
from handlers.guards import demands, gateway, official
from handlers.language import gettext
from handlers.sums import STEPS
from handlers.words import FIELDS, day, moment
from smsgw.domain.calls import Unheard
from smsgw.domain.deadlines import Step
from smsgw.domain.progress import Act, Duty, is_done, may
from smsgw.domain.routing import WhyTriage
from smsgw.domain.verdicts import Verdict
from smsgw.domain.workdays import VIETNAM
from smsgw.gateway import Gateway
from smsgw.services import acknowledging, merging, passing, undoing
from smsgw.services.handbook import Handbook
from smsgw.store import absences, alarms, calls, complaints, contributions, directory, merged, officials
from smsgw.store.complaints import Conversation
from smsgw.store.database import Transaction
from smsgw.store.officials import Scope
from smsgw.store.tables import OPEN_STATES, Call, Complaint, Leave, Outgoing
from smsgw.text.speech import GROUNDS

INNER = ("noted", "part_asked", "part_given")
NOT_ARRIVED = ("undelivered", "failed")


@door.get("/<reference>")
@demands(*READERS)
def page(reference: str) -> ResponseReturnValue:
    """The page as it stands. That somebody of the desk where it lies has opened it is kept, once."""
    with gateway().database.read() as session:
        complaint = found(session, reference)
        duties = official().duties_over(complaint)
        if not acknowledging.is_news(session, complaint, duties):
            return _shown(session, complaint)
    with gateway().database.write() as session:
        complaint = found(session, reference)
        if acknowledging.is_news(session, complaint, duties):
            acknowledging.opened(session, complaint, official().id, duties, gateway().now())
    with gateway().database.read() as session:
        return _shown(session, found(session, reference))


def _shown(session: Transaction, complaint: Complaint) -> str:
    first_day.looks_at(complaint)
    return render_template("desk/complaint.html", **about(session, complaint))


def about(session: Transaction, complaint: Complaint, **more: Any) -> Mapping[str, Any]:
    """Everything the page shows; `more` adds what a refused act says or what was typed."""
    house = gateway()
    now = house.now()
    handbook = house.handbook(session)
    talk = complaints.conversation(session, complaint)
    call = calls.open_call(session, complaint.id)
    clock = clock_of(session, handbook, complaint, now)
    return {
        "complaint": complaint,
        "term": term_now(complaint, now, near_until(handbook, now)),
        "next_step": next_call(complaint, call)
        if call
        else next_decision(clock)
        or next_look(session, complaint)
        or next_step(complaint, stops_clock=house.coaching.stops_clock),
        "yours": yours(complaint, call, clock),
        "call": call,
        "clock": clock,
        "step_words": STEPS,
        "letter": newest_letter(call, talk) if call else None,
        "said": SAID.get(Verdict(complaint.verdict)) if complaint.verdict else None,
        "grounds": GROUNDS,
        "why_look": why_look(talk.history),
        "done": is_done(complaint.stands, Unheard(call.unheard) if call else None),
        "turns": turns(complaint, readable(talk, own_units(handbook, own_scope(session)))),
        "to_phone": to_phone(complaint, talk, call),
        "seen": talk.seen,
        "undo_until": undoing.may_call_back(session, complaint, official().id, now),
        "reads_words": reads_words(),
        "rings": Duty.AUDITOR not in official().duties and alarms.still_rings(session, complaint),
        "away": away(session, complaint, now),
        "hops": passing.hops(session, complaint),
        "standing": standing(complaint, now),
        "questions": ready(session, house, complaint) if complaint.state in OPEN_STATES else (),
        "stops_clock": house.coaching.stops_clock,
        **choices(session, house, complaint, call),
        **composed(session, house, complaint),
        **others(session, complaint),
        **more,
    }


def away(session: Transaction, complaint: Complaint, now: datetime) -> list[Leave]:
    """Who of the desk where it lies is on leave today, and who stands in."""
    home = complaint.office_id or complaint.unit_id
    leaves = absences.on(session, now.astimezone(VIETNAM).date()) if complaint.state in OPEN_STATES else ()
    return [one for one in leaves if one.official.unit_id == home]


def own_units(handbook: Handbook, scope: Scope) -> frozenset[int]:
    """The units whose people the official belongs to."""
    homes = (handbook.places[office].parent_id for office in scope.offices if office in handbook.places)
    return scope.units.union(home for home in homes if home is not None)


def readable(talk: Conversation, units: frozenset[int]) -> Conversation:
    """Without what another unit's people wrote for themselves, before they passed the complaint on."""
    history = [line for line in talk.history if line.kind not in INNER or line.details.get("unit") in units]
    return replace(talk, history=history)


def others(session: Transaction, complaint: Complaint) -> Mapping[str, Any]:
    """What is handled with this complaint, as far as it is the official's to read, how many hear the answer with its citizen,
    what it is handled with, and what may be the same matter."""
    may_merge, scope = bool(official().duties_over(complaint).intersection(WRITERS)), own_scope(session)
    parts = merged.parts(session, complaint.id)
    return {
        "main": complaint.main,
        "parts": [part for part in parts if scope.holds(part)],
        "answered_too": len([part for part in parts if part.state in OPEN_STATES]),
        "alike": merging.alike(session, scope, complaint) if may_merge else [],
        "may_merge": may_merge,
        "shares": contributions.of(session, complaint.id),
        "may_note": may_merge or Duty.LEADER in official().duties,
    }


def to_phone(complaint: Complaint, talk: Conversation, call: Call | None) -> bool:
    """Whether this official may have to phone the citizen, and so sees the number: in an emergency, or where one of our
    texts did not arrive or an office's perhaps not."""
    duties = official().duties_over(complaint)
    if complaint.emergency:
        return Duty.AUDITOR not in duties
    lost = any(row.recipient == complaint.citizen.phone and row.state in NOT_ARRIVED for row in talk.told)
    return (lost or call is not None) and bool(duties.intersection(WRITERS))


def newest_letter(call: Call, talk: Conversation) -> Outgoing | None:
    """The text to read out: the one that did not arrive, or what the office has sent in its place since; none where the
    citizen asked to be phoned."""
    lost = call.letter
    if lost is None:
        return None
    return max((row for row in talk.told if row.kind == lost.kind), key=lambda row: row.id, default=lost)


def choices(session: Transaction, house: Gateway, complaint: Complaint, call: Call | None) -> Mapping[str, Any]:
    """Which acts are open to this official, and where a complaint may go."""
    who, has_office = writer(complaint), complaint.office_id is not None
    unheard = Unheard(call.unheard) if call else None
    if complaint.merged_into_id and complaint.state in OPEN_STATES:
        return {"acts": {Act.CALL.value} if call else set(), "offices": [], "units": [], "fields": {}}
    acts = {act.value for act in Act if may(act, complaint.stands, who.duties, has_office=has_office, unheard=unheard)}
    bounced = complaint.triage_reason == WhyTriage.BOUNCED
    if bounced:  # one form for both: of what bounces the leader decides
        acts = acts - {Act.ASSIGN.value} | ({Act.ASSIGN.value} if Act.SETTLE.value in acts else set())
    if not house.settings.demo:
        acts.discard(Act.BRING_NEAR.value)
    today = house.now().astimezone(VIETNAM).date()
    off = directory.fields_off(session) - {complaint.category}
    return {
        "acts": acts,
        "offices": [o for o in officials.offices_of(session, complaint.unit_id, today) if o.id != complaint.office_id],
        "units": [u for u in officials.communes(session, today) if u.id != complaint.unit_id],
        "fields": {code: word for code, word in FIELDS.items() if code not in off},
    }


def next_call(complaint: Complaint, call: Call) -> str:
    """The same while the citizen must be phoned: that goes before everything else."""
    who = (complaint.office or complaint.unit).name
    match call.unheard, call.letter is not None and call.letter.state == "unknown":
        case Unheard.WISH, _:
            return gettext("%(who)s phones the citizen, who asked for it.", who=who)
        case Unheard.ANSWER, False:
            return gettext("%(who)s phones the citizen and reads out the answer: the text did not arrive.", who=who)
        case Unheard.ANSWER, True:
            return gettext(
                "%(who)s phones the citizen and reads out the answer: the text perhaps did not arrive.", who=who
            )
        case _, False:
            return gettext("%(who)s phones the citizen and asks the question: the text did not arrive.", who=who)
        case _:
            return gettext(
                "%(who)s phones the citizen and asks the question: the text perhaps did not arrive.", who=who
            )


def yours(complaint: Complaint, call: Call | None, clock: Clock) -> bool:
    """Whether it is this official's turn, by role and place: who only may do it in another's stead is not meant."""
    who, duties = official(), official().duties
    if complaint.main and complaint.state in OPEN_STATES:
        return False
    of_the_office = bool(duties & {Duty.OFFICER, Duty.HEAD}) and complaint.office_id == who.unit_id
    of_the_unit = Duty.FOCAL in duties and complaint.office_id is None and complaint.unit_id == who.unit_id
    if call is not None:
        return of_the_office or of_the_unit
    if clock.wished is not None:
        return bool(duties & {Duty.HEAD, Duty.LEADER}) and clock.wished.asked_by != who.id
    if complaint.triage_reason == WhyTriage.BOUNCED and complaint.state == "received":
        return Duty.LEADER in duties and complaint.unit_id == who.unit_id
    return complaint.state in ("received", "assigned") and (of_the_office or of_the_unit)


def next_decision(clock: Clock) -> str:
    """The same while more time is asked for; empty when it is not."""
    if clock.wished is None:
        return ""
    until = day(clock.wished.until)
    return gettext("The head of the office or the leader decides on more time, until %(until)s.", until=until)


def next_step(complaint: Complaint, *, stops_clock: bool = False) -> str:
    """Who must do what by when, in one sentence."""
    if complaint.main and complaint.state in OPEN_STATES:
        return gettext(
            "It is handled together with complaint %(reference)s; its citizen gets that answer.",
            reference=complaint.main.reference,
        )
    unit = complaint.unit.name
    office = complaint.office.name if complaint.office else ""
    due = moment(complaint.due_at)
    match complaint.state:
        case "received" if complaint.emergency:
            return gettext("Phone the sender now, then choose the field and the office.")
        case "received" if complaint.triage_reason == WhyTriage.BOUNCED:
            return gettext("The leader of %(unit)s decides which office answers.", unit=unit)
        case "received" if Step.PASS_ON in complaint.steps:
            by = moment(datetime.fromisoformat(complaint.steps[Step.PASS_ON]["due"]))
            return gettext(
                "The focal official of %(unit)s chooses the field and the office by %(by)s.", unit=unit, by=by
            )
        case "received":
            return gettext("The focal official of %(unit)s chooses the field and the office.", unit=unit)
        case "assigned" if due and (again := next_answer(complaint)):
            return again
        case "assigned" if due:
            return gettext("%(office)s answers the citizen by %(due)s.", office=office, due=due)
        case "assigned":
            return gettext("%(office)s answers the citizen.", office=office)
        case "waiting" if complaint.paused_at:
            return gettext("The citizen was asked and replies by text; until then the clock stands.")
        case "waiting" if stops_clock:
            return gettext("The citizen was asked and replies by text; then the office goes on. The term waits too.")
        case "waiting":
            return gettext("The citizen was asked and replies by text; then the office goes on. The due date stays.")
        case "answered":
            return next_after_answer(complaint)
        case "withdrawn":
            return gettext("Nothing more to do: the citizen withdrew it.")
        case _:
            return gettext("Nothing more to do: it was not accepted.")
