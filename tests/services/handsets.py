"""A phone that dials the service, over each kind of provider: one repeats all that was typed, one numbers its turns, one
tells the last answer only."""

from dataclasses import dataclass, field
from enum import Enum
from itertools import count

from sqlalchemy import select

from smsgw.domain.messages import UssdEvent, UssdScreen, UssdTurn
from smsgw.domain.ussd.script import Name
from smsgw.domain.ussd.standing import Standing, read
from smsgw.gateway import Gateway
from smsgw.store.tables import Complaint, Sitting
from tests.conftest import Clock

SESSIONS = count(1)
THINKS = 5  # seconds before an answer


class Kind(Enum):
    """What a provider tells of a turn."""

    EVERYTHING = "everything typed so far"
    NUMBERED = "the last answer, turns numbered"
    LAST = "the last answer only"


@dataclass
class Handset:
    """`typed` is what this session's network has gathered; `all_typed` everything ever typed on this phone."""

    gateway: Gateway
    clock: Clock
    kind: Kind = Kind.EVERYTHING
    phone: str = "+84900000001"
    session_id: str = ""
    typed: list[str] = field(default_factory=list)
    all_typed: list[str] = field(default_factory=list)

    def dials(self, session_id: str = "") -> UssdScreen:
        self.typed, self.session_id = [], session_id or f"s{next(SESSIONS)}"
        return self._turn(UssdEvent.START)

    def presses(self, *answers: str) -> UssdScreen:
        screen = UssdScreen("", more=True)
        for answer in answers:
            self.clock.moves(seconds=THINKS)
            self._types(answer)
            screen = self._turn(UssdEvent.INPUT)
        return screen

    def presses_unheard(self, answer: str) -> None:
        """The turn never comes to us."""
        self._types(answer)

    def again(self) -> UssdScreen:
        """The provider repeats its last call."""
        return self._turn(UssdEvent.INPUT if self.typed else UssdEvent.START)

    def hangs_up(self, event: UssdEvent = UssdEvent.END) -> UssdScreen:
        return self._turn(event)

    def sitting(self) -> Sitting | None:
        with self.gateway.database.read() as session:
            query = select(Sitting).where(Sitting.session_id == self.session_id, Sitting.phone == self.phone)
            return session.scalars(query).one_or_none()

    def standing(self) -> Standing:
        found = self.sitting()
        return read(found.standing) if found else Standing()

    @property
    def screen(self) -> Name:
        return self.standing().screen

    def complaints(self) -> list[Complaint]:
        with self.gateway.database.read() as session:
            query = select(Complaint).join(Complaint.citizen).where(Complaint.citizen.has(phone=self.phone))
            return list(session.scalars(query.order_by(Complaint.id)))

    def _types(self, answer: str) -> None:
        self.typed.append(answer)
        self.all_typed.append(answer)

    def _turn(self, event: UssdEvent) -> UssdScreen:
        told = UssdTurn(
            provider="simulator",
            session_id=self.session_id,
            phone=self.phone,
            service_code="*8079#",
            event=event,
            typed=self.typed[-1] if self.typed and event is UssdEvent.INPUT else "",
            history="*".join(self.typed) if self.kind is Kind.EVERYTHING else None,
            mark=str(len(self.typed) + 1) if self.kind is Kind.NUMBERED else "",
        )
        with self.gateway.database.write() as session:
            return self.gateway.usher(session).turn(told)
