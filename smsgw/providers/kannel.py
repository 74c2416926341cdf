"""Kannel's dialect: GET both ways, between us and an operator's SMPP link."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import ClassVar, Final, Self
from urllib.parse import quote, unquote_plus, unquote_to_bytes

from smsgw.domain.ledger import Capability
from smsgw.domain.messages import (
    Accepted,
    AccountWrong,
    Delivery,
    InDoubt,
    Never,
    Outcome,
    OutgoingSms,
    Receipt,
    SmsReceived,
    TryLater,
    WebCall,
)
from smsgw.providers import fields, kannel_log
from smsgw.providers.contract import Provider, Surroundings
from smsgw.providers.shapes import TOKENS, URL, Shape
from smsgw.providers.tokens import is_one_of, several
from smsgw.providers.udh import part_of
from smsgw.providers.wire import Answer, Line, Trouble, refused, trouble

_ALL_REPORTS: Final = 31
_SEVEN_BIT: Final = re.compile(r"[\n\r !-_a-~]+")  # ASCII without the back-tick, which GSM 03.38 lacks
# Kannel cuts a surrogate pair in two at a part's border; what only joins or colours emoji goes with them.
_OUTSIDE_UCS2: Final = re.compile("[\U00010000-\U0010ffff\u200d\ufe0f]+")
_TAKEN: Final = re.compile(r"(?:[03]: |Sent\.)")
_TOO_BUSY: Final = "Temporal failure"
_LATEST_SECOND: Final = 253_402_300_799  # the year 9999

# Kannel's %C; a charset that it does not name is UTF-8 or, by %c, UTF-16.
_CHARSETS: Final[Mapping[str, str]] = {"UTF-16BE": "utf-16-be", "UTF-16LE": "utf-16-le", "ISO-8859-1": "latin-1"}
_UCS2: Final = "2"

_DELIVERIES: Final[Mapping[str, Delivery]] = {
    "1": Delivery.DELIVERED,
    "2": Delivery.UNDELIVERED,
    "4": Delivery.PENDING,
    "8": Delivery.SENT,
    "16": Delivery.UNDELIVERED,
}


@dataclass(frozen=True)
class Kannel(Provider):
    """`tokens` are the secret path segments that are good now; the first is put into delivery report addresses."""

    sendsms_url: str
    login: Mapping[str, str] = field(repr=False)
    tokens: tuple[str, ...] = field(repr=False)
    public_url: str
    line: Line
    access_log: str = ""

    name: ClassVar[str] = "kannel"
    sends: ClassVar[bool] = True
    receives: ClassVar[bool] = True
    ussd: ClassVar[bool] = False
    method: ClassVar[str] = "GET"
    proves_itself: ClassVar[bool] = True
    repeats_under_new_ids: ClassVar[bool] = (
        True  # %I is Kannel's own: a text that the operator's SMSC sends again has another
    )
    needs_to_receive: ClassVar[tuple[str, ...]] = ("KANNEL_CALLBACK_TOKEN",)
    needs_to_send: ClassVar[tuple[str, ...]] = (
        "KANNEL_SENDSMS_URL",
        "KANNEL_USERNAME",
        "KANNEL_PASSWORD",
        "KANNEL_FROM",
        *needs_to_receive,
    )
    shapes: ClassVar[Mapping[str, Shape]] = {"KANNEL_SENDSMS_URL": URL, "KANNEL_CALLBACK_TOKEN": TOKENS}
    rate: ClassVar[float] = 20.0  # what waits here keeps its order of urgency; what waits in Kannel does not
    can: ClassVar[frozenset[Capability]] = frozenset({Capability.CALLBACK, Capability.LISTS_RECEIVED})

    @classmethod
    def open(cls, around: Surroundings) -> Self:
        env = around.env
        names = {"username": "KANNEL_USERNAME", "password": "KANNEL_PASSWORD", "from": "KANNEL_FROM"}
        return cls(
            sendsms_url=env.get("KANNEL_SENDSMS_URL", "").strip(),
            login={parameter: env.get(name, "").strip() for parameter, name in names.items()},
            tokens=several(env.get("KANNEL_CALLBACK_TOKEN", "")),
            public_url=around.public_url,
            line=Line(env.get("KANNEL_SENDSMS_URL", ""), around.timeout),
            access_log=env.get("KANNEL_ACCESS_LOG", "").strip(),
        )

    def guard(self, call: WebCall) -> bool:
        return is_one_of(call.token, self.tokens)

    def read_sms(self, call: WebCall) -> SmsReceived:
        """`text` is the message's raw bytes (%b), in the charset that the call names, `udh` its header (%u); the rest is
        UTF-8. What the bearerbox joined has no header; what it does not join, or gave up, comes part by part."""
        raw = _raw_fields(call.target)
        told = {name: value.decode("utf-8", "replace") for name, value in raw.items()}
        return SmsReceived(
            provider=self.name,
            account=fields.label(told.get("smsc")),
            provider_ref=fields.needed(told.get("id"), "id"),
            sender=fields.sender(told.get("from")),
            recipient=fields.recipient(told.get("to")),
            text=fields.text(_decoded(raw.get("text", b""), told)),
            sent_at=_time(told.get("ts", "")),
            part=part_of(raw.get("udh", b"")),
        )

    def read_receipt(self, call: WebCall) -> Receipt:
        """By our reference only: Kannel tells no id of its own when it takes a text."""
        status = fields.needed(call.query.get("status", ""), "status")
        ref = fields.needed(call.query.get("ref", ""), "reference")
        return Receipt(self.name, _DELIVERIES.get(status, Delivery.PENDING), ref, None, code=status)

    def send(self, message: OutgoingSms) -> Outcome:
        """Refuses an empty text itself, since Kannel would take it."""
        text = _OUTSIDE_UCS2.sub("", message.text)
        if not text.strip():
            return Never("nothing is left to send without emoji")
        try:
            answer = self.line.get(self.sendsms_url, self._parameters(message, text))
        except Trouble as error:
            return trouble(error)
        return _judged(answer)

    def received_since(self, since: datetime) -> Iterable[SmsReceived]:
        """From the bearerbox's access log, where KANNEL_ACCESS_LOG says where that is."""
        return kannel_log.received_since(self.access_log, since)

    def _parameters(self, message: OutgoingSms, text: str) -> dict[str, str]:
        coding = {"coding": "0"} if _SEVEN_BIT.fullmatch(text) else {"coding": "2"}
        return {
            **self.login,
            **coding,
            "charset": "UTF-8",
            "to": message.to,
            "text": text,
            "validity": str(max(1, message.valid_for // 60)),
            "dlr-mask": str(_ALL_REPORTS),
            "dlr-url": f"{self.public_url}/receipts/kannel/{quote(self.tokens[0])}?ref={message.ref}&status=%d",
        }


def _raw_fields(target: str) -> dict[str, bytes]:
    """The query's values as bytes, the first of each name: a framework would read them as UTF-8 whatever they are."""
    found: dict[str, bytes] = {}
    for pair in target.partition("?")[2].split("&"):
        name, _, value = pair.partition("=")
        found.setdefault(unquote_plus(name), unquote_to_bytes(value.replace("+", " ").encode("latin-1", "replace")))
    return found


def _decoded(raw: bytes, told: Mapping[str, str]) -> str:
    """Bytes that are not what they claim to be lose only the letters that cannot be read."""
    charset = told.get("charset", "").strip().upper()
    wide = not charset and told.get("coding", "").strip() == _UCS2
    codec = "utf-16-be" if wide else _CHARSETS.get(charset, "utf-8")
    if codec != "utf-8":
        return raw.decode(codec, "replace")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _time(told: str) -> datetime | None:
    """Kannel's %T, seconds since 1970."""
    seconds = int(told) if told.isascii() and told.isdigit() and len(told) < 13 else 0
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < _LATEST_SECOND else None


def _judged(answer: Answer) -> Outcome:
    """A text is taken by a 2xx that says so: now (0), or when the operator's link is back (3)."""
    said = answer.text[:80]
    if answer.took:
        return Accepted() if _TAKEN.match(said) else InDoubt("a 2xx answer in other words than Kannel's")
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE and said.startswith(_TOO_BUSY):
        return TryLater("Kannel is too busy", answer.after)
    if answer.status == HTTPStatus.FORBIDDEN:
        return AccountWrong("Kannel refuses the user, the password or our address")
    return refused(answer.status, "Kannel", answer.after)
