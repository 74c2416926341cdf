"""An administrator sees how a text is read, and nothing of it is kept."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from smsgw.gateway import Gateway
from smsgw.store.tables import Base
from tests.handlers.desks import Desk, filed, signed_in

WIRE = "cot dien to 5 phuong Tay Son nghieng sap do, day dien roi xuong duong"


@pytest.fixture
def admin(app: Flask) -> Desk:
    return signed_in(app, "quantri")


def rows(gateway: Gateway) -> dict[str, int]:
    with gateway.database.read() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def test_field_place_urgency_and_office_are_shown_with_the_words_that_spoke(admin: Desk) -> None:
    page = admin.posts("/admin/understand", text=WIRE).text
    for shown in ("Phản ánh mới", "Điện, nước sinh hoạt", "Tây Sơn", "to 5 phuong Tay Son", "Khẩn"):
        assert shown in page, shown
    assert "Phường An Khê" in page


def test_nothing_is_stored_and_nobody_is_told(admin: Desk, gateway: Gateway) -> None:
    before = rows(gateway)
    admin.posts("/admin/understand", text=WIRE)
    admin.posts("/admin/understand", text="toi to cao chu tich xa nhan hoi lo")
    assert rows(gateway) == before


def test_what_would_be_sealed_is_said_with_its_words(admin: Desk) -> None:
    page = admin.posts("/admin/understand", text="toi to cao chu tich xa nhan hoi lo").text
    assert "được niêm phong" in page
    assert "người được giao đọc tin niêm phong" in page


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\u202e\u0000 abc", "?", "ok", "TT", "x" * 5000])
def test_any_text_is_shown_as_text(admin: Desk, text: str) -> None:
    response = admin.posts("/admin/understand", text=text)
    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert "\u202e" not in response.text.split('<h2 id="reading">')[-1]


def test_an_empty_form_is_the_form_again(admin: Desk) -> None:
    assert "Máy hiểu như sau" not in admin.posts("/admin/understand", text="  ").text


def test_the_text_stands_in_no_address(admin: Desk, web: FlaskClient) -> None:
    assert 'method="post"' in admin.opens("/admin/understand").text


def test_what_officials_corrected_is_counted_field_by_field(app: Flask, gateway: Gateway, admin: Desk) -> None:
    assert "Chưa cán bộ nào" in admin.opens("/admin/confusion").text
    focal = signed_in(app, "dau-moi-ankhe")
    for n, decided in enumerate(("HT", "HT", "GT")):
        reference = filed(gateway, f"chuyen thu {n} keo dai", category=None)
        focal.posts(f"/desk/{reference}/triage", category=decided, office="")
    page = admin.opens("/admin/confusion").text
    assert "<strong>3</strong>" in page
    assert "chưa rõ lĩnh vực: 2" in page
    assert "chuyen thu" not in page
