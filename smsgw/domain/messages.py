"""What passes between us and any provider, in our own words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Malformed(ValueError):
    """The call is from the provider but holds no sender or no message id: answer 400."""


class Irrelevant(ValueError):
    """The call is from the provider and asks nothing of us (a ping, another's message): answer 200 and store nothing."""


class Fields(Protocol):
    """Form fields that may repeat, as werkzeug's MultiDict gives them."""

    def __iter__(self) -> Iterator[str]: ...
    def getlist(self, key: str) -> list[str]: ...
    def get(self, key: str, default: str) -> str: ...


@dataclass(frozen=True, slots=True)
class WebCall:
    """One HTTP request as a provider made it.

    `target` is the raw path with the raw query string, as signed by the caller; `headers` has lower-case names;
    `token` is the secret path segment of the route, None where the route has none.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    query: Fields
    form: Fields
    body: bytes
    token: str | None = None


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """What we say back to a provider's HTTP request."""

    body: str = ""
    content_type: str = "text/plain; charset=utf-8"
    status: int = 200


@dataclass(frozen=True, slots=True)
class Part:
    """What part of a long text a message is: number `number` of `total`, from 1. The sender's phone gives all parts of
    one text the same `reference`, and begins again after 255 or 65,535."""

    reference: int
    total: int
    number: int


@dataclass(frozen=True, slots=True)
class SmsReceived:
    """A citizen's or official's text. `account` and `provider_ref` with the provider's name are its identity.

    `sender` is E.164 where it is a number, else as given; `sent_at` is the provider's time (aware) or None.
    `text` is NFC, free of NUL and of lone surrogates. `part` is set where a provider brings a long text in pieces.
    """

    provider: str
    account: str
    provider_ref: str
    sender: str
    recipient: str
    text: str
    sent_at: datetime | None = None
    part: Part | None = None


class Delivery(StrEnum):
    """What a receipt says, weakest first."""

    PENDING = "pending"
    SENT = "sent"
    UNDELIVERED = "undelivered"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider tells what became of a message: by our reference, by its own, or both. `code` is the provider's word;
    `phone` whom the message went to, where the provider says so."""

    provider: str
    delivery: Delivery
    ref: str | None
    provider_ref: str | None
    code: str = ""
    opted_out: bool = False
    phone: str = ""


class UssdEvent(StrEnum):
    """What a USSD call tells."""

    START = "start"
    INPUT = "input"
    END = "end"
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True)
class UssdTurn:
    """One keypress turn. `history` is everything typed so far joined by `*`, for providers that repeat it; `typed` is
    the last answer, for providers that send only that. `mark` is the provider's own name or number for the turn, where it
    gives one; `echo` what it wants back with the screen."""

    provider: str
    session_id: str
    phone: str
    service_code: str
    event: UssdEvent
    typed: str = ""
    history: str | None = None
    mark: str = ""
    echo: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class UssdScreen:
    """A screen to show; with `more` the network waits for an answer, without it the session ends."""

    text: str
    more: bool


@dataclass(frozen=True, slots=True)
class OutgoingSms:
    """A text to hand to a provider. `ref` is our signed reference, the same at every try of one row."""

    ref: str
    to: str
    text: str
    valid_for: int = 14_400


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took it; `provider_ref` is empty where it gives none."""

    provider_ref: str = ""


@dataclass(frozen=True, slots=True)
class TryLater:
    """Surely not sent; the same text may go later. `after` is the provider's wish in seconds."""

    why: str
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Never:
    """Surely not sent, and trying again cannot help: the number or the text is refused."""

    why: str


@dataclass(frozen=True, slots=True)
class InDoubt:
    """It may have been sent: the answer was lost, broken or a server error."""

    why: str


@dataclass(frozen=True, slots=True)
class AccountWrong:
    """Surely not sent: our account, credentials, balance or sender name is refused. An operator must act."""

    why: str


@dataclass(frozen=True, slots=True)
class OptedOut:
    """Surely not sent: the person told the provider STOP. Never retried; a person must phone."""

    why: str


Outcome = Accepted | TryLater | Never | InDoubt | AccountWrong | OptedOut
