"""Twilio's dialect: signed forms in, its own SDK out."""

import logging
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest, digest
from typing import Any, ClassVar, Final, Self

from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.request_validator import HMAC_SHA1, RequestValidator
from twilio.rest import Client
from urllib3.util import make_headers

from smsgw.domain.ledger import Capability, Sighting
from smsgw.domain.messages import (
    Accepted,
    AccountWrong,
    Delivery,
    InDoubt,
    Malformed,
    Never,
    OptedOut,
    Outcome,
    OutgoingSms,
    Receipt,
    SmsReceived,
    TryLater,
    WebAnswer,
    WebCall,
)
from smsgw.domain.rates import UNLIMITED
from smsgw.providers import fields, twilio_log
from smsgw.providers.contract import Provider, Surroundings
from smsgw.providers.shapes import URL, Shape
from smsgw.providers.tokens import several
from smsgw.providers.wire import Line, Trouble, refused, trouble

_log = logging.getLogger(__name__)

_SERVICE: Final = re.compile(r"MG[0-9a-fA-F]{32}")
_LONGEST_WAIT: Final = 36_000
_OPTED_OUT: Final = 21610

# Twilio's error codes, twilio.com/docs/api/errors. A code not named here is judged by the answer's HTTP status. What is
# refused for one number's sake must not say that the account is wrong: everybody else's texts would wait with it.
_REFUSALS: Final[Mapping[int, Outcome]] = {
    14107: TryLater("the account sends too fast"),
    20003: AccountWrong("the account's credentials are refused"),
    20429: TryLater("too many requests at once"),
    21211: Never("the number is not one"),
    21212: AccountWrong("the sender is not one"),
    21217: Never("the number is not one"),
    21408: Never("the account may not text this country"),
    21602: Never("the text is empty"),
    21603: AccountWrong("no sender is set"),
    21604: Never("there is no number"),
    21606: Never("the sender may not send texts to this number"),
    21608: Never("a trial account texts confirmed numbers only"),
    21609: AccountWrong("PUBLIC_URL is not an address that Twilio can call"),
    _OPTED_OUT: OptedOut("the person told the sender STOP"),
    21611: TryLater("the sender's queue is full"),
    21614: Never("the number is not a mobile"),
    21617: Never("the text is longer than 1600 characters"),
    21703: AccountWrong("the messaging service has no senders"),
    21704: AccountWrong("the messaging service has no senders"),
    21705: AccountWrong("the messaging service is not one of the account's"),
    30018: AccountWrong("the sender name is not registered with the carrier"),
    30022: TryLater("the carrier's rate is used up"),
    30024: AccountWrong("the sender name is not registered with the carrier"),
}

_DELIVERIES: Final[Mapping[str, Delivery]] = {
    "accepted": Delivery.PENDING,
    "scheduled": Delivery.PENDING,
    "queued": Delivery.PENDING,
    "sending": Delivery.PENDING,
    "sent": Delivery.SENT,
    "partially_delivered": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.DELIVERED,
    "undelivered": Delivery.UNDELIVERED,
    "failed": Delivery.UNDELIVERED,
    "canceled": Delivery.UNDELIVERED,
}


@dataclass(frozen=True)
class Twilio(Provider):
    """`validators` has one for each auth token that is good now; `sender` is the SDK's argument for who texts."""

    client: Any
    validators: tuple[RequestValidator, ...]
    account: str
    sender: Mapping[str, str]
    public_url: str

    name: ClassVar[str] = "twilio"
    sends: ClassVar[bool] = True
    receives: ClassVar[bool] = True
    ussd: ClassVar[bool] = False
    method: ClassVar[str] = "POST"
    proves_itself: ClassVar[bool] = True
    repeats_under_new_ids: ClassVar[bool] = False
    needs_to_receive: ClassVar[tuple[str, ...]] = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
    needs_to_send: ClassVar[tuple[str, ...]] = (*needs_to_receive, "TWILIO_FROM")
    shapes: ClassVar[Mapping[str, Shape]] = {
        "TWILIO_ACCOUNT_SID": Shape(re.compile("AC[0-9a-fA-F]{32}"), "AC and 32 hexadecimal digits"),
        "TWILIO_FROM": Shape(
            re.compile(r"MG[0-9a-fA-F]{32}|\+[0-9]{6,15}|[0-9]{3,8}|(?=.*[A-Za-z])(?!MG[0-9a-fA-F]{20})[\w .-]{1,34}"),
            "a number with +, a short code, a sender name or a messaging service (MG and 32 hexadecimal digits)",
        ),
        "TWILIO_API_BASE": URL,
    }
    rate: ClassVar[float] = UNLIMITED  # Twilio keeps what its numbers cannot send yet, up to ten hours of it
    can: ClassVar[frozenset[Capability]] = frozenset(
        {Capability.CALLBACK, Capability.LOOK_UP, Capability.LISTS_SENT, Capability.LISTS_RECEIVED}
    )

    @classmethod
    def open(cls, around: Surroundings) -> Self:
        tokens = several(around.env["TWILIO_AUTH_TOKEN"])
        origin = around.env.get("TWILIO_FROM", "").strip()
        return cls(
            client=_client(around, tokens[0]),
            validators=tuple(RequestValidator(token) for token in tokens),
            account=around.env["TWILIO_ACCOUNT_SID"].strip(),
            sender={"messaging_service_sid" if _SERVICE.fullmatch(origin) else "from_": origin},
            public_url=around.public_url,
        )

    def guard(self, call: WebCall) -> bool:
        """The signature is over the address as Twilio called it, which is ours to know: Host may be anyone's word.

        The algorithm is ours to choose too, so the header that names another is not read. The SDK's check raises
        without a signature, and on a body that is no form unless the address holds the body's hash.
        """
        signature = call.headers.get("x-twilio-signature")
        if not signature or not call.target.startswith("/"):
            return False
        try:
            address = self.public_url + call.target
            return any(_signed_by(one, address, call, signature) for one in self.validators)
        except (TypeError, ValueError):
            return False

    def read_sms(self, call: WebCall) -> SmsReceived:
        form = call.form
        return SmsReceived(
            provider=self.name,
            account=fields.label(form.get("AccountSid", "")) or self.account,
            provider_ref=fields.needed(form.get("MessageSid", "") or form.get("SmsSid", ""), "MessageSid"),
            sender=fields.sender(form.get("From", "")),
            recipient=fields.recipient(form.get("To", "")),
            text=fields.text(form.get("Body", "")),
        )

    def read_receipt(self, call: WebCall) -> Receipt:
        """Our reference is in the address; Twilio may tell before its answer to our request is stored."""
        form = call.form
        ref = fields.label(call.query.get("ref", "")) or None
        sid = fields.label(form.get("MessageSid", "") or form.get("SmsSid", "")) or None
        if ref is None and sid is None:
            raise Malformed("a receipt for nothing")
        status = fields.needed(form.get("MessageStatus", "") or form.get("SmsStatus", ""), "MessageStatus")
        code = fields.label(form.get("ErrorCode", ""))
        return Receipt(
            provider=self.name,
            delivery=_DELIVERIES.get(status, Delivery.PENDING),
            ref=ref,
            provider_ref=sid,
            code=code or status,
            opted_out=code == str(_OPTED_OUT),
        )

    def taken(self) -> WebAnswer:
        """TwiML that says nothing: a text in it would reach the person past our outbox."""
        return WebAnswer("<Response/>", "text/xml; charset=utf-8")

    def send(self, message: OutgoingSms) -> Outcome:
        try:
            created = self.client.messages.create(
                to=message.to,
                body=message.text,
                status_callback=f"{self.public_url}/receipts/twilio?ref={message.ref}",
                validity_period=max(1, min(message.valid_for, _LONGEST_WAIT)),
                **self.sender,
            )
        except (TwilioRestException, TwilioServiceException) as refusal:
            return _refusal(refusal.status, refusal.code)
        except TwilioException as error:
            return AccountWrong(f"Twilio's SDK would not send: {type(error).__name__}")
        except Trouble as error:
            return trouble(error)
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            # The SDK trips over an answer that is not the JSON object it expects.
            return InDoubt(f"an answer that cannot be read: {type(error).__name__}")
        return _answered(created)

    def look_up(self, message: OutgoingSms, since: datetime) -> Sequence[Sighting]:
        return twilio_log.look_up(self.client, _DELIVERIES, message, since)

    def sent_since(self, since: datetime) -> Iterable[Sighting]:
        return twilio_log.sent_since(self.client, _DELIVERIES, since)

    def received_since(self, since: datetime) -> Iterable[SmsReceived]:
        """To the number or service that we send from; a sender name receives nothing."""
        service, number = self.sender.get("messaging_service_sid"), self.sender.get("from_")
        return twilio_log.received_since(
            self.client,
            lambda one: one.messaging_service_sid == service if service else one.to == number,
            since,
        )


class Wired(HttpClient):  # type: ignore[misc]
    """Carries the SDK's requests over a line of ours: the SDK's own carrier waits for ever unless told otherwise."""

    def __init__(self, line: Line) -> None:
        super().__init__(_log, is_async=False)
        self._line = line

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One request; raises `Trouble`."""
        signed = {**(headers or {}), **(make_headers(basic_auth=":".join(auth)) if auth else {})}
        told = self._line.get(url, params, signed) if method == "GET" else self._line.post(url, data, signed)
        return Response(told.status, told.text)


def _client(around: Surroundings, token: str) -> Any:
    base = (around.env.get("TWILIO_API_BASE") or "https://api.twilio.com").rstrip("/")
    line = Line(base, around.timeout)
    client = Client(around.env["TWILIO_ACCOUNT_SID"].strip(), token, http_client=Wired(line))
    client.api.base_url = base
    return client


def _signed_by(validator: RequestValidator, address: str, call: WebCall, signature: str) -> bool:
    """Of a form the plain signature is tried first, which is right for nearly all calls and a tenth of the SDK's whole
    check: that one also knows fields of several values and addresses with and without their port. Where Twilio sent no form,
    the body is signed."""
    if "json" in call.headers.get("content-type", ""):
        return bool(validator.validate(address, call.body.decode(), signature, HMAC_SHA1))
    fields = [(name, call.form.getlist(name)) for name in sorted(call.form)]
    if all(len(values) == 1 for _, values in fields):
        signed = address + "".join([name + values[0] for name, values in fields])
        if compare_digest(b64encode(digest(validator.token, signed.encode(), "sha1")), signature.encode()):
            return True
    return bool(validator.validate(address, call.form, signature, HMAC_SHA1))


def _answered(created: Any) -> Outcome:
    if not isinstance(created.sid, str) or not created.sid:
        return InDoubt("an answer without a sid")
    if created.status in ("failed", "undelivered", "canceled"):
        return _refusal(400, created.error_code)
    return Accepted(created.sid)


def _refusal(status: int, code: object) -> Outcome:
    """A server's error says nothing sure about the text, whatever its code."""
    known = _REFUSALS.get(code) if isinstance(code, int) else None
    if known is None or status >= 500:
        return refused(status, f"Twilio {code}")
    return known
