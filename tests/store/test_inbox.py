"""The inbox takes texts up in turn, on both databases."""

import pytest

from smsgw.domain.messages import SmsReceived
from smsgw.gateway import Gateway
from smsgw.services import intake
from smsgw.services.listening import BATCH

FLOODER = "+84900000666"


@pytest.mark.parametrize("where", ["gateway", pytest.param("on_postgres", marks=pytest.mark.postgres)])
def test_ten_citizens_behind_a_flood_are_taken_up_with_the_first_batch(
    where: str, request: pytest.FixtureRequest
) -> None:
    house: Gateway = request.getfixturevalue(where)
    citizens = [f"+8490000010{n}" for n in range(10)]
    with house.database.write() as session:
        for place, sender in enumerate([FLOODER] * 300 + citizens):
            sms = SmsReceived("simulator", "demo", f"flood {place}", sender, "8079", f"xa Tu An mat nuoc {place}")
            intake.receive(session, sms, house.now())
    taken = house.listener()._take_up()
    assert len(taken) == BATCH
    assert {text.sender for text in taken} == {FLOODER, *citizens}
