"""A citizen's phone takes no text: the office is told, phones, notes the call, and only then is the matter done."""

import html

from sqlalchemy import select

from smsgw.providers.simulator import OUT_OF_REACH
from smsgw.store.tables import Outgoing
from tests.conftest import Clock
from tests.handlers.desks import Desk, hidden, signed_in
from tests.journeys.conftest import Town

OFFICE = "+84900000103"
ANSWER = "Thu nam co doi den sua duong."


def reads(town: Town, phone: str) -> list[str]:
    query = select(Outgoing.body).where(Outgoing.recipient == phone, Outgoing.state == "accepted")
    with town.gateway.database.read() as session:
        return list(session.scalars(query.order_by(Outgoing.id)))


def page(desk: Desk, reference: str) -> str:
    return html.unescape(desk.opens(f"/desk/{reference}?lang=en").text)


def test_the_office_phones_whom_no_text_reaches(town: Town, clock: Clock) -> None:
    told = {"id": "m1", "from": OUT_OF_REACH, "to": "8079", "text": "PA GT duong Quang Trung phuong Tay Son hu nang"}
    assert town.client().post("/sms/simulator", data=told).status_code == 200
    town.works()
    desk = signed_in(town.app, "canbo-kinhte")
    assert desk.answers("10008", ANSWER).status_code == 302
    town.works()
    assert reads(town, OUT_OF_REACH) == []
    clock.moves(seconds=5)
    town.ticks()
    (alert,) = reads(town, OFFICE)
    assert alert.startswith("So 10008: tra loi khong gui duoc, hay goi dien cho dan.")
    assert "phones the citizen and reads out the answer: the text did not arrive." in desk.opens("/desk/?lang=en").text
    before = page(desk, "10008")
    assert ANSWER in before
    assert "The answer was given" not in before
    carried = hidden(before)
    form = {"call": carried["call"], "tries": carried["tries"], "outcome": "told", "words": "ba con cam on"}
    assert desk.posts("/desk/10008/call", **form).status_code == 302
    town.ticks()
    after = page(desk, "10008")
    assert "The answer was given" in after
    assert "reached, and told" in after
    assert len(reads(town, OFFICE)) == 1
