"""The simulator's habits: a form or JSON, screens as JSON."""

import json

import pytest

from smsgw.domain.messages import Accepted, Malformed, Never, OutgoingSms, UssdEvent, UssdScreen, UssdTurn
from smsgw.providers.simulator import OUT_OF_REACH
from tests.providers.calls import form_call, json_call
from tests.providers.dialects import CITIZEN, opened

TURN = UssdTurn("simulator", "s", CITIZEN, "*8079#", UssdEvent.START)
TEXT = {"from": CITIZEN, "to": "8079", "text": "Đường hỏng", "id": "s-1"}


def test_a_form_and_json_say_the_same() -> None:
    by_form = opened("simulator").read_sms(form_call("/sms/simulator", TEXT.items()))
    by_json = opened("simulator").read_sms(json_call("/sms/simulator", TEXT))
    assert by_form == by_json


@pytest.mark.parametrize("body", ["", "[]", "{", '{"from": ["+84900001234"], "id": "1"}', '{"from": true, "id": "1"}'])
def test_a_body_that_names_no_sender_is_malformed(body: str) -> None:
    with pytest.raises(Malformed):
        opened("simulator").read_sms(json_call("/sms/simulator", body))


def test_a_number_may_come_as_a_number() -> None:
    assert opened("simulator").read_sms(json_call("/sms/simulator", {**TEXT, "id": 17})).provider_ref == "17"


@pytest.mark.parametrize(
    ("path", "typed", "event"),
    [
        ("/ussd/simulator", "", UssdEvent.START),
        ("/ussd/simulator", "1*2", UssdEvent.INPUT),
        ("/ussd/simulator/x/ended", "1*2", UssdEvent.END),
    ],
)
def test_a_turn_holds_everything_typed_so_far(path: str, typed: str, event: UssdEvent) -> None:
    turn = opened("simulator").read_ussd(
        json_call(path, {"session": "s", "phone": CITIZEN, "code": "*8079#", "text": typed})
    )
    assert (turn.event, turn.history, turn.typed) == (event, typed, typed[-1:])


def test_one_number_of_the_demo_is_out_of_reach() -> None:
    simulator = opened("simulator")
    assert isinstance(simulator.send(OutgoingSms("r1", CITIZEN, "Da sua.")), Accepted)
    assert isinstance(simulator.send(OutgoingSms("r2", OUT_OF_REACH, "Da sua.")), Never)


def test_a_screen_is_json() -> None:
    answer = opened("simulator").show(UssdScreen("1. Đường sá", more=True), TURN)
    assert json.loads(answer.body) == {"text": "1. Đường sá", "more": True}
