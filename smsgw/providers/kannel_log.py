"""Kannel's access log: which texts the bearerbox took in, whatever became of the calls to us.

Its `access-log-format` must be `FORMAT`, which names each text by the id that its webhook call carries (%I). Parts that the
bearerbox joins are one line; those that it passes on as they came have a line each, with their header in hexadecimal (%u).
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from smsgw.domain.ledger import NotSetUp, NoWord
from smsgw.domain.messages import SmsReceived
from smsgw.providers import fields
from smsgw.providers.udh import part_of

FORMAT: Final = "%l|%I|%T|%i|%c:%u|%p|%P|%b"
_READ: Final = 8 * 1024 * 1024  # bytes from the end: some fifty thousand texts
_LINE: Final = re.compile(
    r"Receive SMS\|(?P<id>[^|]+)\|(?P<time>\d{1,11})\|(?P<smsc>[^|]*)\|(?P<coding>-?\d)(?::(?P<header>[0-9A-Fa-f]*))?"
    r"\|(?P<sender>[^|\s][^|]{0,40})\|(?P<to>[^|]*)\|(?P<text>.*)"
)


def received_since(file: str, since: datetime) -> Iterator[SmsReceived]:
    """The log's texts from then on. A 7-bit text has a full stop for each letter outside ASCII: so Kannel logs it."""
    for line in _newest_lines(file):
        told = _LINE.search(line)
        at = datetime.fromtimestamp(int(told["time"]), UTC) if told else None
        if told and at and at >= since:
            yield SmsReceived(
                provider="kannel",
                account=fields.word(told["smsc"]),
                provider_ref=fields.word(told["id"]),
                sender=fields.sender(told["sender"]),
                recipient=fields.recipient(told["to"]),
                text=fields.text(_text(told["coding"], told["text"])),
                sent_at=at,
                part=part_of(_octets(told["header"] or "") or b""),
            )


def _newest_lines(file: str) -> list[str]:
    """Whole lines only: the first of the piece is cut, and the last may still be being written."""
    if not file:
        raise NotSetUp("KANNEL_ACCESS_LOG is not set")
    try:
        with Path(file).open("rb") as log:
            start = max(0, log.seek(0, 2) - _READ)
            log.seek(start)
            piece = log.read()
    except OSError as error:
        raise NoWord(f"KANNEL_ACCESS_LOG cannot be read: {type(error).__name__}") from error
    lines = piece.decode("utf-8", "replace").split("\n")[:-1]
    return lines[1:] if start else lines


def _text(coding: str, logged: str) -> str:
    """8-bit and UCS-2 texts (1 and 2) are logged in hexadecimal."""
    if coding not in ("1", "2"):
        return logged
    octets = _octets(logged)
    return logged if octets is None else octets.decode("utf-16-be" if coding == "2" else "latin-1", "replace")


def _octets(logged: str) -> bytes | None:
    """None where it is no hexadecimal after all."""
    try:
        return bytes.fromhex(logged)
    except ValueError:
        return None
