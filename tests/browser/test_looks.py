"""Every page in both languages on a wide and a narrow screen: it fits, keeps to its policy and is open to everybody."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from smsgw.providers.simulator import OUT_OF_REACH
from tests.browser.axe import LARGEST_FIRST_LOAD, barriers, loaded, overhang
from tests.browser.conftest import Opens
from tests.browser.people import NARROW, WIDE, Desk, Phone, Size, reference_in

pytestmark = pytest.mark.browser

SCREENSHOTS = Path(__file__).parents[1] / "screenshots"
CITIZEN = "+84900004001"
WATER = "PA DN xa Tu An mat nuoc tu thu hai, ca xom phai ra suoi lay nuoc"
UNCLEAR = "PA chuyen nay keo dai lau roi, mong phuong xem giup"
FIRE = "Chay nha o cho An Khe, co nguoi mac ket"
HELPER = "+84900004002"
FOR_ANOTHER = "Toi nhan thay ba toi, so cua ba toi la 0900000777: nha hang xom dot rac khoi mu mit"
OFFICER, FOCAL, SUPERVISOR, AUDITOR, ADMIN = "canbo-cuuan", "dau-moi-ankhe", "giamsat-tinh", "kiemtoan", "quantri"
NOBODY_YET = "canbo-anbinh"  # whose number is verified by nobody here
CALLER, LEADER = "dau-moi-anbinh", "lanhdao-cuuan"
GOOD_DAYS = "2027-02-04;off;Tết Nguyên đán;QĐ 1/2026\n2027-02-13;working;Làm bù;QĐ 1/2026\n"
BAD_DAYS = "2027-02-30;off;Tết Nguyên đán;QĐ 1/2026\n2027-02-13;maybe;;QĐ 1/2026\n2027-02-05;off;Tết;QĐ 1/2026\n"
WHAT_IF = "/admin/what-if?at=2027-02-03T15:00&field=GT&stands_from=2027-02-12T10:00&stands_until=2027-02-15T09:00"
KEEPER = "lanhdao-ankhe"
WIRE = "PA DN day dien dut nam giua duong to 3 phuong Tay Son, tre con hay choi o do"
BRIBE = "Toi to cao can bo dia chinh phuong Tay Son doi phong bi moi lam giay"
LAMP, LAMP_AGAIN, LAMP_ONCE_MORE = (
    "PA HT den duong to 5 phuong Tay Son tat ba dem nay",
    "PA HT to 5 phuong Tay Son den duong tat, toi thui di khong thay",
    "PA HT den duong o to 5 phuong Tay Son tat hoai, de nghi sua",
)

Cookies = Callable[[str], StorageState]


@dataclass(frozen=True, slots=True)
class Told:
    """References of complaints that lie in the house, by how they stand."""

    open: str
    answered: str
    unassigned: str
    emergency: str
    coached: str
    to_phone: str
    to_ask: str
    danger: str
    alike: str
    together: str
    part: str
    held: str


@dataclass(frozen=True, slots=True)
class Sight:
    """A page to look at: its path, who sees it, and what is done there before one looks."""

    name: str
    path: str
    username: str = ""
    first: Callable[[Page], None] | None = None


def _asks_for_the_preview(page: Page) -> None:
    page.locator("#answer-text").fill("Thứ năm có đội đến sửa đường ống. Có nước lại trước 18 giờ.")
    expect(page.locator(".main-act .live")).to_be_visible()
    page.locator(".main-act form button").click()
    expect(page.locator(".before")).to_be_visible()


def _says_too_little(page: Page) -> None:
    page.locator("#answer-text").fill("Đã ghi nhận ý kiến của bà con.")
    expect(page.locator(".main-act .live")).to_be_visible()
    page.locator(".main-act form button").click()
    expect(page.locator(".before [role=alert] li")).to_have_count(3)


def _writes_a_link(page: Page) -> None:
    page.locator("#answer-text").fill("Đội đã sửa ngày 24/11, xem bit.ly/3xYz hoặc gọi 0905 123 456 & chờ {{mấy}} ngày")
    expect(page.locator(".main-act .live")).to_be_visible()
    page.locator(".main-act form button").click()
    expect(page.locator(".before")).to_be_visible()


def _types_a_long_answer(page: Page) -> None:
    page.locator("#answer-text").fill("Đội sửa đường ống làm việc từ sáng đến chiều thứ năm. " * 5)
    expect(page.locator(".main-act .live")).to_be_visible()


def _fails_to_sign_in(page: Page) -> None:
    page.locator("#username").fill("nobody")
    page.locator("#password").fill("nothing at all")
    page.locator("button.main").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _dials(page: Page) -> None:
    page.locator(".calls .green").click()
    expect(page.locator(".ussd .screen")).to_be_visible()


def _asks_for_more_time(page: Page) -> None:
    """Once: on the next look the wish is there."""
    if page.locator("#time-reason").count():
        _opens_every_fold(page)
        page.locator("#time-reason").fill("chờ đơn vị thi công")
        page.locator("form:has(#time-reason) button").click()
    expect(page.locator("#more-time")).to_be_visible()


def _begins_to_refuse(page: Page) -> None:
    _opens_every_fold(page)
    page.locator("input[name=ground][value=court]").check()
    page.locator("#refusal-reason").fill("Bản án số 4")
    page.locator("form:has(#refusal-reason) button").click()
    expect(page.locator(".before")).to_be_visible()


def _looks_at(days: str) -> Callable[[Page], None]:
    def first(page: Page) -> None:
        page.locator("#text").fill(days)
        page.locator("form[enctype] button").click()
        expect(page.locator(".trail")).to_be_visible()

    return first


def _opens_every_fold(page: Page) -> None:
    page.eval_on_selector_all("main details", "folds => folds.forEach(fold => { fold.open = true })")


def _goes_on_leave(page: Page) -> None:
    """Once: on the next look they are away already."""
    if page.get_by_role("button", name="Trưởng phòng Kinh tế An Khê").count() == 0:
        page.locator("#away").select_option("truong-kinhte")
        page.locator("#deputy").select_option("congan-ankhe")
        page.locator("#until").fill(page.locator("#from").input_value())
        page.locator("form:has(#deputy) button").click()
    expect(page.get_by_role("button", name="Trưởng phòng Kinh tế An Khê")).to_be_visible()


def _pastes_a_text(page: Page) -> None:
    page.locator("#text").fill(WIRE)
    page.locator("main button.main").click()
    expect(page.locator("#reading")).to_be_visible()


def _has_a_code_texted(page: Page) -> None:
    page.locator("form[action$='/my-number/code'] button").click()
    expect(page.locator("#code")).to_be_visible()
    _opens_every_fold(page)


def _opens_the_seal(page: Page) -> None:
    page.locator("section.act.first button").click()
    expect(page.locator("#words")).to_be_visible()
    _opens_every_fold(page)


SIGHTS = (
    Sight("home", "/", first=_opens_every_fold),
    Sight("open-figures", "/figures"),
    Sight("published", "/published"),
    Sight("figures", "/desk/figures?period=year", LEADER),
    Sight("publication", "/desk/{answered}/publication", LEADER),
    Sight("leaflet", "/leaflet"),
    Sight("loudspeaker", "/loudspeaker"),
    Sight("phone", f"/phone?number=%2B{CITIZEN[1:]}"),
    Sight("phone-empty", "/phone?number=%2B84900004999"),
    Sight("phone-dialled", "/phone?typed=*8079%23", first=_dials),
    Sight("login", "/login"),
    Sight("login-wrong", "/login", first=_fails_to_sign_in),
    Sight("not-found", "/no-such-page"),
    Sight("inbox-focal", "/desk/", FOCAL),
    Sight("inbox-officer", "/desk/?state=all", OFFICER),
    Sight("inbox-nothing", "/desk/?q=99", OFFICER),
    Sight("complaint-open", "/desk/{open}", OFFICER, _opens_every_fold),
    Sight("complaint-typing", "/desk/{open}", OFFICER, _types_a_long_answer),
    Sight("complaint-answered", "/desk/{answered}", OFFICER),
    Sight("complaint-unassigned", "/desk/{unassigned}", FOCAL, _opens_every_fold),
    Sight("complaint-coached", "/desk/{coached}", FOCAL, _opens_every_fold),
    Sight("complaint-emergency", "/desk/{emergency}", FOCAL),
    Sight("inbox-to-phone", "/desk/", CALLER),
    Sight("complaint-to-phone", "/desk/{to_phone}", CALLER),
    Sight("complaint-to-ask", "/desk/{to_ask}", CALLER, _opens_every_fold),
    Sight("complaint-audited", "/desk/{answered}", AUDITOR),
    Sight("inbox-found", "/desk/?q=den+duong&mark=unverified&field=HT", FOCAL),
    Sight("complaint-in-hand", "/desk/{alike}", FOCAL, _opens_every_fold),
    Sight("inbox-supervisor", "/desk/?state=all", SUPERVISOR),
    Sight("other-texts", "/desk/texts", FOCAL),
    Sight("after-the-answer", "/desk/verdicts", FOCAL),
    Sight("refusal", "/desk/{unassigned}", FOCAL, _begins_to_refuse),
    Sight("preview", "/desk/{open}", OFFICER, _asks_for_the_preview),
    Sight("preview-given-back", "/desk/{open}", OFFICER, _says_too_little),
    Sight("administration", "/admin/", ADMIN),
    Sight("units", "/admin/units", ADMIN),
    Sight("officials", "/admin/officials", ADMIN),
    Sight("fields", "/admin/fields", ADMIN),
    Sight("own-number", "/desk/my-number", NOBODY_YET, _has_a_code_texted),
    Sight("numbers", "/admin/numbers", ADMIN, _opens_every_fold),
    Sight("orders", "/admin/orders", AUDITOR),
    Sight("terms", "/admin/terms", ADMIN, _opens_every_fold),
    Sight("calendar", "/admin/calendar", ADMIN, _opens_every_fold),
    Sight("days-from-a-file", "/admin/calendar", ADMIN, _looks_at(GOOD_DAYS)),
    Sight("days-with-mistakes", "/admin/calendar", ADMIN, _looks_at(BAD_DAYS)),
    Sight("what-if", WHAT_IF, ADMIN),
    Sight("watch-and-leave", "/admin/duty", ADMIN, _goes_on_leave),
    Sight("complaint-more-time", "/desk/{open}", OFFICER, _asks_for_more_time),
    Sight("complaint-to-decide-on", "/desk/{open}", LEADER, _opens_every_fold),
    Sight("texts", "/admin/texts", ADMIN),
    Sight("complaint-danger", "/desk/{danger}", FOCAL),
    Sight("complaint-alike", "/desk/{alike}", FOCAL),
    Sight("complaint-together", "/desk/{together}", FOCAL),
    Sight("complaint-part", "/desk/{part}", FOCAL),
    Sight("sealed", "/desk/sealed", KEEPER),
    Sight("sealed-number", "/desk/sealed", FOCAL),
    Sight("sealed-closed", "/desk/sealed/1", KEEPER),
    Sight("sealed-opened", "/desk/sealed/1", KEEPER, _opens_the_seal),
    Sight("keepers", "/admin/keepers", ADMIN),
    Sight("understand", "/admin/understand", ADMIN, _pastes_a_text),
    Sight("confusion", "/admin/confusion", ADMIN),
    Sight("complaint-ready-made", "/desk/{open}?template=2", OFFICER, _opens_every_fold),
    Sight("preview-to-be-held", "/desk/{open}", OFFICER, _writes_a_link),
    Sight("complaint-held", "/desk/{held}", OFFICER),
    Sight("complaint-second-look", "/desk/{held}", LEADER),
    Sight("second-looks", "/desk/second-look", LEADER),
    Sight("templates", "/admin/templates", ADMIN),
    Sight("template", "/admin/templates/1", ADMIN),
)


@pytest.fixture(scope="module")
def told(address: str, chromium: Browser, signed: Cookies) -> Told:
    """A house that has been used a little."""
    context = chromium.new_context(base_url=address)
    context.add_cookies([{"name": "lang", "value": "en", "url": address}])
    phone = Phone.of(context.new_page(), CITIZEN)
    answered = phone.complains("PA DN xa Tu An dien yeu, toi nao cung chap chon tu dau tuan")
    office = chromium.new_context(base_url=address, storage_state=signed(OFFICER))
    office.add_cookies([{"name": "lang", "value": "en", "url": address}])
    desk = Desk(office.new_page())
    desk.opens(answered)
    desk.writes("Điện lực đã thay máy biến áp sáng nay.")
    desk.sees_the_exact_text()
    desk.confirms()
    phone.shows("Dien luc da thay")
    phone.texts("Vay tien nhanh lai suat thap, lien he ngay hom nay")
    open_, unassigned = (phone.complains(words) for words in (WATER, UNCLEAR))
    held = Phone.of(context.new_page(), "+84900004003").complains(WATER)
    desk.opens(held)
    desk.writes("Đội sửa đường ống làm ngày 26/11, xem lịch ở bit.ly/3xYz.")
    desk.sees_the_exact_text()
    desk.page.get_by_role("button", name="Put it before a second person").click()
    expect(desk.page.get_by_role("status")).to_contain_text("waits for a second person")
    phone.texts(FIRE)
    fire = reference_in(phone.shows("114"))
    helper = Phone.of(context.new_page(), HELPER)
    coached = helper.complains(FOR_ANOTHER)
    helper.texts("o to 5 duong Quang Trung phuong Tay Son")
    helper.shows("xay ra luc nao")
    lanes = _in_the_lanes(phone, chromium, address, signed)
    Phone.of(context.new_page(), "+84900004003").texts("XEM 123456")
    Phone.of(context.new_page(), "+84900000103").texts("NHAN 123456")
    references = Told(
        open_, answered, unassigned, fire, coached, *_out_of_reach(chromium, address, signed), *lanes, held
    )
    office.close()
    context.close()
    return references


def _in_the_lanes(phone: Phone, chromium: Browser, address: str, signed: Cookies) -> tuple[str, str, str, str]:
    """A danger, what may be one matter, two that are, and a sealed text with somebody named to read it."""
    phone.texts(WIRE)
    danger = reference_in(phone.shows("Nguy hiem thi goi NGAY").rpartition("So ")[2])
    lamps = [
        Phone.of(phone.page, f"+8490000410{n}").complains(words)
        for n, words in enumerate((LAMP, LAMP_AGAIN, LAMP_ONCE_MORE))
    ]
    sealing = Phone.of(phone.page, "+84900004110")
    sealing.texts(BRIBE)
    sealing.shows("noi tiep cong dan")
    focal = chromium.new_context(base_url=address, storage_state=signed(FOCAL)).new_page()
    focal.goto(f"/desk/{lamps[1]}")
    focal.locator(".alike summary").click()
    focal.locator(".alike li", has_text=lamps[0]).locator("button").click()
    expect(focal.locator("#parts")).to_be_visible()
    admin = chromium.new_context(base_url=address, storage_state=signed(ADMIN)).new_page()
    admin.goto("/admin/keepers")
    admin.select_option("#official", KEEPER)
    admin.select_option("#unit", label="Phường An Khê")
    admin.locator("main button.main").click()
    expect(admin.locator("main table form")).to_be_visible()
    for page in (focal, admin):
        page.context.close()
    return danger, lamps[2], lamps[0], lamps[1]


def _out_of_reach(chromium: Browser, address: str, signed: Cookies) -> tuple[str, str]:
    """Two complaints of a phone that no text reaches: one was answered, one was asked about."""
    context = chromium.new_context(base_url=address)
    context.add_cookies([{"name": "lang", "value": "en", "url": address}])
    page = context.new_page()
    phone = Phone.of(page, OUT_OF_REACH)
    phone.texts("PA HT den duong phuong An Binh tat ca tuan nay, toi den di khong thay duong")
    phone.texts("PA MT rac do day duong phuong An Binh, hoi thoi ca xom khong ai don")
    context.close()
    office = chromium.new_context(base_url=address, storage_state=signed(CALLER))
    office.add_cookies([{"name": "lang", "value": "en", "url": address}])
    page = office.new_page()
    entries = page.locator(".entry")
    for _ in range(20):
        page.goto("/desk/")
        if entries.count() >= 2:
            break
        page.wait_for_timeout(500)
    answered, asked = (entries.nth(n).locator(".ref").inner_text() for n in (0, 1))
    desk = Desk(page)
    desk.opens(answered)
    desk.writes("Đã thay bóng đèn sáng nay, tối nay đường sáng lại.")
    desk.sees_the_exact_text()
    desk.confirms()
    desk.opens(asked)
    page.get_by_text("Ask the citizen").click()
    page.locator("#question-text").fill("Rác đổ ở đoạn nào, gần nhà ai?")
    page.locator("details button", has_text="See the exact text").click()
    page.get_by_role("button", name="Send it").click()
    for _ in range(40):
        page.goto("/desk/")
        if page.locator(".calls .entry").count() == 2:
            break
        page.wait_for_timeout(500)
    expect(page.locator(".calls .entry")).to_have_count(2)
    office.close()
    return answered, asked


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)
def test_a_page_fits_the_screen_and_is_open_to_everybody(
    sight: Sight, language: str, size: Size, opens: Opens, signed: Cookies, told: Told
) -> None:
    page = opens(language, size, cookies=signed(sight.username) if sight.username else None)
    page.set_default_timeout(10_000)
    page.goto(sight.path.format_map(asdict(told)), wait_until="load")
    if sight.first:
        sight.first(page)
    page.screenshot(path=SCREENSHOTS / f"{sight.name}-{language}-{size.width}.png", full_page=True)
    assert page.locator("html").get_attribute("lang") == language
    assert overhang(page) == 0
    assert barriers(page) == ""


def test_the_leaflet_fits_one_a5_sheet(opens: Opens) -> None:
    page = opens("vi")
    page.goto("/leaflet")
    printed = page.pdf(path=SCREENSHOTS / "leaflet.pdf", prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") == 1


def test_the_first_load_of_the_desk_is_light(opens: Opens, signed: Cookies, told: Told) -> None:
    _, weight = loaded(opens("vi", cookies=signed(OFFICER)), "/desk/")
    assert 10_000 < weight <= LARGEST_FIRST_LOAD
