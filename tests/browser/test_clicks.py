"""A new official needs few clicks: six at most from sign-in to a sent answer, three to pass on; and keys only where wanted."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, StorageState, expect

from smsgw.services.first_data import DEMO_PASSWORD
from tests.browser.conftest import Opens
from tests.browser.people import Phone

pytestmark = pytest.mark.browser

MOST_TO_ANSWER, MOST_TO_PASS_ON = 6, 3
ROAD = "PA GT duong Quang Trung phuong An Khe co o ga lon truoc cho, xe may nga hoai"
OFFICER = "canbo-kinhte"


@dataclass
class Hand:
    """Counts every click and every choice from a list; typing is none."""

    page: Page
    clicks: int = 0

    def clicks_on(self, what: Locator) -> None:
        self.clicks += 1
        what.click()

    def chooses(self, what: Locator, label: str) -> None:
        self.clicks += 1
        what.select_option(label=label)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_signing_in_to_a_sent_answer_takes_six_clicks_at_most(phone: Phone, opens: Opens, scripts: bool) -> None:
    reference = phone.complains(ROAD)
    page = opens(scripts=scripts)
    hand = Hand(page)
    page.goto("/login")
    page.locator("#username").fill(OFFICER)
    page.locator("#password").fill(DEMO_PASSWORD)
    hand.clicks_on(page.locator("button.main"))
    hand.clicks_on(page.locator(".entry").filter(has_text=reference))
    page.locator("#answer-text").fill("Đội công trình của phường vá ổ gà xong sáng nay.")
    hand.clicks_on(page.get_by_role("button", name="See the exact text", exact=True))
    hand.clicks_on(page.get_by_role("button", name="Send it", exact=True))
    expect(page.get_by_role("status")).to_contain_text("on its way")
    assert hand.clicks <= MOST_TO_ANSWER
    phone.shows("va o ga xong sang nay")


def test_passing_on_takes_three_clicks_at_most(
    phone: Phone, opens: Opens, signed: Callable[[str], StorageState]
) -> None:
    reference = phone.complains(f"{ROAD}, lan nay o dau cau")
    page = opens(cookies=signed(OFFICER))
    page.goto(f"/desk/{reference}")
    hand = Hand(page)
    hand.clicks_on(page.get_by_text("Pass on to another office"))
    hand.chooses(page.locator("#to-office"), "Công an")
    page.locator("#reason").fill("Cần phân luồng giao thông trước")
    hand.clicks_on(page.get_by_role("button", name="Pass on", exact=True).first)
    expect(page.get_by_role("status")).to_contain_text("Passed on")
    assert hand.clicks <= MOST_TO_PASS_ON


def test_keys_do_something_only_once_they_are_switched_on(
    phone: Phone, opens: Opens, signed: Callable[[str], StorageState]
) -> None:
    reference = phone.complains(f"{ROAD}, gan truong hoc")
    page = opens(cookies=signed(OFFICER))
    page.goto(f"/desk/{reference}")
    page.keyboard.press("a")
    expect(page.locator("#answer-text")).not_to_be_focused()
    page.locator(".account summary").click()
    page.get_by_role("button", name="Switch keyboard shortcuts on").click()
    expect(page.get_by_role("status")).to_contain_text("Keyboard shortcuts are on")
    page.wait_for_load_state()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    expect(page.locator("main .list a.entry").first).to_be_focused()
    page.goto(f"/desk/{reference}")
    page.keyboard.press("a")
    expect(page.locator("#answer-text")).to_be_focused()
    page.keyboard.type("a?n/")
    expect(page.locator("#answer-text")).to_have_value("a?n/")
    page.locator(".account summary").click()
    page.get_by_role("button", name="Switch keyboard shortcuts off").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
