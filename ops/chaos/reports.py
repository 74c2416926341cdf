"""What a provider tells of a text afterwards, chosen from a seed: early, late, twice, out of order, never, or forged."""

import random
from dataclasses import dataclass
from enum import StrEnum


class Word(StrEnum):
    """What became of a text, in no provider's words."""

    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


@dataclass(frozen=True, slots=True)
class Report:
    """One receipt. `after` is in seconds from the moment the text was taken; at 0 it goes before the answer to whoever
    sent the text. `forged` ones are signed by somebody else or name a text that is not theirs."""

    after: float
    word: Word
    forged: bool = False


LATEST_S = 8.0


def reports(seed: int, name: str) -> list[Report]:
    """The receipts of the text that its provider calls `name`."""
    chance = random.Random(f"{seed}:receipts:{name}")  # noqa: S311 - repeatable on purpose

    def some_time() -> float:
        return round(chance.uniform(0.1, LATEST_S), 3)

    sent, delivered = Report(some_time(), Word.SENT), Report(some_time(), Word.DELIVERED)
    kinds = {
        "in order": [Report(0.2, Word.SENT), Report(some_time(), Word.DELIVERED)],
        "shuffled": [sent, delivered],
        "early": [Report(0.0, Word.SENT), delivered],
        "twice": [sent, delivered, Report(some_time(), Word.DELIVERED), Report(some_time(), Word.SENT)],
        "contradicting": [Report(some_time(), Word.UNDELIVERED), delivered, Report(some_time(), Word.UNDELIVERED)],
        "not delivered": [sent, Report(some_time(), Word.UNDELIVERED)],
        "never": [],
        "forged": [Report(some_time(), Word.DELIVERED, forged=True)],
    }
    return kinds[chance.choices(list(kinds), [6, 3, 2, 3, 1, 1, 2, 2])[0]]
