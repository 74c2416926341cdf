"""An answer that may go out only once a text is safe: held back by the server, or by the thread that is at work on it."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import request

from handlers.guards import gateway
from smsgw.domain.messages import SmsReceived
from smsgw.services import shelter
from smsgw.services.shelter import Deposit
from smsgw.store.together import Told

OFFERED = "smsgw.held"  # in the environ of a server that can wait without a thread


@dataclass(slots=True)
class Held:
    """What a server offers, and what a view makes of it: the answer waits for `deposit`, and behind it `then` is done."""

    told: Told
    deposit: Deposit | None = None
    then: Callable[[], None] | None = None

    def let_go(self) -> None:
        """The text is safe, or made so. Raises `StoreError` when it cannot be."""
        if self.deposit and self.then:
            self.deposit.settle()
            self.then()


def answers_once_safe(sms: SmsReceived, then: Callable[[], None]) -> None:
    """Stores a text, and then does that, before the answer goes out. Raises `StoreError` at once where no server waits."""
    house, held = gateway(), request.environ.get(OFFERED)
    if isinstance(held, Held):
        held.deposit, held.then = shelter.put_in(house.database, house.spool, sms, house.now(), held.told), then
        return
    shelter.take_in(house.database, house.spool, sms, house.now())
    then()
