"""What officials' corrections teach: lessons for the next training, and where the reading of fields goes wrong."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from smsgw.domain.categories import CategoryCode
from smsgw.store import labels
from smsgw.store.labels import Settled

UNREAD = "none"
_LONG_NUMBER = re.compile(r"[0-9](?:[ .-]?[0-9]){4,}")


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often officials decided a field, by the field that was read (`none` when none was)."""

    counts: Mapping[tuple[str, str], int]  # (decided, read)

    def decided(self, field: str) -> int:
        """How many complaints officials gave this field."""
        return sum(count for (decided, _), count in self.counts.items() if decided == field)

    def read_right(self, field: str) -> float | None:
        """The share of them that were read so, 0..1; None when there were none."""
        total = self.decided(field)
        return self.counts.get((field, field), 0) / total if total else None

    def fields(self) -> list[str]:
        """The fields that occur, in the order of the menu."""
        seen = {name for pair in self.counts for name in pair}
        return [code.value for code in CategoryCode if code in seen] + [UNREAD] * (UNREAD in seen)


def confusion(session: Session) -> Confusion:
    """Counted over every complaint whose field an official decided: those from triage, not all there are."""
    return Confusion(Counter((one.decided, one.read_as or UNREAD) for one in labels.settled(session)))


def lessons(session: Session) -> Iterator[Mapping[str, str]]:
    """Lines for `python -m ops.training --labels`: text and field. Sensitive matters stay here,
    what moved to another complaint or under a seal teaches nothing, and long numbers (phones,
    cards, files) are zeros: the reader sees only how long a number is."""
    for one in labels.settled(session):
        if one.text and not one.secret:
            yield {"text": without_numbers(one), "category": one.decided}


def without_numbers(one: Settled) -> str:
    """The text with every digit of a long number as 0."""
    return _LONG_NUMBER.sub(lambda number: re.sub(r"[0-9]", "0", number.group()), one.text)
