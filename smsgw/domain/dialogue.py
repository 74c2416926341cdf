"""The USSD dialogue: what was typed so far, played against the script, gives a screen or a finished draft."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from smsgw.domain.categories import CategoryCode

T = TypeVar("T")
BACK, NEXT, ELSEWHERE = "0", "9", "8"
PAGE = 7
SHORTEST_TEXT = 5
FIELDS = tuple(CategoryCode)


class Step(StrEnum):
    """Where a session stands."""

    MENU = "menu"
    FIELD = "field"
    WARD = "ward"
    TEXT = "text"
    CONFIRM = "confirm"
    STATUS = "status"
    FILED = "filed"
    ASKED = "asked"
    HELP = "help"
    LEFT = "left"


ENDS = frozenset({Step.FILED, Step.ASKED, Step.HELP, Step.LEFT})


@dataclass(frozen=True, slots=True)
class Sitting:
    """Everything typed so far, understood. `unit` is an index into the units offered, None for elsewhere; `wrong` says
    that the last answer was not one of the choices."""

    step: Step = Step.MENU
    page: int = 0
    field: CategoryCode | None = None
    unit: int | None = None
    text: str = ""
    reference: str = ""
    wrong: bool = False


def play(answers: Sequence[str], units: int) -> Sitting:
    """Plays the answers from the start; `units` is how many wards and communes are offered. Stops at an end."""
    sitting = Sitting()
    for answer in answers:
        if sitting.step in ENDS:
            break
        sitting = _ANSWERED[sitting.step](replace(sitting, wrong=False), answer.strip(), units)
    return sitting


def fields_on(page: int) -> tuple[CategoryCode, ...]:
    """The fields that one page of the list shows."""
    return FIELDS[page * PAGE : (page + 1) * PAGE]


def _menu(sitting: Sitting, answer: str, _units: int) -> Sitting:
    chosen = {"1": Step.FIELD, "2": Step.STATUS, "3": Step.HELP}.get(answer)
    return replace(sitting, step=chosen) if chosen else replace(sitting, wrong=True)


def _field(sitting: Sitting, answer: str, _units: int) -> Sitting:
    if answer == BACK:
        return replace(sitting, page=0) if sitting.page else replace(sitting, step=Step.MENU)
    if answer == NEXT:
        return replace(sitting, page=(sitting.page + 1) % 2)
    code = _choice(answer, fields_on(sitting.page)) or _code(answer)
    return replace(sitting, step=Step.WARD, field=code) if code else replace(sitting, wrong=True)


def _ward(sitting: Sitting, answer: str, units: int) -> Sitting:
    if answer == BACK:
        return replace(sitting, step=Step.FIELD)
    if answer == ELSEWHERE:
        return replace(sitting, step=Step.TEXT, unit=None)
    index = _choice(answer, range(units))
    return replace(sitting, step=Step.TEXT, unit=index) if index is not None else replace(sitting, wrong=True)


def _text(sitting: Sitting, answer: str, _units: int) -> Sitting:
    if answer == BACK:
        return replace(sitting, step=Step.WARD)
    enough = len(answer) >= SHORTEST_TEXT
    return replace(sitting, step=Step.CONFIRM, text=answer) if enough else replace(sitting, wrong=True)


def _confirm(sitting: Sitting, answer: str, _units: int) -> Sitting:
    steps = {"1": Step.FILED, "2": Step.TEXT, BACK: Step.LEFT}
    return replace(sitting, step=steps[answer]) if answer in steps else replace(sitting, wrong=True)


def _status(sitting: Sitting, answer: str, _units: int) -> Sitting:
    if answer == BACK:
        return replace(sitting, step=Step.MENU)
    reference = "" if answer == "1" else answer.upper().removeprefix("AK").strip("# ")
    known = answer == "1" or reference.isdigit()
    return replace(sitting, step=Step.ASKED, reference=reference) if known else replace(sitting, wrong=True)


_ANSWERED = {
    Step.MENU: _menu,
    Step.FIELD: _field,
    Step.WARD: _ward,
    Step.TEXT: _text,
    Step.CONFIRM: _confirm,
    Step.STATUS: _status,
}


def _choice(answer: str, choices: Sequence[T]) -> T | None:
    """The choice with this number, counted from 1."""
    number = int(answer) if answer.isascii() and answer.isdigit() and len(answer) < 3 else 0
    return choices[number - 1] if 0 < number <= len(choices) else None


def _code(answer: str) -> CategoryCode | None:
    typed = answer.upper()
    return CategoryCode(typed) if typed in FIELDS else None
