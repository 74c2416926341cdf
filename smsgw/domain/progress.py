"""Which act is allowed in which state and for whom, and the state that follows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from smsgw.domain.calls import Unheard


class State(StrEnum):
    """Where a complaint stands. `received` lies in a unit's triage; `waiting` waits for the citizen's reply."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    WAITING = "waiting"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


OPEN: Final = frozenset({State.RECEIVED, State.ASSIGNED, State.WAITING})


class Duty(StrEnum):
    """What an official is there for."""

    FOCAL = "focal"
    OFFICER = "officer"
    HEAD = "head"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Act(StrEnum):
    """What an official may do to a complaint."""

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
    DIVIDE = "divide"
    SETTLE = "settle"
    ASK_OFFICE = "ask_office"


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


@dataclass(frozen=True, slots=True)
class Allowed:
    """Who may act in which states, and the state afterwards; None keeps the state."""

    duties: frozenset[Duty]
    states: frozenset[State]
    leads_to: State | None


_HANDLERS: Final = frozenset({Duty.FOCAL, Duty.OFFICER, Duty.HEAD})
_WITH_OFFICE: Final = frozenset({State.ASSIGNED, State.WAITING})

ACTS: Final[Mapping[Act, Allowed]] = {
    Act.ANSWER: Allowed(_HANDLERS, OPEN | {State.ANSWERED}, State.ANSWERED),
    Act.ASK: Allowed(_HANDLERS, OPEN, State.WAITING),
    Act.ASSIGN: Allowed(frozenset({Duty.FOCAL}), frozenset({State.RECEIVED}), State.ASSIGNED),
    Act.PASS_ON: Allowed(_HANDLERS, _WITH_OFFICE, None),
    Act.PASS_TO_UNIT: Allowed(frozenset({Duty.FOCAL, Duty.SUPERVISOR}), OPEN, State.RECEIVED),
    Act.BRING_NEAR: Allowed(_HANDLERS | {Duty.LEADER}, OPEN - {State.WAITING}, None),
    Act.CALL: Allowed(_HANDLERS, OPEN | {State.ANSWERED}, None),
    Act.RUN_ON: Allowed(_HANDLERS, OPEN, None),
    Act.ASK_TIME: Allowed(_HANDLERS, OPEN, None),
    Act.GRANT_TIME: Allowed(frozenset({Duty.HEAD, Duty.LEADER}), OPEN, None),
    Act.DIVIDE: Allowed(_HANDLERS, OPEN, None),
    Act.SETTLE: Allowed(frozenset({Duty.LEADER}), frozenset({State.RECEIVED}), State.ASSIGNED),
    Act.ASK_OFFICE: Allowed(frozenset({Duty.FOCAL}), _WITH_OFFICE, None),
}
_CLOSED: Final[Mapping[State, Refusal]] = {
    State.ANSWERED: Refusal.ANSWERED,
    State.WITHDRAWN: Refusal.WITHDRAWN,
    State.REFUSED: Refusal.CLOSED,
}


def decide(
    act: Act, state: str, duties: Collection[str], *, has_office: bool, unheard: Unheard | None = None
) -> State | Refusal:
    """The state after this act, or why it is refused. `duties` are the role names of whoever acts; `unheard` is what the
    citizen must still be phoned about.

    A question may be asked before an office is chosen; a complaint that waits without one has not left triage. An answer
    that did not arrive may be sent again; a question that did not arrive is asked by phone before an answer ends the
    matter.
    """
    rule, now = ACTS[act], State(state)
    if not rule.duties.intersection(duties):
        return Refusal.NOT_YOURS
    if act is Act.CALL and unheard is None:
        return Refusal.NO_CALL
    if now in _CLOSED and (now not in rule.states or is_done(state, unheard)):
        return _CLOSED[now]
    match act:
        case Act.ANSWER if unheard is Unheard.QUESTION:
            return Refusal.CALL_FIRST
        case Act.ASSIGN if has_office:
            return Refusal.HAS_OFFICE
        case Act.ASSIGN:
            return State.ASSIGNED
        case Act.PASS_ON if not has_office:
            return Refusal.NO_OFFICE
        case _:
            return rule.leads_to or now if now in rule.states else Refusal.CLOSED


def may(act: Act, state: str, duties: Collection[str], *, has_office: bool, unheard: Unheard | None = None) -> bool:
    """Whether the act would be done."""
    return isinstance(decide(act, state, duties, has_office=has_office, unheard=unheard), State)


def is_done(state: str, unheard: Unheard | None) -> bool:
    """Whether nothing more is to come: an answer ends the matter only once the citizen has heard it."""
    return state in (State.WITHDRAWN, State.REFUSED) or (state == State.ANSWERED and unheard is None)
