"""A mobile operator for Kannel's `smsc = fake`: people's texts go in by a socket, ours come out of it.

One line a message, `SENDER RECEIVER KIND DATA`: towards Kannel `text`, or `ucs2` and `udh-data` in percent-encoded
bytes; from it `text`, `data`, `ucs-2`, or `udh HEADER KIND DATA` for a part of a long text.
"""

import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

_SEVEN_BIT = re.compile(rb"[\n\r -~]*")


@dataclass(frozen=True, slots=True)
class Part:
    """What a handset gets at once. `of` is (reference, parts, number) of a long text, or None."""

    sender: str
    receiver: str
    kind: str
    data: bytes
    of: tuple[int, int, int] | None = None

    @property
    def text(self) -> str:
        """Parts of a long text come as `data`, whatever their alphabet, which the octets themselves must show."""
        wide = self.kind == "ucs-2" or not _SEVEN_BIT.fullmatch(self.data)
        return self.data.decode("utf-16-be", "surrogatepass") if wide else self.data.decode("ascii")


class Operator:
    """Kannel serves one such connection at a time."""

    def __init__(self, port: int) -> None:
        self._line = socket.create_connection(("127.0.0.1", port), timeout=5)
        self._rest = b""
        self.parts: list[Part] = []

    def brings(self, sender: str, receiver: str, text: str) -> None:
        """A person's text, whole."""
        plain = text.isascii() and text.isprintable()
        self._write(f"{sender} {receiver} " + (f"text {text}" if plain else f"ucs2 {_percent(text)}"))

    def brings_in_parts(self, sender: str, receiver: str, text: str, size: int = 67) -> None:
        """A person's long text as the network brings it, last part first."""
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        for number, piece in reversed(list(enumerate(pieces, 1))):
            header = "".join(f"%{octet:02X}" for octet in (5, 0, 3, 77, len(pieces), number))
            self._write(f"{sender} {receiver} udh-data {header} {_percent(piece)}")

    def delivers(self, receiver: str, within: float = 10.0) -> list[Part]:
        """The parts of the first text to this number, in order; fails when it is not whole in so many seconds."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            parts = sorted((part for part in self.parts if part.receiver == receiver), key=lambda part: part.of or (0,))
            if parts and (parts[0].of is None or len(parts) >= parts[0].of[1]):
                return parts
            self.parts += self._read()
        raise AssertionError(f"nothing whole came for {receiver}: {self.parts}")

    def hangs_up(self) -> None:
        self._line.close()

    def _write(self, line: str) -> None:
        self._line.sendall(line.encode("ascii") + b"\n")

    def _read(self) -> Iterator[Part]:
        self._line.settimeout(0.2)
        try:
            chunk = self._line.recv(65_536)
        except TimeoutError:
            return
        if not chunk:
            raise AssertionError("Kannel hung up")
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        yield from (_part(line.rstrip(b"\r")) for line in lines if line.strip())


def _part(line: bytes) -> Part:
    sender, receiver, kind, rest = (*line.split(b" ", 3), b"")[:4]
    of = None
    if kind == b"udh":
        header, kind, rest = (*rest.split(b" ", 2), b"")[:3]
        octets = _octets(header)
        of = (octets[3], octets[4], octets[5])
    data = rest if kind == b"text" else _octets(rest)
    return Part(sender.decode(), receiver.decode(), kind.decode(), data, of)


def _octets(escaped: bytes) -> bytes:
    return unquote_to_bytes(escaped.replace(b"+", b" "))


def _percent(text: str) -> str:
    return "".join(f"%{octet:02X}" for octet in text.encode("utf-16-be"))
