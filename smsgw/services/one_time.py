"""Hands officials the one-time codes by which they act on a complaint by text."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from smsgw.domain.codes import Mint
from smsgw.store import phones, text_codes
from smsgw.store.tables import Complaint, Official, TextCode

LASTS = timedelta(days=7)
DRAWS = 20


def hand_out(
    session: Session,
    mint: Mint,
    official: Official,
    complaint: Complaint,
    *,
    now: datetime,
    seen: int = 0,
    draft: tuple[str, str] = ("", ""),
) -> str:
    """A code for this official and this complaint; empty for a number that was never proved to be the official's. `seen` is up
    to which line of the history they were told, where that is further than before; `draft` the kind and the words of what
    was held back."""
    if not phones.is_verified(session, official):
        return ""
    for _ in range(DRAWS):
        code = mint.code()
        values = {
            "official_id": official.id,
            "complaint_id": complaint.id,
            "digest": digest(mint, official, code),
            "issued_at": now,
            "expires_at": now + LASTS,
            "seen": max(seen, text_codes.seen(session, official.id, complaint.id)),
            "draft_kind": draft[0],
            "draft": draft[1],
        }
        if text_codes.keep(session, values):
            return code
    return ""  # an alert without a code is better than none


def found(session: Session, mint: Mint, official: Official, code: str) -> TextCode | None:
    """What was handed to this official's present number under this code, locked."""
    return text_codes.found(session, official.id, digest(mint, official, code))


def digest(mint: Mint, official: Official, code: str) -> str:
    return mint.digest("complaint", official.id, official.phone, code=code)
