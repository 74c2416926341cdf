"""Which act is allowed in which state and for whom, and the state that follows: the whole life of a complaint as one table.

Nothing is over but by an answer that its citizen confirmed, or had time to speak of, or by a reasoned refusal, or by the
citizen's own will. What is handled with another complaint ends as that one does, each with an answer of its own.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from smsgw.domain.calls import Unheard


class State(StrEnum):
    """Where a complaint stands. `received` lies in a unit's triage; `waiting` waits for the citizen's reply.

    What is `answered` has gone out and is not known to have arrived; once it has, it is `open_to_verdict` for a time; after a
    silence it is `closed`, or `to_look_at` by a person before. A row of the database says `answered` for all four.
    """

    RECEIVED = "received"
    ASSIGNED = "assigned"
    WAITING = "waiting"
    ANSWERED = "answered"
    OPEN_TO_VERDICT = "open_to_verdict"
    TO_LOOK_AT = "to_look_at"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


class Ending(StrEnum):
    """How a complaint that was answered closed: the citizen said that it is done; was asked and said nothing; was not asked."""

    CONFIRMED = "confirmed"
    SILENCE = "silence"
    UNASKED = "unasked"


OPEN: Final = frozenset({State.RECEIVED, State.ASSIGNED, State.WAITING})
AFTER_ANSWER: Final = frozenset({State.ANSWERED, State.OPEN_TO_VERDICT, State.TO_LOOK_AT})
OVER: Final = frozenset({State.CLOSED, State.WITHDRAWN, State.REFUSED})


class Duty(StrEnum):
    """What an official is there for."""

    FOCAL = "focal"
    OFFICER = "officer"
    HEAD = "head"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Party(StrEnum):
    """Who else acts: the citizen, and the house itself, which reads texts and has a clock."""

    CITIZEN = "citizen"
    HOUSE = "house"


class Act(StrEnum):
    """What may be done to a complaint: by officials, by its citizen, by the house."""

    ANSWER = "answer"
    ASK = "ask"
    ASSIGN = "assign"
    PASS_ON = "pass_on"  # noqa: S105 (no password)
    PASS_TO_UNIT = "pass_to_unit"  # noqa: S105 (no password)
    BRING_NEAR = "bring_near"
    CALL = "call"
    RUN_ON = "run_on"
    ASK_TIME = "ask_time"
    GRANT_TIME = "grant_time"
    REFUSE = "refuse"
    SEAL = "seal"
    MERGE = "merge"
    SEPARATE = "separate"
    CLOSE = "close"
    SEND_BACK = "send_back"
    DIVIDE = "divide"
    SETTLE = "settle"
    ASK_OFFICE = "ask_office"
    CALL_BACK = "call_back"

    ADD = "add"
    REPLY = "reply"
    WRITE_AGAIN = "write_again"
    WITHDRAW = "withdraw"
    JOIN = "join"
    CONFIRM = "confirm"
    DENY = "deny"
    NOT_UNDERSTAND = "not_understand"

    ROUTE = "route"
    GO_ON = "go_on"
    SHARE_ANSWER = "share_answer"
    BEGIN_WINDOW = "begin_window"
    PUT_OFF = "put_off"
    HOLD = "hold"
    CLOSE_SILENT = "close_silent"
    BOUNCE = "bounce"


class Refusal(StrEnum):
    """Why an act is not done."""

    NOT_YOURS = "not_yours"
    ANSWERED = "already_answered"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    NO_OFFICE = "no_office"
    HAS_OFFICE = "has_office"
    CALL_FIRST = "call_first"
    NO_CALL = "no_call"
    NO_DATE = "no_date"
    RUNS = "runs"
    ASKED_ALREADY = "asked_already"
    NOT_ASKED = "not_asked"
    OWN_WISH = "own_wish"
    NOT_ANSWERED = "not_answered"
    OWN_LETTER = "own_letter"
    NOT_HELD = "not_held"


@dataclass(frozen=True, slots=True)
class Allowed:
    """Who may act in which states, and where that may lead: nowhere else where none is named; of `IN_HAND` to the one that
    fits, with an office or without."""

    who: frozenset[Duty | Party]
    states: frozenset[State]
    leads_to: frozenset[State] = frozenset()


def _to(*states: State) -> frozenset[State]:
    return frozenset(states)


IN_HAND: Final = _to(State.RECEIVED, State.ASSIGNED)
_HANDLERS: Final[frozenset[Duty | Party]] = frozenset({Duty.FOCAL, Duty.OFFICER, Duty.HEAD})
_DECIDERS: Final[frozenset[Duty | Party]] = frozenset({Duty.FOCAL, Duty.LEADER})
_LOOKERS: Final[frozenset[Duty | Party]] = frozenset({Duty.FOCAL, Duty.HEAD, Duty.LEADER})
_CITIZEN: Final[frozenset[Duty | Party]] = frozenset({Party.CITIZEN})
_HOUSE: Final[frozenset[Duty | Party]] = frozenset({Party.HOUSE})
_WITH_OFFICE: Final = _to(State.ASSIGNED, State.WAITING)

ACTS: Final[Mapping[Act, Allowed]] = {
    Act.ANSWER: Allowed(_HANDLERS, OPEN | AFTER_ANSWER, _to(State.ANSWERED)),
    Act.ASK: Allowed(_HANDLERS, OPEN, _to(State.WAITING)),
    Act.ASSIGN: Allowed(frozenset({Duty.FOCAL}), _to(State.RECEIVED), _to(State.ASSIGNED)),
    Act.PASS_ON: Allowed(_HANDLERS, _WITH_OFFICE),
    Act.PASS_TO_UNIT: Allowed(frozenset({Duty.FOCAL, Duty.SUPERVISOR}), OPEN, _to(State.RECEIVED)),
    Act.BRING_NEAR: Allowed(_HANDLERS | {Duty.LEADER}, OPEN - {State.WAITING}),
    Act.CALL: Allowed(_HANDLERS, OPEN | AFTER_ANSWER | {State.CLOSED, State.REFUSED}),
    Act.RUN_ON: Allowed(_HANDLERS, OPEN),
    Act.ASK_TIME: Allowed(_HANDLERS, OPEN),
    Act.GRANT_TIME: Allowed(frozenset({Duty.HEAD, Duty.LEADER}), OPEN),
    Act.REFUSE: Allowed(_DECIDERS, OPEN, _to(State.REFUSED)),
    Act.SEAL: Allowed(_HANDLERS, OPEN, _to(State.REFUSED)),
    Act.MERGE: Allowed(_HANDLERS, OPEN, IN_HAND),
    Act.SEPARATE: Allowed(_HANDLERS | _HOUSE, OPEN | AFTER_ANSWER | {State.CLOSED}, IN_HAND),
    Act.CLOSE: Allowed(_LOOKERS, _to(State.TO_LOOK_AT), _to(State.CLOSED)),
    Act.SEND_BACK: Allowed(_LOOKERS, _to(State.TO_LOOK_AT), IN_HAND),
    Act.DIVIDE: Allowed(_HANDLERS, OPEN),
    Act.SETTLE: Allowed(frozenset({Duty.LEADER}), _to(State.RECEIVED, State.WAITING), _to(State.ASSIGNED)),
    Act.ASK_OFFICE: Allowed(frozenset({Duty.FOCAL}), _WITH_OFFICE),
    Act.CALL_BACK: Allowed(_HANDLERS, _to(State.ANSWERED), OPEN),
    Act.ADD: Allowed(_CITIZEN, OPEN),
    Act.REPLY: Allowed(_CITIZEN, _to(State.WAITING), IN_HAND),
    Act.WRITE_AGAIN: Allowed(_CITIZEN, AFTER_ANSWER | {State.CLOSED}, IN_HAND),
    Act.WITHDRAW: Allowed(_CITIZEN, OPEN, _to(State.WITHDRAWN)),
    Act.JOIN: Allowed(_CITIZEN, OPEN, _to(State.WITHDRAWN)),
    Act.CONFIRM: Allowed(_CITIZEN, AFTER_ANSWER | {State.CLOSED}, _to(State.CLOSED)),
    Act.DENY: Allowed(_CITIZEN, AFTER_ANSWER | {State.CLOSED}, IN_HAND),
    Act.NOT_UNDERSTAND: Allowed(_CITIZEN, AFTER_ANSWER | {State.CLOSED}, IN_HAND),
    Act.ROUTE: Allowed(_HOUSE, _to(State.RECEIVED), _to(State.ASSIGNED)),
    Act.GO_ON: Allowed(_HOUSE, _to(State.WAITING), IN_HAND),
    Act.SHARE_ANSWER: Allowed(_HOUSE, OPEN, _to(State.ANSWERED)),
    Act.BEGIN_WINDOW: Allowed(_HOUSE, _to(State.ANSWERED), _to(State.OPEN_TO_VERDICT)),
    Act.PUT_OFF: Allowed(_HOUSE, _to(State.OPEN_TO_VERDICT, State.TO_LOOK_AT), _to(State.ANSWERED)),
    Act.HOLD: Allowed(_HOUSE, _to(State.OPEN_TO_VERDICT), _to(State.TO_LOOK_AT)),
    Act.CLOSE_SILENT: Allowed(_HOUSE, _to(State.OPEN_TO_VERDICT), _to(State.CLOSED)),
    Act.BOUNCE: Allowed(_HOUSE, _WITH_OFFICE, _to(State.RECEIVED)),
}
_CLOSED: Final[Mapping[State, Refusal]] = {
    **dict.fromkeys(AFTER_ANSWER, Refusal.ANSWERED),
    State.CLOSED: Refusal.CLOSED,
    State.WITHDRAWN: Refusal.WITHDRAWN,
    State.REFUSED: Refusal.CLOSED,
}
# To what is answered these are done only while its citizen has not heard of something.
_WHILE_UNHEARD: Final = frozenset({Act.ANSWER, Act.CALL})


def decide(
    act: Act, state: str, who: Collection[str], *, has_office: bool, unheard: Unheard | None = None
) -> State | Refusal:
    """The state after this act, or why it is refused. `who` are the role names of whoever acts, or a party; `unheard` is what
    the citizen must still be phoned about.

    A question may be asked before an office is chosen; a complaint that waits without one has not left triage. An answer
    that did not arrive may be sent again; a question that did not arrive is asked by phone before an answer ends the
    matter, and nothing is refused while the citizen must be phoned.
    """
    rule, now = ACTS[act], State(state)
    if not rule.who.intersection(who):
        return Refusal.NOT_YOURS
    if act is Act.CALL and unheard is None:
        return Refusal.NO_CALL
    if now in _CLOSED and (now not in rule.states or (act in _WHILE_UNHEARD and is_done(state, unheard))):
        return _CLOSED[now]
    match act:
        case Act.ANSWER if unheard is Unheard.QUESTION:
            return Refusal.CALL_FIRST
        case Act.REFUSE if unheard is not None:
            return Refusal.CALL_FIRST
        case Act.ASSIGN if has_office:
            return Refusal.HAS_OFFICE
        case Act.PASS_ON if not has_office:
            return Refusal.NO_OFFICE
        case Act.ASSIGN:  # one that waits for the citizen without an office lies in triage too
            return State.ASSIGNED
        case _ if now not in rule.states:
            return Refusal.NOT_ANSWERED if rule.states <= AFTER_ANSWER | {State.CLOSED} else Refusal.CLOSED
        case _:
            return _following(rule, now, has_office=has_office)


def _following(rule: Allowed, now: State, *, has_office: bool) -> State:
    if rule.leads_to >= IN_HAND:
        return in_hand(has_office=has_office)
    return next(iter(rule.leads_to), now)


def in_hand(*, has_office: bool) -> State:
    """Where what is to be answered stands."""
    return State.ASSIGNED if has_office else State.RECEIVED


def may(act: Act, state: str, who: Collection[str], *, has_office: bool, unheard: Unheard | None = None) -> bool:
    """Whether the act would be done."""
    return isinstance(decide(act, state, who, has_office=has_office, unheard=unheard), State)


def is_done(state: str, unheard: Unheard | None) -> bool:
    """Whether nothing more is to come from the office: an answer or a refusal ends the matter only once the citizen has heard
    it."""
    told = AFTER_ANSWER | {State.CLOSED, State.REFUSED}
    return state == State.WITHDRAWN or (state in told and unheard is None)


def stands(state: str, *, ending: str, runs: bool, held: bool) -> State:
    """Where a row of the database stands: `runs` is whether the time for a verdict has begun, `held` whether a person must
    look before it closes."""
    if state != State.ANSWERED:
        return State(state)
    if ending:
        return State.CLOSED
    if held:
        return State.TO_LOOK_AT
    return State.OPEN_TO_VERDICT if runs else State.ANSWERED
