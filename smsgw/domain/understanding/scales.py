"""Weighs the clues of a text: for every question, which answer they speak for, and how loudly."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from struct import Struct

from smsgw.domain.categories import CategoryCode
from smsgw.domain.understanding.outcome import Intent

INTENT, CATEGORY = "intent", "category"
EVENT, CASE, NOWHERE, OFFICE, VAGUE, URGENT = "event", "case", "nowhere", "office", "vague", "urgent"
NO_FIELD = "none"
YES, NO = "yes", "no"
YES_OR_NO = (EVENT, CASE, NOWHERE, OFFICE, VAGUE, URGENT)
INTENTS = tuple(intent.value for intent in Intent)
FIELDS = (*(code.value for code in CategoryCode), NO_FIELD)
ANSWERS: tuple[tuple[str, str], ...] = (
    *((INTENT, intent) for intent in INTENTS),
    *((CATEGORY, field) for field in FIELDS),
    *((question, YES) for question in YES_OR_NO),
)
# From which share on a yes is believed, where right ones found and wrong ones avoided balance best on lines never seen.
BELIEVED_FROM = {EVENT: 0.45, CASE: 0.25, NOWHERE: 0.4, OFFICE: 0.3, VAGUE: 0.2, URGENT: 0.5}
UNIT = 50  # weights are kept as whole numbers, this many to one

# All weights of a clue are one whole number with 32 bits for each answer, so that a text costs one addition a clue.
_BITS = 32
_FIELDS = Struct(f"<{len(ANSWERS)}I")
_ZERO = 1 << (_BITS - 1)
_LIFT = sum(_ZERO << (_BITS * place) for place in range(len(ANSWERS)))
_FIRST_FIELD, _FIRST_YES = len(INTENTS), len(INTENTS) + len(FIELDS)
_PLACES = {answer: place for place, answer in enumerate(ANSWERS)}

_BELIEVED = {question: UNIT * math.log(share / (1 - share)) for question, share in BELIEVED_FROM.items()}


@dataclass(frozen=True, slots=True)
class Weighed:
    """What all clues of a text say together: for each of `ANSWERS` a sum in `UNIT`s, and the warmth of both shares."""

    sums: Sequence[int]
    warmth: tuple[float, float] = (1.0, 1.0)

    @property
    def intents(self) -> dict[str, float]:
        """How sure the scales are of each intent; together 1."""
        return dict(zip(INTENTS, _shares(self.sums[:_FIRST_FIELD], self.warmth[0]), strict=True))

    @property
    def fields(self) -> dict[str, float]:
        """How sure the scales are of each field, `NO_FIELD` among them; together 1."""
        return dict(zip(FIELDS, _shares(self.sums[_FIRST_FIELD:_FIRST_YES], self.warmth[1]), strict=True))

    def intent(self) -> tuple[str, float]:
        """The likeliest intent and its share, 0..1."""
        return _likeliest(INTENTS, self.sums[:_FIRST_FIELD], self.warmth[0])

    def share(self, intent: str) -> float:
        """How sure the scales are of one intent, 0..1."""
        sums, scale = self.sums[:_FIRST_FIELD], UNIT * self.warmth[0]
        own = sums[INTENTS.index(intent)]
        return 1 / sum([math.exp(min(50.0, (value - own) / scale)) for value in sums])

    def field(self) -> tuple[str, float]:
        """The likeliest field and its share, 0..1."""
        return _likeliest(FIELDS, self.sums[_FIRST_FIELD:_FIRST_YES], self.warmth[1])

    def yes(self, question: str) -> float:
        """How sure the scales are of yes, 0..1."""
        return 1 / (1 + math.exp(min(50.0, max(-50.0, -self.sums[_PLACES[question, YES]] / UNIT))))

    def holds(self, question: str) -> bool:
        """Whether a yes is believed."""
        return self.sums[_PLACES[question, YES]] >= _BELIEVED[question]


class Scales:
    """The weights of every clue, as `python -m ops.training` found them. `warmth` above 1 makes shares milder."""

    def __init__(self, weights: Mapping[str, Mapping[tuple[str, str], int]], warmth: Mapping[str, float]) -> None:
        self._weights = {clue: _packed(row) for clue, row in weights.items()}
        self._warmth = (warmth.get(INTENT, 1.0), warmth.get(CATEGORY, 1.0))

    def __len__(self) -> int:
        return len(self._weights)

    def has_met(self, word: str) -> bool:
        """Whether the word says anything; numbers always do."""
        return word in self._weights or word[0].isdigit()

    def weigh(self, clues: Iterable[str]) -> Weighed:
        """What all clues say together; a clue never met says nothing."""
        total = _LIFT + sum(filter(None, map(self._weights.get, clues)))
        return Weighed(
            [value - _ZERO for value in _FIELDS.unpack(total.to_bytes(_FIELDS.size, "little"))], self._warmth
        )

    def weight(self, clue: str, question: str, answer: str = YES) -> float:
        """How much one clue speaks for an answer; 0 when it says nothing."""
        packed = self._weights.get(clue)
        if packed is None:
            return 0.0
        place = _PLACES[question, answer]
        return (((_LIFT + packed) >> (_BITS * place)) % (1 << _BITS) - _ZERO) / UNIT


def _packed(row: Mapping[tuple[str, str], int]) -> int:
    return sum(weight << (_BITS * _PLACES[answer]) for answer, weight in row.items())


def _shares(sums: Sequence[int], warmth: float) -> list[float]:
    most = max(sums)
    raised = [math.exp((value - most) / (UNIT * warmth)) for value in sums]
    whole = sum(raised)
    return [value / whole for value in raised]


def _likeliest(names: Sequence[str], sums: Sequence[int], warmth: float) -> tuple[str, float]:
    most = max(sums)
    whole = sum([math.exp((value - most) / (UNIT * warmth)) for value in sums])
    return names[sums.index(most)], 1 / whole
