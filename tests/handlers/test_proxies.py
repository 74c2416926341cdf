"""Behind proxies everybody has an address of their own; what a stranger writes into a header counts for nothing."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.handlers.desks import hidden

FREE_GUESSES = 60  # of one address, in ten minutes


@pytest.fixture
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    return {
        "SMSGW_HOME": str(tmp_path / "home"),
        "SECRET_KEY": "a-secret-for-tests-only-" + "x" * 24,
        "SMSGW_PROXIES": getattr(request, "param", "1"),
    }


def guesses(web: FlaskClient, username: str, said: str) -> int:
    """A wrong password from the address that ends what the last proxy passed on; the answer's status."""
    headers = {"X-Forwarded-For": said}
    token = hidden(web.get("/login", headers=headers).text)["csrf_token"]
    fields = {"username": username, "password": "sai", "csrf_token": token}
    return web.post("/login", headers=headers, data=fields).status_code


def guesses_until_refused(web: FlaskClient, said: str) -> None:
    answers = [guesses(web, f"ten-{n}", said) for n in range(FREE_GUESSES + 1)]
    assert answers == [200] * FREE_GUESSES + [429]


def test_a_guesser_is_told_from_others_behind_the_same_proxy_and_gets_no_new_address_by_writing_one(
    web: FlaskClient,
) -> None:
    guesses_until_refused(web, "198.51.100.7")
    assert guesses(web, "canbo-kinhte", "203.0.113.9, 198.51.100.7") == 429
    assert guesses(web, "canbo-kinhte", "198.51.100.8") == 200


@pytest.mark.parametrize("environment", ["0"], indirect=True)
def test_without_a_proxy_the_header_is_not_believed(web: FlaskClient) -> None:
    guesses_until_refused(web, "198.51.100.7")
    assert guesses(web, "canbo-kinhte", "198.51.100.8") == 429


def test_behind_a_proxy_nobody_is_on_this_machine(web: FlaskClient) -> None:
    assert web.get("/phone", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
