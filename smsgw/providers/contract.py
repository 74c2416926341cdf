"""What every provider can be asked: the one interface of the house."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Protocol, Self

from smsgw.domain.ledger import Capability, Sighting
from smsgw.domain.messages import Outcome, OutgoingSms, Receipt, SmsReceived, UssdScreen, UssdTurn, WebAnswer, WebCall
from smsgw.providers.shapes import Shape


class NoUssd(NotImplementedError):
    """The provider was asked for USSD, which it has none of."""


class NoSms(NotImplementedError):
    """The provider was asked for texts, of which it carries none."""


class NotDeclared(NotImplementedError):
    """The provider was asked for something that its `can` does not name."""


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a provider is opened with: its environment names, how the world reaches us, the key of our references.

    `timeout` is how long a send waits for the connection, then for the answer, in seconds. `now` gives aware UTC
    times; only signatures with a time in them ask for it.
    """

    env: Mapping[str, str]
    public_url: str
    secret_key: str
    timeout: tuple[float, float] = (3.05, 10.0)
    now: Callable[[], datetime] = utc_now


class Provider(Protocol):
    """One provider's dialect. Methods it has no use for raise `NotImplementedError`; `sends`, `receives` and `ussd`
    say which. `method` is how it calls our webhooks; one that `proves_itself` by nothing (the simulator) is heard on
    this machine only. One that `repeats_under_new_ids` may bring one text twice with nothing to tell it by but its words.

    `guard` judges every webhook before anything is read; it must not raise. `read_*` raise `Malformed` where sender or
    id is missing and `Irrelevant` for a call that asks nothing of us. `send` never raises for the network's or the
    provider's trouble: it classifies. It blocks at most 15 s. `shapes` says what its environment values look like.
    `rate` is how many segments a second it is handed where the settings say nothing. `can` declares what may be asked of
    it besides: the three questions at the end, which raise `NoWord` when there is no answer to be had.
    """

    name: ClassVar[str]
    sends: ClassVar[bool]
    receives: ClassVar[bool]
    ussd: ClassVar[bool]
    method: ClassVar[str]
    proves_itself: ClassVar[bool]
    repeats_under_new_ids: ClassVar[bool]
    needs_to_send: ClassVar[tuple[str, ...]]
    needs_to_receive: ClassVar[tuple[str, ...]]
    shapes: ClassVar[Mapping[str, Shape]]
    rate: ClassVar[float]
    can: ClassVar[frozenset[Capability]]

    @classmethod
    def open(cls, around: Surroundings) -> Self: ...

    def guard(self, call: WebCall) -> bool: ...
    def read_sms(self, call: WebCall) -> SmsReceived: ...
    def read_receipt(self, call: WebCall) -> Receipt: ...
    def send(self, message: OutgoingSms) -> Outcome: ...

    def read_ussd(self, call: WebCall) -> UssdTurn:
        raise NoUssd(self.name)

    def show(self, screen: UssdScreen, turn: UssdTurn) -> WebAnswer:
        """The screen as the answer to this turn."""
        raise NoUssd(self.name)

    def taken(self) -> WebAnswer:
        """What tells the provider that we have its message, without a word to the person."""
        return WebAnswer()

    def look_up(self, message: OutgoingSms, since: datetime) -> Sequence[Sighting]:
        """The texts with these words that it took from us for this number since then, and that are not older; none when
        it has none. One that alters texts on their way adds those with other words, marked so. With LOOK_UP."""
        raise NotDeclared(self.name)

    def sent_since(self, since: datetime) -> Iterable[Sighting]:
        """What it took from us since then. With LISTS_SENT."""
        raise NotDeclared(self.name)

    def received_since(self, since: datetime) -> Iterable[SmsReceived]:
        """What it took in for us since then, each as its webhook would have brought it. With LISTS_RECEIVED."""
        raise NotDeclared(self.name)
