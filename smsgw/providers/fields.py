"""Values out of a provider's call: fit to be stored, and refused where the call cannot do without them."""

import json
import re
import unicodedata
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from smsgw.domain.messages import Malformed
from smsgw.domain.phone import normalised

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_LONGEST_ID: Final = 255


def text(value: object) -> str:
    """What a person wrote, in NFC, with U+FFFD for NUL and lone surrogates, which no database takes; "" for no text."""
    return unicodedata.normalize("NFC", _UNSTORABLE.sub("\ufffd", value)) if isinstance(value, str) else ""


def word(value: object) -> str:
    """An id, a status or a name without blanks around; numbers are written out, anything else is ""."""
    written = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return text(written).strip()


def needed(value: object, what: str) -> str:
    """The same, but `Malformed` where it is empty or too long to be an id."""
    found = word(value)
    if not found:
        raise Malformed(f"no {what}")
    if len(found) > _LONGEST_ID:
        raise Malformed(f"{what} of {len(found)} characters")
    return found


def label(value: object) -> str:
    """A provider's word for something, a status or an account: as much of it as an index takes."""
    return word(value)[:_LONGEST_ID]


def sender(value: object) -> str:
    """Who wrote: E.164 where it is a number."""
    return normalised(needed(value, "sender"))


def recipient(value: object) -> str:
    """Whom they wrote to, as far as the provider says."""
    return normalised(label(value))


def moment(told: str, assumed: tzinfo | None = None) -> datetime | None:
    """An ISO 8601 time in UTC; None where it makes no sense, or has no zone and none may be assumed."""
    try:
        found = datetime.fromisoformat(told.strip())
        zoned = found if found.tzinfo else found.replace(tzinfo=assumed)
        return zoned.astimezone(UTC) if zoned.tzinfo else None
    except (ValueError, OverflowError):
        return None


def json_object(body: bytes) -> dict[str, Any]:
    """The object that a JSON body holds, with U+FFFD for what is no letter; `Malformed` for anything else."""
    try:
        told = json.loads(body.decode(json.detect_encoding(body), "replace"))
    except (ValueError, RecursionError) as error:
        raise Malformed("the body is not JSON") from error
    if not isinstance(told, dict):
        raise Malformed("the body is not a JSON object")
    return told
