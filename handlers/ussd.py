"""A keypress arrives; one screen goes back."""

from flask import Blueprint, abort

from handlers.callers import heard_by
from handlers.guards import bell, gateway
from smsgw.domain.messages import Malformed, WebAnswer, WebCall
from smsgw.providers.contract import Provider

door = Blueprint("ussd", __name__)


def _open() -> tuple[str, ...]:
    return gateway().settings.ussd


@door.route("/ussd/<name>", methods=["GET", "POST"])
@door.route("/ussd/<name>/<token>", methods=["GET", "POST"])
@door.route("/ussd/<name>/<token>/ended", methods=["POST"])
@heard_by(_open)
def key_pressed(provider: Provider, call: WebCall) -> WebAnswer:
    """No network but the database in a turn; a receipt that a finished draft earned is sent afterwards."""
    try:
        turn = provider.read_ussd(call)
    except Malformed:
        abort(400)
    house = gateway()
    with house.database.write() as session:
        screen = house.usher(session).turn(turn)
    if not screen.text:
        return provider.taken()
    if not screen.more:
        bell().ring("outbox")
    return provider.show(screen)
