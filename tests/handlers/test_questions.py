"""What the desk shows of gaps, and asking the citizen by one click."""

import html
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from smsgw.domain.understanding import Missing
from smsgw.gateway import Gateway
from tests.conftest import Clock
from tests.handlers.desks import CITIZEN, Desk, filed, hidden, row, signed_in, texts
from tests.services.conftest import Line

FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
ROAD = "PA GT duong Quang Trung phuong Tay Son nhieu o ga"


@pytest.fixture
def focal(app: Flask) -> Desk:
    return signed_in(app, "dau-moi-ankhe")


@pytest.fixture
def line(gateway: Gateway, pool: ThreadPoolExecutor) -> Line:
    return Line(gateway, pool)


def one_click(desk: Desk, reference: str, question: str) -> TestResponse:
    """Presses the button of this question with what its own form carries."""
    page = desk.opens(f"/desk/{reference}").text
    (form,) = [form for form in FORM.findall(page) if question in html.unescape(form)]
    web: FlaskClient = desk.web
    return web.post(f"/desk/{reference}/question", data=hidden(form))


def test_name_and_hamlet_are_asked_for_by_one_click(gateway: Gateway, line: Line, focal: Desk) -> None:
    reference = filed(gateway, place_text="hem 12")
    assert "Chưa rõ người gửi" in focal.opens(f"/desk/{reference}").text
    assert one_click(focal, reference, "Xin cho biết tên và thôn, tổ của ông/bà?").status_code == 302
    (asked,) = texts(gateway)
    assert asked.body == f"So {reference}: Xin cho biet ten va thon, to cua ong/ba? Xin nhan tin tra loi."
    assert (row(gateway, reference).state, row(gateway, reference).asking) == ("waiting", "name")
    line.text("Tran Thi Hoa, thon 2", CITIZEN)
    page = focal.opens(f"/desk/{reference}").text
    assert "Tran Thi Hoa" in page
    assert "Chưa rõ người gửi" not in page
    assert "Xin cho biết tên và thôn, tổ của ông/bà?" not in page


def test_the_same_click_twice_asks_once(gateway: Gateway, focal: Desk) -> None:
    reference = filed(gateway)
    page = focal.opens(f"/desk/{reference}").text
    (form,) = [form for form in FORM.findall(page) if "Hôm nay việc đó còn như vậy không?" in html.unescape(form)]
    answers = [focal.web.post(f"/desk/{reference}/question", data=hidden(form)).status_code for _ in range(2)]
    assert answers == [302, 409]
    assert len(texts(gateway)) == 1


def test_what_is_missing_is_asked_for_first(gateway: Gateway, focal: Desk) -> None:
    reference = filed(gateway, missing=frozenset({Missing.WHEN}))
    page = html.unescape(focal.opens(f"/desk/{reference}").text)
    assert "Thiếu thông tin" in page
    assert page.index("Việc đó xảy ra từ lúc nào?") < page.index("Xin cho biết tên và thôn, tổ của ông/bà?")
    assert "Xin cho biết ở chỗ nào" not in page


def test_how_asking_stands_is_said_in_words(gateway: Gateway, focal: Desk, clock: Clock) -> None:
    reference = filed(gateway, missing=frozenset({Missing.WHEN}))
    assert "chờ trả lời đến 09:00 25/11/2026" in focal.opens(f"/desk/{reference}").text
    clock.moves(hours=49)
    gateway.coach().batch()
    page = focal.opens(f"/desk/{reference}").text
    assert "Đã nhắn hỏi nhưng chưa đủ. Vụ việc vẫn tiếp tục." in page
    assert "Không có trả lời; vụ việc tiếp tục như hiện có" in page
    assert "còn thiếu: thời gian" in focal.opens("/desk/").text


def test_what_was_told_stands_beside_the_complaint_and_in_its_history(
    gateway: Gateway, line: Line, focal: Desk
) -> None:
    reference = filed(gateway, missing=frozenset({Missing.WHEN}))
    line.text("hom qua", CITIZEN)
    page = focal.opens(f"/desk/{reference}").text
    assert "hom qua (22/11/2026)" in page
    assert "Người dân cho biết thêm" in page


def test_both_numbers_are_shown_and_masked(gateway: Gateway, line: Line, focal: Desk) -> None:
    line.text(f"{ROAD}. Toi nhan thay ba toi, so cua ba toi la 0900000123", CITIZEN)
    (complaint,) = line.complaints()
    page = focal.opens(f"/desk/{complaint.reference}").text
    assert "Nhắn hộ người khác" in page
    assert "09x xxx x123" in page
    assert "nhắn hộ" in focal.opens("/desk/").text


def test_an_auditor_reads_that_something_was_told_but_not_what(gateway: Gateway, line: Line, app: Flask) -> None:
    reference = filed(gateway, missing=frozenset({Missing.WHEN}))
    line.text("hom qua luc gan trua", CITIZEN)
    page = signed_in(app, "kiemtoan").opens(f"/desk/{reference}").text
    assert "Người dân cho biết thêm" in page
    assert "gan trua" not in page


@pytest.mark.parametrize("gap", ["nonsense", "", "../name"])
def test_an_unknown_gap_is_a_question_in_ones_own_words(gateway: Gateway, focal: Desk, gap: str) -> None:
    reference = filed(gateway)
    preview = focal.posts(f"/desk/{reference}/question", text="Con mua khong?", seen="0", gap=gap)
    assert preview.status_code == 200
    assert hidden(preview.text)["gap"] == "free"
