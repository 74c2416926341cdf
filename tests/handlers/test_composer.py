"""Writing to a citizen without JavaScript: ready-made texts, the second look, and what administrators and leaders set."""

import html
import re

import pytest
from flask import Flask

from smsgw.gateway import Gateway
from smsgw.store.tables import Complaint
from tests.handlers.desks import Desk, filed, hidden, row, signed_in, texts

LINKED = "Đội công cộng đã sửa ngày 24/11, xem ảnh ở bit.ly/3xYz"
PLAIN = "Đội công cộng đã sửa đèn ngày 24/11."
READY = re.compile(r'<a href="(/desk/\d+\?template=\d+)#answer-text"[^>]*>([^<]+)</a>')


@pytest.fixture
def officer(app: Flask) -> Desk:
    return signed_in(app, "canbo-kinhte")


@pytest.fixture
def leader(app: Flask) -> Desk:
    return signed_in(app, "lanhdao-ankhe")


@pytest.fixture
def admin(app: Flask) -> Desk:
    return signed_in(app, "quantri")


def written(page: str, field: str = "answer-text") -> str:
    """What stands in a form's text."""
    found = re.search(rf'<textarea id="{field}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found, page
    return html.unescape(found[1])


def acts(desk: Desk, reference: str, act: str, **fields: str) -> object:
    """Presses a button of the text that waits, with all that its form carries."""
    page = desk.opens(f"/desk/{reference}?lang=en").text
    form = re.search(rf'<form method="post" action="(/desk/\d+/second-look/\d+/{act})">(.*?)</form>', page, re.DOTALL)
    assert form, page
    return desk.web.post(form[1], data={**hidden(form[2]), **fields})


def test_a_ready_made_text_is_chosen_filled_in_and_sent_in_six_clicks(gateway: Gateway, officer: Desk):
    reference = filed(gateway, place_text="hem 12")  # clicks: sign in, open the complaint, unfold the texts,
    ready = {html.unescape(title): path for path, title in READY.findall(officer.opens(f"/desk/{reference}").text)}
    assert {"Đã thay đèn đường", "Đã làm xong"} <= set(ready)
    assert not {"Đã dọn rác", "Gửi lại: việc đã xong"} & set(ready)
    text = written(officer.opens(html.unescape(ready["Đã thay đèn đường"])).text)  # choose one,
    assert text == ("Phòng Kinh tế, Hạ tầng và Đô thị đã thay {{mấy}} bóng đèn đường ở hem 12 ngày {{ngày làm}}.")
    refused = officer.previews(reference, text)
    assert 'name="proof"' not in refused.text
    assert "{{mấy}}, {{ngày làm}}" in refused.text
    done = text.replace("{{mấy}}", "2").replace("{{ngày làm}}", "24/11")
    preview = officer.previews(reference, done)  # see the exact text,
    assert officer.agrees(reference, preview).status_code == 302  # send it
    assert "da thay 2 bong den duong o hem 12 ngay 24/11." in texts(gateway)[0].body


@pytest.mark.slow
def test_what_is_not_known_becomes_a_blank_and_a_strange_number_chooses_nothing(gateway: Gateway, officer: Desk):
    reference = filed(gateway)
    ready = {html.unescape(title): path for path, title in READY.findall(officer.opens(f"/desk/{reference}").text)}
    assert "{{chỗ nào}}" in written(officer.opens(html.unescape(ready["Đã thay đèn đường"])).text)
    for number in ("999999", "x", "-1"):
        assert written(officer.opens(f"/desk/{reference}?template={number}").text) == ""


def test_the_second_person_sees_the_exact_text_and_lets_it_go(gateway: Gateway, officer: Desk, leader: Desk):
    reference = filed(gateway)
    officer.opens("/desk/?lang=en")
    preview = officer.previews(reference, LINKED)
    assert "A second person looks at it" in preview.text
    assert "bit.ly/3xYz" in preview.text
    officer.agrees(reference, preview)
    assert texts(gateway) == []
    assert "Let it go" not in officer.opens(f"/desk/{reference}").text
    assert "A second person, focal official or leader" in officer.opens(f"/desk/{reference}").text
    assert "Waiting for a second look: 1" in leader.opens("/desk/?lang=en").text
    assert f'href="/desk/{reference}#second-look"' in leader.opens("/desk/second-look").text
    response = acts(leader, reference, "go")
    assert response.status_code == 302  # type: ignore[attr-defined]
    [text] = texts(gateway)
    assert text.body in html.unescape(preview.text)
    assert "Nothing waits." in leader.opens("/desk/second-look").text


@pytest.mark.slow
def test_the_writer_reads_why_it_came_back_and_finds_the_text_to_change(gateway: Gateway, officer: Desk, leader: Desk):
    reference = filed(gateway)
    officer.answers(reference, LINKED)
    assert acts(leader, reference, "back", reason=" ").status_code == 422  # type: ignore[attr-defined]
    acts(leader, reference, "back", reason="Bỏ đường dẫn đi")
    page = officer.opens(f"/desk/{reference}?lang=en").text
    assert "Bỏ đường dẫn đi" in page
    assert written(page) == LINKED
    assert "sent back to you: 1" in officer.opens("/desk/").text
    officer.answers(reference, PLAIN)
    assert row(gateway, reference).state == "answered"
    assert "sent back to you" not in officer.opens("/desk/").text


@pytest.mark.slow
def test_the_writer_takes_a_text_back(gateway: Gateway, officer: Desk):
    reference = filed(gateway)
    officer.answers(reference, LINKED)
    acts(officer, reference, "take")
    page = officer.opens(f"/desk/{reference}?lang=en").text
    assert "Waits for a second look" not in page
    assert written(page) == LINKED


@pytest.mark.slow
def test_a_text_decided_on_meanwhile_is_told_kindly(gateway: Gateway, officer: Desk, leader: Desk):
    reference = filed(gateway)
    officer.answers(reference, LINKED)
    page = leader.opens(f"/desk/{reference}?lang=en").text
    form = re.search(r'action="(/desk/\d+/second-look/\d+/go)">(.*?)</form>', page, re.DOTALL)
    assert form
    acts(officer, reference, "take")
    response = leader.web.post(form[1], data=hidden(form[2]))
    assert response.status_code == 409
    assert "This text waits no more" in response.text
    assert texts(gateway) == []


@pytest.mark.slow
def test_of_a_complaint_that_was_withdrawn_nothing_waits_any_more(gateway: Gateway, officer: Desk, leader: Desk):
    reference = filed(gateway)
    officer.answers(reference, LINKED)
    with gateway.database.write() as session:
        session.get_one(Complaint, row(gateway, reference).id).state = "withdrawn"
    for desk in (officer, leader):
        page = desk.opens(f"/desk/{reference}?lang=en").text
        assert "Waits for a second look" not in page
        assert "Nothing more to do: the citizen withdrew it." in page
    assert "Nothing waits." in leader.opens("/desk/second-look").text


@pytest.mark.slow
def test_a_leader_ticks_the_fields_whose_answers_wait(gateway: Gateway, officer: Desk, leader: Desk):
    reference = filed(gateway)
    assert leader.posts("/desk/second-look/fields", field="HT").status_code == 302
    assert re.search(r'value="HT" checked', leader.opens("/desk/second-look").text)
    officer.answers(reference, PLAIN)
    assert texts(gateway) == []
    assert "Let it go" in leader.opens(f"/desk/{reference}?lang=en").text
    acts(leader, reference, "go")
    assert len(texts(gateway)) == 1
    leader.posts("/desk/second-look/fields")
    assert " checked" not in leader.opens("/desk/second-look").text


@pytest.mark.slow
def test_another_units_leader_finds_nothing(gateway: Gateway, app: Flask, officer: Desk):
    reference = filed(gateway)
    officer.answers(reference, LINKED)
    stranger = signed_in(app, "lanhdao-cuuan")
    assert reference not in stranger.opens("/desk/second-look").text
    assert stranger.posts(f"/desk/{reference}/second-look/1/go").status_code == 404


def test_the_preview_names_price_links_and_blanks_in_the_manner_of_the_language(gateway: Gateway, officer: Desk):
    reference = filed(gateway)
    officer.opens("/desk/?lang=en")
    told = officer.posts(f"/desk/{reference}/preview", text=f"{LINKED} {{{{ai}}}}", kind="answer").get_json()
    assert any("bit.ly/3xYz" in flaw for flaw in told["flaws"])
    assert any("{{ai}}" in flaw for flaw in told["flaws"])
    assert told["size"].endswith("· 350 đ")
    long = "Da sua xong den duong. " * 20
    assert "· 1,400 đ" in officer.previews(reference, long).text
    officer.opens("/desk/?lang=vi")
    assert "· 1.400 đ" in officer.previews(reference, long).text


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "SMSGW_PRICE_SIMULATOR": "350 đ"}


@pytest.mark.slow
def test_an_administrator_keeps_changes_and_retires_a_text(gateway: Gateway, admin: Desk, officer: Desk):
    reference = filed(gateway)
    fields = {"kind": "answer", "field": "HT", "state": "assigned", "title": "Thử", "body": "{office} đã sửa {{gì}}."}
    assert admin.posts("/admin/templates/keep", **fields).status_code == 302
    ready = dict(map(reversed, READY.findall(officer.opens(f"/desk/{reference}").text)))  # type: ignore[arg-type]
    number = ready["Thử"].rpartition("=")[2]
    page = admin.opens(f"/admin/templates/{number}").text
    assert 'value="Thử"' in page
    assert admin.posts("/admin/templates/keep", **{**fields, "number": number, "title": "Khác"}).status_code == 302
    admin.posts(f"/admin/templates/{number}/retire")
    assert admin.opens(f"/admin/templates/{number}").status_code == 404
    assert admin.posts("/admin/templates/keep", **{**fields, "number": number}).status_code == 404
    assert "Khác" not in dict(map(reversed, READY.findall(officer.opens(f"/desk/{reference}").text)))  # type: ignore[arg-type]


def test_an_unknown_placeholder_is_refused_by_name_with_what_was_typed(gateway: Gateway, admin: Desk):
    admin.opens("/admin/templates?lang=en")
    refused = admin.posts("/admin/templates/keep", kind="answer", title="Thử", body="{ten} đã sửa {{gì}}.")
    assert refused.status_code == 422
    assert "There is no placeholder {ten}." in refused.text
    assert "{reference}" in refused.text
    assert "{ten} đã sửa {{gì}}." in refused.text


@pytest.mark.slow
def test_registered_texts_are_kept_and_ended(gateway: Gateway, admin: Desk):
    body = "So {so}: {noi dung}"
    assert admin.posts("/admin/templates/registered", provider="simulator", body=body).status_code == 302
    assert body in admin.opens("/admin/templates").text
    assert admin.posts("/admin/templates/registered", provider="simulator", body="{a} {b}").status_code == 422
    assert admin.posts("/admin/templates/registered", provider="nobody", body=body).status_code == 400
    admin.posts("/admin/templates/registered/1/end")
    assert body not in admin.opens("/admin/templates").text
