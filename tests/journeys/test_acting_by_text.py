"""An official with nothing but a feature phone takes a complaint from the alert to the answer; whoever forges the number,
guesses a code or uses one twice does nothing, and stands in the list of orders."""

import re
from dataclasses import dataclass
from itertools import count

import pytest
from sqlalchemy import func, select

from smsgw.store.tables import Complaint, Event, Inbound, Outgoing, TextOrder
from tests.conftest import Clock
from tests.handlers.desks import signed_in
from tests.journeys.conftest import Town

CITIZEN, OFFICIAL, STRANGER = "+84905123456", "+84900000103", "+84905999999"
ROAD = "PA GT duong Quang Trung phuong Tay Son hu nang, goi toi 0905123456"
ANSWER = "Ngay 1/12 to cong nhan phuong da va o ga."
CODE = re.compile(r"\b\d{6}\b")
SERIAL = count(1)


@dataclass
class Phone:
    """A phone on the simulated network, over the webhook that providers use."""

    town: Town
    number: str

    def texts(self, words: str, ident: str = "") -> str:
        """What came back for it last; empty for nothing."""
        before = len(self.inbox)
        form = {"id": ident or f"p{next(SERIAL)}", "from": self.number, "to": "8079", "text": words}
        assert self.town.client().post("/sms/simulator", data=form).status_code == 200
        self.town.works()
        return self.inbox[-1] if len(self.inbox) > before else ""

    @property
    def inbox(self) -> list[str]:
        with self.town.gateway.database.read() as session:
            query = select(Outgoing.body).where(Outgoing.recipient == self.number, Outgoing.state == "accepted")
            return list(session.scalars(query.order_by(Outgoing.id)))

    @property
    def code(self) -> str:
        """The newest code on the phone."""
        return next(found[-1] for body in reversed(self.inbox) if (found := CODE.findall(body)))


@pytest.fixture
def citizen(town: Town) -> Phone:
    return Phone(town, CITIZEN)


@pytest.fixture
def official(town: Town) -> Phone:
    """Verified: the code that was texted to it was typed on the official's page."""
    phone = Phone(town, OFFICIAL)
    desk = signed_in(town.app, "canbo-kinhte")
    desk.posts("/desk/my-number/code")
    town.works()
    assert desk.posts("/desk/my-number/confirm", code=phone.code).status_code == 302
    return phone


@pytest.fixture
def alerted(town: Town, citizen: Phone, official: Phone, clock: Clock) -> Phone:
    """The official's phone, with the first alert about the complaint on it."""
    citizen.texts(ROAD)
    clock.moves(days=8, hours=2)  # near: what comes before that waits for the digest of a morning
    town.ticks()
    assert "HAN so 10008" in official.inbox[-1]
    return official


def test_a_complaint_is_taken_from_the_alert_to_the_answer_by_text_alone(
    alerted: Phone, citizen: Phone, town: Town
) -> None:
    assert alerted.inbox[-1].endswith(f"Soan XEM {alerted.code} de doc, NHAN {alerted.code} de nhan viec.")
    shown = alerted.texts(f"XEM {alerted.code}")
    assert "duong Quang Trung phuong Tay Son hu nang" in shown
    assert "0905123456" not in shown
    assert "da ghi, anh/chi dang xu ly" in alerted.texts(f"nhận {alerted.code}")
    assert "cau hoi dang gui" in alerted.texts(f"Hỏi {alerted.code} Đoạn nào của đường?")
    assert citizen.inbox[-1] == "So 10008: Doan nao cua duong? Xin nhan tin tra loi."
    citizen.texts("truoc so nha 14, doi dien quan com")
    assert "nguoi dan da tra loi" in alerted.inbox[-1]
    assert "quan com" not in alerted.inbox[-1]
    assert "quan com" in alerted.texts(f"XEM {alerted.code}")
    assert "Con thieu: ngay nao, ai lam." in alerted.texts(f"TL {alerted.code} Da va o ga.")
    assert "Da va o ga" not in citizen.inbox[-1]
    assert "Xong viec" in alerted.texts(f"TL {alerted.code} {ANSWER}")
    assert citizen.inbox[-1] == f"So 10008: {ANSWER} Nhan 1 xong, 2 chua xong, 3 khong ro."
    with town.gateway.database.read() as session:
        assert session.scalars(select(Complaint.state)).one() == "answered"
        line = session.scalars(select(Event).where(Event.kind == "answered")).one()
        assert line.official.username == "canbo-kinhte"
        assert line.details["by_text"]
        orders = session.scalars(select(TextOrder).order_by(TextOrder.inbound_id)).all()
        assert [(one.deed, one.outcome) for one in orders] == [
            ("read", "done"),
            ("take", "done"),
            ("ask", "done"),
            ("read", "done"),
            ("answer", "lacks"),
            ("answer", "done"),
        ]
    assert (
        "Cán bộ phòng Kinh tế An Khê (demo), bằng tin nhắn" in signed_in(town.app, "kiemtoan").opens("/desk/10008").text
    )


@pytest.mark.slow
def test_a_number_alone_a_wrong_code_and_a_used_one_do_nothing_and_are_written_down(
    alerted: Phone, town: Town, clock: Clock
) -> None:
    used = alerted.code
    alerted.texts(f"XEM {used}")
    before = _standing(town)
    wrong = f"{(int(alerted.code) + 1) % 10**6:06}"
    refusal = alerted.texts(f"TL {wrong} {ANSWER}")
    assert refusal == "Ma nay khong dung duoc. Xin cho tin sau, hoac xem o ban lam viec."
    assert alerted.texts(f"TL {used} {ANSWER}") == ""
    good = alerted.code
    Phone(town, STRANGER).texts(f"TL {good} {ANSWER}")
    assert _standing(town) == before
    with town.gateway.database.read() as session:
        outcomes = session.execute(select(TextOrder.phone, TextOrder.outcome).order_by(TextOrder.inbound_id)).all()
        assert [tuple(one) for one in outcomes] == [
            (OFFICIAL, "done"),
            (OFFICIAL, "wrong_code"),
            (OFFICIAL, "used_code"),
            (STRANGER, "unknown_number"),
        ]
        kept = session.scalars(select(Inbound).where(Inbound.sender == OFFICIAL, Inbound.reason != "")).all()
        assert [text.reason for text in kept] == ["wrong_code", "used_code"]
        assert session.scalar(select(func.count()).select_from(Complaint)) == 2  # the stranger's is a citizen's text
    page = signed_in(town.app, "kiemtoan").opens("/admin/orders?lang=vi").text
    assert all(words in page for words in ("mã sai", "mã đã dùng", "số không phải của cán bộ"))
    assert "va o ga" not in page
    assert "va o ga" in signed_in(town.app, "dau-moi-ankhe").opens("/desk/texts").text


@pytest.mark.slow
def test_an_order_that_the_network_brings_twice_is_done_once(alerted: Phone, citizen: Phone, town: Town) -> None:
    alerted.texts(f"XEM {alerted.code}")
    answer = f"TL {alerted.code} {ANSWER}"
    assert "Xong viec" in alerted.texts(answer, "same")
    told = len(alerted.inbox)
    assert alerted.texts(answer, "same") == ""
    assert alerted.texts(answer, "other") == ""
    assert len(alerted.inbox) == told
    assert len([body for body in citizen.inbox if "va o ga" in body]) == 1


def _standing(town: Town) -> list[object]:
    with town.gateway.database.read() as session:
        return [
            session.execute(select(Complaint.state, Complaint.version).where(Complaint.reference == "10008")).one(),
            session.scalar(
                select(func.count()).select_from(Event).join(Complaint).where(Complaint.reference == "10008")
            ),
        ]
