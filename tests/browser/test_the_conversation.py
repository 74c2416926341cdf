"""The whole conversation as a newcomer would try it: the simulated phone on one screen, the desk on another."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.people import DATE, Desk, Phone, reference_in

pytestmark = pytest.mark.browser

WATER = "PA DN xa Tu An mat nuoc tu thu hai"
OFFICER, OFFICERS_PHONE = "canbo-cuuan", "+84900000303"
FOCAL, DUTY_PHONE = "dau-moi-ankhe", "+84900000100"
A_MINUTE_AND_A_HALF_MS = 90_000

Desks = Callable[[str], Desk]


def test_a_citizen_complains_is_answered_word_for_word_and_rates_it(phone: Phone, desk: Desks) -> None:
    phone.texts(WATER)
    receipt = phone.shows("da nhan phan anh")
    assert DATE.search(receipt), receipt
    reference = reference_in(receipt)

    office = desk(OFFICER)
    office.opens(reference)
    office.writes("Thứ năm có đội đến sửa đường ống. Có nước lại trước 18 giờ.")
    live = office.page.locator(".main-act .live")
    expect(live.locator(".sms-out")).to_contain_text(f"So {reference}: Thu nam co doi den sua duong ong.")
    expect(live.locator(".size")).to_have_text(re.compile(r"^1 message, \d+ characters, without tone marks$"))
    while_typing = live.locator(".sms-out").inner_text()
    exact = office.sees_the_exact_text()
    assert exact == while_typing
    expect(office.page.locator(".before .size")).to_have_text(f"1 message, {len(exact)} characters, without tone marks")
    office.confirms()
    expect(office.standing).to_contain_text("Answered")
    assert phone.shows("Thu nam co doi") == exact

    phone.texts(f"DG {reference} 5")
    phone.shows("Cam on")
    office.page.reload()
    expect(office.page.locator(".facts")).to_contain_text("5 / 5")


def test_the_official_is_texted_when_a_due_date_is_brought_near(phone: Phone, desk: Desks, opens: Opens) -> None:
    reference = phone.complains(f"{WATER}, nha em o dau xom")
    office = desk(OFFICER)
    office.opens(reference)
    office.page.get_by_role("button", name="Bring the due date near").click()
    expect(office.page.get_by_role("status")).to_contain_text("the alert follows within a minute")
    pocket = Phone.of(opens(), OFFICERS_PHONE)
    assert reference in pocket.shows(reference, within_ms=A_MINUTE_AND_A_HALF_MS)


def test_an_emergency_is_sent_to_the_numbers_that_help_and_to_the_duty_phone(
    phone: Phone, desk: Desks, opens: Opens
) -> None:
    phone.texts("Chay nha o cho An Khe, co nguoi mac ket")
    advice = phone.shows("KHONG")
    assert "114" in advice
    reference = reference_in(advice)
    duty = Phone.of(opens(), DUTY_PHONE)
    assert reference in duty.shows(reference)
    focal = desk(FOCAL)
    focal.opens(reference)
    expect(focal.standing).to_contain_text("EMERGENCY")
    expect(focal.page.locator(".next")).to_contain_text("Phone the sender now")


def test_the_focal_official_assigns_what_the_machine_could_not_read(phone: Phone, desk: Desks) -> None:
    reference = phone.complains("PA chuyen nay keo dai lau roi, mong phuong xem giup")
    focal = desk(FOCAL)
    focal.page.goto("/desk/")
    expect(focal.page.get_by_role("region", name="To assign")).to_contain_text(reference)
    focal.opens(reference)
    focal.page.get_by_label("Field", exact=True).select_option("MT")
    focal.page.get_by_role("region", name="Assign").get_by_label("Office").select_option(index=1)
    focal.page.get_by_role("button", name="Assign").click()
    expect(focal.page.get_by_role("status")).to_have_text("Assigned.")
    expect(focal.standing).to_contain_text("Being handled")
    expect(focal.page.get_by_role("heading", name="Assign")).to_have_count(0)


def test_a_complaint_is_dialled_and_asked_after_by_ussd(phone: Phone) -> None:
    phone.dials()
    expect(phone.screen).to_contain_text("1 Gui phan anh")
    for typed in ("1", "DN", "3", "99", "Mat nuoc ca xom tu thu hai, gan truong hoc", "5"):
        phone.answers(typed)
    expect(phone.screen).to_contain_text("Mat nuoc ca xom")
    phone.answers("1")
    expect(phone.screen).to_contain_text("So ")
    reference = reference_in(phone.screen.inner_text())
    phone.dials()
    phone.answers("2")
    phone.answers("1")
    expect(phone.screen).to_contain_text(f"So {reference}")


def test_the_keys_spell_as_on_a_feature_phone(phone: Phone) -> None:
    for digit, presses in (("7", 1), ("2", 1), ("0", 1), ("4", 2)):
        key = phone.page.locator("#keys button").filter(has_text=digit)
        key.evaluate("(key, times) => { while (times--) key.click() }", presses)
    expect(phone.page.get_by_label("Your text")).to_have_value("pa h")
