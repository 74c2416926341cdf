"""Stands in for three providers in a process of its own: takes texts, fails as told, sends receipts, keeps the ledger.

The ledger is the truth about what went out: a line is on the disk before anybody hears of it.
"""

import heapq
import json
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import ClassVar

from ops.chaos import calls, dialects
from ops.chaos.dialects import JSON, Order, Said, Taken
from ops.chaos.evidence import digest
from ops.chaos.faults import HANG_S, SLOWEST_S, Fault, Weather
from ops.chaos.journal import Journal
from ops.chaos.line import Line
from ops.chaos.names import TWILIO
from ops.chaos.reports import Report, reports

TELLERS = 8
TRIES = 5  # a receipt that nobody takes is brought again, as providers do
TRIED_AGAIN_S = 2.0


@dataclass(slots=True)
class Exchange:
    """What the three providers remember, and how they behave. `fine` ends the bad weather."""

    weather: Weather
    ledger: Journal
    line: Line
    fine: bool = False
    taken: list[Taken] = field(default_factory=list)
    _asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _plan: list[tuple[float, int, Taken, Report, int]] = field(default_factory=list)
    _planned: threading.Condition = field(default_factory=threading.Condition)

    def order(self, order: Order) -> tuple[Fault, Said]:
        """What a request to send a text leads to: the fault it meets, and what its maker would hear."""
        with self._lock:
            key = (order.phone, order.body)
            fault = Fault.NONE if self.fine else self.weather.meets(order.phone, order.body, self._asked[key])
            self._asked[key] += 1
            name = f"{'SM' if order.provider == TWILIO else 'AT'}{next(self._numbers):032x}"
        taken = Taken(name, order, datetime.now(UTC))
        self._write_down(taken, fault)
        if not fault.taken:
            return fault, _refusal(fault, order.provider)
        with self._lock:
            self.taken.append(taken)
        self._plan_receipts(taken)
        return fault, _answer(fault, taken)

    def _write_down(self, taken: Taken, fault: Fault) -> None:
        order = taken.order
        self.ledger.write(
            "order",
            provider=order.provider,
            phone=order.phone,
            body=digest(order.body),
            ref=order.ref,
            name=taken.name,
            fault=fault.value,
            taken=fault.taken,
            ambiguous=fault.ambiguous,
        )

    def _plan_receipts(self, taken: Taken) -> None:
        for report in reports(self.weather.seed, taken.name):
            if report.after == 0:
                self._tell(taken, report, TRIES)
            else:
                self._later(time.monotonic() + report.after, taken, report, 1)

    def _later(self, at: float, taken: Taken, report: Report, nth: int) -> None:
        with self._planned:
            heapq.heappush(self._plan, (at, next(self._numbers), taken, report, nth))
            self._planned.notify()

    def tell_in_time(self) -> None:
        """Sends receipts when their time has come, for ever."""
        with ThreadPoolExecutor(TELLERS) as tellers:
            while True:
                with self._planned:
                    while not self._plan or self._plan[0][0] > time.monotonic():
                        self._planned.wait(0.1)
                    _, _, taken, report, nth = heapq.heappop(self._plan)
                tellers.submit(self._tell, taken, report, nth)

    def _tell(self, taken: Taken, report: Report, nth: int) -> None:
        heard = self.line.call(calls.receipt(taken, report.word, forged=report.forged))
        self.ledger.write(
            "receipt",
            name=taken.name,
            ref=taken.order.ref,
            phone=taken.order.phone,
            body=digest(taken.order.body),
            word=report.word.value,
            forged=report.forged,
            status=heard.status,
        )
        unheard = heard.status is None or heard.status >= 500
        if unheard and nth < TRIES:
            self._later(time.monotonic() + TRIED_AGAIN_S, taken, report, nth + 1)


def _refusal(fault: Fault, provider: str) -> Said:
    if fault is Fault.TOO_MANY:
        return dialects.too_many(provider)
    return dialects.broken(provider, 503 if fault is Fault.AWAY_LOST else 500)


def _answer(fault: Fault, taken: Taken) -> Said:
    match fault:
        case Fault.BROKEN_TAKEN:
            return dialects.broken(taken.order.provider, 500)
        case Fault.GARBAGE_TAKEN:
            return Said(200, JSON, '{"sid": \x00\x01 nonsense')
        case Fault.HTML_TAKEN:
            return Said(200, "text/html", "<html><body>Welcome to the proxy</body></html>")
        case Fault.EMPTY_TAKEN:
            return Said(200, JSON, "")
    return dialects.well_taken(taken)


class Door(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    exchange: ClassVar[Exchange]

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        form = self.rfile.read(length)
        if len(form) < length:  # its sender ended in the middle of it: no provider sends half an order
            self._drop()
            return
        order = dialects.order_of("POST", self.path, form.decode())
        if order is None:
            self._say(Said(404, "text/plain", "no such address"))
        else:
            self._serve(order)

    def do_GET(self) -> None:
        order = dialects.order_of("GET", self.path, "")
        if order is not None:
            self._serve(order)
        elif self.path == "/fine":
            self.exchange.fine = True
            self._say(Said(200, JSON, "{}"))
        else:
            self._say(self._looked_up())

    def _looked_up(self) -> Said:
        told = dialects.looked_up(self.path, list(self.exchange.taken))
        return told or Said(200, JSON, json.dumps({"taken": len(self.exchange.taken)}))

    def _serve(self, order: Order) -> None:
        fault, said = self.exchange.order(order)
        match fault:
            case Fault.SLOW:
                time.sleep(SLOWEST_S / (1 + len(order.body) % 5))
            case Fault.HANG_TAKEN | Fault.HANG_LOST:
                time.sleep(HANG_S)
            case Fault.DROPPED_TAKEN:
                self._drop()
                return
        self._say(said)

    def _drop(self) -> None:
        self.close_connection = True
        self.connection.close()

    def _say(self, said: Said) -> None:
        body = said.body.encode()
        self.send_response(said.status)
        self.send_header("Content-Type", said.kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """The ledger says it all."""


class Server(ThreadingHTTPServer):
    """Takes many connections at once; one that its caller gave up is nobody's concern."""

    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that was killed, or a line that was dropped on purpose."""


def serve(port: int, house: int, weather: Weather, ledger: Path) -> None:
    """Answers until the process is told to end."""
    exchange = Exchange(weather, Journal(ledger), Line(house))
    Door.exchange = exchange
    threading.Thread(target=exchange.tell_in_time, daemon=True).start()
    Server(("127.0.0.1", port), Door).serve_forever()


if __name__ == "__main__":
    _, own, its, seed, share, most, file = sys.argv
    serve(int(own), int(its), Weather(int(seed), float(share), int(most)), Path(file))
