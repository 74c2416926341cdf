"""What a page must be in a real browser: open to everybody, within the screen, light on a slow line."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

WCAG_A_AND_AA = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
LARGEST_FIRST_LOAD = 100 * 1024
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def barriers(page: Page) -> str:
    """What axe finds against WCAG 2.2 A and AA on the page as it stands; empty when nothing."""
    found = Axe().run(page, options=WCAG_A_AND_AA)
    return "" if found.violations_count == 0 else str(found.generate_report())


def overhang(page: Page) -> int:
    """How many pixels of the page lie outside the screen's width."""
    width: int = page.evaluate(TOO_WIDE)
    return width


def loaded(page: Page, path: str) -> tuple[int, int]:
    """Goes to a page as somebody who was never here; its status, and all bytes that came for it, headers too."""
    heard: list[Response] = []

    def note(response: Response) -> None:
        heard.append(response)

    page.on("response", note)
    answer = page.goto(path, wait_until="load")
    page.remove_listener("response", note)
    assert answer is not None, path
    sizes = [response.request.sizes() for response in heard]
    return answer.status, sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes)
