"""A keypress arrives; one screen goes back."""

import structlog
from flask import Blueprint, abort

from handlers.callers import heard_by
from handlers.guards import bell, gateway
from smsgw.domain.messages import Malformed, UssdEvent, UssdScreen, WebAnswer, WebCall
from smsgw.providers.contract import Provider
from smsgw.store.database import StoreError

door = Blueprint("ussd", __name__)
log = structlog.get_logger()


def _open() -> tuple[str, ...]:
    return gateway().settings.ussd


@door.route("/ussd/<name>", methods=["GET", "POST"])
@door.route("/ussd/<name>/<token>", methods=["GET", "POST"])
@door.route("/ussd/<name>/<token>/ended", methods=["POST"])
@heard_by(_open)
def key_pressed(provider: Provider, call: WebCall) -> WebAnswer:
    """No network but the database in a turn; a receipt that a finished draft earned is sent afterwards. Without the
    database there is no next screen: the person is told to text instead, and texts are kept."""
    try:
        turn = provider.read_ussd(call)
    except Malformed:
        abort(400)
    house = gateway()
    house.load_words()
    try:
        with house.database.write_soon() as session:
            screen = house.usher(session).turn(turn)
    except StoreError as trouble:
        if turn.event in (UssdEvent.END, UssdEvent.TIMEOUT):
            raise
        log.warning("the database takes nothing; a USSD session was ended", error=type(trouble).__name__)
        return provider.show(UssdScreen(house.screens.closed(house.settings.public_number), more=False), turn)
    if not screen.more:
        bell().ring("outbox")
    return provider.show(screen, turn) if screen.text else provider.taken()
