"""What every provider can be asked: the one interface of the house."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol, Self

from smsgw.domain.messages import OutgoingSms, Outcome, Receipt, SmsReceived, UssdScreen, UssdTurn, WebAnswer, WebCall


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a provider is opened with: its environment names, how the world reaches us, the key that signs our references."""

    env: Mapping[str, str]
    public_url: str
    secret_key: str


class Provider(Protocol):
    """One provider's dialect. Methods it has no use for raise `NotImplementedError`; `sends`, `receives` and `ussd` say which.

    `guard` judges every webhook before anything is read; it must not raise. `read_*` raise `Malformed` where sender or
    id is missing. `send` never raises for the network's or the provider's trouble: it classifies. It blocks at most 15 s.
    """

    name: ClassVar[str]
    sends: ClassVar[bool]
    receives: ClassVar[bool]
    ussd: ClassVar[bool]
    needs_to_send: ClassVar[tuple[str, ...]]
    needs_to_receive: ClassVar[tuple[str, ...]]

    @classmethod
    def open(cls, around: Surroundings) -> Self: ...

    def guard(self, call: WebCall) -> bool: ...
    def read_sms(self, call: WebCall) -> SmsReceived: ...
    def read_receipt(self, call: WebCall) -> Receipt: ...
    def read_ussd(self, call: WebCall) -> UssdTurn: ...
    def show(self, screen: UssdScreen) -> WebAnswer: ...
    def taken(self) -> WebAnswer: ...
    def send(self, message: OutgoingSms) -> Outcome: ...
