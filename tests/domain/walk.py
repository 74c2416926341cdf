"""Walks a table of acts from the first state on, along every act that it allows, and tells of each wrong end that it reaches.

Written from the promise and not from the code: it knows the names of states and acts, and the table that it is given.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from smsgw.domain.progress import Act, Allowed, State

GIVES_ANSWER = (Act.ANSWER, Act.SHARE_ANSWER)
BY_SILENCE = (Act.CLOSE_SILENT, Act.CLOSE)
REFUSES = (Act.REFUSE, Act.SEAL)
BY_OWN_WILL = (Act.WITHDRAW, Act.JOIN)


@dataclass(frozen=True)
class Standing:
    """Where a walk is, and what it has met since the matter was last in hand: an answer, and the time for a verdict."""

    state: State = State.RECEIVED
    answered: bool = False
    had_time: bool = False

    def after(self, act: Act, state: State) -> "Standing":
        if state in (State.RECEIVED, State.ASSIGNED, State.WAITING):
            return Standing(state)
        answered = self.answered or act in GIVES_ANSWER
        had_time = act is not Act.PUT_OFF and act not in GIVES_ANSWER and (self.had_time or act is Act.BEGIN_WINDOW)
        return Standing(state, answered, had_time)


def walk(acts: Mapping[Act, Allowed]) -> tuple[set[Standing], list[str]]:
    """Every standing that can be reached, and what is wrong with the ways there."""
    seen, to_see, wrong = {Standing()}, [Standing()], set[str]()
    while to_see:
        here = to_see.pop()
        for act, state in _steps(acts, here.state):
            there = here.after(act, state)
            if why := _wrong(here, act, there):
                wrong.add(f"{here.state} -> {state} by {act}: {why}")
            if there not in seen:
                seen.add(there)
                to_see.append(there)
    return seen, sorted(wrong)


def _steps(acts: Mapping[Act, Allowed], state: State) -> Iterator[tuple[Act, State]]:
    for act, rule in acts.items():
        if state in rule.states:
            yield from ((act, after) for after in sorted(rule.leads_to or {state}))


def _wrong(here: Standing, act: Act, there: Standing) -> str:
    if there.state is here.state:
        return ""
    match there.state:
        case State.CLOSED if not there.answered:
            return "closed without an answer"
        case State.CLOSED if act is not Act.CONFIRM and not (here.had_time and act in BY_SILENCE):
            return "closed without the citizen's word or the time for it"
        case State.REFUSED if act not in REFUSES:
            return "refused by no reasoned refusal"
        case State.WITHDRAWN if act not in BY_OWN_WILL:
            return "withdrawn by somebody else"
        case _ if here.state in (State.WITHDRAWN, State.REFUSED):
            return "goes on though it is over"
        case _:
            return ""
