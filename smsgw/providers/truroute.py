"""TruRoute's dialect (TNM, Vodacom and others in Africa): XML with the last answer only."""

import re
from collections.abc import Mapping
from typing import ClassVar, Final
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from smsgw.domain.messages import Malformed, UssdEvent, UssdScreen, UssdTurn, WebAnswer, WebCall
from smsgw.providers import fields
from smsgw.providers.shapes import TOKENS, Shape
from smsgw.providers.ussd_only import UssdOnly, caller

_EVENTS: Final[Mapping[str, UssdEvent]] = {
    "1": UssdEvent.START,
    "2": UssdEvent.INPUT,
    "3": UssdEvent.END,
    "4": UssdEvent.TIMEOUT,
    "10": UssdEvent.END,  # the network could not charge for the session
}
_MORE, _LAST = "2", "3"
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2


class TruRoute(UssdOnly):
    name: ClassVar[str] = "truroute"
    needs_to_receive: ClassVar[tuple[str, ...]] = ("TRUROUTE_CALLBACK_TOKEN",)
    shapes: ClassVar[Mapping[str, Shape]] = {"TRUROUTE_CALLBACK_TOKEN": TOKENS}

    def read_ussd(self, call: WebCall) -> UssdTurn:
        """`msg` of a request is what was dialled. No document type and no entity is read: theirs hold none."""
        told = _read(call.body)
        event = _EVENTS.get(_said(told, "type").strip(), UssdEvent.INPUT)
        message = fields.text(_said(told, "msg"))
        return UssdTurn(
            provider=self.name,
            session_id=fields.needed(_said(told, "sessionid"), "sessionid"),
            phone=caller(_said(told, "msisdn")),
            service_code=message.strip() if event is UssdEvent.START else "",
            event=event,
            typed=message if event is UssdEvent.INPUT else "",
        )

    def show(self, screen: UssdScreen, turn: UssdTurn) -> WebAnswer:
        """Signs that XML has no way to write are left out: an answer may hold what somebody pasted."""
        kind, text = _MORE if screen.more else _LAST, escape(_NOT_IN_XML.sub("", screen.text))
        return WebAnswer(f"<ussd><type>{kind}</type><msg>{text}</msg></ussd>", "text/xml; charset=utf-8")


def _read(body: bytes) -> Element:
    try:
        told: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Malformed("the body is not XML that we read") from error
    if told.tag != "ussd":
        raise Malformed(f"an element {told.tag[:40]!r} instead of ussd")
    return told


def _said(told: Element, name: str) -> str:
    return told.findtext(name) or ""
