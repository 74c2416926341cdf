"""The whole house on a real Kannel: a complaint comes in, the reply goes out, a report settles it, an answer follows."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from sqlalchemy import select

from smsgw.services.first_data import DEMO_PASSWORD
from smsgw.store.database import Database
from smsgw.store.tables import Complaint, Outgoing
from tests.handlers.desks import hidden
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
    lab.operator.parts.clear()
    _answer(service, "10008", "Thứ năm có đội đến sửa đường.")
    (answer,) = lab.operator.delivers(CITIZEN, within=30)
    assert answer.text == "So 10008: Thu nam co doi den sua duong. Nhan 1 xong, 2 chua xong, 3 khong ro."
    database.close()


def _answer(service: Service, reference: str, text: str) -> None:
    """An official signs in, writes, sees the exact text and agrees."""
    base = f"http://127.0.0.1:{service.port}"
    with requests.Session() as browser:
        entry = {"username": "canbo-kinhte", "password": DEMO_PASSWORD}
        entry["csrf_token"] = hidden(browser.get(f"{base}/login").text)["csrf_token"]
        assert browser.post(f"{base}/login", data=entry).ok
        page = hidden(browser.get(f"{base}/desk/{reference}").text)
        written = {"text": text, "seen": page["seen"], "csrf_token": page["csrf_token"]}
        preview = browser.post(f"{base}/desk/{reference}/answer", data=written)
        form = re.search(r'<section class="before".*?</section>', preview.text, re.DOTALL)
        assert form
        assert browser.post(f"{base}/desk/{reference}/answer", data=hidden(form[0])).ok
