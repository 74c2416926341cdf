"""Which one thing to ask a citizen next, how often at most, and how long an answer is waited for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from smsgw.domain.understanding import Missing


class Question(StrEnum):
    """What is asked. The first five are the coach's own; NAME and FREE only an official asks. WARD is asked where a
    numbered hamlet was told and nobody knows of which ward or commune."""

    WHAT = "what"
    PLACE = "place"
    WARD = "ward"
    WHEN = "when"
    WHO = "who"
    NAME = "name"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Coaching:
    """The coach's rules. `silence` is how long an answer is waited for, `most` how many questions one complaint is worth;
    `stops_clock` lets the due date wait with us. A later text belongs to what was sent within `window`. Complaints in
    `private_fields` are told of only to who gives their reference."""

    silence: timedelta = timedelta(hours=48)
    most: int = 3
    stops_clock: bool = False
    window: timedelta = timedelta(hours=72)
    private_fields: frozenset[str] = frozenset()


USUAL: Final = Coaching()
GAPS: Final = (Missing.WHAT, Missing.PLACE, Missing.WHEN, Missing.WHO)
_SERVES: Final[Mapping[Question, Missing]] = {
    Question.WHAT: Missing.WHAT,
    Question.PLACE: Missing.PLACE,
    Question.WARD: Missing.PLACE,
    Question.WHEN: Missing.WHEN,
    Question.WHO: Missing.WHO,
}


def next_question(
    missing: Collection[str], asked: Collection[str], *, ward_only: bool = False, most: int = USUAL.most
) -> Question | None:
    """The next thing to ask, in the order in which an office needs to know it; None when nothing is left to ask. Nothing
    is asked twice, whatever was answered. `ward_only`: of the place only the ward or commune is unknown."""
    if len(asked) >= most:
        return None
    wanted = [_question(gap, ward_only=ward_only) for gap in GAPS if gap in missing]
    return next((question for question in wanted if question not in asked), None)


def serves(question: Question) -> Missing | None:
    """The gap that an answer to this question fills; None for what no office must wait for."""
    return _SERVES.get(question)


def _question(gap: Missing, *, ward_only: bool) -> Question:
    return Question.WARD if gap is Missing.PLACE and ward_only else Question(gap.value)
