"""Which cases may be shown to everybody, and which words of them."""

from dataclasses import dataclass
from enum import StrEnum

from smsgw.domain.masking import MASK, is_cut_of, masked

LONGEST = 2000


class Bar(StrEnum):
    """Why a case is never shown, whoever agrees to it."""

    NOT_ANSWERED = "not_answered"
    LAWFUL = "lawful"
    EMERGENCY = "emergency"
    SENSITIVE = "sensitive"
    PRIVATE = "private"
    ON_BEHALF = "on_behalf"


class Flaw(StrEnum):
    """What is wrong with the words that were put forward, or with who agrees to them."""

    EMPTY = "empty"
    ADDED = "added"
    PERSONAL = "personal"
    CHANGED = "changed"
    OWN_WISH = "own_wish"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Case:
    """What decides. `lawful`: a law has a procedure of its own for it, or it was put under seal; `sensitive`: a death,
    violence or a child is in it; `private`: the sender wishes, or may wish, not to be known."""

    answered: bool
    lawful: bool
    emergency: bool
    sensitive: bool
    private: bool
    on_behalf: bool


@dataclass(frozen=True, slots=True)
class Words:
    """What the citizen wrote and what the office answered."""

    text: str
    answer: str


def bars(case: Case) -> list[Bar]:
    """All that stand against it; none where it may be shown."""
    found = {
        Bar.NOT_ANSWERED: not case.answered,
        Bar.LAWFUL: case.lawful,
        Bar.EMERGENCY: case.emergency,
        Bar.SENSITIVE: case.sensitive,
        Bar.PRIVATE: case.private,
        Bar.ON_BEHALF: case.on_behalf,
    }
    return [bar for bar, stands in found.items() if stands]


def flaw(chosen: Words, draft: Words) -> Flaw | None:
    """What is wrong with the words chosen from a draft whose personal data is masked: officials leave out, they add nothing."""
    pairs = ((chosen.text, draft.text), (chosen.answer, draft.answer))
    if any(not said.replace(MASK, "").strip(" .,;:!?\n\r\t") or len(said) > LONGEST for said, _ in pairs):
        return Flaw.EMPTY
    if any(not is_cut_of(said, whole) for said, whole in pairs):
        return Flaw.ADDED
    return None if all(masked(said) == said for said, _ in pairs) else Flaw.PERSONAL
