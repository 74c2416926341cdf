"""Proves that a number is an official's: a code is texted to it, and whoever is signed in types it on a page.

This way round, and not a code on the page that is texted in: what says who sent a text can be forged, what a text is sent to
cannot, and a number that no text reaches shows at once.
"""

import hmac
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from smsgw.domain.codes import WRONG_A_DAY, Mint
from smsgw.domain.notices import Lane, NumberChanged, PhoneCode
from smsgw.domain.phone import is_mobile, normalised
from smsgw.services.telling import Envelope, tell_official
from smsgw.store import phones
from smsgw.store.tables import Official, OfficialPhone
from smsgw.text.speech import Speech

LASTS = timedelta(minutes=15)
TRIES = 5
CODES_A_DAY = 5
DAY = timedelta(days=1)


class Trouble(StrEnum):
    """Why a number is not verified."""

    NO_NUMBER = "no_number"
    MANY_CODES = "many_codes"
    NO_CODE = "no_code"
    WRONG = "wrong"
    ANOTHERS = "anothers"


def send_code(session: Session, speech: Speech, mint: Mint, official: Official, *, now: datetime) -> Trouble | None:
    """Texts a code to the official's number; the one before is good no more."""
    if not is_mobile(official.phone):
        return Trouble.NO_NUMBER
    if phones.is_anothers(session, official):
        return Trouble.ANOTHERS
    row = phones.made(session, official)
    if row.counted_from is None or now - row.counted_from >= DAY:
        row.counted_from, row.lately = now, 0
    if row.lately >= CODES_A_DAY:
        return Trouble.MANY_CODES
    code = mint.code()
    row.digest, row.expires_at, row.tries = _digest(mint, official, code), now + LASTS, 0
    row.serial, row.lately = row.serial + 1, row.lately + 1
    envelope = Envelope(f"phone-code:{official.id}:{row.serial}", Lane.RECEIPT, any_hour=True)
    minutes = int(LASTS.total_seconds() // 60)
    tell_official(session, speech, official, PhoneCode(code, minutes), envelope, now=now)
    return None


def confirm(session: Session, mint: Mint, official: Official, typed: str, *, by: int, now: datetime) -> Trouble | None:
    """The code as it was typed; a few tries, then another one must be asked for. A lock is opened by it too."""
    row = phones.made(session, official)
    if not row.digest or row.expires_at is None or row.expires_at <= now or row.tries >= TRIES:
        return Trouble.NO_CODE
    row.tries += 1
    code = "".join(sign for sign in typed if sign.isascii() and sign.isdigit())
    if not hmac.compare_digest(row.digest, _digest(mint, official, code)):
        return Trouble.WRONG
    if phones.is_anothers(session, official):
        return Trouble.ANOTHERS
    phones.free(session, official)
    row.digest, row.expires_at = "", None
    row.verified_at, row.verified_by = now, by
    open_again(row)
    return None


def change_number(
    session: Session, speech: Speech, official: Official, written: str, *, now: datetime
) -> Trouble | None:
    """Another number, proved by nobody yet; empty for none at all. The one before hears of it: whoever took it over would not
    tell."""
    number = normalised(written) if written.strip() else ""
    if number and not is_mobile(number):
        return Trouble.NO_NUMBER
    known = phones.of(session, official.id)
    if known and known.verified and number != official.phone:
        envelope = Envelope(f"number-changed:{official.id}:{now.isoformat()}", Lane.RECEIPT)
        tell_official(session, speech, official, NumberChanged(), envelope, now=now)
    official.phone = number
    session.flush()
    phones.made(session, official)
    return None


def open_again(row: OfficialPhone) -> None:
    """Orders by text are heard again."""
    row.wrong, row.wrong_since, row.locked_at = 0, None, None


def count_wrong(row: OfficialPhone, now: datetime) -> None:
    """One more code that is none; too many in a day and nothing is done by text from this number until the clock
    or somebody opens it again."""
    if row.wrong_since is None or now - row.wrong_since >= DAY:
        row.wrong, row.wrong_since = 0, now
    row.wrong += 1
    if row.wrong >= WRONG_A_DAY:
        row.locked_at = now


def _digest(mint: Mint, official: Official, code: str) -> str:
    return mint.digest("phone", official.id, official.phone, code=code)
