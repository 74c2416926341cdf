"""A text message arrives."""

from flask import Blueprint, abort

from handlers.callers import heard_by
from handlers.guards import bell, gateway
from smsgw.domain.messages import Irrelevant, Malformed, WebAnswer, WebCall
from smsgw.providers.contract import Provider
from smsgw.services import shelter

door = Blueprint("sms", __name__)


def _open() -> tuple[str, ...]:
    return gateway().settings.sms_in


@door.route("/sms/<name>", methods=["GET", "POST"])
@door.route("/sms/<name>/<token>", methods=["GET", "POST"])
@heard_by(_open)
def text_arrives(provider: Provider, call: WebCall) -> WebAnswer:
    """Stored durably, then a worker is woken, then 2xx: accepted and repeated look the same to the provider."""
    try:
        sms = provider.read_sms(call)
    except Malformed:
        abort(400)
    except Irrelevant:
        return provider.taken()
    house = gateway()
    shelter.take_in(house.database, house.spool, sms, house.now())
    bell().ring("inbox")
    return provider.taken()
