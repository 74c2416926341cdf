"""An official's feature phone whose number is verified, and a guesser's way to be sure that a code is none."""

import re
from dataclasses import dataclass

from sqlalchemy import select

from smsgw.gateway import Gateway
from smsgw.store.tables import Complaint, Official, OfficialPhone, TextCode, TextOrder
from tests.conftest import Clock
from tests.services.conftest import Line

CODE = re.compile(r"\b\d{6}\b")


@dataclass
class Feature:
    """`username` is whose phone it is."""

    line: Line
    clock: Clock
    username: str
    number: str

    def texts(self, words: str) -> str:
        """With `…` for the newest code on the phone; what came back, empty for nothing."""
        return "\n".join(self.line.text(words.replace("…", self.code), self.number))

    @property
    def code(self) -> str:
        return next((found[-1] for body in reversed(self.inbox) if (found := CODE.findall(body))), "")

    @property
    def inbox(self) -> list[str]:
        return self.line.inbox(self.number)

    def is_alerted(self, days: float = 4) -> None:
        self.clock.moves(days=days)
        self.line.ticks()

    def a_wrong_code(self, nth: int = 1) -> str:
        return f"{(int(self.code) + nth) % 10**6:06}"


def verified(line: Line, clock: Clock, username: str) -> Feature:
    """Of one who wishes every alert by itself, not in a digest."""
    with line.gateway.database.write() as session:
        official = session.scalars(select(Official).where(Official.username == username)).one()
        official.digest = False
        known = {"official_id": official.id, "phone": official.phone, "verified_at": clock.at}
        session.add(OfficialPhone(**known))
        return Feature(line, clock, username, official.phone)


def orders(house: Gateway) -> list[tuple[str, str]]:
    with house.database.read() as session:
        found = session.scalars(select(TextOrder).order_by(TextOrder.inbound_id))
        return [(one.deed, one.outcome) for one in found]


def codes(house: Gateway) -> list[TextCode]:
    with house.database.read() as session:
        return list(session.scalars(select(TextCode).order_by(TextCode.id)))


def complaint(house: Gateway, reference: str = "10008") -> Complaint:
    with house.database.read() as session:
        return session.scalars(select(Complaint).where(Complaint.reference == reference)).one()
