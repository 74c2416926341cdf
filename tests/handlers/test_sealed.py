"""Only people named for it reach a sealed text, by any address; everybody else learns a number."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from smsgw.gateway import Gateway
from smsgw.store.tables import Complaint, Inbound, Official, Outgoing, Sealed, SealedLine
from tests.handlers.desks import Desk, filed, signed_in

BRIBE = "Toi to cao can bo dia chinh phuong Tay Son nhan hoi lo 5 trieu cua ho Binh"
WORDS = re.compile("hoi lo|ho Binh|Toi to cao", re.IGNORECASE)
KEEPER, ADMIN = "lanhdao-ankhe", "quantri"
OTHERS = (
    "dau-moi-ankhe",
    "canbo-kinhte",
    "truong-kinhte",
    "dau-moi-anbinh",
    "lanhdao-anbinh",
    "giamsat-tinh",
    "kiemtoan",
)
ABSENT = 9_999
GUIDED = "Viec nay khong giai quyet qua tin nhan. Moi ong/ba den noi tiep cong dan de nop don. Tin cua ong/ba duoc niem phong."


@pytest.fixture
def number(app: Flask, gateway: Gateway, web: FlaskClient, works: Callable[[], None]) -> int:
    """A sealed text of the ward An Khê that its leader is named to read."""
    form = {"id": "1", "from": "+84900001234", "to": "8079", "text": BRIBE}
    assert web.post("/sms/simulator", data=form).status_code == 200
    works()
    names(app, gateway, KEEPER)
    with gateway.database.read() as session:
        return session.scalars(select(Sealed.id)).one()


def names(app: Flask, gateway: Gateway, username: str, unit: str = "Phường An Khê") -> None:
    admin = signed_in(app, ADMIN)
    found = re.search(rf'<option value="(\d+)">{unit}</option>', admin.opens("/admin/keepers").text)
    assert found
    assert admin.posts("/admin/keepers/name", official=username, unit=found[1]).status_code == 302


def lines(gateway: Gateway) -> list[str]:
    with gateway.database.read() as session:
        return list(session.scalars(select(SealedLine.kind).order_by(SealedLine.id)))


def test_the_keeper_reads_it_and_the_reading_is_kept(app: Flask, gateway: Gateway, number: int) -> None:
    desk = signed_in(app, KEEPER)
    assert f'href="/desk/sealed/{number}"' in desk.opens("/desk/sealed").text
    closed = desk.opens(f"/desk/sealed/{number}").text
    assert not WORDS.search(closed)
    assert lines(gateway) == ["sealed"]
    opened = desk.posts(f"/desk/sealed/{number}/read").text
    assert BRIBE in opened
    assert "Lãnh đạo phường An Khê" in opened
    assert lines(gateway) == ["sealed", "read"]
    desk.posts(f"/desk/sealed/{number}/read")
    assert lines(gateway) == ["sealed", "read", "read"]


@pytest.mark.parametrize("username", OTHERS)
def test_every_other_official_gets_404_as_for_one_that_never_was(
    app: Flask, gateway: Gateway, number: int, username: str
) -> None:
    desk = signed_in(app, username)
    for address in (f"/desk/sealed/{number}", f"/desk/sealed/{ABSENT}"):
        assert desk.opens(address).status_code == 404
    for act in ("read", "hand-over", "release"):
        pages = [desk.posts(f"/desk/sealed/{n}/{act}", reason="vi sao") for n in (number, ABSENT)]
        assert [page.status_code for page in pages] == [404, 404]
        assert bare(pages[0].text) == bare(pages[1].text)
    assert lines(gateway) == ["sealed"]


def bare(page: str) -> str:
    """Without what differs by itself: the error's number and the address."""
    return re.sub(r"\b[0-9a-f]{8}\b|/desk/sealed/\d+", "", page)


def test_the_administrator_who_names_readers_reads_nothing(app: Flask, gateway: Gateway, number: int) -> None:
    admin = signed_in(app, ADMIN)
    for address in ("/desk/sealed", f"/desk/sealed/{number}"):
        assert admin.opens(address).status_code == 403
    assert not WORDS.search(admin.opens("/admin/keepers").text + admin.opens("/admin/texts").text)


@pytest.mark.parametrize("username", ["dau-moi-ankhe", "giamsat-tinh", KEEPER])
def test_no_page_of_the_route_map_shows_a_word_of_it(app: Flask, gateway: Gateway, number: int, username: str) -> None:
    reference = filed(gateway)
    desk = signed_in(app, username)
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint.startswith(("phone.", "static", "security.")):
            continue
        named = {"reference": reference, "number": str(number)}
        with app.test_request_context():
            address = app.url_map.bind("localhost").build(rule.endpoint, {n: named.get(n, "1") for n in rule.arguments})
        for state in ("", "?state=all", "?q=1") if rule.endpoint == "desk.inbox" else ("",):
            assert not WORDS.search(desk.web.get(address + state, follow_redirects=True).text), (address, state)


def test_focal_officials_and_leaders_of_the_unit_see_a_number(app: Flask, gateway: Gateway, number: int) -> None:
    for username, seen in {"dau-moi-ankhe": True, KEEPER: True, "giamsat-tinh": True, "dau-moi-anbinh": False}.items():
        page = signed_in(app, username).opens("/desk/").text
        assert ("Niêm phong: 1" in page) is seen, username


def test_the_report_says_how_many_and_nothing_more(app: Flask, gateway: Gateway, number: int) -> None:
    told = app.test_cli_runner().invoke(args=["report", "--from", "2026-11-01", "--to", "2026-11-30"]).output
    assert "Tin niêm phong, không tính ở trên" in told
    assert not WORDS.search(told)


@pytest.mark.parametrize("command", [["outbox", "--json"], ["deadlines", "--at", "2027-01-01T00:00:00Z"]])
def test_no_command_prints_a_word_of_it(app: Flask, gateway: Gateway, number: int, command: list[str]) -> None:
    assert not WORDS.search(app.test_cli_runner().invoke(args=command).output)


def test_no_text_to_anybody_holds_a_word_of_it(gateway: Gateway, number: int) -> None:
    while gateway.herald().batch() or gateway.chaser().batch() or gateway.bundler().batch():
        pass
    with gateway.database.read() as session:
        bodies = list(session.scalars(select(Outgoing.body)))
    assert len(bodies) == 2
    assert not any(WORDS.search(body) for body in bodies)


def test_no_log_line_holds_a_word_of_it(gateway: Gateway, number: int, capfd: pytest.CaptureFixture[str]) -> None:
    out, err = capfd.readouterr()
    assert not WORDS.search(out + err)


def test_handing_over_needs_a_reason_and_is_kept(app: Flask, gateway: Gateway, number: int) -> None:
    desk = signed_in(app, KEEPER)
    assert desk.posts(f"/desk/sealed/{number}/hand-over", reason=" ").status_code == 422
    assert desk.posts(f"/desk/sealed/{number}/hand-over", reason="Thanh tra tỉnh, thuộc thẩm quyền").status_code == 302
    assert desk.posts(f"/desk/sealed/{number}/hand-over", reason="Lần nữa").status_code == 409
    page = desk.opens(f"/desk/sealed/{number}").text
    assert "Thanh tra tỉnh, thuộc thẩm quyền" in page
    assert "Đã chuyển thanh tra" in page
    assert "niêm phong: 1" not in desk.opens("/desk/").text


def test_releasing_makes_the_ordinary_complaint_of_it_once(app: Flask, gateway: Gateway, number: int) -> None:
    desk = signed_in(app, KEEPER)
    assert desk.posts(f"/desk/sealed/{number}/release", reason="").status_code == 422
    assert desk.posts(f"/desk/sealed/{number}/release", reason="Không phải tố cáo").status_code == 302
    assert desk.posts(f"/desk/sealed/{number}/release", reason="Không phải tố cáo").status_code == 409
    with gateway.database.read() as session:
        reference = session.scalars(select(Complaint.reference)).one()
    focal: Desk = signed_in(app, "dau-moi-ankhe")
    assert BRIBE in focal.opens(f"/desk/{reference}").text


def test_whose_right_was_ended_reads_no_more(app: Flask, gateway: Gateway, number: int) -> None:
    desk, admin = signed_in(app, KEEPER), signed_in(app, ADMIN)
    end = re.search(r'action="(/admin/keepers/\d+/end)"', admin.opens("/admin/keepers").text)
    assert end
    admin.posts(end[1])
    assert desk.opens(f"/desk/sealed/{number}").status_code == 404
    assert "Chưa giao cho ai đọc" in admin.opens("/admin/keepers").text


def test_nobody_is_named_who_has_no_desk(app: Flask, gateway: Gateway, number: int) -> None:
    admin = signed_in(app, ADMIN)
    page = admin.opens("/admin/keepers").text
    assert 'value="quantri"' not in page
    assert 'value="kiemtoan"' not in page
    assert admin.posts("/admin/keepers/name", official="quantri", unit="1").status_code == 422


def test_a_text_that_could_not_be_filed_shows_no_word_of_an_accusation(
    app: Flask, gateway: Gateway, web: FlaskClient
) -> None:
    form = {"id": "9", "from": "+84900001234", "to": "8079", "text": BRIBE}
    web.post("/sms/simulator", data=form)
    with gateway.database.write() as session:
        session.scalars(select(Inbound)).one().state = "quarantined"
    page = signed_in(app, "dau-moi-ankhe").opens("/desk/texts").text
    assert "T1" in page
    assert not WORDS.search(page)


def test_an_official_seals_what_was_taken_for_an_ordinary_complaint(
    app: Flask, gateway: Gateway, web: FlaskClient, works: Callable[[], None]
) -> None:
    words = "PA HC can bo phuong Tay Son lam viec mo am, chia chac voi nhau, ho Binh biet ro"
    web.post("/sms/simulator", data={"id": "7", "from": "+84900001234", "to": "8079", "text": words})
    works()
    names(app, gateway, KEEPER)
    with gateway.database.read() as session:
        reference = session.scalars(select(Complaint.reference)).one()
    focal: Desk = signed_in(app, "dau-moi-ankhe")
    focal.previews(reference, "Xin cho biet ho Binh o dau?", kind="question")
    assert focal.posts(f"/desk/{reference}/seal", reason=" ").status_code == 422
    assert focal.posts(f"/desk/{reference}/seal", reason="Có dấu hiệu tham nhũng").status_code == 302
    assert focal.posts(f"/desk/{reference}/seal", reason="Lần nữa").status_code == 409
    works()
    for username in ("dau-moi-ankhe", "giamsat-tinh", KEEPER):
        desk = signed_in(app, username)
        page = desk.opens(f"/desk/{reference}").text + desk.opens("/desk/?state=all").text
        assert not re.search("mo am|ho Binh|tham nhũng", page), username
    keeper = signed_in(app, KEEPER)
    opened = keeper.posts("/desk/sealed/1/read").text
    assert words in opened
    assert "Có dấu hiệu tham nhũng" in opened
    with gateway.database.read() as session:
        assert session.scalars(select(Outgoing.body).order_by(Outgoing.id.desc())).first() == GUIDED
    assert focal.posts(f"/desk/{reference}/answer", text="Da xong.", proof="x").status_code == 409
    assert keeper.posts("/desk/sealed/1/release", reason="Chỉ là than phiền").status_code == 302
    with gateway.database.read() as session:
        again = session.scalars(select(Complaint).order_by(Complaint.id.desc())).first()
    assert again
    assert (again.reference != reference, again.text) == (True, words)


def test_the_page_of_keepers_warns_where_the_only_one_named_is_named_in_the_text(
    app: Flask, gateway: Gateway, number: int
) -> None:
    admin = signed_in(app, ADMIN)
    assert "chưa ai trong số người được giao" not in admin.opens("/admin/keepers").text
    with gateway.database.write() as session:
        session.scalars(select(Official).where(Official.username == KEEPER)).one().name = "Toi To Cao"
    assert "chưa ai trong số người được giao" in admin.opens("/admin/keepers").text
