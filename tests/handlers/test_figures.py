"""The leader's page: the figures of a period, and the report to download, each of one's own scope only."""

import io
import json
import re
import zipfile

import pytest
from flask import Flask

from smsgw.gateway import Gateway
from smsgw.services.reporting import in_hours, percent
from tests.conftest import Clock
from tests.handlers.desks import AN_BINH, filed, signed_in

FORMS = {"docx": b"PK", "xlsx": b"PK", "csv": b"\xef\xbb\xbf", "txt": b" "}


def figure(page: str, words: str) -> str:
    """What stands above these words in the overview."""
    found = re.search(rf"<strong>((?:(?!<strong>).)*?)</strong> {words}", page)
    assert found, page
    return re.sub(r"<[^>]*>", "", found[1])


def test_a_leader_sees_what_is_late_and_answered_of_how_many(app: Flask, gateway: Gateway, clock: Clock):
    references = [filed(gateway, f"Den tat so {n}", phone=f"+8490000123{n}") for n in range(4)]
    filed(gateway, "Rac o cho", unit=AN_BINH)
    desk = signed_in(app, "canbo-kinhte")
    clock.moves(hours=1)
    desk.answers(references[0], "To sua chua da thay bong den sang nay.")
    clock.moves(days=14)
    page = signed_in(app, "lanhdao-ankhe").opens("/desk/figures?from=2026-11-01&to=2026-12-31&lang=en").text
    assert figure(page, "late, in hand or finished") == "3"
    assert figure(page, "answered of those to handle") == "1 / 4"
    assert figure(page, r"on time \(answered 1 of 4\)") == "25.0 %"
    assert "Received 4, carried over 0." in page
    assert "Working hours until the answer: half within" in page


def test_no_time_taken_is_told_before_anything_was_answered(app: Flask, gateway: Gateway):
    filed(gateway)
    assert "half within –" not in signed_in(app, "lanhdao-ankhe").opens("/desk/figures?lang=en").text


@pytest.mark.slow
def test_the_province_sees_all_units_and_a_head_their_own_office(app: Flask, gateway: Gateway, clock: Clock):
    filed(gateway)
    filed(gateway, "Rac o cho", unit=AN_BINH, phone="+84900001235")
    filed(gateway, "Khong ro", category=None, phone="+84900001236")
    clock.moves(minutes=1)
    seen = {
        name: figure(signed_in(app, name).opens("/desk/figures?lang=en").text, "answered of those to handle")
        for name in ("giamsat-tinh", "truong-kinhte", "lanhdao-anbinh")
    }
    assert seen == {"giamsat-tinh": "0 / 3", "truong-kinhte": "0 / 1", "lanhdao-anbinh": "0 / 1"}


@pytest.mark.slow
def test_every_period_opens(app: Flask, gateway: Gateway):
    filed(gateway)
    desk = signed_in(app, "lanhdao-ankhe")
    for period in ("month", "last_month", "quarter", "year", "last_year", "nonsense"):
        page = desk.opens(f"/desk/figures?period={period}")
        assert page.status_code == 200
        assert page.text.count('role="img"') == 2
        assert page.text.count("<table") >= 3


@pytest.mark.slow
def test_impossible_days_are_said_to_be_so(app: Flask):
    desk = signed_in(app, "lanhdao-ankhe")
    far = ("from=0001-01-01&to=0001-01-02", "from=9999-12-31&to=9999-12-31")
    for days in ("from=2026-12-01&to=2026-11-01", "from=x&to=y", "from=2020-01-01&to=2026-01-01", *far):
        page = desk.opens(f"/desk/figures?{days}&lang=en")
        assert "Give two days" in page.text
        assert desk.opens(f"/desk/figures/report.docx?{days}").status_code == 404


def test_the_report_is_downloaded_in_every_form(app: Flask, gateway: Gateway, clock: Clock):
    filed(gateway)
    filed(gateway, "Rac o cho", unit=AN_BINH, phone="+84900001235")
    clock.moves(minutes=1)
    desk = signed_in(app, "lanhdao-ankhe")
    for form, begins in FORMS.items():
        file = desk.opens(f"/desk/figures/report.{form}?from=2026-11-01&to=2026-11-30")
        assert (file.status_code, file.data.startswith(begins)) == (200, True), form
        named = 'attachment; filename="report-20261101-20261130.'
        assert file.headers["Content-Disposition"] == f'{named}{form}"'
    told = desk.opens("/desk/figures/report.json?from=2026-11-01&to=2026-11-30")
    assert json.loads(told.text)["received"] == 1
    assert desk.opens("/desk/figures/report.exe").status_code == 404


def test_a_paper_in_vietnamese_has_a_comma_before_the_tenths(gateway: Gateway):
    told = {language: gateway.catalogs.of(language) for language in ("vi", "en")}
    assert [percent(1 / 3, t) for t in told.values()] == ["33,3 %", "33.3 %"]
    assert [in_hours(12.25, t) for t in told.values()] == ["12,2", "12.2"]
    assert percent(1.0, told["vi"]) == "100 %"


@pytest.mark.slow
def test_a_ward_issues_its_own_paper(app: Flask, gateway: Gateway):
    papers = {}
    for name in ("lanhdao-ankhe", "giamsat-tinh"):
        file = signed_in(app, name).opens("/desk/figures/report.docx?from=2026-11-01&to=2026-11-30")
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            papers[name] = archive.read("word/document.xml").decode()
    assert "PHƯỜNG AN KHÊ" in papers["lanhdao-ankhe"]
    assert "An Khê, ngày ... tháng ... năm 2026" in papers["lanhdao-ankhe"]
    assert "TỈNH GIA LAI" in papers["giamsat-tinh"]


@pytest.mark.slow
def test_no_page_of_figures_shows_what_a_citizen_wrote(app: Flask, gateway: Gateway, clock: Clock):
    secret = "Hem sau cho ngap nuoc"
    filed(gateway, secret)
    clock.moves(days=30)
    for name in ("lanhdao-ankhe", "kiemtoan"):
        desk = signed_in(app, name)
        for path in ("/desk/figures?period=last_month", "/desk/figures/report.txt?from=2026-11-01&to=2026-12-31"):
            assert secret not in desk.opens(path).text


def test_an_officer_has_no_page_of_figures(app: Flask):
    desk = signed_in(app, "canbo-kinhte")
    assert desk.opens("/desk/figures").status_code == 403
    assert 'href="/desk/figures"' not in desk.opens("/desk/").text


@pytest.mark.slow
def test_charts_show_every_part_of_the_year(app: Flask, gateway: Gateway, clock: Clock):
    for month in range(5):
        filed(gateway, f"Den tat {month}", phone=f"+8490000124{month}")
        clock.moves(days=30)
    page = signed_in(app, "lanhdao-ankhe").opens("/desk/figures?from=2026-11-01&to=2027-03-31&lang=en").text
    assert page.count("<rect class=") >= 4
    assert all(f"{month}</th>" in page for month in ("11/26", "12/26", "01/27", "02/27", "03/27"))
