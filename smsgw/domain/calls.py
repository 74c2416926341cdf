"""When an office's text has not reached the citizen and a person must phone, and what may come of the call."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from smsgw.domain.notices import NotAccepted, OfficeAnswer, OfficeQuestion


class Unheard(StrEnum):
    """What the citizen has not heard: something of the office's, or an official's voice, as they wish."""

    ANSWER = "answer"
    QUESTION = "question"
    WISH = "wish"


class Outcome(StrEnum):
    """How one try to phone went."""

    TOLD = "told"
    NOT_REACHED = "not_reached"
    UNREACHABLE = "unreachable"


class Standing(StrEnum):
    """Where a call stands. Those from `arrived` on were closed by what happened, not by who phoned; `replaced` means that
    the office sent the text again and that did not arrive either."""

    OPEN = "open"
    TOLD = "told"
    UNREACHABLE = "unreachable"
    ARRIVED = "arrived"
    REPLIED = "replied"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


LETTERS: Final[Mapping[str, Unheard]] = {
    OfficeAnswer.__name__: Unheard.ANSWER,
    OfficeQuestion.__name__: Unheard.QUESTION,
    NotAccepted.__name__: Unheard.ANSWER,
}
AFTER: Final[Mapping[Outcome, Standing]] = {
    Outcome.TOLD: Standing.TOLD,
    Outcome.NOT_REACHED: Standing.OPEN,
    Outcome.UNREACHABLE: Standing.UNREACHABLE,
}


def must_phone(kind: str, state: str, *, being_checked: bool) -> bool:
    """Whether a text in this state asks for a call. `being_checked` is whether a doubt may still resolve itself.

    `delivery_unknown` does not: networks in Vietnam seldom report, and most such texts arrived.
    """
    return kind in LETTERS and (state in ("failed", "undelivered") or (state == "unknown" and not being_checked))
