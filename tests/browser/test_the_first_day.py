"""Each step of docs/first-day.vi.md, done in practice as the page says it, by the words that the page says, with scripts and
without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, StorageState, expect

from smsgw.settings import ROOT
from smsgw.text import catalogs
from tests.browser.conftest import Opens
from tests.browser.people import WIDE, Size

pytestmark = pytest.mark.browser

PAPER = (ROOT / "docs" / "first-day.vi.md").read_text(encoding="utf-8")
STEP = re.compile(r"^\d\. \*\*(.+?)\.\*\*", re.MULTILINE)
QUOTED = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
LINES_OF_A_PAGE, WORDS_OF_A_PAGE = 45, 500
NEWCOMERS = {True: "canbo-cuuan", False: "canbo-anbinh"}  # with scripts and without
HARDLY_WIDE = Size(360, 740)

Cookies = Callable[[str], StorageState]
Practises = Callable[[], Page]


@pytest.fixture(params=[True, False], ids=["scripts", "plain"])
def practice(request: pytest.FixtureRequest, opens: Opens, signed: Cookies) -> Page:
    """A newcomer's desk in a practice just begun, as the paper begins it."""
    page = opens(
        "vi", WIDE if request.param else HARDLY_WIDE, scripts=request.param, cookies=signed(NEWCOMERS[request.param])
    )
    page.set_default_timeout(10_000)
    page.goto("/practise")
    page.locator("form[action$='/begin'] button").click()
    expect(page.locator(".practice-bar")).to_contain_text("ĐANG TẬP")
    return page


def opens_sample(page: Page, words: str) -> str:
    """Opens the sample that has these words; its number."""
    page.goto("/practice/desk/")
    entry = page.locator("a.entry").filter(has_text=words)
    number = entry.locator(".ref").inner_text()
    entry.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    return number


def unfolds(page: Page, words: str) -> Locator:
    """Opens what is folded under these words."""
    fold = page.locator("details.act").filter(has=page.locator("summary", has_text=words))
    fold.locator("> summary").click()
    return fold


def answers(page: Page, words: str) -> str:
    """By the exact text; what the citizen reads."""
    page.get_by_label("Đã làm gì, ai làm, khi nào xong.").fill(words)
    page.get_by_role("button", name="Xem đúng tin sẽ gửi").click()
    exact = page.locator(".before .sms-out").inner_text()
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Câu trả lời")
    return exact


def texts(page: Page, number: str, words: str) -> None:
    """Picks the simulated phone up from the bar, and writes as the citizen."""
    page.locator(".practice-bar").get_by_role("link", name="Điện thoại mô phỏng").click()
    page.goto(f"/practice/phone?number=%2B{number}")
    page.locator("#text").fill(words)
    page.locator("button[form=compose]").click()
    expect(page.locator("#bubbles .mine").filter(has_text=words).last).to_be_visible()


def ticked(page: Page, title: str) -> None:
    """The guide on the real desk has this step done."""
    page.goto("/desk/")
    page.locator(".first-day summary").click()
    expect(page.locator(".first-day li.done").get_by_role("link", name=title, exact=True)).to_be_visible()


def take_up(page: Page) -> None:
    page.get_by_role("link", name="Phản ánh", exact=True).click()
    page.locator("a.entry").first.click()
    expect(page.locator(".next")).to_contain_text("Việc của anh/chị:")
    ticked(page, "Nhận việc")


def ask(page: Page) -> None:
    number = opens_sample(page, "Rac do day duong")
    fold = unfolds(page, "Hỏi thêm người dân")
    fold.locator(".questions button").first.click()
    expect(page.get_by_role("status")).to_be_visible()
    texts(page, "84900000002", "gan truong hoc, to 3")
    page.goto(f"/practice/desk/{number}")
    expect(page.locator(".talk")).to_contain_text("gan truong hoc, to 3")
    ticked(page, "Hỏi thêm")


def pass_on(page: Page) -> None:
    number = opens_sample(page, "Tram y te")
    fold = unfolds(page, "Chuyển đơn vị khác xử lý")
    fold.get_by_label("Đơn vị xử lý").select_option(label="Trạm Y tế")
    fold.get_by_label("Lý do").fill("Việc của trạm y tế")
    fold.get_by_role("button", name="Chuyển xử lý").click()
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.locator("a.entry").filter(has_text=number)).to_have_count(0)
    ticked(page, "Chuyển xử lý")


def ask_for_time(page: Page) -> None:
    opens_sample(page, "Duong lien thon")
    fold = unfolds(page, "Đề nghị gia hạn")
    fold.get_by_label("Lý do").fill("Chờ đơn vị thi công bổ sung vật tư")
    fold.get_by_role("button", name="Gửi đề nghị").click()
    expect(page.locator("#more-time")).to_be_visible()
    ticked(page, "Xin thêm thời gian")


def answer(page: Page) -> None:
    number = opens_sample(page, "den duong to 5")
    exact = answers(page, "Tối nay đội chiếu sáng đến thay bóng đèn, 20 giờ có đèn.")
    assert number in exact
    page.goto("/practice/phone?number=%2B84900000001")
    expect(page.locator("#bubbles .theirs bdi").last).to_have_text(exact)
    ticked(page, "Trả lời")


def call_back(page: Page) -> None:
    number = opens_sample(page, "ong nuoc vo")
    answers(page, "Sáng nay thợ nước đã thay ống trước nhà sinh hoạt.")
    page.goto("/practice/desk/")
    page.get_by_role("region", name="Cần gọi điện").locator("a.entry").filter(has_text=number).click()
    expect(page.locator(".act.call .dial")).to_contain_text("0900 000 404")
    page.get_by_label("Đã gặp và báo cho người dân").check()
    page.get_by_role("button", name="Ghi lại cuộc gọi").click()
    expect(page.locator(".act.call")).to_have_count(0)
    ticked(page, "Gọi lại")


def read_the_verdict(page: Page) -> None:
    page.goto("/practice/desk/")
    page.locator(".filters").get_by_role("link", name="Đã trả lời").click()
    page.locator("a.entry").filter(has_text="dien chap chon").click()
    expect(page.locator(".talk li").last).to_contain_text("4/5")
    ticked(page, "Đọc ý kiến của người dân")


STEPS: dict[str, Callable[[Page], None]] = {
    "Nhận việc": take_up,
    "Hỏi thêm": ask,
    "Chuyển xử lý": pass_on,
    "Xin thêm thời gian": ask_for_time,
    "Trả lời": answer,
    "Gọi lại": call_back,
    "Đọc ý kiến của người dân": read_the_verdict,
}


@pytest.mark.parametrize("step", STEP.findall(PAPER))
def test_a_step_of_the_paper_is_done_as_it_says(step: str, practice: Page) -> None:
    STEPS[step](practice)


def test_the_paper_is_one_page_and_has_all_steps_of_the_guide() -> None:
    assert STEP.findall(PAPER) == list(STEPS)
    assert len(PAPER.splitlines()) <= LINES_OF_A_PAGE
    assert len(PAPER.split()) <= WORDS_OF_A_PAGE


def test_every_word_in_bold_stands_on_a_page() -> None:
    catalog = next(file for file in catalogs.po_files(ROOT / "locale") if file.parts[-3] == "vi")
    known = {str(message.string) for message in catalogs.read(catalog) if message.id}
    steps = {f"{step}." for step in STEP.findall(PAPER)}
    quoted = {" ".join(words.split()) for words in QUOTED.findall(PAPER)} - steps
    assert len(quoted) > 15
    assert quoted - known == set()
