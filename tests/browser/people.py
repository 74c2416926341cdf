"""A citizen at the simulated phone and an official at the desk, by what they see and press."""

import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote

from playwright.sync_api import Locator, Page, expect

from smsgw.services.first_data import DEMO_PASSWORD

REFERENCE = re.compile(r"\b\d{5,}\b")
DATE = re.compile(r"\b\d{1,2}h(\d\d)? \d{1,2}/\d{1,2}\b")
PATIENCE_MS = 30_000
BETWEEN_LOOKS_MS = 500


@dataclass(frozen=True, slots=True)
class Size:
    """A screen, in CSS pixels."""

    width: int
    height: int


WIDE, NARROW = Size(1280, 900), Size(360, 740)


@dataclass(frozen=True, slots=True)
class Phone:
    """One number on the simulated phone's page."""

    page: Page
    number: str

    @classmethod
    def of(cls, page: Page, number: str) -> Self:
        """Picked up, with its texts on the screen."""
        page.goto(f"/phone?number={quote(number)}")
        return cls(page, number)

    def texts(self, words: str) -> None:
        """Writes a text and presses Send."""
        self.page.get_by_label("Your text").fill(words)
        self.page.get_by_role("button", name="Send").click()
        expect(self.page.locator("#bubbles .mine").filter(has_text=words).last).to_be_visible()

    def shows(self, words: str, within_ms: int = PATIENCE_MS) -> str:
        """The newest text from the service that holds these words; waits until it has come."""
        bubble = self.page.locator("#bubbles .theirs bdi").filter(has_text=words).last
        expect(bubble).to_be_visible(timeout=within_ms)
        return bubble.inner_text()

    def shows_when_refreshed(self, words: str) -> str:
        """The same for a page without scripts: presses Refresh until the text has come."""
        bubble = self.page.locator("#bubbles .theirs bdi").filter(has_text=words).last
        for _ in range(PATIENCE_MS // BETWEEN_LOOKS_MS):
            if bubble.count():
                break
            self.page.wait_for_timeout(BETWEEN_LOOKS_MS)
            self.page.get_by_role("link", name="Refresh").click()
        return bubble.inner_text(timeout=BETWEEN_LOOKS_MS)

    def complains(self, words: str) -> str:
        """Texts a complaint; the number that its receipt gives it."""
        receipts = self.page.locator("#bubbles .theirs bdi").filter(has_text="da nhan phan anh")
        before = receipts.count()
        self.texts(words)
        expect(receipts).to_have_count(before + 1, timeout=PATIENCE_MS)
        return reference_in(receipts.last.inner_text())

    def dials(self) -> None:
        """Calls the service's USSD code."""
        self.page.get_by_role("link", name="Dial").click()
        self.page.get_by_role("button", name="Call").click()

    def answers(self, typed: str) -> None:
        """Answers the screen of a session."""
        self.page.get_by_label("Your answer").fill(typed)
        self.page.get_by_role("button", name="Send").click()

    @property
    def screen(self) -> Locator:
        """What a USSD session shows."""
        return self.page.locator(".ussd .screen")


@dataclass(frozen=True, slots=True)
class Desk:
    """A signed-in official's browser."""

    page: Page

    @classmethod
    def of(cls, page: Page, username: str) -> Self:
        """Signed in by the page."""
        signed_in(page, username)
        return cls(page)

    def opens(self, reference: str) -> None:
        """Opens a complaint from the list."""
        self.page.goto("/desk/")
        self.page.locator(".entry").filter(has_text=reference).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(f"Complaint {reference}")

    def writes(self, answer: str) -> None:
        """Types an answer, without sending anything."""
        self.page.get_by_label("What was done, by whom, until when. Short and plain.").fill(answer)

    def sees_the_exact_text(self) -> str:
        """Goes to the preview; the text that would go out."""
        self.page.get_by_role("button", name="See the exact text").click()
        return self.page.locator(".before .sms-out").inner_text()

    def confirms(self) -> None:
        """Sends what the preview shows."""
        self.page.get_by_role("button", name="Send it").click()
        expect(self.page.get_by_role("status")).to_have_text("The answer is on its way to the citizen.")

    @property
    def standing(self) -> Locator:
        """The words on how the open complaint stands."""
        return self.page.locator(".standing")


def signed_in(page: Page, username: str) -> None:
    """Goes through the sign-in page, whatever its language."""
    page.goto("/login")
    page.locator("#username").fill(username)
    page.locator("#password").fill(DEMO_PASSWORD)
    page.locator("button.main").click()
    expect(page.locator(".account")).to_be_visible()


def reference_in(text: str) -> str:
    """The first complaint number in a text."""
    found = REFERENCE.search(text)
    assert found, text
    return found[0]
