"""The dialect of a phone with the SMS Gateway for Android app: signed JSON both ways."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, ClassVar, Final, Self

from urllib3.util import make_headers

from smsgw.domain.ledger import Capability, NoWord, Sighting
from smsgw.domain.messages import (
    Accepted,
    Delivery,
    InDoubt,
    Irrelevant,
    Malformed,
    Outcome,
    OutgoingSms,
    Receipt,
    SmsReceived,
    TryLater,
    WebCall,
)
from smsgw.providers import fields, refs
from smsgw.providers.contract import Provider, Surroundings
from smsgw.providers.shapes import URL, Shape
from smsgw.providers.tokens import is_one_of, several
from smsgw.providers.wire import Answer, Line, Trouble, refused, trouble

# The app stamps each try anew, so an old stamp is a replay or a phone whose clock is wrong.
_SKEW: Final = timedelta(minutes=10)

_RECEIVED: Final = "sms:received"
_DELIVERIES: Final[Mapping[str, Delivery]] = {
    "sms:sent": Delivery.SENT,
    "sms:delivered": Delivery.DELIVERED,
    "sms:failed": Delivery.UNDELIVERED,
    "sms:cancelled": Delivery.UNDELIVERED,
}

_STATES: Final[Mapping[str, Delivery]] = {
    "Sent": Delivery.SENT,
    "Delivered": Delivery.DELIVERED,
    "Failed": Delivery.UNDELIVERED,
    "Cancelled": Delivery.UNDELIVERED,
}


@dataclass(frozen=True)
class Android(Provider):
    """`keys` sign webhooks and are good now; `signs_for` is the key of our own references."""

    base: str
    login: Mapping[str, str] = field(repr=False)
    keys: tuple[str, ...] = field(repr=False)
    signs_for: str = field(repr=False)
    now: Callable[[], datetime]
    line: Line

    name: ClassVar[str] = "android"
    sends: ClassVar[bool] = True
    receives: ClassVar[bool] = True
    ussd: ClassVar[bool] = False
    method: ClassVar[str] = "POST"
    proves_itself: ClassVar[bool] = True
    repeats_under_new_ids: ClassVar[bool] = True  # a phone that reads its SIM again may report a text anew
    needs_to_receive: ClassVar[tuple[str, ...]] = ("ANDROID_WEBHOOK_KEY",)
    needs_to_send: ClassVar[tuple[str, ...]] = (
        "ANDROID_API_BASE",
        "ANDROID_USERNAME",
        "ANDROID_PASSWORD",
        *needs_to_receive,
    )
    shapes: ClassVar[Mapping[str, Shape]] = {"ANDROID_API_BASE": URL}
    rate: ClassVar[float] = 5.0  # a burst; the carrier allows a SIM far less in an hour, and the app waits for it
    can: ClassVar[frozenset[Capability]] = frozenset({Capability.CALLBACK, Capability.SAME_ID, Capability.LOOK_UP})

    @classmethod
    def open(cls, around: Surroundings) -> Self:
        env = around.env
        login = (env.get("ANDROID_USERNAME", "").strip(), env.get("ANDROID_PASSWORD", "").strip())
        return cls(
            base=env.get("ANDROID_API_BASE", "").strip().rstrip("/"),
            login=make_headers(basic_auth=":".join(login)),
            keys=several(env.get("ANDROID_WEBHOOK_KEY", "")),
            signs_for=around.secret_key,
            now=around.now,
            line=Line(env.get("ANDROID_API_BASE", ""), around.timeout),
        )

    def guard(self, call: WebCall) -> bool:
        """HMAC-SHA256 of the body and the time stamp behind it, in hexadecimal, and the stamp is of these minutes."""
        stamp = call.headers.get("x-timestamp", "")
        if not self._is_recent(stamp):
            return False
        signed = call.body + stamp.encode("ascii")
        ours = [hmac.new(key.encode(), signed, hashlib.sha256).hexdigest() for key in self.keys]
        return is_one_of(call.headers.get("x-signature"), ours)

    def _is_recent(self, stamp: str) -> bool:
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 11):
            return False
        return abs(self.now() - datetime.fromtimestamp(int(stamp), UTC)) <= _SKEW

    def read_sms(self, call: WebCall) -> SmsReceived:
        """The event's id changes when the phone is asked for its inbox again, and messageId is a short hash: the
        message is known by messageId and its time together."""
        event, told, payload = _event(call)
        if event != _RECEIVED:
            raise Irrelevant(event)
        message_id = fields.needed(payload.get("messageId"), "messageId")
        received_at = fields.word(payload.get("receivedAt"))
        return SmsReceived(
            provider=self.name,
            account=fields.label(told.get("deviceId")),
            provider_ref=fields.needed(f"{message_id}@{received_at}", "messageId"),
            sender=fields.sender(payload.get("sender") or payload.get("phoneNumber")),
            recipient=fields.recipient(payload.get("recipient")),
            text=fields.text(payload.get("message")),
            sent_at=fields.moment(received_at),
        )

    def read_receipt(self, call: WebCall) -> Receipt:
        """Of our texts only: the app tells of those that somebody sends from the phone's own programs too.

        A received text here is in the wrong place; refused, the phone keeps it and its log shows why.
        """
        event, _, payload = _event(call)
        if event == _RECEIVED:
            raise Malformed("a received text at the address for receipts")
        if event not in _DELIVERIES:
            raise Irrelevant(event)
        ref = fields.needed(payload.get("messageId"), "messageId")
        if refs.verify(self.signs_for, ref) is None:
            raise Irrelevant("another's text")
        code = fields.label(payload.get("reason")) or event
        return Receipt(self.name, _DELIVERIES[event], ref, ref, code=code)

    def send(self, message: OutgoingSms) -> Outcome:
        """With our reference as its id, the same text twice is one text on the phone."""
        wanted = {
            "id": message.ref,
            "textMessage": {"text": message.text},
            "phoneNumbers": [message.to],
            "ttl": max(1, message.valid_for),
            "withDeliveryReport": True,
        }
        try:
            answer = self.line.post_json(f"{self.base}/messages", wanted, self.login)
        except Trouble as error:
            return trouble(error)
        return _judged(answer, message.ref)

    def look_up(self, message: OutgoingSms, since: datetime) -> Sequence[Sighting]:
        """By our reference, which is the text's id there, however old: `since` is not needed."""
        try:
            answer = self.line.get(f"{self.base}/messages/{message.ref}", headers=self.login)
        except Trouble as error:
            raise NoWord(f"the phone's gateway: {type(error).__name__}") from error
        if answer.status == HTTPStatus.NOT_FOUND:
            return []
        return [_seen(answer, message)]


def _event(call: WebCall) -> tuple[str, Mapping[str, Any], Mapping[str, Any]]:
    """The event's name, the whole and its payload."""
    told = fields.json_object(call.body)
    payload = told.get("payload")
    return fields.needed(told.get("event"), "event"), told, payload if isinstance(payload, dict) else {}


def _seen(answer: Answer, message: OutgoingSms) -> Sighting:
    try:
        told = answer.json() if answer.status == HTTPStatus.OK else None
    except ValueError as error:
        raise NoWord("the phone's gateway: an answer that is not JSON") from error
    if not isinstance(told, dict) or told.get("id") != message.ref:
        raise NoWord(f"the phone's gateway: HTTP {answer.status} about another text")
    state = fields.word(told.get("state"))
    return Sighting(message.ref, message.to, None, _STATES.get(state, Delivery.PENDING))


def _judged(answer: Answer, ref: str) -> Outcome:
    """409 says that the id is there already: an earlier try got through. 503 is the queue's limit, before taking."""
    status = answer.status
    if status == HTTPStatus.CONFLICT:
        return Accepted(ref)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return TryLater("the phone's queue is full", answer.after)
    if not answer.took:
        return refused(status, "Android gateway", answer.after)
    try:
        taken = answer.json()
    except ValueError:
        return InDoubt("an answer that is not JSON")
    same = isinstance(taken, dict) and taken.get("id") == ref
    return Accepted(ref) if same else InDoubt("an answer about another text")
