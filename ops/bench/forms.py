"""Webhook calls as Twilio makes them: forms of eleven fields, each signed, ready to be written to a socket."""

from collections.abc import Iterator
from itertools import count, cycle
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from ops.bench.texts import bodies

PUBLIC_URL = "https://bench.invalid"
PATH = "/sms/twilio"
USSD_TOKEN = "a-path-for-benchmarks-only-0123"  # noqa: S105 - opens nothing but a benchmark's own house
USSD_PATH = f"/ussd/africastalking/{USSD_TOKEN}"
ACCOUNT = "AC" + "0" * 32
TOKEN = "a-token-for-benchmarks-only-0123"  # noqa: S105 - signs nothing but these forms
OUR_NUMBER = "+84900099999"
DUTY_PHONE = "+84900099998"
NUMBERS = 90_000
_SIGNS = RequestValidator(TOKEN)


def calls() -> Iterator[bytes]:
    """Endless distinct calls: every one a message of its own from a number that has not texted before."""
    for number, body in zip(count(), cycle(bodies())):
        yield call(number, f"+849000{number % NUMBERS:05d}", body)


def call(number: int, sender: str, body: str) -> bytes:
    """One text, under the number's own message id."""
    form = _form(number, sender, body)
    return _request(urlencode(form).encode(), _SIGNS.compute_signature(PUBLIC_URL + PATH, form))


def _form(number: int, sender: str, body: str) -> dict[str, str]:
    sid = f"SM{number:032x}"
    return {
        "MessageSid": sid,
        "SmsSid": sid,
        "SmsMessageSid": sid,
        "SmsStatus": "received",
        "AccountSid": ACCOUNT,
        "From": sender,
        "To": OUR_NUMBER,
        "Body": body,
        "NumMedia": "0",
        "NumSegments": "2",
        "ApiVersion": "2010-04-01",
    }


def _request(body: bytes, signature: str) -> bytes:
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: bench.invalid\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
        f"Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        f"X-Twilio-Signature: {signature}\r\nI-Twilio-Idempotency-Token: {signature[:24]}\r\n\r\n"
    )
    return head.encode() + body
