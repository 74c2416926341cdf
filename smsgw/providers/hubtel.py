"""Hubtel's dialect (Ghana; Emergent's is the same): JSON with the last answer only, each turn numbered."""

import json
from collections.abc import Mapping
from typing import ClassVar, Final

from smsgw.domain.messages import UssdEvent, UssdScreen, UssdTurn, WebAnswer, WebCall
from smsgw.providers import fields
from smsgw.providers.shapes import TOKENS, Shape
from smsgw.providers.ussd_only import UssdOnly, caller

_EVENTS: Final[Mapping[str, UssdEvent]] = {
    "initiation": UssdEvent.START,
    "response": UssdEvent.INPUT,
    "release": UssdEvent.END,
    "timeout": UssdEvent.TIMEOUT,
}


class Hubtel(UssdOnly):
    name: ClassVar[str] = "hubtel"
    needs_to_receive: ClassVar[tuple[str, ...]] = ("HUBTEL_CALLBACK_TOKEN",)
    shapes: ClassVar[Mapping[str, Shape]] = {"HUBTEL_CALLBACK_TOKEN": TOKENS}

    def read_ussd(self, call: WebCall) -> UssdTurn:
        """`Message` of the first call is what was dialled, and `Sequence` the turn's number. A type that nobody documented
        ends nothing: it is read as an answer."""
        told = fields.json_object(call.body)
        event = _EVENTS.get(fields.word(told.get("Type")).lower(), UssdEvent.INPUT)
        return UssdTurn(
            provider=self.name,
            session_id=fields.needed(told.get("SessionId"), "SessionId"),
            phone=caller(told.get("Mobile")),
            service_code=fields.word(told.get("ServiceCode")),
            event=event,
            typed=fields.text(told.get("Message")) if event is UssdEvent.INPUT else "",
            mark=fields.label(told.get("Sequence")),
        )

    def show(self, screen: UssdScreen, turn: UssdTurn) -> WebAnswer:
        told = {"Type": "Response" if screen.more else "Release", "Message": screen.text}
        return WebAnswer(json.dumps(told, ensure_ascii=False), "application/json")
