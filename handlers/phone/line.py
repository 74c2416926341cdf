"""What the simulated phone does on the air: texts, dialled codes, and the receipts that a phone's network gives."""

import json
from collections.abc import Iterable

from werkzeug.datastructures import MultiDict

from handlers.guards import bell, gateway
from smsgw.domain.messages import Delivery, Receipt, UssdEvent, UssdTurn, WebCall
from smsgw.services import intake, receipts
from smsgw.store.exchanges import Bubble, exchange
from smsgw.store.sittings import Shown, last_shown

PROVIDER = "simulator"


def send(number: str, text: str, message_id: str) -> None:
    """Texts the service as the simulated provider would bring it; the same id twice is one text."""
    house = gateway()
    told = {"from": number, "to": house.settings.public_number, "text": text, "id": message_id}
    sms = house.providers[PROVIDER].read_sms(_call(told))
    with house.database.write() as session:
        fresh = intake.receive(session, sms, house.now())
    if fresh:
        bell().ring("inbox")


def _call(told: dict[str, str]) -> WebCall:
    empty: MultiDict[str, str] = MultiDict()
    headers = {"content-type": "application/json"}
    return WebCall("POST", f"/sms/{PROVIDER}", headers, empty, empty, json.dumps(told).encode())


def conversation(number: str) -> list[Bubble]:
    """The texts of this phone; what is shown for the first time is thereby delivered, as a network would report."""
    house = gateway()
    with house.database.read() as session:
        bubbles = exchange(session, number, PROVIDER)
    if any(bubble.fresh for bubble in bubbles):
        _delivered(bubble for bubble in bubbles if bubble.fresh)
    return bubbles


def _delivered(bubbles: Iterable[Bubble]) -> None:
    house = gateway()
    with house.database.write() as session:
        for bubble in bubbles:
            receipt = Receipt(PROVIDER, Delivery.DELIVERED, None, bubble.provider_ref, "shown")
            receipts.record(session, receipt, bubble.outbox_id, house.now())


def dial(number: str, session_id: str, code: str) -> None:
    """Begins a USSD session."""
    _turn(UssdTurn(PROVIDER, session_id, number, code, UssdEvent.START, history=""))


def answer(number: str, session_id: str, history: str, typed: str) -> None:
    """Answers a screen. `history` is what was typed before it, so that the same answer twice is one turn."""
    code = gateway().settings.ussd_code
    everything = f"{history}*{typed}" if history else typed
    _turn(UssdTurn(PROVIDER, session_id, number, code, UssdEvent.INPUT, typed, everything))


def hang_up(number: str, session_id: str) -> None:
    """Ends a session from the phone's side."""
    _turn(UssdTurn(PROVIDER, session_id, number, gateway().settings.ussd_code, UssdEvent.END))


def screen(number: str, session_id: str) -> Shown | None:
    """What a session of this phone shows now."""
    with gateway().database.read() as session:
        return last_shown(session, PROVIDER, session_id, number)


def _turn(turn: UssdTurn) -> None:
    house = gateway()
    with house.database.write() as session:
        shown = house.usher(session).turn(turn)
    if not shown.more:
        bell().ring("outbox")
