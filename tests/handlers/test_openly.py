"""Open figures, as a page and as data."""

import csv
import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from smsgw.domain.categories import CategoryCode
from smsgw.gateway import Gateway
from smsgw.store.tables import Complaint
from tests.conftest import Clock
from tests.handlers.desks import AN_BINH, filed


@pytest.fixture
def months(gateway: Gateway, clock: Clock) -> None:
    """Five of one field and one of another in November, answered on time; one of another unit; then it is December."""
    for n in range(5):
        filed(gateway, f"Den tat so {n}", phone=f"+8490000127{n}")
    filed(gateway, "Rac", category=CategoryCode.MT, phone="+84900001280")
    filed(gateway, "Rac o cho", unit=AN_BINH, phone="+84900001281")
    with gateway.database.write() as session:
        session.execute(update(Complaint).values(state="answered", answered_at=clock.at + timedelta(hours=2), rating=5))
    clock.moves(days=20)


def rows(web: FlaskClient) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(web.get("/figures.csv").text.removeprefix("\ufeff"))))


def test_no_line_of_the_data_tells_of_one_person(web: FlaskClient, months: None):
    told = rows(web)
    assert [(row["month"], row["unit"], row["field"], row["received"]) for row in told] == [
        ("2026-11", "23617", "*", "6")
    ]
    assert (told[0]["answered"], told[0]["late"], told[0]["satisfied"]) == ("6", "0", "6")
    assert told[0]["median_working_hours"] == "2.0"


def test_the_page_shows_the_same(web: FlaskClient, months: None):
    page = web.get("/figures?lang=en").text
    assert "<dd>6 of 6</dd>" in page
    assert "Several fields together" in page
    assert "11/2026" in page
    assert 'role="img"' in page


def test_a_unit_that_is_not_there_shows_all(web: FlaskClient, months: None):
    assert "<dd>6 of 6</dd>" in web.get("/figures?lang=en&unit=nowhere").text
    assert "too few complaints" in web.get("/figures?lang=en&unit=23614").text


@pytest.mark.parametrize("path", ["/figures", "/published", "/figures.csv", "/open311/v2/requests.json"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_empty_house_has_open_pages_too(web: FlaskClient, path: str, language: str):
    assert web.get(path, query_string={"lang": language}).status_code == 200
