"""One table entry a provider: how it calls, how it answers, and what an outsider could try instead."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import Enum
from typing import Any
from urllib.parse import quote

from werkzeug.datastructures import MultiDict

from smsgw.domain.messages import Delivery, Receipt, WebCall
from smsgw.providers import refs
from smsgw.providers.contract import Provider, Surroundings
from smsgw.providers.register import REGISTER
from tests.providers.calls import Pairs, form_call, get_call, json_call

NOW = datetime(2026, 11, 23, 10, 43, 5, tzinfo=UTC)
PUBLIC_URL = "https://gateway.example/house"
SECRET = "a key that signs references, for tests"
TOKEN = "correct-horse-battery-staple"
OLD_TOKEN = "the-token-before-this-one-was-made"
REF = refs.sign(SECRET, 123)
CITIZEN = "+84900001234"
ACCOUNT = "AC" + "fb0d" * 8
WORDS = "Da nhan phan anh."
SID = "SM" + "2c" * 16


class Saying(Enum):
    """What an answer to our sending can come to, whoever gives it."""

    TAKEN = "it is taken"
    TOO_MANY = "too many requests"
    BAD_NUMBER = "the number is refused"
    BAD_ACCOUNT = "the account is refused"
    OPTED_OUT = "the person said stop"
    THERE_ALREADY = "the same id is there already"
    BROKEN = "a server error"
    GARBAGE = "a success that makes no sense"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the stub says: a dict goes as JSON."""

    status: int
    body: Any
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sms:
    """A text, in nobody's dialect; None leaves the field out, `more` adds fields after the others."""

    text: str = "Đường hỏng ở thôn 3"
    sender: str | None = CITIZEN
    ref: str | None = "message-1"
    to: str = "8079"
    more: Pairs = ()


@dataclass(frozen=True, slots=True)
class Dialect:
    """`sms` and `receipts` are genuine calls; each of `forged` turns a genuine call into one that must not pass.

    `has` and `has_not` are the answers at `asked_at` to whether a text is there: WORDS to CITIZEN, taken at NOW. `lists`
    is the answer there that lists a text of NOW as received; `log` is the file that does.
    """

    env: Mapping[str, str]
    sms: Callable[[Sms], WebCall]
    names: Mapping[str, str]
    receipts: Sequence[tuple[WebCall, Receipt]]
    idle_receipt: WebCall
    forged: Mapping[str, Callable[[WebCall], WebCall]]
    base: str = ""
    says: Mapping[Saying, Answer] = field(default_factory=dict)
    accepted_ref: str = ""
    asked_at: str = ""
    has: Answer | None = None
    has_not: Answer | None = None
    lists: Callable[[Sms], Answer] | None = None
    log: Callable[[Sms], str] | None = None


def opened(
    name: str, base: str = "http://127.0.0.1:9", timeout: tuple[float, float] = (2.0, 5.0), log: str = ""
) -> Any:
    """The provider as the gateway opens it, pointed at `base` and at the access log `log`."""
    dialect = DIALECTS[name]
    env = {key: value.replace("{base}", base).replace("{log}", log) for key, value in dialect.env.items()}
    provider: Provider = REGISTER[name].open(Surroundings(env, PUBLIC_URL, SECRET, timeout, lambda: NOW))
    return provider


def _fields(sms: Sms, names: Mapping[str, str]) -> list[tuple[str, str]]:
    told = {"sender": sms.sender, "to": sms.to, "text": sms.text, "ref": sms.ref}
    return [(names[key], value) for key, value in told.items() if value is not None] + list(sms.more)


def twilio_signature(call: WebCall, token: str = "12345") -> str:
    """Twilio's rule, written down a second time: the address, then each name and value in order."""
    names = sorted(set(call.form))
    parts = [name + value for name in names for value in sorted(set(call.form.getlist(name)))]
    signed = PUBLIC_URL + call.target + "".join(parts)
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), hashlib.sha1)).decode()


def twilio_signed(call: WebCall, token: str = "12345") -> WebCall:
    return replace(call, headers={**call.headers, "x-twilio-signature": twilio_signature(call, token)})


_TWILIO_NAMES = {"sender": "From", "to": "To", "text": "Body", "ref": "MessageSid"}


def _twilio_sms(sms: Sms) -> WebCall:
    pairs = [*_fields(sms, _TWILIO_NAMES), ("AccountSid", ACCOUNT), ("NumMedia", "0"), ("FromCity", "")]
    return twilio_signed(form_call("/sms/twilio", pairs))


def _twilio_receipt(status: str, **more: str) -> WebCall:
    pairs = {"MessageSid": "SM1", "MessageStatus": status, "AccountSid": ACCOUNT, **more}
    return twilio_signed(form_call(f"/receipts/twilio?ref={REF}", pairs.items()))


def _twilio_told(delivery: Delivery, code: str, *, opted_out: bool = False) -> Receipt:
    return Receipt("twilio", delivery, REF, "SM1", code, opted_out)


def _without_header(name: str) -> Callable[[WebCall], WebCall]:
    return lambda call: replace(call, headers={key: value for key, value in call.headers.items() if key != name})


def _with_header(name: str, value: str) -> Callable[[WebCall], WebCall]:
    return lambda call: replace(call, headers={**call.headers, name: value})


def _another_field(call: WebCall) -> WebCall:
    return replace(call, form=MultiDict([*call.form.items(multi=True), ("Added", "1")]))  # type: ignore[attr-defined]


def twilio_listed(**told: Any) -> dict[str, Any]:
    """One message of Twilio's list: ours, as sent, but for what is told."""
    ours = {
        "account_sid": ACCOUNT,
        "body": WORDS,
        "date_created": format_datetime(NOW),
        "date_sent": format_datetime(NOW),
        "direction": "outbound-api",
        "error_code": None,
        "from": "+15005550006",
        "messaging_service_sid": None,
        "sid": SID,
        "status": "sent",
        "to": CITIZEN,
    }
    return ours | told


def twilio_list(*messages: Mapping[str, Any]) -> Answer:
    page = {"end": len(messages), "next_page_uri": None, "page": 0, "page_size": 50, "start": 0, "uri": "/"}
    return Answer(200, {**page, "messages": list(messages)})


def _twilio_lists(sms: Sms) -> Answer:
    theirs = {"direction": "inbound", "status": "received", "sid": sms.ref, "body": sms.text, "from": sms.sender}
    return twilio_list(twilio_listed(), twilio_listed(**theirs, to=sms.to), twilio_listed(**theirs, to="+15005559999"))


TWILIO = Dialect(
    env={
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": "12345, the-token-before",
        "TWILIO_FROM": "+15005550006",
        "TWILIO_API_BASE": "{base}",
    },
    sms=_twilio_sms,
    names=_TWILIO_NAMES,
    receipts=(
        (_twilio_receipt("queued"), _twilio_told(Delivery.PENDING, "queued")),
        (_twilio_receipt("sent"), _twilio_told(Delivery.SENT, "sent")),
        (_twilio_receipt("delivered"), _twilio_told(Delivery.DELIVERED, "delivered")),
        (_twilio_receipt("read"), _twilio_told(Delivery.DELIVERED, "read")),
        (_twilio_receipt("undelivered", ErrorCode="30003"), _twilio_told(Delivery.UNDELIVERED, "30003")),
        (_twilio_receipt("failed", ErrorCode="21610"), _twilio_told(Delivery.UNDELIVERED, "21610", opted_out=True)),
        (_twilio_receipt("a-new-word"), _twilio_told(Delivery.PENDING, "a-new-word")),
    ),
    idle_receipt=twilio_signed(form_call("/receipts/twilio", [("MessageStatus", "sent")])),
    forged={
        "unsigned": _without_header("x-twilio-signature"),
        "an empty signature": _with_header("x-twilio-signature", ""),
        "a signature by another token": lambda call: twilio_signed(call, "54321"),
        "a field added": _another_field,
        "another path": lambda call: replace(call, target="/sms/elsewhere"),
        "a query added": lambda call: replace(call, target=call.target + "?x=1"),
    },
    base="/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json",
    says={
        Saying.TAKEN: Answer(201, {"sid": SID, "status": "queued", "error_code": None}),
        Saying.TOO_MANY: Answer(429, {"code": 20429, "message": "Too many", "status": 429}),
        Saying.BAD_NUMBER: Answer(400, {"code": 21211, "message": "Invalid To", "status": 400}),
        Saying.BAD_ACCOUNT: Answer(401, {"code": 20003, "message": "Authenticate", "status": 401}),
        Saying.OPTED_OUT: Answer(400, {"code": 21610, "message": "Unsubscribed", "status": 400}),
        Saying.BROKEN: Answer(500, {"code": 20500, "message": "Oops", "status": 500}),
        Saying.GARBAGE: Answer(200, "<html>hello</html>", "text/html"),
    },
    accepted_ref=SID,
    asked_at="/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json",
    has=twilio_list(
        twilio_listed(sid="SM9", direction="inbound"),
        twilio_listed(sid="SM8", body="other words"),
        twilio_listed(sid="SM7", date_created=format_datetime(NOW - timedelta(days=1))),
        twilio_listed(),
    ),
    has_not=twilio_list(),
    lists=_twilio_lists,
)


_AT_NAMES = {"sender": "from", "to": "to", "text": "text", "ref": "id"}


def _at_sms(sms: Sms) -> WebCall:
    pairs = [*_fields(sms, _AT_NAMES), ("date", "2026-11-23 10:43:01"), ("linkId", "link")]
    return form_call(f"/sms/africastalking/{TOKEN}", pairs, token=TOKEN)


def _at_receipt(status: str, **more: str) -> WebCall:
    pairs = {"id": "ATXid_1", "status": status, "phoneNumber": CITIZEN, "networkCode": "99999", **more}
    return form_call(f"/receipts/africastalking/{TOKEN}", pairs.items(), token=TOKEN)


def _at_told(delivery: Delivery, code: str, *, opted_out: bool = False) -> Receipt:
    return Receipt("africastalking", delivery, None, "ATXid_1", code, opted_out, CITIZEN)


def at_answer(status_code: object, status: str, message_id: str = "None", said: str = "Sent to 1/1") -> dict[str, Any]:
    """The documented shape of a 201, whatever became of the one recipient."""
    recipient = {"statusCode": status_code, "number": CITIZEN, "status": status, "cost": "0", "messageId": message_id}
    return {"SMSMessageData": {"Message": said, "Recipients": [recipient]}}


def _wrong_tokens() -> dict[str, Callable[[WebCall], WebCall]]:
    return {
        "no token": lambda call: replace(call, token=None),
        "an empty token": lambda call: replace(call, token=""),
        "another token": lambda call: replace(call, token="a-token-that-nobody-ever-made"),
        "the beginning of the token": lambda call: replace(call, token=TOKEN[:-1]),
        "a token in other letters": lambda call: replace(call, token=TOKEN.upper()),
        "a token beyond ASCII": lambda call: replace(call, token="đường" * 5),
        "both tokens": lambda call: replace(call, token=f"{TOKEN},{OLD_TOKEN}"),
    }


AFRICASTALKING = Dialect(
    env={
        "AFRICASTALKING_USERNAME": "house",
        "AFRICASTALKING_API_KEY": "at-key",
        "AFRICASTALKING_FROM": "22384",
        "AFRICASTALKING_CALLBACK_TOKEN": f"{TOKEN},{OLD_TOKEN}",
        "AFRICASTALKING_API_BASE": "{base}/version1",
    },
    sms=_at_sms,
    names=_AT_NAMES,
    receipts=(
        (_at_receipt("Sent"), _at_told(Delivery.SENT, "Sent")),
        (_at_receipt("Buffered"), _at_told(Delivery.SENT, "Buffered")),
        (_at_receipt("Success"), _at_told(Delivery.DELIVERED, "Success")),
        (
            _at_receipt("Failed", failureReason="DeliveryFailure"),
            _at_told(Delivery.UNDELIVERED, "DeliveryFailure"),
        ),
        (
            _at_receipt("Rejected", failureReason="UserInBlackList"),
            _at_told(Delivery.UNDELIVERED, "UserInBlackList", opted_out=True),
        ),
        (_at_receipt("Wandering"), _at_told(Delivery.PENDING, "Wandering")),
    ),
    idle_receipt=form_call("/receipts/africastalking/" + TOKEN, [("status", "Success")], token=TOKEN),
    forged=_wrong_tokens(),
    base="/version1/messaging",
    says={
        Saying.TAKEN: Answer(201, at_answer(101, "Success", "ATXid_2")),
        Saying.TOO_MANY: Answer(429, "Slow down", "text/plain", {"Retry-After": "7"}),
        Saying.BAD_NUMBER: Answer(201, at_answer(403, "InvalidPhoneNumber", said="Sent to 0/1")),
        Saying.BAD_ACCOUNT: Answer(401, "The supplied authentication is invalid", "text/plain"),
        Saying.OPTED_OUT: Answer(201, at_answer(406, "UserInBlacklist", said="Sent to 0/1")),
        Saying.BROKEN: Answer(500, "Oops", "text/plain"),
        Saying.GARBAGE: Answer(200, "<html>hello</html>", "text/html"),
    },
    accepted_ref="ATXid_2",
)

_KANNEL_NAMES = {"sender": "from", "to": "to", "text": "text", "ref": "id"}


def kannel_target(pairs: Sequence[tuple[str, str | bytes]]) -> str:
    """The query as smsbox writes it: bytes percent-encoded, blanks as +."""
    query = "&".join(f"{name}={quote(value, safe='').replace('%20', '+')}" for name, value in pairs)
    return f"/sms/kannel/{TOKEN}?{query}"


def _kannel_sms(sms: Sms) -> WebCall:
    pairs = [*_fields(sms, _KANNEL_NAMES), ("charset", "UTF-8"), ("coding", "0"), ("ts", "1795455781"), ("smsc", "op")]
    return get_call(kannel_target(pairs), token=TOKEN)


def _kannel_receipt(status: str) -> WebCall:
    return get_call(f"/receipts/kannel/{TOKEN}?ref={REF}&status={status}", token=TOKEN)


def _kannel_told(delivery: Delivery, code: str) -> Receipt:
    return Receipt("kannel", delivery, REF, None, code)


def _kannel_log(sms: Sms) -> str:
    """What a bearerbox writes, in the format that we ask for: UCS-2 in hexadecimal."""
    seconds, octets = int(NOW.timestamp()), sms.text.encode("utf-16-be").hex().upper()
    ours = f"Sent SMS|another-id|{seconds}|op|0:|8079|{sms.sender}|Da nhan"
    header = dict(sms.more).get("udh", "").encode().hex().upper()
    theirs = f"Receive SMS|{sms.ref}|{seconds}|op|2:{header}|{sms.sender}|{sms.to}|{octets}"
    return f"2026-11-23 10:40:00 Log begins\n2026-11-23 10:43:05 {ours}\n2026-11-23 10:43:05 {theirs}\n"


KANNEL = Dialect(
    env={
        "KANNEL_SENDSMS_URL": "{base}/cgi-bin/sendsms",
        "KANNEL_USERNAME": "house",
        "KANNEL_PASSWORD": "open sesame",
        "KANNEL_FROM": "8079",
        "KANNEL_CALLBACK_TOKEN": f"{TOKEN},{OLD_TOKEN}",
        "KANNEL_ACCESS_LOG": "{log}",
    },
    sms=_kannel_sms,
    names=_KANNEL_NAMES,
    receipts=(
        (_kannel_receipt("1"), _kannel_told(Delivery.DELIVERED, "1")),
        (_kannel_receipt("2"), _kannel_told(Delivery.UNDELIVERED, "2")),
        (_kannel_receipt("4"), _kannel_told(Delivery.PENDING, "4")),
        (_kannel_receipt("8"), _kannel_told(Delivery.SENT, "8")),
        (_kannel_receipt("16"), _kannel_told(Delivery.UNDELIVERED, "16")),
        (_kannel_receipt("34"), _kannel_told(Delivery.PENDING, "34")),
    ),
    idle_receipt=get_call(f"/receipts/kannel/{TOKEN}?status=1", token=TOKEN),
    forged=_wrong_tokens(),
    base="/cgi-bin/sendsms",
    says={
        Saying.TAKEN: Answer(202, "0: Accepted for delivery", "text/html"),
        Saying.TOO_MANY: Answer(429, "Slow down", "text/plain", {"Retry-After": "7"}),
        Saying.BAD_NUMBER: Answer(400, "Number(s) has/have been denied by white- and/or black-lists.", "text/html"),
        Saying.BAD_ACCOUNT: Answer(403, "Authorization failed for sendsms", "text/html"),
        Saying.BROKEN: Answer(500, "Oops", "text/html"),
        Saying.GARBAGE: Answer(200, "<html>hello</html>", "text/html"),
    },
    log=_kannel_log,
)

ANDROID_KEY = "12345678"


def android_signed(call: WebCall, key: str = ANDROID_KEY, at: datetime = NOW) -> WebCall:
    stamp = str(int(at.timestamp()))
    signature = hmac.new(key.encode(), call.body + stamp.encode(), hashlib.sha256).hexdigest()
    return replace(call, headers={**call.headers, "x-timestamp": stamp, "x-signature": signature})


def android_event(event: str, target: str, **payload: Any) -> WebCall:
    told = {"id": "e1", "webhookId": "w1", "event": event, "deviceId": "d1", "payload": payload}
    return android_signed(json_call(target, told))


def _android_sms(sms: Sms) -> WebCall:
    payload = {
        "messageId": sms.ref,
        "message": sms.text,
        "sender": sms.sender,
        "recipient": sms.to,
        "simNumber": 1,
        "receivedAt": "2026-11-23T17:43:01.000+07:00",
    }
    return android_event("sms:received", "/sms/android", **payload)


def _android_receipt(event: str, **payload: Any) -> WebCall:
    return android_event(event, "/receipts/android", messageId=REF, recipient=CITIZEN, **payload)


def _android_told(delivery: Delivery, code: str) -> Receipt:
    return Receipt("android", delivery, REF, REF, code)


ANDROID = Dialect(
    env={
        "ANDROID_API_BASE": "{base}/3rdparty/v1",
        "ANDROID_USERNAME": "house",
        "ANDROID_PASSWORD": "open sesame",
        "ANDROID_WEBHOOK_KEY": f"{ANDROID_KEY},the-key-before",
    },
    sms=_android_sms,
    names={},
    receipts=(
        (_android_receipt("sms:sent", partsCount=1), _android_told(Delivery.SENT, "sms:sent")),
        (_android_receipt("sms:delivered"), _android_told(Delivery.DELIVERED, "sms:delivered")),
        (_android_receipt("sms:failed", reason="No service"), _android_told(Delivery.UNDELIVERED, "No service")),
        (_android_receipt("sms:cancelled"), _android_told(Delivery.UNDELIVERED, "sms:cancelled")),
    ),
    idle_receipt=android_event("sms:sent", "/receipts/android", recipient=CITIZEN),
    forged={
        "unsigned": _without_header("x-signature"),
        "an empty signature": _with_header("x-signature", ""),
        "no time stamp": _without_header("x-timestamp"),
        "another time stamp": _with_header("x-timestamp", str(int(NOW.timestamp()) + 1)),
        "a time stamp that is no number": _with_header("x-timestamp", "soon"),
        "a signature by another key": lambda call: android_signed(call, "87654321"),
        "a letter added": lambda call: replace(call, body=call.body + b" "),
    },
    base="/3rdparty/v1/messages",
    says={
        Saying.TAKEN: Answer(202, {"id": REF, "state": "Pending", "recipients": []}),
        Saying.TOO_MANY: Answer(429, {"message": "Slow down"}, headers={"Retry-After": "7"}),
        Saying.BAD_NUMBER: Answer(400, {"message": "invalid phone number"}),
        Saying.BAD_ACCOUNT: Answer(401, {"message": "Unauthorized"}),
        Saying.BROKEN: Answer(500, {"message": "Oops"}),
        Saying.THERE_ALREADY: Answer(409, {"message": "id is there already"}),
        Saying.GARBAGE: Answer(200, "<html>hello</html>", "text/html"),
    },
    accepted_ref=REF,
    asked_at="/3rdparty/v1/messages/" + REF,
    has=Answer(200, {"id": REF, "state": "Sent", "recipients": [{"phoneNumber": CITIZEN, "state": "Sent"}]}),
    has_not=Answer(404, {"message": "not found"}),
)

_SIMULATOR_NAMES = {"sender": "from", "to": "to", "text": "text", "ref": "id"}


def _simulator_receipt(status: str) -> WebCall:
    return json_call("/receipts/simulator", {"ref": REF, "status": status})


SIMULATOR = Dialect(
    env={},
    sms=lambda sms: form_call("/sms/simulator", _fields(sms, _SIMULATOR_NAMES)),
    names=_SIMULATOR_NAMES,
    receipts=(
        (_simulator_receipt("sent"), Receipt("simulator", Delivery.SENT, REF, REF, "sent")),
        (_simulator_receipt("delivered"), Receipt("simulator", Delivery.DELIVERED, REF, REF, "delivered")),
        (_simulator_receipt("lost"), Receipt("simulator", Delivery.PENDING, REF, REF, "lost")),
    ),
    idle_receipt=json_call("/receipts/simulator", {"status": "sent"}),
    forged={},
)


def _no_texts(_sms: Sms) -> WebCall:
    raise AssertionError("a provider of USSD alone was asked for a text")


def _ussd_only(name: str) -> Dialect:
    """It carries no texts; its turns stand in tests.providers.ussd."""
    return Dialect(
        env={f"{name.upper()}_CALLBACK_TOKEN": f"{TOKEN},{OLD_TOKEN}"},
        sms=_no_texts,
        names={},
        receipts=(),
        idle_receipt=json_call(f"/ussd/{name}/{TOKEN}", {}),
        forged=_wrong_tokens(),
    )


DIALECTS: Mapping[str, Dialect] = {
    "simulator": SIMULATOR,
    "twilio": TWILIO,
    "africastalking": AFRICASTALKING,
    "kannel": KANNEL,
    "android": ANDROID,
    "hubtel": _ussd_only("hubtel"),
    "arkesel": _ussd_only("arkesel"),
    "truroute": _ussd_only("truroute"),
}
