"""A text message arrives."""

from flask import Blueprint, abort

from handlers.callers import heard_by
from handlers.guards import bell, gateway
from handlers.held import answers_once_safe
from smsgw.domain.messages import Irrelevant, Malformed, WebAnswer, WebCall
from smsgw.providers.contract import Provider

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
    rings = bell()
    answers_once_safe(sms, lambda: rings.ring("inbox"))
    return provider.taken()
