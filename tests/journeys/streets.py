"""Providers in this process, that die and heal while a real house sends through them, and people who are to be texted."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import ClassVar

from sqlalchemy import select

from ops.chaos import dialects
from ops.chaos.dialects import JSON, Order, Said, Taken
from ops.chaos.exchange import Server
from smsgw.domain.notices import Lane
from smsgw.store import outbox
from smsgw.store.database import Database
from smsgw.store.outbox import Draft
from smsgw.store.tables import Outgoing

HANGS_S = 30.0  # longer than anybody waits
TAKEN = ("accepted", "delivered")


@dataclass
class StandIn:
    """A provider in this process. While it is `dead` it takes nothing: it `refuses`, or else says nothing at all."""

    refuses: bool = False
    answers_after: float = 0.0
    dead: threading.Event = field(default_factory=threading.Event)
    healed: threading.Event = field(default_factory=threading.Event)
    taken: list[Taken] = field(default_factory=list)
    tried: int = 0
    port: int = 0

    def answer(self, order: Order | None, target: str) -> Said | None:
        self.tried += order is not None
        if self.dead.is_set():
            if self.refuses:
                return Said(503, JSON, "{}")
            self.healed.wait(HANGS_S)
            return None
        if order is None:
            return dialects.looked_up(target, self.taken) or Said(404, JSON, "{}")
        taken = Taken(f"N{len(self.taken)}-{order.phone[1:]}", order, datetime.now(UTC))
        self.taken.append(taken)
        time.sleep(self.answers_after)
        return dialects.well_taken(taken)

    def dies(self) -> None:
        self.dead.set()

    def heals(self) -> None:
        self.dead.clear()
        self.healed.set()


class Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    stand_in: ClassVar[StandIn]

    def do_POST(self) -> None:
        form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self._say(self.stand_in.answer(dialects.order_of("POST", self.path, form), self.path))

    def do_GET(self) -> None:
        self._say(self.stand_in.answer(None, self.path))

    def _say(self, said: Said | None) -> None:
        if said is None:
            self.close_connection = True
            return
        body = said.body.encode()
        self.send_response(said.status)
        self.send_header("Content-Type", said.kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def opened(*stand_ins: StandIn) -> Iterator[None]:
    """Each on a port of its own."""
    servers = [Server(("127.0.0.1", 0), type("ItsDoor", (Door,), {"stand_in": one})) for one in stand_ins]
    for one, server in zip(stand_ins, servers, strict=True):
        one.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


@dataclass
class Street:
    """People who are to be texted, so many a second."""

    database: Database
    a_second: int = 20
    put: int = 0

    def flows(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        began, sent = time.monotonic(), 0
        while (passed := time.monotonic() - began) < seconds and not until():
            due = int(passed * self.a_second) - sent
            if due:
                self.puts(due)
                sent += due
            time.sleep(0.25)

    def puts(self, many: int) -> None:
        now = datetime.now(UTC)
        with self.database.write() as session:
            for _ in range(many):
                self.put += 1
                draft = Draft(f"k{self.put}", "Help", Lane.RECEIPT, f"+84900{self.put:06}", f"tin {self.put}", 1)
                outbox.put(session, draft, now)

    def are_all_taken(self, within: float) -> None:
        """Waits for it, and fails when so many seconds are over."""
        end = time.monotonic() + within
        while left := [(row.key, row.state, row.error) for row in self.rows() if row.state not in TAKEN]:
            assert time.monotonic() < end, f"{len(left)} texts were not taken: {left[:5]}"
            time.sleep(0.5)

    def rows(self) -> list[Outgoing]:
        with self.database.read() as session:
            return list(session.scalars(select(Outgoing).where(Outgoing.key.like("k%"))))
