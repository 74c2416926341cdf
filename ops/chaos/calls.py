"""The calls that providers make to our webhooks: a person's text, a turn on a USSD menu, a receipt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from ops.chaos.dialects import Order, Taken
from ops.chaos.names import (
    AFRICASTALKING,
    AFRICASTALKING_TOKEN,
    KANNEL,
    KANNEL_TOKEN,
    OUR_NUMBER,
    PUBLIC_URL,
    TWILIO,
    TWILIO_ACCOUNT,
    TWILIO_TOKEN,
)
from ops.chaos.reports import Word

WORDS = {
    TWILIO: {Word.SENT: "sent", Word.DELIVERED: "delivered", Word.UNDELIVERED: "undelivered"},
    AFRICASTALKING: {Word.SENT: "Sent", Word.DELIVERED: "Success", Word.UNDELIVERED: "Failed"},
    KANNEL: {Word.SENT: "8", Word.DELIVERED: "1", Word.UNDELIVERED: "2"},
}
FORGED = "x" * 43


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the house; `target` is its path with the query."""

    method: str
    target: str
    form: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def text(provider: str, ref: str, sender: str, body: str) -> Call:
    """A person's text, as its provider brings it."""
    if provider == TWILIO:
        return _twilio("/sms/twilio", _twilio_form(ref, sender, body))
    if provider == AFRICASTALKING:
        form = {"id": ref, "from": sender, "to": "8079", "text": body, "date": "2026-11-25T02:00:00Z", "linkId": ref}
        return Call("POST", f"/sms/africastalking/{AFRICASTALKING_TOKEN}", form)
    query = {"id": ref, "from": sender, "to": "8079", "text": body, "charset": "UTF-8", "coding": "0", "smsc": "trial"}
    return Call("GET", f"/sms/kannel/{KANNEL_TOKEN}?{urlencode(query)}")


def turn(session: str, sender: str, typed: str) -> Call:
    """A turn on the USSD menu: everything typed so far."""
    form = {"sessionId": session, "phoneNumber": sender, "serviceCode": "*8079#", "networkCode": "1", "text": typed}
    return Call("POST", f"/ussd/africastalking/{AFRICASTALKING_TOKEN}", form)


def receipt(taken: Taken, word: Word, *, forged: bool) -> Call:
    """What became of a text. A forged one has another's signature, token or reference."""
    order = taken.order
    told = WORDS[order.provider][word]
    if order.provider == TWILIO:
        form = {"MessageSid": taken.name, "AccountSid": TWILIO_ACCOUNT, "MessageStatus": told, "To": order.phone}
        return _twilio(_path(order), form, FORGED if forged else TWILIO_TOKEN)
    if order.provider == AFRICASTALKING:
        form = {"id": taken.name, "status": told, "phoneNumber": order.phone, "networkCode": "1"}
        return Call("POST", f"/receipts/africastalking/{FORGED if forged else AFRICASTALKING_TOKEN}", form)
    path = _path(order).replace("%d", told)
    return Call("GET", path.replace("ref=", "ref=9") if forged else path)


def _path(order: Order) -> str:
    parts = urlsplit(order.callback)
    return f"{parts.path}?{parts.query}"


def _twilio(target: str, form: Mapping[str, str], token: str = TWILIO_TOKEN) -> Call:
    signature = RequestValidator(token).compute_signature(PUBLIC_URL + target, form)
    return Call("POST", target, form, {"X-Twilio-Signature": signature})


def _twilio_form(ref: str, sender: str, body: str) -> dict[str, str]:
    return {
        "MessageSid": ref,
        "SmsSid": ref,
        "SmsMessageSid": ref,
        "SmsStatus": "received",
        "AccountSid": TWILIO_ACCOUNT,
        "From": sender,
        "To": OUR_NUMBER,
        "Body": body,
        "NumMedia": "0",
        "NumSegments": "1",
        "ApiVersion": "2010-04-01",
    }
