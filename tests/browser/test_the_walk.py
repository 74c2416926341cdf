"""A walk of every page that the house has, as everybody who may open it: on a wide and a narrow screen, new pages included."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, StorageState, expect
from werkzeug.routing import Rule

from handlers.web import create_app
from smsgw.gateway import open_gateway
from smsgw.settings import load
from tests.browser.axe import LARGEST_FIRST_LOAD, barriers, loaded, overhang
from tests.browser.conftest import Opens
from tests.browser.people import WIDE, Desk, Phone, Size

pytestmark = pytest.mark.browser

PHONE_SIZE = Size(360, 740)
ROLES = {
    "focal": "dau-moi-ankhe",
    "officer": "canbo-kinhte",
    "head": "truong-kinhte",
    "leader": "lanhdao-ankhe",
    "supervisor": "giamsat-tinh",
    "auditor": "kiemtoan",
    "admin": "quantri",
}
STRANGER = "stranger"
FILES = ("open.figures_csv", "open.services", "open.requests", "open.one_request", "desk.report")
NO_PAGES = ("static", "health.", "phone.texts", *FILES)  # files, and answers for machines
TEXTS = (
    "PA GT duong Quang Trung phuong Tay Son nhieu o ga, xe may te may lan",
    "PA chuyen nay keo dai lau roi, mong phuong xem giup",
)

Cookies = Callable[[str], StorageState]


@dataclass(frozen=True, slots=True)
class Found:
    """A complaint that everybody in An Khê may see, as an address names it."""

    reference: str


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The same application as in the house, for its map of addresses."""
    home = tmp_path_factory.mktemp("map")
    gateway = open_gateway(load({"SMSGW_HOME": str(home), "SECRET_KEY": "x" * 40}))
    yield create_app(gateway)
    gateway.close()


@pytest.fixture(scope="module")
def told(address: str, chromium: Browser, signed: Cookies) -> Found:
    """A house with an answered complaint, one in hand and one to assign; everybody has a practice."""
    context = chromium.new_context(base_url=address)
    context.add_cookies([{"name": "lang", "value": "en", "url": address}])
    phone = Phone.of(context.new_page(), "+84900008001")
    answered, open_ = phone.complains(TEXTS[0].replace("Quang Trung", "Ngo May")), phone.complains(TEXTS[0])
    phone.complains(TEXTS[1])
    context.close()
    office = chromium.new_context(base_url=address, storage_state=signed(ROLES["officer"]))
    office.add_cookies([{"name": "lang", "value": "en", "url": address}])
    desk = Desk(office.new_page())
    desk.opens(answered)
    desk.writes("Sáng thứ tư đội giao thông đã vá xong đoạn đường này.")
    desk.sees_the_exact_text()
    desk.confirms()
    office.close()
    return Found(open_)


def pages(app: Flask, role: str, found: Found) -> Iterator[tuple[str, str]]:
    """Endpoint and address of every page that this role may open. A complaint's number goes where an address asks for a
    `reference`; of anything else the first is opened."""
    fill = {"reference": found.reference, "kind": "answer"}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint.startswith(NO_PAGES):
                continue
            demanded = getattr(app.view_functions[rule.endpoint], "demanded", None)
            if role in demanded if demanded is not None else role == STRANGER:
                named = {name: fill.get(name, _first(rule, name)) for name in rule.arguments}
                yield rule.endpoint, app.url_map.bind("localhost").build(rule.endpoint, named)


def _first(rule: Rule, name: str) -> object:
    """Something that the address takes: the first of what it counts, today for a day."""
    return 1 if type(rule._converters[name]).__name__ == "IntegerConverter" else "1"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", [STRANGER, *ROLES])
def test_every_page_is_open_to_everybody_fits_and_is_light(
    role: str, app: Flask, opens: Opens, signed: Cookies, told: Found
) -> None:
    wrong: list[str] = []
    wide = opens("vi", WIDE, cookies=signed(ROLES[role]) if role in ROLES else None)
    wide.context.new_cdp_session(wide).send("Network.setCacheDisabled", {"cacheDisabled": True})
    walked = list(pages(app, role, told))
    assert len(walked) >= 3
    for endpoint, path in walked:
        status, weight = loaded(wide, path)
        if status != 200 and not _needs_more_than_a_complaint(app, endpoint):
            wrong.append(f"{endpoint} {path}: {status}")
        if weight > LARGEST_FIRST_LOAD:
            wrong.append(f"{endpoint} {path}: {weight} bytes")
        for size in (WIDE, PHONE_SIZE):
            wide.set_viewport_size({"width": size.width, "height": size.height})
            if width := overhang(wide):
                wrong.append(f"{endpoint} {path}: {width} px too wide at {size.width}")
            if found := barriers(wide):
                wrong.append(f"{endpoint} {path} at {size.width}:\n{found}")
    assert wrong == []


def _needs_more_than_a_complaint(app: Flask, endpoint: str) -> bool:
    """Whether the address names something that this house may not have: its page may then say so."""
    if endpoint == "desk.part":  # only where another office was asked for its part
        return True
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint]
    return any(rule.arguments - {"reference"} for rule in rules)


def test_every_page_of_practice_is_open_to_everybody_too(opens: Opens, signed: Cookies) -> None:
    page = opens("vi", WIDE, cookies=signed(ROLES["head"]))
    page.goto("/practise")
    page.locator("main form button.main, main form button.quiet").last.click()
    expect(page.locator(".practice-bar")).to_be_visible()
    entries = page.locator("a.entry").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    for path in ("/practice/desk/", "/practice/desk/?state=all", *entries[:2], "/practice/phone"):
        _, weight = loaded(page, path)
        assert weight <= LARGEST_FIRST_LOAD
        for size in (WIDE, PHONE_SIZE):
            page.set_viewport_size({"width": size.width, "height": size.height})
            assert overhang(page) == 0, (path, size)
            assert barriers(page) == "", (path, size)
