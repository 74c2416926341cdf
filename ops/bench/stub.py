"""Stands in for Twilio's Messages API: takes every text after a set delay, in a process of its own."""

import asyncio
import json
import re
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote_to_bytes
from urllib.request import urlopen

from ops.bench.forms import ACCOUNT, DUTY_PHONE, OUR_NUMBER

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
TO = re.compile(rb"(?:^|&)To=([^&]*)")
END_OF_HEAD = b"\r\n\r\n"
ON_DUTY = quote(DUTY_PHONE).encode()
FIRSTS = b"/firsts"

# A Message as Twilio's API describes it, of a text that waits to be sent; SID stands where its name goes.
RESOURCE = json.dumps(
    {
        "sid": "SID",
        "account_sid": ACCOUNT,
        "messaging_service_sid": None,
        "to": "+84900000000",
        "from": OUR_NUMBER,
        "body": "",
        "status": "queued",
        "direction": "outbound-api",
        "num_segments": "1",
        "num_media": "0",
        "price": None,
        "price_unit": "USD",
        "error_code": None,
        "error_message": None,
        "api_version": "2010-04-01",
        "date_created": "Mon, 23 Nov 2026 02:00:00 +0000",
        "date_sent": None,
        "date_updated": "Mon, 23 Nov 2026 02:00:00 +0000",
        "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/SID.json",
        "subresource_uris": {},
    }
).encode()


@dataclass(slots=True)
class Book:
    """What was taken: how many texts, when the first to each number came, and when the last of all (time.monotonic). What
    goes to the duty phone is no reply: it is taken, and not told of."""

    taken: int = 0
    texts: int = 0
    last: float = 0.0
    numbers: dict[bytes, float] = field(default_factory=dict)

    def take(self, body: bytes) -> bytes:
        """Writes one text down; the resource that tells of it."""
        found = TO.search(body)
        to = found[1] if found else b""
        self.taken += 1
        if to != ON_DUTY:
            self.texts += 1
            self.last = time.monotonic()
            self.numbers.setdefault(to, self.last)
        return RESOURCE.replace(b"SID", b"SM%032x" % self.taken)

    def told(self, path: bytes) -> bytes:
        if path == FIRSTS:
            return json.dumps({unquote_to_bytes(to).decode(): at for to, at in self.numbers.items()}).encode()
        return json.dumps({"texts": self.texts, "numbers": len(self.numbers), "last": self.last}).encode()


class Connection(asyncio.Protocol):
    """One kept-alive connection; requests on it follow one another."""

    def __init__(self, book: Book, delay: float) -> None:
        self._book, self._delay = book, delay
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, end, body = self._heard.partition(END_OF_HEAD)
        declared = LENGTH.search(head)
        length = int(declared[1]) if declared else 0
        if not end or len(body) < length:
            return
        self._heard = body[length:]
        if head.startswith(b"POST"):
            answer = _answer(b"201 CREATED", self._book.take(body[:length]))
            asyncio.get_running_loop().call_later(self._delay, self._write, answer)
        else:
            self._write(_answer(b"200 OK", self._book.told(head.split(b" ", 2)[1])))

    def _write(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)  # type: ignore[attr-defined]


def _answer(status: bytes, body: bytes) -> bytes:
    head = b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d" % (status, len(body))
    return head + END_OF_HEAD + body


@dataclass(frozen=True, slots=True)
class Taken:
    """What a stub says it took: texts, different numbers among them, and the moment of the last (time.monotonic)."""

    texts: int
    numbers: int
    last: float


def ask(port: int) -> Taken:
    """What the stub on this port took so far."""
    with urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
        return Taken(**json.load(answer))


def firsts(port: int) -> Mapping[str, float]:
    """When the stub on this port took the first text to each number (time.monotonic)."""
    with urlopen(f"http://127.0.0.1:{port}{FIRSTS.decode()}", timeout=10) as answer:
        found: dict[str, float] = json.load(answer)
    return found


async def serve(port: int, delay: float) -> None:
    """Answers until the process is told to end."""
    book = Book()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(book, delay), "127.0.0.1", port, backlog=512)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2]) / 1000))
