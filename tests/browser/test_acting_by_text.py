"""An official proves the own number on a page without scripts and answers a citizen from the simulated phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens
from tests.browser.people import Desk, Phone

pytestmark = pytest.mark.browser

NUMBER = "+84900000303"
CODE = re.compile(r"\b\d{6}\b")


def _code(phone: Phone, words: str) -> str:
    return CODE.findall(phone.shows(words))[-1]


def test_an_alert_is_answered_by_text(phone: Phone, opens: Opens, plain_desk: Callable[[str], Desk]) -> None:
    office, handset = plain_desk("canbo-cuuan"), Phone.of(opens(), NUMBER)
    _proves_the_number(office.page, handset)
    reference = phone.complains("PA DN xa Tu An mat nuoc tu chu nhat, ca thon 3 khong co nuoc sinh hoat")
    office.opens(reference)
    office.page.locator("form[action$='/near'] button").click()
    handset.shows(f"HAN so {reference}", within_ms=90_000)  # it falls due in 45 seconds
    code = _code(handset, f"HAN so {reference}")
    handset.texts(f"XEM {code}")
    code = _code(handset, "ca thon 3 khong co nuoc")
    handset.texts(f"TL {code} Chieu mai tho cua phong Kinh te den thay van.")
    handset.shows(f"So {reference}: cau tra loi dang gui cho dan")
    phone.shows("tho cua phong Kinh te den thay van")


def _proves_the_number(page: Page, handset: Phone) -> None:
    page.goto("/desk/my-number")
    page.get_by_role("button", name="Text me a code").click()
    page.get_by_label("The code that was texted to your phone").fill(_code(handset, "Ma xac nhan so dien thoai"))
    page.get_by_role("button", name="Verify", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("The number is verified.")
