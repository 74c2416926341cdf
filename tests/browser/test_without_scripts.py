"""The same conversation in browsers that run no scripts: nothing a person needs may depend on them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import Desk, Phone

pytestmark = pytest.mark.browser

Desks = Callable[[str], Desk]


def test_a_complaint_is_texted_answered_and_read_without_scripts(plain_phone: Phone, plain_desk: Desks) -> None:
    reference = plain_phone.complains("PA DN xa Tu An mat nuoc tu thu hai")
    office = plain_desk("canbo-cuuan")
    office.opens(reference)
    office.writes("Chiều nay thợ đến thay van, tối có nước.")
    exact = office.sees_the_exact_text()
    assert exact.startswith(f"So {reference}: Chieu nay tho den thay van, toi co nuoc.")
    office.confirms()
    assert plain_phone.shows_when_refreshed("Chieu nay tho den") == exact


def test_a_ready_made_text_is_chosen_and_waits_for_a_second_person_without_scripts(
    plain_phone: Phone, plain_desk: Desks
) -> None:
    reference = plain_phone.complains("PA DN xa Tu An mat nuoc tu thu hai")
    office = plain_desk("canbo-cuuan")
    office.opens(reference)
    page = office.page
    page.get_by_text("Ready-made texts").first.click()
    page.get_by_role("link", name="Đã sửa nước").click()
    text = page.locator("#answer-text")
    expect(text).to_be_focused()
    done = text.input_value().replace("{{mấy giờ, ngày nào}}", "17 giờ 24/11, xem bit.ly/3xYz")
    text.fill(done)
    exact = office.sees_the_exact_text()
    page.get_by_role("button", name="Put it before a second person").click()
    leader = plain_desk("lanhdao-cuuan")
    leader.page.goto("/desk/second-look")
    leader.page.locator(".entry").filter(has_text=reference).click()
    assert leader.page.locator(".held .sms-out").inner_text() == exact
    leader.page.get_by_role("button", name="Let it go").click()
    expect(leader.page.get_by_role("status")).to_have_text("The text is on its way to the citizen.")
    assert plain_phone.shows_when_refreshed("bit.ly/3xYz") == exact


def test_the_size_of_a_text_is_counted_without_scripts(plain_phone: Phone) -> None:
    page = plain_phone.page
    page.get_by_label("Your text").fill("Đường hư")
    page.get_by_role("button", name="Count").click()
    expect(page.locator("#fit")).to_contain_text("62 left, 1 text(s)")


def test_a_code_is_dialled_without_scripts(plain_phone: Phone) -> None:
    plain_phone.dials()
    plain_phone.answers("6")
    expect(plain_phone.screen).to_contain_text("113")
    for typed in ("00", "4", "1"):  # home, phone me back, yes
        plain_phone.answers(typed)
    expect(plain_phone.page.get_by_role("button", name="Send")).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False])
def test_the_newest_text_is_the_one_in_view(phone: Phone, plain_phone: Phone, scripts: bool) -> None:
    held = phone if scripts else plain_phone
    for words in ("HD", "MENU", "TT", "HD"):
        held.texts(words)
        held.shows_when_refreshed("TT") if not scripts else held.shows("TT")
    Phone.of(held.page, held.number)
    expect(held.page.locator("#bubbles li").last).to_be_in_viewport(ratio=0.9)
    expect(held.page.locator("#bubbles li").first).not_to_be_in_viewport()


def test_a_citizen_is_asked_for_a_name_by_one_click_without_scripts(plain_phone: Phone, plain_desk: Desks) -> None:
    reference = plain_phone.complains("PA GT duong Quang Trung phuong Tay Son nhieu o ga")
    office = plain_desk("dau-moi-ankhe")
    office.opens(reference)
    expect(office.standing).to_contain_text("Unverified")
    office.page.get_by_text("Ask the citizen").click()
    office.page.get_by_role("button", name="What is your name, and your hamlet?").click()
    expect(office.page.get_by_role("status")).to_have_text("The question is on its way.")
    assert plain_phone.shows_when_refreshed("Xin cho biet ten va thon, to").startswith(f"So {reference}:")
    plain_phone.texts("Tran Thi Hoa, thon 2")
    plain_phone.shows_when_refreshed("da ghi them tin")
    office.opens(reference)
    expect(office.standing).not_to_contain_text("Unverified")
    expect(office.page.locator(".facts")).to_contain_text("Tran Thi Hoa")
