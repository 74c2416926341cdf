"""What a provider does to a request, chosen from a seed: takes it well, or fails in one of the ways that providers do."""

import random
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """`…_taken`: the text goes out all the same. `…_lost`: it does not."""

    NONE = "none"
    SLOW = "slow"
    TOO_MANY = "429"
    BROKEN_TAKEN = "500_taken"
    BROKEN_LOST = "500_lost"
    AWAY_LOST = "503_lost"
    HANG_TAKEN = "hang_taken"
    HANG_LOST = "hang_lost"
    GARBAGE_TAKEN = "garbage_taken"
    HTML_TAKEN = "html_taken"
    EMPTY_TAKEN = "empty_taken"
    DROPPED_TAKEN = "dropped_taken"

    @property
    def taken(self) -> bool:
        """Whether the text goes out."""
        return self in (Fault.NONE, Fault.SLOW) or self.endswith("_taken")

    @property
    def ambiguous(self) -> bool:
        """Whether who asked cannot know from the answer, or from its absence, if the text goes out."""
        return self not in (Fault.NONE, Fault.SLOW, Fault.TOO_MANY)


WEIGHTS = {
    Fault.SLOW: 4,
    Fault.TOO_MANY: 3,
    Fault.BROKEN_TAKEN: 2,
    Fault.BROKEN_LOST: 2,
    Fault.AWAY_LOST: 2,
    Fault.HANG_TAKEN: 1,
    Fault.HANG_LOST: 1,
    Fault.GARBAGE_TAKEN: 2,
    Fault.HTML_TAKEN: 1,
    Fault.EMPTY_TAKEN: 2,
    Fault.DROPPED_TAKEN: 3,
}
HANG_S = 12.0  # longer than the product waits for an answer
SLOWEST_S = 2.0


@dataclass(frozen=True, slots=True)
class Weather:
    """How bad it is: `share` of the requests, 0 to 1, meet a fault, and of one text only the first `most`, so that every
    text gets through in the end."""

    seed: int
    share: float
    most: int

    def meets(self, phone: str, body: str, nth: int) -> Fault:
        """What the nth request, from 0, for this text meets: always the same for a seed."""
        chance = random.Random(f"{self.seed}:{phone}:{body}:{nth}")  # noqa: S311 - repeatable on purpose
        if nth >= self.most or chance.random() >= self.share:
            return Fault.NONE
        return chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
