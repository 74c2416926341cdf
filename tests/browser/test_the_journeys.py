"""Everybody's daily work from sign-in to its end, with scripts and without, on a wide screen and on a phone's."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count, product

import pytest
from playwright.sync_api import Locator, Page, StorageState, expect

from smsgw.services.first_data import DEMO_PASSWORD
from tests.browser.axe import overhang
from tests.browser.conftest import Opens
from tests.browser.people import WIDE, Phone, Size

pytestmark = pytest.mark.browser

POCKET = Size(360, 740)
SCREENS = list(product((True, False), (WIDE, POCKET)))
NAMES = ["scripts-1280", "scripts-360", "plain-1280", "plain-360"]
UNCLEAR = "PA chuyen nay keo dai lau roi, mong phuong xem giup"
ROAD = "PA GT duong Quang Trung phuong Tay Son nhieu o ga"
PASSWORD = "bon cau vai mua lua"
MOST_TO_ANSWER, MOST_TO_PASS_ON = 6, 3
WORDS = count(1)

Cookies = Callable[[str], StorageState]


@dataclass
class Hand:
    """An official's hand on a page: whatever it presses is counted, and no page it sees hangs over the screen's edge."""

    page: Page
    clicks: int = field(default=0)

    def presses(self, what: Locator) -> None:
        what.click()
        self.clicks += 1
        self.page.wait_for_load_state()
        assert overhang(self.page) == 0, self.page.url

    def signs_in(self, username: str, password: str = DEMO_PASSWORD) -> None:
        """Types name and password; one press."""
        self.page.goto("/login")
        self.page.locator("#username").fill(username)
        self.page.locator("#password").fill(password)
        self.presses(self.page.locator("button.main"))
        expect(self.page.locator(".account")).to_be_visible()

    def opens(self, reference: str) -> None:
        """From the list."""
        self.presses(self.page.locator(f"a.entry[href$='/{reference}']").first)
        expect(self.page.get_by_role("heading", level=1)).to_have_text(f"Complaint {reference}")

    def unfolds(self, words: str) -> Locator:
        """What is folded under these words."""
        fold = self.page.locator("details.act").filter(has=self.page.locator("summary", has_text=words)).first
        self.presses(fold.locator("> summary"))
        return fold

    def is_told(self, words: str) -> None:
        expect(self.page.get_by_role("status")).to_contain_text(words)


@pytest.fixture(params=SCREENS, ids=NAMES)
def screen(request: pytest.FixtureRequest) -> tuple[bool, Size]:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def hand(screen: tuple[bool, Size], opens: Opens) -> Hand:
    """Of somebody who is not signed in yet."""
    scripts, size = screen
    page = opens("en", size, scripts=scripts)
    page.set_default_timeout(15_000)
    return Hand(page)


def another_road() -> str:
    """Words that no other complaint of this house has."""
    return f"{ROAD}, doan truoc nha so {next(WORDS)}"


def test_the_focal_official_assigns_what_was_not_read_and_passes_on_with_three_presses(
    hand: Hand, phone: Phone
) -> None:
    unclear = phone.complains(f"{UNCLEAR} lan {next(WORDS)}")
    road = Phone.of(phone.page, f"+849000091{next(WORDS):02}").complains(another_road())
    hand.signs_in("dau-moi-ankhe")
    hand.opens(unclear)
    hand.page.get_by_label("Field", exact=True).select_option("MT")
    hand.presses(hand.page.get_by_role("button", name="Assign"))
    hand.is_told("Assigned.")
    hand.page.goto("/desk/")
    hand.clicks = 0
    hand.opens(road)
    fold = hand.unfolds("Pass on to another office")
    fold.get_by_label("Office").select_option(label="Công an")
    fold.get_by_label("Reason").fill("Xe tải chở quá tải làm hỏng đường")
    hand.presses(fold.get_by_role("button", name="Pass on"))
    hand.is_told("Passed on.")
    assert hand.clicks <= MOST_TO_PASS_ON
    expect(hand.page.locator(".facts")).to_contain_text("Công an")


def test_an_office_answers_within_six_presses_of_signing_in(hand: Hand, phone: Phone) -> None:
    reference = phone.complains(another_road())
    hand.signs_in("canbo-kinhte")
    hand.opens(reference)
    hand.page.get_by_label("What was done, by whom, until when.").fill(
        "Sáng thứ tư đội giao thông đã vá xong đoạn này."
    )
    hand.presses(hand.page.get_by_role("button", name="See the exact text"))
    exact = hand.page.locator(".before .sms-out").inner_text()
    hand.presses(hand.page.get_by_role("button", name="Send it"))
    hand.is_told("The answer is on its way to the citizen.")
    assert hand.clicks <= MOST_TO_ANSWER
    assert phone.shows("Sang thu tu doi giao thong") == exact


def test_a_leader_decides_on_more_time_and_the_citizen_hears_the_new_date(
    hand: Hand, phone: Phone, opens: Opens, signed: Cookies
) -> None:
    reference = phone.complains(another_road())
    office = opens("en", cookies=signed("canbo-kinhte"))
    office.goto(f"/desk/{reference}")
    office.get_by_text("Ask for more time").click()
    office.locator("#time-reason").fill("Chờ đơn vị thi công bổ sung vật tư")
    office.get_by_role("button", name="Ask for it").click()
    expect(office.locator("#more-time")).to_be_visible()
    hand.signs_in("lanhdao-ankhe")
    hand.opens(reference)
    hand.presses(hand.page.get_by_role("button", name="Grant it", exact=True))
    hand.is_told("More time is granted.")
    assert phone.shows("Cho don vi thi cong").startswith(f"So {reference}")


def test_an_administrator_adds_somebody_who_then_chooses_a_password_and_signs_in(
    hand: Hand, screen: tuple[bool, Size], opens: Opens
) -> None:
    name = f"Người mới {next(WORDS)}"
    hand.signs_in("quantri")
    hand.presses(hand.page.get_by_role("link", name="Officials", exact=True))
    form = hand.page.locator("section.act", has_text="Add a person")
    form.get_by_label("Name", exact=True).fill(name)
    form.get_by_label("Unit or office").select_option(label="Phòng Kinh tế (Xã Cửu An)")
    form.get_by_label("Officer", exact=True).check()
    hand.presses(form.get_by_role("button", name="Add this person"))
    expect(hand.page.get_by_role("heading", level=1)).to_have_text(name)
    hand.presses(hand.page.get_by_role("button", name="Make a code"))
    code, username = hand.page.locator("#code").inner_text(), hand.page.locator("dd strong").first.inner_text()

    scripts, size = screen
    own = Hand(opens("en", size, scripts=scripts))
    own.page.goto("/login")
    own.presses(own.page.get_by_role("link", name="I have a code"))
    own.page.get_by_label("Code from your administrator").fill(code)
    own.page.get_by_label("New password").fill(PASSWORD)
    own.page.get_by_label("The same once more").fill(PASSWORD)
    own.presses(own.page.get_by_role("button", name="Choose it"))
    own.is_told("Your password is chosen.")
    own.signs_in(username, PASSWORD)
    expect(own.page.get_by_role("heading", name=re.compile("Your first day"))).to_be_visible()

    hand.presses(hand.page.get_by_role("link", name="Administration"))
    hand.presses(hand.page.get_by_role("link", name="Log", exact=True))
    expect(hand.page.locator("tbody")).to_contain_text(name)


def test_a_newcomer_practises_ends_it_and_puts_the_guide_away(hand: Hand) -> None:
    hand.signs_in("truong-kinhte")
    page = hand.page
    page.locator(".account summary").click()
    hand.presses(page.get_by_role("button", name="Show the first-day guide"))
    page.goto("/practise")
    hand.presses(page.locator("form[action$='/begin'] button"))
    expect(page.locator(".practice-bar")).to_contain_text("PRACTICE: nothing here is real")
    hand.presses(page.locator("a.entry").filter(has_text="Duong lien thon"))
    hand.presses(page.get_by_role("button", name="Grant it", exact=True))
    hand.is_told("More time is granted.")
    hand.presses(page.get_by_role("button", name="End practice"))
    hand.is_told("Practice is over")
    page.goto("/desk/")
    page.locator(".first-day summary").click()
    expect(page.locator(".first-day li.done").get_by_role("link", name="Decide on more time")).to_be_visible()
    hand.presses(page.get_by_role("button", name="Put this guide away"))
    expect(page.locator(".first-day")).to_have_count(0)
