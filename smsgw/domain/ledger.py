"""What a provider can tell about texts afterwards: what it took from us, and what it took in for us."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from smsgw.domain.messages import Delivery


class Capability(StrEnum):
    """What a provider can do besides taking a text. What it does not declare is never asked of it."""

    CALLBACK = "its receipts name our own reference"
    SAME_ID = "the same reference twice is one text"
    LOOK_UP = "it can be asked whether it has a text"
    PHONE_IN_RECEIPT = "its receipts name the phone"
    LISTS_SENT = "it lists what it took from us"
    LISTS_RECEIVED = "it lists what it took in for us"


class NoWord(Exception):
    """The provider could not be asked, or its answer makes no sense: nothing is known. Holds no number and no text."""


class NotSetUp(NoWord):
    """It can never be asked here: a setting that it needs for that is not there."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A text that the provider has from us: its own id, to whom, since when, and what became of it. A list that may alter
    texts says whether its words are those that were asked for."""

    provider_ref: str
    to: str
    at: datetime | None
    delivery: Delivery
    same_words: bool = True
