"""A running house and a real Chromium to look at it with."""

import os
import shutil
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, StorageState, sync_playwright

from tests.browser.people import WIDE, Desk, Phone, Size, signed_in
from tests.ops.service import Service

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
MISSING_PAGE = "the server responded with a status of 404"
PEOPLE = count(5001)

Opens = Callable[..., Page]


@pytest.fixture(scope="session")
def program() -> str:
    """The Chromium of this machine; none is downloaded."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        reason = f"no Chromium is installed ({', '.join(NAMES)})"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def house(program: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Everything that ./run keeps running, one for all journeys: each brings citizens of its own."""
    service = Service(tmp_path_factory.mktemp("browser") / "home")
    try:
        service.start()
        service.wait_until_ready()
        yield service
    finally:
        service.stop()


@pytest.fixture(scope="session")
def address(house: Service) -> str:
    return f"http://127.0.0.1:{house.port}"


@pytest.fixture(scope="session")
def chromium(program: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def signed(address: str, chromium: Browser) -> Callable[[str], StorageState]:
    """The cookies of an official who has signed in; each signs in once."""
    kept: dict[str, StorageState] = {}

    def cookies(username: str) -> StorageState:
        if username not in kept:
            context = chromium.new_context(base_url=address)
            signed_in(context.new_page(), username)
            kept[username] = context.storage_state()
            context.close()
        return kept[username]

    return cookies


@pytest.fixture
def opens(address: str, chromium: Browser) -> Iterator[Opens]:
    """`opens(language="en", size=WIDE, scripts=True, cookies=None)`: an empty page of a browser of its own.

    Whatever such a page complains about in its console fails the test, a broken content policy too.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and MISSING_PAGE not in message.text:
            complaints.append(message.text)

    def opened(
        language: str = "en", size: Size = WIDE, *, scripts: bool = True, cookies: StorageState | None = None
    ) -> Page:
        context = chromium.new_context(
            base_url=address,
            viewport={"width": size.width, "height": size.height},
            java_script_enabled=scripts,
            storage_state=cookies,
        )
        contexts.append(context)
        context.add_cookies([{"name": "lang", "value": language, "url": address}])
        context.on("console", note)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def phone(opens: Opens) -> Phone:
    """The simulated phone of a citizen whom nobody has heard of yet."""
    return Phone.of(opens(), f"+8490000{next(PEOPLE)}")


@pytest.fixture
def desk(opens: Opens) -> Callable[[str], Desk]:
    """`desk(username)`: an official who signs in by the page, in a browser of their own."""
    return lambda username: Desk.of(opens(), username)


@pytest.fixture
def plain_phone(opens: Opens) -> Phone:
    """The same phone in a browser without scripts."""
    return Phone.of(opens(scripts=False), f"+8490000{next(PEOPLE)}")


@pytest.fixture
def plain_desk(opens: Opens) -> Callable[[str], Desk]:
    """The same desk in a browser without scripts."""
    return lambda username: Desk.of(opens(scripts=False), username)
