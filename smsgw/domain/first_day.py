"""The first day of an official at the desk: which steps there are to learn, and for whom."""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from smsgw.domain.progress import Duty


class Step(StrEnum):
    """One thing that daily work needs, in the order in which it is learned."""

    OPEN = "open"
    ASSIGN = "assign"
    ASK = "ask"
    PASS_ON = "pass_on"  # noqa: S105 (no password)
    TIME = "time"
    DECIDE = "decide"
    ANSWER = "answer"
    CALL = "call"
    VERDICT = "verdict"


DISMISSED: Final = "dismissed"
_HANDLING: Final = frozenset({Step.OPEN, Step.ASK, Step.PASS_ON, Step.TIME, Step.ANSWER, Step.CALL, Step.VERDICT})
_OF: Final = {
    Duty.FOCAL: _HANDLING | {Step.ASSIGN},
    Duty.OFFICER: _HANDLING,
    Duty.HEAD: _HANDLING | {Step.DECIDE},
    Duty.LEADER: frozenset({Step.OPEN, Step.DECIDE, Step.VERDICT}),
}


def steps_for(duties: Collection[str]) -> tuple[Step, ...]:
    """What somebody with these duties learns; nothing for who only looks on."""
    wanted = frozenset[Step]().union(*(_OF.get(Duty(duty), frozenset()) for duty in duties))
    return tuple(step for step in Step if step in wanted)
