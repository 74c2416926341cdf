"""Africa's Talking's dialect: unsigned forms in, by a secret path, its own SDK out."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any, ClassVar, Final, Self
from urllib.parse import urlsplit

from africastalking.Service import AfricasTalkingException
from africastalking.SMS import SMSService

from smsgw.domain.ledger import Capability
from smsgw.domain.messages import (
    Accepted,
    AccountWrong,
    Delivery,
    InDoubt,
    Never,
    OptedOut,
    Outcome,
    OutgoingSms,
    Receipt,
    SmsReceived,
    TryLater,
    UssdEvent,
    UssdScreen,
    UssdTurn,
    WebAnswer,
    WebCall,
)
from smsgw.providers import fields
from smsgw.providers.contract import Provider, Surroundings
from smsgw.providers.shapes import TOKENS, Shape
from smsgw.providers.tokens import is_one_of, several
from smsgw.providers.wire import Answer, Line, Trouble, refused, trouble

_NUMBER: Final = re.compile(r"\+[0-9]{6,15}")

# The recipient's statusCode of the bulk SMS answer. It stands inside a 201, whatever it says.
_REFUSALS: Final[Mapping[str, Outcome]] = {
    "401": AccountWrong("RiskHold"),
    "402": AccountWrong("InvalidSenderId"),
    "403": Never("InvalidPhoneNumber"),
    "404": Never("UnsupportedNumberType"),
    "405": AccountWrong("InsufficientBalance"),
    "406": OptedOut("UserInBlacklist"),
    "407": Never("CouldNotRoute"),
    "409": OptedOut("DoNotDisturbRejection"),
    "500": TryLater("InternalServerError"),
    "501": TryLater("GatewayError"),
    "502": TryLater("RejectedByGateway"),
}
_TAKEN: Final = frozenset({"100", "101", "102"})

_DELIVERIES: Final[Mapping[str, Delivery]] = {
    "Sent": Delivery.SENT,
    "Submitted": Delivery.SENT,
    "Buffered": Delivery.SENT,
    "Success": Delivery.DELIVERED,
    "Rejected": Delivery.UNDELIVERED,
    "Failed": Delivery.UNDELIVERED,
    "Expired": Delivery.UNDELIVERED,
    "AbsentSubscriber": Delivery.UNDELIVERED,
}
_OPTED_OUT: Final = "userinblacklist"


class Refusal(AfricasTalkingException):  # type: ignore[misc]
    """An answer that is no 2xx. The SDK's own exception leaves out the status, which tells 401, 429 and 500 apart."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"HTTP {answer.status}")
        self.status = answer.status
        self.after = answer.after


class Messaging(SMSService):  # type: ignore[misc]
    """The SDK's SMS service of one account, carried over a line of ours.

    The SDK makes the request; what goes otherwise here: no redirect is followed (it would take the key along), and an
    answer is read as JSON whatever its content type says; one that is none is None.
    """

    def __init__(self, username: str, api_key: str, base: str, timeout: tuple[float, float]) -> None:
        super().__init__(username, api_key)
        if base:
            self._baseUrl = self._contentUrl = base
        self._line = Line(self._baseUrl, timeout)

    def _make_request(
        self, url: str, method: str, headers: Any, data: Any, params: Any, callback: Any = None, timeout: Any = None
    ) -> Any:
        answer = self._line.post(url, data, headers) if method == "POST" else self._line.get(url, params, headers)
        if not answer.took:
            raise Refusal(answer)
        with suppress(ValueError):
            return answer.json()
        return None


@dataclass(frozen=True)
class AfricasTalking(Provider):
    """`tokens` are the secret path segments that are good now."""

    messaging: Messaging
    tokens: tuple[str, ...] = field(repr=False)
    account: str
    sender: str | None

    name: ClassVar[str] = "africastalking"
    sends: ClassVar[bool] = True
    receives: ClassVar[bool] = True
    ussd: ClassVar[bool] = True
    method: ClassVar[str] = "POST"
    proves_itself: ClassVar[bool] = True
    repeats_under_new_ids: ClassVar[bool] = True  # it does not say whether it keeps the id when it brings a text again
    needs_to_receive: ClassVar[tuple[str, ...]] = ("AFRICASTALKING_CALLBACK_TOKEN",)
    needs_to_send: ClassVar[tuple[str, ...]] = (
        "AFRICASTALKING_USERNAME",
        "AFRICASTALKING_API_KEY",
        "AFRICASTALKING_FROM",
        *needs_to_receive,
    )
    shapes: ClassVar[Mapping[str, Shape]] = {
        "AFRICASTALKING_CALLBACK_TOKEN": TOKENS,
        "AFRICASTALKING_API_BASE": Shape(
            re.compile(r"https?://[^\s/?#]+[^\s?#]*/version1/?"), "an http(s) address that ends in /version1"
        ),
    }
    rate: ClassVar[float] = 20.0
    can: ClassVar[frozenset[Capability]] = frozenset({Capability.PHONE_IN_RECEIPT})

    @classmethod
    def open(cls, around: Surroundings) -> Self:
        env = around.env
        username, key = env.get("AFRICASTALKING_USERNAME", "").strip(), env.get("AFRICASTALKING_API_KEY", "").strip()
        base = env.get("AFRICASTALKING_API_BASE", "").rstrip("/")
        return cls(
            messaging=Messaging(username, key, base, around.timeout),
            tokens=several(env.get("AFRICASTALKING_CALLBACK_TOKEN", "")),
            account=username,
            sender=env.get("AFRICASTALKING_FROM", "").strip() or None,
        )

    def guard(self, call: WebCall) -> bool:
        return is_one_of(call.token, self.tokens)

    def read_sms(self, call: WebCall) -> SmsReceived:
        """Two spellings of `date` were seen, with T and Z and with a blank; both are UTC."""
        form = call.form
        return SmsReceived(
            provider=self.name,
            account=self.account,
            provider_ref=fields.needed(form.get("id", ""), "id"),
            sender=fields.sender(form.get("from", "")),
            recipient=fields.recipient(form.get("to", "")),
            text=fields.text(form.get("text", "")),
            sent_at=fields.moment(form.get("date", ""), assumed=UTC),
        )

    def read_receipt(self, call: WebCall) -> Receipt:
        """By their id only, as they take none of ours. A status that nobody documented is kept as pending."""
        form = call.form
        status = fields.needed(form.get("status", ""), "status")
        reason = fields.label(form.get("failureReason", ""))
        return Receipt(
            provider=self.name,
            delivery=_DELIVERIES.get(status, Delivery.PENDING),
            ref=None,
            provider_ref=fields.needed(form.get("id", ""), "id"),
            code=reason or status,
            opted_out=reason.lower() == _OPTED_OUT,
            phone=fields.recipient(form.get("phoneNumber", "")),
        )

    def read_ussd(self, call: WebCall) -> UssdTurn:
        """`text` is everything typed so far; the end of a session is told at a path of its own, where it is `input`."""
        form = call.form
        ended = urlsplit(call.target).path.endswith("/ended")
        typed = fields.text(form.get("input" if ended else "text", ""))
        return UssdTurn(
            provider=self.name,
            session_id=fields.needed(form.get("sessionId", ""), "sessionId"),
            phone=fields.sender(form.get("phoneNumber", "")),
            service_code=fields.word(form.get("serviceCode", "")),
            event=UssdEvent.END if ended else UssdEvent.INPUT if typed else UssdEvent.START,
            typed=typed.rpartition("*")[2],
            history=typed,
        )

    def show(self, screen: UssdScreen, turn: UssdTurn) -> WebAnswer:
        return WebAnswer(f"{'CON' if screen.more else 'END'} {screen.text}")

    def send(self, message: OutgoingSms) -> Outcome:
        """The SDK raises on a number that is not international, and takes one with a line end: judged here instead."""
        if not _NUMBER.fullmatch(message.to):
            return Never("not a number with its country code")
        try:
            answer = self.messaging.send(message.text, [message.to], self.sender)
        except Refusal as refusal:
            return refused(refusal.status, "Africa's Talking", refusal.after)
        except Trouble as error:
            return trouble(error)
        return _judged(answer)


def _judged(answer: object) -> Outcome:
    match answer:
        case {"SMSMessageData": {"Recipients": [{"statusCode": code, **rest}]}}:
            return _for_recipient(fields.word(code), fields.word(rest.get("messageId")))
        case {"SMSMessageData": {"Recipients": [], "Message": str(reason)}}:
            return _for_nobody(reason)
    return InDoubt("an answer that names no recipient")


def _for_recipient(code: str, message_id: str) -> Outcome:
    if code in _TAKEN:
        return Accepted(message_id)
    return _REFUSALS.get(code, InDoubt(f"statusCode {code[:20]}"))


def _for_nobody(reason: str) -> Outcome:
    """Nothing was taken for anyone; the reason is one of the statuses' names, or words about the account."""
    known = (outcome for outcome in _REFUSALS.values() if not isinstance(outcome, Accepted) and outcome.why in reason)
    return next(known, AccountWrong(f"nothing taken: {reason[:80]}"))
