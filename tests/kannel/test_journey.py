"""The whole house on a real Kannel: a Vietnamese complaint comes in, the reply goes out, the delivery report settles it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from smsgw.store.database import Database
from smsgw.store.tables import Complaint, Outgoing
from tests.kannel.lab import QUERY, KannelLab, until
from tests.ops.service import Service

pytestmark = pytest.mark.kannel

TOKEN = "a-path-token-of-the-kannel-journey"
CITIZEN = "+84905123456"
COMPLAINT = "Đường Quang Trung phường Tây Sơn hư nặng, xe tải lún suốt tuần nay"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    made = Service(tmp_path / "home")
    yield made
    made.stop()


def test_a_vietnamese_complaint_by_kannel_is_answered_and_the_report_settles_the_reply(
    kannel_lab: Callable[..., KannelLab], service: Service
) -> None:
    lab = kannel_lab(f"http://127.0.0.1:{service.port}/sms/kannel/{TOKEN}?{QUERY}")
    service.start(
        **lab.environment,
        KANNEL_FROM="8079",
        KANNEL_CALLBACK_TOKEN=TOKEN,
        SMSGW_SMS_IN="kannel",
        SMSGW_SMS_OUT="kannel",
    )
    service.wait_until_ready()
    lab.operator.brings(CITIZEN, "8079", COMPLAINT)
    (reply,) = lab.operator.delivers(CITIZEN, within=30)
    assert reply.text.startswith("So 10008: da nhan phan anh.")
    database = Database(f"sqlite:///{service.home / 'smsgw.db'}")
    with database.read() as session:
        assert session.scalars(select(Complaint.text)).all() == [COMPLAINT]

    def settled() -> bool:
        with database.read() as session:
            return session.scalars(select(Outgoing.state)).all() == ["delivered"]

    until(settled, "the delivery report never settled the reply")
    database.close()
