"""Our reference on an outgoing text: the outbox row's id, signed, so that a receipt cannot name a row of its choice."""

import base64
import hashlib
import hmac
from typing import Final

_SIGNED_BYTES: Final = 16
_LONGEST: Final = 36  # what the Android app takes as a message id


def sign(key: str, outbox_id: int) -> str:
    """`<id>.<26 characters>`: 128 bits of HMAC-SHA256 in lower-case base32; 36 characters for an id of nine digits.

    Only letters, digits and a dot, so it stands in any URL and in any provider's id field as it is.
    """
    digest = hmac.digest(key.encode(), b"outbox %d" % outbox_id, hashlib.sha256)[:_SIGNED_BYTES]
    return f"{outbox_id}.{base64.b32encode(digest).decode('ascii').rstrip('=').lower()}"


def verify(key: str, ref: str) -> int | None:
    """The outbox row's id if `ref` is one that we signed, else None. The comparison takes constant time."""
    digits = ref.partition(".")[0]
    if len(ref) > _LONGEST or not (ref.isascii() and digits.isdigit()):
        return None
    outbox_id = int(digits)
    return outbox_id if hmac.compare_digest(sign(key, outbox_id), ref) else None
