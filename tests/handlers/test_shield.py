"""What protects every page, and what providers' doors are spared."""

import gzip
import re
from collections.abc import Callable

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from handlers.statics import FOLDER, version
from tests.handlers.desks import signed_in

NUMBER = re.compile(r"\b[0-9a-f]{8}\b")
PAGES = ("/login", "/nothing-here", "/admin/units")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_forbids_strangers_scripts_and_frames(web: FlaskClient, path: str):
    headers = web.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/desk/", "/login", "/desk/99999"])
def test_no_page_has_a_script_or_a_style_in_it(app: Flask, path: str):
    page = signed_in(app, "dau-moi-ankhe").opens(path).text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page)


@pytest.mark.parametrize("path", ["/sms/nobody", "/receipts/nobody", "/ussd/nobody/token"])
def test_a_providers_call_meets_no_session_and_no_page(web: FlaskClient, path: str):
    response = web.post(path)
    assert (response.status_code, response.data) == (404, b"")
    assert "Set-Cookie" not in response.headers
    assert "Content-Security-Policy" not in response.headers


def test_a_provider_that_sends_too_much_hears_so(web: FlaskClient):
    response = web.post("/sms/simulator", data={"text": "x" * 70_000})
    assert (response.status_code, response.data) == (413, b"")


@pytest.mark.parametrize(("path", "status"), [("/nothing-here", 404), ("/logout", 405)])
def test_an_error_page_is_plain_and_names_no_number_that_no_log_knows(web: FlaskClient, path: str, status: int):
    response = web.get(path)
    assert response.status_code == status
    assert "<h1>" in response.text
    assert not NUMBER.search(response.text)


def test_a_page_that_breaks_says_so_without_its_cause_and_names_the_number_in_the_log(app: Flask):
    @app.get("/breaks")
    def breaks() -> str:
        raise RuntimeError("the-cause")

    with structlog.testing.capture_logs() as log:
        response = app.test_client().get("/breaks")
    assert response.status_code == 500
    assert NUMBER.findall(response.text) == [line["ref"] for line in log if line["event"] == "a page failed"]
    assert "the-cause" not in response.text
    assert "Traceback" not in response.text


def test_a_house_without_its_database_still_says_what_to_do(app: Flask, breaks: Callable[[], None]):
    web = signed_in(app, "dau-moi-ankhe").web
    breaks()
    response = web.get("/desk/")
    assert response.status_code == 500
    assert "<h1>" in response.text


def test_a_form_without_its_token_is_refused_with_a_way_back(app: Flask):
    desk = signed_in(app, "dau-moi-ankhe")
    response = desk.web.post("/desk/10008/answer", data={"text": "a"})
    assert response.status_code == 400
    assert "<h1>" in response.text


def test_a_form_that_is_too_large_is_refused(app: Flask):
    desk = signed_in(app, "dau-moi-ankhe")
    assert desk.web.post("/desk/10008/answer", data={"text": "x" * 70_000}).status_code == 413


def test_static_files_are_named_by_their_content_and_kept(web: FlaskClient):
    page = web.get("/login").text
    addresses = re.findall(r'href="(/static/[^"]+)"', page)
    assert len(addresses) >= 3
    for address in addresses:
        with web.get(address) as response:
            assert response.status_code == 200
            assert f"v={version(address.split('?')[0].removeprefix('/static/'))}" in address
            assert "max-age=2592000" in response.headers["Cache-Control"]


def test_a_browser_gets_the_style_sheet_packed(web: FlaskClient):
    name = "vendor/bootstrap-5.3.9.min.css"
    with web.get(f"/static/{name}", headers={"Accept-Encoding": "gzip"}) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(response.data) == (FOLDER / name).read_bytes()


def test_the_page_switches_language_and_remembers(web: FlaskClient):
    assert 'lang="vi"' in web.get("/login").text
    assert 'lang="en"' in web.get("/login?lang=en").text
    assert 'lang="en"' in web.get("/login").text
    assert 'lang="en"' in web.get("/login?lang=../xx").text
    assert 'lang="vi"' in web.get("/login?lang=vi").text


@pytest.mark.parametrize("name", ["endpoint", "_method", "_external", "_scheme", "_anchor"])
def test_what_stands_in_an_address_steers_no_link_of_the_page(web: FlaskClient, name: str):
    page = web.get(f"/leaflet?{name}=x&lang=en", headers={"Host": "evil.example.org"})
    assert page.status_code == 200
    assert f'href="/leaflet?{name}=x&amp;lang=vi"' in page.text


def test_another_language_keeps_every_filter_of_the_list(app: Flask):
    page = signed_in(app, "dau-moi-ankhe").opens("/desk/?mark=urgent&mark=private&lang=en").text
    assert 'href="/desk/?mark=urgent&amp;mark=private&amp;lang=vi"' in page
