"""The composer for who cannot use a mouse, does not see the screen, or reads it twice as large."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, StorageState, expect

from tests.browser.conftest import Opens
from tests.browser.people import Phone, Size

pytestmark = pytest.mark.browser

SIZE = re.compile(r"^1 message, \d+ characters, without tone marks$")
OFFICER = "canbo-cuuan"
WATER = "PA DN xa Tu An mat nuoc tu thu hai"
ANSWER = "Điện lực đã sửa đường ống sáng nay 24/11."
WCAG_A_AND_AA = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
TWICE_AS_LARGE = Size(640, 450)  # what a window of 1280 by 900 has left at 200 %
MOST_STEPS = 80

Cookies = Callable[[str], StorageState]


def focused(page: Page) -> dict[str, str]:
    """What the keyboard is on, and whether one sees that."""
    told: dict[str, str] = page.evaluate(
        """() => { const here = document.activeElement, style = getComputedStyle(here);
        return { id: here.id, tag: here.tagName, words: (here.innerText || here.value || "").trim(),
        outline: style.outlineStyle, wide: style.outlineWidth } }"""
    )
    return told


def tabs_to(page: Page, wanted: Callable[[dict[str, str]], bool]) -> list[str]:
    """Presses Tab until there; the words of everything on the way."""
    passed = []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        here = focused(page)
        passed.append(here["words"])
        assert here["outline"] != "none", here
        if wanted(here):
            return passed
    raise AssertionError(passed)


def test_an_answer_is_chosen_written_and_sent_by_keyboard_alone(phone: Phone, opens: Opens, signed: Cookies) -> None:
    reference = phone.complains(WATER)
    page = opens("en", cookies=signed(OFFICER))
    page.goto(f"/desk/{reference}")
    tabs_to(page, lambda here: here["words"].startswith("Ready-made texts"))
    page.keyboard.press("Enter")
    tabs_to(page, lambda here: here["words"] == "Đã sửa nước")
    page.keyboard.press("Enter")
    assert focused(page)["id"] == "answer-text"
    expect(page.locator("#answer-text")).to_have_value(
        "Công ty cấp nước đã sửa đường ống ở xa Tu An, có nước lại lúc {{mấy giờ, ngày nào}}."
    )
    expect(page.locator("#answer-text-size")).to_contain_text("Still to be filled in: {{mấy giờ, ngày nào}}")
    page.keyboard.press("Control+A")
    page.keyboard.type(ANSWER)
    tabs_to(page, lambda here: here["words"] == "See the exact text")
    page.keyboard.press("Enter")
    expect(page.locator(".before")).to_be_visible()
    tabs_to(page, lambda here: here["words"] == "Send it")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("The answer is on its way to the citizen.")
    phone.shows("da sua duong ong sang nay")


def test_a_screen_reader_hears_the_label_then_the_text_then_its_size_then_the_button(
    phone: Phone, opens: Opens, signed: Cookies
) -> None:
    reference = phone.complains(WATER)
    page = opens("en", cookies=signed(OFFICER))
    page.goto(f"/desk/{reference}")
    composer = page.locator("section", has=page.get_by_role("heading", name="Answer the citizen"))
    page.locator("#answer-text").fill(ANSWER)
    expect(composer.locator(".live")).to_be_visible()
    expect(composer.locator(".live")).to_have_attribute("aria-live", "polite")
    expect(page.locator("#answer-text")).to_have_accessible_name("What was done, by whom, until when. Short and plain.")
    expect(page.locator("#answer-text")).to_have_accessible_description(SIZE)
    heard = composer.aria_snapshot()
    order = [
        "Answer the citizen",
        "Ready-made texts",
        "What was done, by whom",
        "The citizen will read",
        "1 message",
        "See the exact text",
    ]
    places = [heard.find(words) for words in order]
    assert -1 not in places, heard
    assert places == sorted(places), heard


def test_at_twice_the_size_nothing_is_cut_and_axe_finds_nothing(phone: Phone, opens: Opens, signed: Cookies) -> None:
    reference = phone.complains(WATER)
    page = opens("vi", TWICE_AS_LARGE, cookies=signed(OFFICER))
    page.goto(f"/desk/{reference}?template=2")
    page.locator("#answer-text").fill(f"{ANSWER} {{{{ai}}}} xem bit.ly/3xYz " * 4)
    expect(page.locator("section.main-act .live")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    button = page.locator("section.main-act form button.main")
    button.scroll_into_view_if_needed()
    expect(button).to_be_in_viewport(ratio=1)
    found = Axe().run(page, options=WCAG_A_AND_AA)
    assert found.violations_count == 0, found.generate_report()
