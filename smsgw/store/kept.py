"""How a message that was kept in a file is written and read, so that a damaged one is noticed."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from smsgw.domain.messages import Delivery, Part, Receipt, SmsReceived


class Damaged(ValueError):
    """These bytes are not what was written."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a provider brought, and when. `outbox_id` is what the signed reference of a receipt said."""

    message: SmsReceived | Receipt
    received_at: datetime
    outbox_id: int | None = None


def written(kept: Kept) -> bytes:
    """JSON on one line, with the SHA-256 of everything else in it."""
    kind = "sms" if isinstance(kept.message, SmsReceived) else "receipt"
    told = {
        "kind": kind,
        "message": asdict(kept.message),
        "outbox_id": kept.outbox_id,
        "received_at": kept.received_at.isoformat(),
    }
    return _as_json(told | {"sha256": _sum(told)})


def read(data: bytes) -> Kept:
    """The same again. Raises `Damaged`."""
    try:
        told = json.loads(data)
        if told.pop("sha256") != _sum(told):
            raise Damaged("the sum does not fit")
        return Kept(
            message=_KINDS[told["kind"]](told["message"]),
            received_at=datetime.fromisoformat(told["received_at"]),
            outbox_id=told["outbox_id"],
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as wrong:
        raise Damaged(type(wrong).__name__) from wrong


def _sum(told: Mapping[str, Any]) -> str:
    return hashlib.sha256(_as_json(told)).hexdigest()


def _as_json(told: Mapping[str, Any]) -> bytes:
    """Whatever signs a text holds, the bytes are ASCII."""
    return json.dumps(told, sort_keys=True, default=_in_words).encode("ascii")


def _in_words(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"a kept message holds a {type(value).__name__}")


def _text(told: dict[str, Any]) -> SmsReceived:
    sent_at, part = told["sent_at"], told["part"]
    read = {"sent_at": sent_at and datetime.fromisoformat(sent_at), "part": part and Part(**part)}
    return SmsReceived(**told | read)


def _receipt(told: dict[str, Any]) -> Receipt:
    return Receipt(**told | {"delivery": Delivery(told["delivery"])})


_KINDS: Mapping[str, Callable[[dict[str, Any]], SmsReceived | Receipt]] = {"sms": _text, "receipt": _receipt}
