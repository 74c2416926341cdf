"""The simulator's dialect: the feature phone of a demo, and whatever a test has it say about sending."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Self
from urllib.parse import urlsplit

from smsgw.domain.ledger import Capability
from smsgw.domain.messages import (
    Accepted,
    Delivery,
    Never,
    Outcome,
    OutgoingSms,
    Receipt,
    SmsReceived,
    UssdEvent,
    UssdScreen,
    UssdTurn,
    WebAnswer,
    WebCall,
)
from smsgw.domain.rates import UNLIMITED
from smsgw.providers import fields
from smsgw.providers.contract import Provider, Surroundings
from smsgw.providers.shapes import Shape

OUT_OF_REACH: Final = "+84900000404"  # a number of the demo that no text reaches

_DELIVERIES: Final = frozenset(Delivery)


def everything_goes(message: OutgoingSms) -> Outcome:
    """Takes every text but those to the number out of reach; its id is our own reference."""
    return Never("the phone is out of reach") if message.to == OUT_OF_REACH else Accepted(message.ref)


@dataclass(frozen=True)
class Simulator(Provider):
    """`answers` says what becomes of each text. It proves nothing, so the door hears it on this machine only."""

    answers: Callable[[OutgoingSms], Outcome] = everything_goes

    name: ClassVar[str] = "simulator"
    sends: ClassVar[bool] = True
    receives: ClassVar[bool] = True
    ussd: ClassVar[bool] = True
    method: ClassVar[str] = "POST"
    proves_itself: ClassVar[bool] = False
    repeats_under_new_ids: ClassVar[bool] = False
    needs_to_send: ClassVar[tuple[str, ...]] = ()
    needs_to_receive: ClassVar[tuple[str, ...]] = ()
    shapes: ClassVar[Mapping[str, Shape]] = {}
    rate: ClassVar[float] = UNLIMITED
    can: ClassVar[frozenset[Capability]] = frozenset({Capability.CALLBACK})

    @classmethod
    def open(cls, around: Surroundings) -> Self:  # noqa: ARG003
        return cls()

    def guard(self, call: WebCall) -> bool:
        return True

    def read_sms(self, call: WebCall) -> SmsReceived:
        """A form or a JSON object of `from`, `to`, `text` and `id`."""
        told = _told(call)
        return SmsReceived(
            provider=self.name,
            account="",
            provider_ref=fields.needed(told.get("id"), "message id"),
            sender=fields.sender(told.get("from")),
            recipient=fields.recipient(told.get("to")),
            text=fields.text(told.get("text")),
        )

    def read_receipt(self, call: WebCall) -> Receipt:
        """A form or a JSON object of `ref` (ours) and `status`, one of `Delivery`'s words."""
        told = _told(call)
        status = fields.label(told.get("status"))
        ref = fields.needed(told.get("ref"), "reference")
        return Receipt(
            self.name, Delivery(status) if status in _DELIVERIES else Delivery.PENDING, ref, ref, code=status
        )

    def read_ussd(self, call: WebCall) -> UssdTurn:
        """A form or a JSON object of `session`, `phone`, `code` and `text`, all that was typed so far joined by `*`."""
        told = _told(call)
        typed = fields.text(told.get("text"))
        ended = urlsplit(call.target).path.endswith("/ended")
        return UssdTurn(
            provider=self.name,
            session_id=fields.needed(told.get("session"), "session id"),
            phone=fields.sender(told.get("phone")),
            service_code=fields.word(told.get("code")),
            event=UssdEvent.END if ended else UssdEvent.INPUT if typed else UssdEvent.START,
            typed=typed.rpartition("*")[2],
            history=typed,
        )

    def show(self, screen: UssdScreen, turn: UssdTurn) -> WebAnswer:
        """A JSON object of `text` and `more`."""
        shown = json.dumps({"text": screen.text, "more": screen.more}, ensure_ascii=False)
        return WebAnswer(shown, "application/json")

    def send(self, message: OutgoingSms) -> Outcome:
        return self.answers(message)


def _told(call: WebCall) -> Mapping[str, Any]:
    if "json" in call.headers.get("content-type", ""):
        return fields.json_object(call.body)
    return {name: call.form.get(name, "") for name in call.form}
