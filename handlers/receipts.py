"""A provider tells what became of a message."""

from flask import Blueprint, abort

from handlers.callers import heard_by
from handlers.guards import gateway
from smsgw.domain.messages import Irrelevant, Malformed, WebAnswer, WebCall
from smsgw.providers.contract import Provider
from smsgw.services import shelter

door = Blueprint("receipts", __name__)


def _open() -> tuple[str, ...]:
    return gateway().settings.sms_out


@door.route("/receipts/<name>", methods=["GET", "POST"])
@door.route("/receipts/<name>/<token>", methods=["GET", "POST"])
@heard_by(_open)
def receipt_arrives(provider: Provider, call: WebCall) -> WebAnswer:
    """Kept once however often it comes; one whose message is not known yet is matched later."""
    try:
        receipt = provider.read_receipt(call)
    except Malformed:
        abort(400)
    except Irrelevant:
        return provider.taken()
    house = gateway()
    outbox_id = house.open_ref(receipt.ref) if receipt.ref else None
    if receipt.ref and outbox_id is None:
        abort(403)
    shelter.record(house.database, house.spool, receipt, outbox_id, house.now())
    return provider.taken()
