"""Calls a webhook in a closed loop: on each of some connections the next call goes out as soon as the last is answered."""

import re
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

CONNECTIONS = 16
MANY = (
    32  # with fewer than these the product waits for who calls, with more it only queues them; naive is as fast with 16
)
PATIENCE = 30.0  # seconds in which nothing at all is answered
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class NoAnswerError(Exception):
    """The server closed a connection or fell silent."""


@dataclass(slots=True)
class Answers:
    """What became of the calls. `latencies` in seconds, of accepted calls; `refused` counts statuses other than 2xx."""

    began: float
    ended: float = 0.0
    refused: int = 0
    latencies: list[float] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        return len(self.latencies)

    @property
    def rate(self) -> float:
        """Accepted calls a second."""
        return self.accepted / (self.ended - self.began)

    def quantile(self, part: float) -> float:
        """Milliseconds within which this part of the calls was answered."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(int(part * len(ordered)), len(ordered) - 1)] if ordered else 0.0


@dataclass(slots=True)
class Line:
    """One connection and the call that is on it."""

    socket: socket.socket
    sent_at: float = 0.0
    heard: bytes = b""

    def send(self, call: bytes) -> None:
        self.heard = b""
        self.sent_at = time.perf_counter()
        self.socket.sendall(call)

    def hear(self) -> bool:
        """True when the answer is whole."""
        data = self.socket.recv(65536)
        if not data:
            raise NoAnswerError("the server closed a connection")
        self.heard += data
        head, end, body = self.heard.partition(b"\r\n\r\n")
        declared = LENGTH.search(head)
        return bool(end) and len(body) >= (int(declared[1]) if declared else 0)


class Loop:
    """Keeps every line busy until the time or the calls are used up."""

    def __init__(self, lines: list[Line], calls: Iterator[bytes], seconds: float, most: int) -> None:
        self.answers = Answers(began=time.monotonic())
        self._lines, self._calls = lines, islice(calls, most)
        self._ends = self.answers.began + seconds
        self._open = 0

    def run(self) -> Answers:
        """Raises `NoAnswerError`."""
        with selectors.DefaultSelector() as selector:
            for line in self._lines:
                selector.register(line.socket, selectors.EVENT_READ, line)
                self._open += self._send(line)
            while self._open:
                events = selector.select(PATIENCE)
                if not events:
                    raise NoAnswerError("the server fell silent")
                for key, _ in events:
                    self._listen(key.data)
        self.answers.ended = time.monotonic()
        return self.answers

    def _send(self, line: Line) -> bool:
        """False when there is nothing more to send."""
        call = next(self._calls, None) if time.monotonic() < self._ends else None
        if call:
            line.send(call)
        return call is not None

    def _listen(self, line: Line) -> None:
        if not line.hear():
            return
        if line.heard[9:10] == b"2":
            self.answers.latencies.append(time.perf_counter() - line.sent_at)
        else:
            self.answers.refused += 1
        self._open -= not self._send(line)


def drive(
    port: int, calls: Iterator[bytes], seconds: float, most: int = sys.maxsize, connections: int = CONNECTIONS
) -> Answers:
    """Sends calls for `seconds`, or `most` of them, and waits for the last answers. Raises `NoAnswerError`."""
    lines = [Line(socket.create_connection(("127.0.0.1", port))) for _ in range(connections)]
    try:
        return Loop(lines, calls, seconds, most).run()
    finally:
        for line in lines:
            line.socket.close()
