"""The providers' side of each dialect: what they read in our request, and what they say to it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ops.chaos.names import AFRICASTALKING, KANNEL, OUR_NUMBER, TWILIO, TWILIO_ACCOUNT

MESSAGES = f"/2010-04-01/Accounts/{TWILIO_ACCOUNT}/Messages"
JSON, PLAIN = "application/json", "text/plain"


@dataclass(frozen=True, slots=True)
class Order:
    """A text that we ask a provider to send. `callback` is where receipts go, empty where the account says so."""

    provider: str
    phone: str
    body: str
    callback: str

    @property
    def ref(self) -> str:
        """Our reference, which stands in the address for receipts; empty where there is none."""
        return first(parse_qs(urlsplit(self.callback).query), "ref")


@dataclass(frozen=True, slots=True)
class Taken:
    """A text that went out, under its provider's name for it."""

    name: str
    order: Order
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """An HTTP answer."""

    status: int
    kind: str
    body: str


def order_of(method: str, target: str, form: str) -> Order | None:
    """What a request orders; None when it orders nothing."""
    parts = urlsplit(target)
    told = parse_qs(form if method == "POST" else parts.query, keep_blank_values=True)
    match method, parts.path:
        case "POST", path if path == f"{MESSAGES}.json":
            return Order(TWILIO, first(told, "To"), first(told, "Body"), first(told, "StatusCallback"))
        case "POST", "/version1/messaging":
            return Order(AFRICASTALKING, first(told, "to"), first(told, "message"), "")
        case "GET", "/cgi-bin/sendsms":
            return Order(KANNEL, first(told, "to"), first(told, "text"), first(told, "dlr-url"))
    return None


def first(fields: Mapping[str, Sequence[str]], name: str) -> str:
    """The first value of a field; empty when it is not there."""
    return next(iter(fields.get(name, ())), "")


def well_taken(taken: Taken) -> Said:
    """The answer of a provider in good health."""
    match taken.order.provider:
        case "twilio":
            return Said(201, JSON, json.dumps(resource(taken)))
        case "africastalking":
            recipient = {"statusCode": 101, "number": taken.order.phone, "status": "Success", "messageId": taken.name}
            told = {"SMSMessageData": {"Message": "Sent to 1/1", "Recipients": [recipient]}}
            return Said(201, JSON, json.dumps(told))
    return Said(202, PLAIN, "0: Accepted for delivery")


def too_many(provider: str) -> Said:
    """The answer of a provider that wants less of us at once: nothing is sent."""
    match provider:
        case "twilio":
            return Said(429, JSON, json.dumps({"code": 20429, "message": "Too Many Requests", "status": 429}))
        case "africastalking":
            return Said(429, PLAIN, "Too Many Requests")
    return Said(503, PLAIN, "Temporal failure, try again later.")


def broken(provider: str, status: int) -> Said:
    """The answer of a provider with a server's error."""
    if provider == TWILIO:
        return Said(status, JSON, json.dumps({"code": 20500, "message": "An internal error", "status": status}))
    return Said(status, PLAIN, "Internal error")


def resource(taken: Taken) -> dict[str, Any]:
    """A Message as Twilio's API describes it."""
    moment = format_datetime(taken.at.astimezone(UTC))
    return {
        "sid": taken.name,
        "account_sid": TWILIO_ACCOUNT,
        "messaging_service_sid": None,
        "to": taken.order.phone,
        "from": OUR_NUMBER,
        "body": taken.order.body,
        "status": "sent",
        "direction": "outbound-api",
        "num_segments": "1",
        "num_media": "0",
        "price": None,
        "price_unit": "USD",
        "error_code": None,
        "error_message": None,
        "api_version": "2010-04-01",
        "date_created": moment,
        "date_sent": moment,
        "date_updated": moment,
        "uri": f"{MESSAGES}/{taken.name}.json",
        "subresource_uris": {},
    }


def looked_up(target: str, taken: Sequence[Taken]) -> Said | None:
    """Twilio's answer to a question for one message, or for those to a number; None for any other question."""
    parts = urlsplit(target)
    mine = [one for one in taken if one.order.provider == TWILIO]
    if parts.path == f"{MESSAGES}.json":
        return _listed(parse_qs(parts.query), mine)
    if parts.path.startswith(f"{MESSAGES}/"):
        sid = parts.path.rpartition("/")[2].removesuffix(".json")
        found = next((one for one in mine if one.name == sid), None)
        missing = Said(404, JSON, json.dumps({"code": 20404, "message": "not found", "status": 404}))
        return Said(200, JSON, json.dumps(resource(found))) if found else missing
    return None


def _listed(asked: Mapping[str, Sequence[str]], mine: Sequence[Taken]) -> Said:
    """By To and by the day or moment of sending; all of ours are from one sender. Newest first, one page."""
    to = first(asked, "To")
    found = [one for one in mine if to in ("", one.order.phone) and _sent_when(one.at, asked)]
    page = {
        "messages": [resource(one) for one in reversed(found)],
        "page": 0,
        "page_size": max(50, len(found)),
        "start": 0,
        "end": max(0, len(found) - 1),
        "uri": f"{MESSAGES}.json",
        "first_page_uri": f"{MESSAGES}.json",
        "previous_page_uri": None,
        "next_page_uri": None,
    }
    return Said(200, JSON, json.dumps(page))


def _sent_when(at: datetime, asked: Mapping[str, Sequence[str]]) -> bool:
    """`DateSent` is a day, whatever time the SDK adds to it; the other two are moments, themselves included."""
    told = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    day, until, since = (first(asked, name) for name in ("DateSent", "DateSent<", "DateSent>"))
    return told.startswith(day[:10]) and (not until or told <= until) and told >= since
