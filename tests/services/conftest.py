"""A line to the service below HTTP: texts go in as a provider's, replies come out as a phone would see them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count

import pytest
from sqlalchemy import select

from smsgw.domain.messages import SmsReceived
from smsgw.gateway import Gateway
from smsgw.services import intake
from smsgw.store.tables import Complaint, Inbound, Outgoing

CITIZEN = "+84900000001"
NUMBERS = count(1)


@dataclass
class Line:
    """Texts in, replies out, at the clock's time."""

    gateway: Gateway
    pool: ThreadPoolExecutor
    sent: list[int] = field(default_factory=list)

    def text(self, body: str, sender: str = CITIZEN) -> list[str]:
        """Sends one text and works it through; what the sender's phone got for it."""
        before = len(self.inbox(sender))
        self.arrives(body, sender)
        self.works()
        return self.inbox(sender)[before:]

    def arrives(self, body: str, sender: str = CITIZEN, ref: str = "") -> int | None:
        sms = SmsReceived("simulator", "demo", ref or f"t{next(NUMBERS)}", sender, "8079", body)
        with self.gateway.database.write() as session:
            return intake.receive(session, sms, self.gateway.now())

    def works(self) -> None:
        while self.gateway.listener().batch():
            pass
        while self.gateway.postman(self.pool).batch():
            pass

    def ticks(self) -> None:
        """What the clock does about deadlines, and the texts that come of it."""
        while self.gateway.alarm_watch().batch():
            pass
        while self.gateway.chaser().batch():
            pass
        while self.gateway.bundler().batch():
            pass
        self.works()

    def dawns(self) -> None:
        """The same, with the day's digests."""
        self.ticks()
        while self.gateway.digester().batch():
            pass
        self.works()

    def inbox(self, phone: str = CITIZEN) -> list[str]:
        """Everything this phone was sent, oldest first."""
        query = select(Outgoing.body).where(Outgoing.recipient == phone, Outgoing.state == "accepted")
        with self.gateway.database.read() as session:
            return list(session.scalars(query.order_by(Outgoing.id)))

    def outbox(self, phone: str = CITIZEN) -> list[str]:
        """Everything written for this phone, whether a provider is open to take it or not."""
        query = select(Outgoing.body).where(Outgoing.recipient == phone)
        with self.gateway.database.read() as session:
            return list(session.scalars(query.order_by(Outgoing.id)))

    def complaints(self) -> list[Complaint]:
        with self.gateway.database.read() as session:
            return list(session.scalars(select(Complaint).order_by(Complaint.id)))

    def texts(self) -> list[Inbound]:
        with self.gateway.database.read() as session:
            return list(session.scalars(select(Inbound).order_by(Inbound.id)))


@pytest.fixture
def line(gateway: Gateway, pool: ThreadPoolExecutor) -> Line:
    return Line(gateway, pool)


@pytest.fixture
def reference(line: Line) -> Callable[[], str]:
    """The newest complaint's reference."""
    return lambda: line.complaints()[-1].reference or ""
