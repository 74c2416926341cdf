"""Many people in USSD sessions at once, each on a line of its own, over Africa's Talking's dialect."""

import heapq
import selectors
import socket
import time
from collections.abc import Iterator
from itertools import count
from urllib.parse import urlencode

from ops.bench.forms import USSD_PATH
from ops.bench.load import PATIENCE, Answers, Line, NoAnswerError

SESSIONS = 50
TYPED = ("1", "1", "1", "hem 12 duong Quang Trung", "mat duong nhieu o ga * nuoc dong", "3", "1")  # a whole complaint
NUMBERS = 900_000

_numbers = count(1)


def turns() -> Iterator[bytes]:
    """The calls of session after session, each somebody's who has not dialled before, each a complaint in eight turns."""
    while True:
        number = next(_numbers)
        for place in range(len(TYPED) + 1):
            yield _call(number, "*".join(TYPED[:place]))


def _call(number: int, typed: str) -> bytes:
    form = {
        "sessionId": f"ATUid_{number:08d}",
        "phoneNumber": f"+84900{number % NUMBERS:06d}",
        "networkCode": "99999",
        "serviceCode": "*8079#",
        "text": typed,
    }
    body = urlencode(form).encode()
    head = (
        f"POST {USSD_PATH} HTTP/1.1\r\nHost: bench.invalid\r\nAccept: */*\r\n"
        f"Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Callers:
    """Keeps `SESSIONS` sessions going. `thinks` is how many seconds a person looks at a screen before answering; with 0
    the server is never left alone."""

    def __init__(self, lines: list[Line], seconds: float, thinks: float) -> None:
        self.answers = Answers(began=time.monotonic())
        self._lines, self._thinks = lines, thinks
        self._ends = self.answers.began + seconds
        self._calls = {id(line): turns() for line in lines}
        self._waiting: list[tuple[float, int, Line]] = []
        self._out = 0

    def run(self) -> Answers:
        """Raises `NoAnswerError`."""
        with selectors.DefaultSelector() as selector:
            for place, line in enumerate(self._lines):
                selector.register(line.socket, selectors.EVENT_READ, line)
                late = self._thinks * place / len(self._lines)  # so that they do not all press at once
                heapq.heappush(self._waiting, (time.monotonic() + late, place, line))
            while self._presses():
                events = selector.select(self._pause())
                if not events and not self._waiting:
                    raise NoAnswerError("the server fell silent")
                for key, _ in events:
                    self._listen(key.data)
        self.answers.ended = time.monotonic()
        return self.answers

    def _presses(self) -> bool:
        """Sends the answers of all who have thought long enough; False when time is up and the last screen is there."""
        now = time.monotonic()
        if now >= self._ends:
            self._waiting.clear()
        while self._waiting and self._waiting[0][0] <= now:
            _, _, line = heapq.heappop(self._waiting)
            line.send(next(self._calls[id(line)]))
            self._out += 1
        return bool(self._out or self._waiting)

    def _pause(self) -> float:
        return max(self._waiting[0][0] - time.monotonic(), 0.0) if self._waiting else PATIENCE

    def _listen(self, line: Line) -> None:
        if not line.hear():
            return
        self._out -= 1
        if line.heard[9:10] == b"2":
            self.answers.latencies.append(time.perf_counter() - line.sent_at)
        else:
            self.answers.refused += 1
        heapq.heappush(self._waiting, (time.monotonic() + self._thinks, id(line), line))


def dial(port: int, seconds: float, thinks: float) -> Answers:
    """Sessions for so many seconds. Raises `NoAnswerError`."""
    lines = [Line(socket.create_connection(("127.0.0.1", port))) for _ in range(SESSIONS)]
    try:
        return Callers(lines, seconds, thinks).run()
    finally:
        for line in lines:
            line.socket.close()
