"""Providers that answer as told, and a postman with two of them on real tables."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select

from smsgw.domain.ledger import Capability, NoWord, Sighting
from smsgw.domain.limits import Limits, Rate
from smsgw.domain.messages import Accepted, Delivery, Outcome, OutgoingSms, Receipt
from smsgw.domain.notices import Lane
from smsgw.gateway import Gateway
from smsgw.services import receipts
from smsgw.services.delivery import Postman
from smsgw.store import outbox
from smsgw.store.outbox import Draft
from smsgw.store.tables import Outgoing

PHONE = "+84900000001"
NO_LIMITS = Limits(Rate(9_999, 9_999), Rate(9_999, 9_999), replies_an_hour=9_999, budget=None, quiet=None)


def takes(message: OutgoingSms) -> Outcome:
    return Accepted(f"p-{message.ref}")


@dataclass
class Told:
    """A provider that can what it is told to; `has` is what it says to a look-up, None for no word at all. A question
    about the text that it `trips_over` makes it raise what no provider should."""

    can: frozenset[Capability] = frozenset()
    answer: Callable[[OutgoingSms], Outcome] = takes
    has: Sequence[Sighting] | None = ()
    sent: list[OutgoingSms] = field(default_factory=list)
    asked: int = 0
    trips_over: str = ""

    def send(self, message: OutgoingSms) -> Outcome:
        self.sent.append(message)
        return self.answer(message)

    def look_up(self, message: OutgoingSms, since: datetime) -> Sequence[Sighting]:
        self.asked += 1
        if message.text == self.trips_over:
            raise KeyError("messages")
        if self.has is None:
            raise NoWord("nobody there")
        return self.has


@dataclass
class SortingOffice:
    """`first` and `second` are its providers, in this order."""

    gateway: Gateway
    first: Told
    second: Told
    postman: Postman

    @classmethod
    def open(cls, gateway: Gateway, pool: ThreadPoolExecutor, **more: object) -> "SortingOffice":
        first, second = Told(), Told()
        postman = replace(
            gateway.postman(pool),
            providers={"first": first, "second": second},
            order=("first", "second"),
            may_text=lambda *_: True,
            rates={},
            limits=NO_LIMITS,
            **more,
        )
        return cls(gateway, first, second, postman)

    def put(self, key: str, lane: Lane = Lane.ANSWER, phone: str = PHONE, **more: object) -> int:
        draft = Draft(key, "Help", lane, phone, f"tin {key}", 1, **more)  # type: ignore[arg-type]
        with self.gateway.database.write() as session:
            made = outbox.put(session, draft, self.gateway.now())
        assert made
        return made

    def row(self, key: str) -> Outgoing:
        with self.gateway.database.read() as session:
            return session.scalars(select(Outgoing).where(Outgoing.key == key)).one()

    def rows(self) -> list[Outgoing]:
        with self.gateway.database.read() as session:
            return list(session.scalars(select(Outgoing).order_by(Outgoing.id)))

    def told(self, receipt: Receipt, outbox_id: int | None = None) -> None:
        with self.gateway.database.write() as session:
            receipts.record(session, receipt, outbox_id, self.gateway.now())

    def rematches(self) -> int:
        """What the clock does about receipts."""
        with self.gateway.database.read() as session:
            late = receipts.late(session, self.gateway.now())
        with self.gateway.database.write() as session:
            return receipts.match_late(session, late, self.gateway.now())

    def goes_on(self) -> None:
        """What clock and sender do next."""
        self.postman.look_after()
        self.rematches()
        self.postman.batch()


def sighting(ref: str, delivery: Delivery = Delivery.SENT, *, altered: bool = False) -> Sighting:
    return Sighting(ref, PHONE, None, delivery, same_words=not altered)
