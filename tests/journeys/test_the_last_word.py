"""The citizen has the last word, from phone to desk and back, over the simulator's webhook."""

from itertools import count

import pytest
from sqlalchemy import select

from smsgw.services import calling
from smsgw.store.tables import Complaint, Event, Outgoing
from tests.conftest import Clock
from tests.handlers.desks import signed_in
from tests.journeys.conftest import Town

CITIZEN, LEADER = "+84905123456", "+84900000102"
REFERENCE = "10008"
IDS = count(1)


class Story:
    """A phone, and the office's desk."""

    def __init__(self, town: Town, clock: Clock) -> None:
        self.town, self.clock = town, clock
        self.desk = signed_in(town.app, "canbo-kinhte")

    def texts(self, text: str) -> str:
        """Sends it as the simulator's provider brings it; the reply."""
        before = len(self.reads(CITIZEN))
        form = {"id": f"s{next(IDS)}", "from": CITIZEN, "to": "8079", "text": text}
        assert self.town.client().post("/sms/simulator", data=form).status_code == 200
        self.town.works()
        (reply,) = self.reads(CITIZEN)[before:]
        return reply

    def reads(self, phone: str) -> list[str]:
        with self.town.gateway.database.read() as session:
            query = select(Outgoing.body).where(Outgoing.recipient == phone, Outgoing.state != "queued")
            return list(session.scalars(query.order_by(Outgoing.id)))

    def answers(self, text: str) -> None:
        assert self.desk.answers(REFERENCE, text).status_code == 302
        self.town.works()

    def complaint(self) -> Complaint:
        with self.town.gateway.database.read() as session:
            return session.scalars(select(Complaint)).one()

    def kinds(self) -> list[str]:
        with self.town.gateway.database.read() as session:
            return list(session.scalars(select(Event.kind).order_by(Event.id)))


@pytest.fixture
def story(town: Town, clock: Clock) -> Story:
    return Story(town, clock)


@pytest.mark.slow
def test_not_done_twice_reaches_the_leader_and_done_closes(story: Story, clock: Clock) -> None:
    receipt = story.texts("PA GT duong Quang Trung phuong Tay Son hu nang")
    assert receipt.startswith(f"So {REFERENCE}: da nhan phan anh.")
    story.answers("Thu nam doi duong bo da va o ga.")
    assert story.reads(CITIZEN)[-1] == (
        f"So {REFERENCE}: Thu nam doi duong bo da va o ga. Nhan 1 xong, 2 chua xong, 3 khong ro."
    )

    clock.moves(days=2)
    assert story.texts("2") == f"So {REFERENCE}: ba con bao chua xong, co quan lam tiep. Tra loi truoc 17h 2/12."
    assert story.complaint().state == "assigned"
    assert "báo chưa xong" in story.desk.opens(f"/desk/{REFERENCE}").text

    story.answers("Thu sau doi duong bo da lam lai mat duong.")
    clock.moves(days=1)
    assert "chua xong" in story.texts("chua xong")
    alert = story.reads(LEADER)[-1]
    assert alert.startswith(f"So {REFERENCE}: nguoi dan bao chua xong 2 lan.")
    assert REFERENCE in signed_in(story.town.app, "lanhdao-ankhe").opens("/desk/verdicts").text

    story.answers("Thu hai doi duong bo da trai nhua xong.")
    closing = story.texts("1")
    assert closing.startswith(f"So {REFERENCE} da xong, khep lai.")
    assert story.complaint().ending == "confirmed"
    assert story.texts("DG 5").startswith(f"So {REFERENCE}: da ghi diem 5/5.")
    told = ["answered", "not_done", "reopened", "answered", "not_done", "reopened", "raised", "answered", "confirmed"]
    assert [kind for kind in story.kinds() if kind in told] == told


@pytest.mark.slow
def test_nothing_closes_by_silence_before_somebody_has_phoned(story: Story, clock: Clock) -> None:
    story.texts("PA GT duong Quang Trung phuong Tay Son hu nang")
    story.answers("Thu nam doi duong bo da va o ga.")
    with story.town.gateway.database.write() as session:
        letter = session.scalars(select(Outgoing).where(Outgoing.kind == "OfficeAnswer")).one()
        letter.state = "undelivered"
    while story.town.gateway.switchboard().batch():
        pass
    clock.moves(days=30)
    while story.town.gateway.verdict_watch().batch():
        pass
    assert story.complaint().ending == ""
    with story.town.gateway.database.read() as session:
        assert calling.calls.open_call(session, story.complaint().id)
