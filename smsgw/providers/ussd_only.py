"""What providers have in common that carry USSD and no texts: a secret path, for they sign nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, Self

from smsgw.domain.ledger import Capability
from smsgw.domain.messages import Outcome, OutgoingSms, Receipt, SmsReceived, WebCall
from smsgw.domain.rates import UNLIMITED
from smsgw.providers import fields
from smsgw.providers.contract import NoSms, Provider, Surroundings
from smsgw.providers.shapes import Shape
from smsgw.providers.tokens import is_one_of, several

_SHORTEST_ABROAD: Final = 10  # digits of a number that begins with its country, written without the plus


@dataclass(frozen=True)
class UssdOnly(Provider):
    """`tokens` are the secret path segments that are good now."""

    tokens: tuple[str, ...] = field(repr=False)

    sends: ClassVar[bool] = False
    receives: ClassVar[bool] = False
    ussd: ClassVar[bool] = True
    method: ClassVar[str] = "POST"
    proves_itself: ClassVar[bool] = True
    repeats_under_new_ids: ClassVar[bool] = False
    needs_to_send: ClassVar[tuple[str, ...]] = ()
    needs_to_receive: ClassVar[tuple[str, ...]]
    shapes: ClassVar[Mapping[str, Shape]]
    rate: ClassVar[float] = UNLIMITED
    can: ClassVar[frozenset[Capability]] = frozenset()

    @classmethod
    def open(cls, around: Surroundings) -> Self:
        (token,) = cls.needs_to_receive
        return cls(several(around.env.get(token, "")))

    def guard(self, call: WebCall) -> bool:
        return is_one_of(call.token, self.tokens)

    def read_sms(self, call: WebCall) -> SmsReceived:
        raise NoSms(self.name)

    def read_receipt(self, call: WebCall) -> Receipt:
        raise NoSms(self.name)

    def send(self, message: OutgoingSms) -> Outcome:
        raise NoSms(self.name)


def caller(value: object) -> str:
    """Who dialled: E.164. These providers write a number with its country and without the plus."""
    told = fields.needed(value, "caller")
    whole = told.isascii() and told.isdigit() and len(told) >= _SHORTEST_ABROAD and not told.startswith("0")
    return fields.sender(f"+{told}" if whole else told)
