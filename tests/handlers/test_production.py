"""What is stricter in production."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "SMSGW_HOME": str(tmp_path / "home"),
        "SMSGW_ENV": "production",
        "SECRET_KEY": "a-secret-for-tests-only-" + "x" * 24,
        "SMSGW_NAME": "Phan anh An Khe",
        "SMSGW_PUBLIC_NUMBER": "8079",
        "SMSGW_PRICE_NOTE": "gia cuoc thuong",
        "SMSGW_DUTY_PHONE": "+84900000100",
        "PUBLIC_URL": "https://an-khe.example.vn",
        "SMSGW_SMS_IN": "kannel",
        "SMSGW_SMS_OUT": "kannel",
        "KANNEL_SENDSMS_URL": "http://127.0.0.1:13013/cgi-bin/sendsms",
        "KANNEL_USERNAME": "tests",
        "KANNEL_PASSWORD": "password-of-the-tests-only",
        "KANNEL_FROM": "8079",
        "KANNEL_CALLBACK_TOKEN": "a-path-token-of-the-tests-only-0123456789",
    }


def test_cookies_travel_over_https_only_and_belong_to_this_host(web: FlaskClient):
    response = web.get("/login", base_url="https://an-khe.example.vn")
    [cookie] = response.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-smsgw=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert "Path=/" in cookie


def test_browsers_are_told_to_stay_with_https(web: FlaskClient):
    response = web.get("/login", base_url="https://an-khe.example.vn")
    assert "max-age=31556926" in response.headers["Strict-Transport-Security"]
