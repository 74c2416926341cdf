"""An official's day at the desk, without JavaScript."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from smsgw.gateway import Gateway
from smsgw.services import tracking
from smsgw.services.answering import Kind, Letter, preview
from smsgw.store.tables import Complaint, Outgoing
from tests.conftest import Bell, Clock
from tests.handlers.desks import AN_BINH, CITIZEN, Desk, filed, hidden, row, signed_in, texts, units

NASTY = "<script>alert(1)</script> \"quoted' & \u202eevil\u200b \x07 {{7*7}}"


@pytest.fixture
def officer(app: Flask) -> Desk:
    return signed_in(app, "canbo-kinhte")


@pytest.fixture
def focal(app: Flask) -> Desk:
    return signed_in(app, "dau-moi-ankhe")


def listed(page: str) -> list[str]:
    return re.findall(r'href="/desk/(\d+)"', page)


def test_what_is_overdue_comes_first_then_by_due_date(gateway: Gateway, officer: Desk, clock: Clock):
    later = filed(gateway, "mot", category="GT", phone="+84900001001")  # type: ignore[arg-type]
    soon = filed(gateway, "hai", category="HT", phone="+84900001002")  # type: ignore[arg-type]
    clock.moves(days=20)
    newest = filed(gateway, "ba", category="HT", phone="+84900001003")  # type: ignore[arg-type]
    page = officer.opens("/desk/?lang=en").text
    assert listed(page) == [soon, later, newest]
    assert page.count("Overdue by") == 2
    assert "days left" in page


def test_triage_stands_on_top_with_its_reason(gateway: Gateway, focal: Desk):
    with_office = filed(gateway)
    without = filed(gateway, "khong ro", category=None, phone="+84900001002")
    page = focal.opens("/desk/?lang=en").text
    assert listed(page) == [without, with_office]
    assert "No field was recognised" in page


def test_the_sender_is_masked_everywhere(gateway: Gateway, focal: Desk):
    reference = filed(gateway)
    for path in ("/desk/", f"/desk/{reference}"):
        page = focal.opens(path).text
        assert "09x xxx x234" in page
        assert CITIZEN not in page
        assert CITIZEN.removeprefix("+84") not in page


def test_a_citizens_text_is_shown_as_text_with_nothing_hidden(gateway: Gateway, focal: Desk):
    reference = filed(gateway, NASTY)
    for path in ("/desk/", f"/desk/{reference}"):
        page = focal.opens(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
        assert "[U+202E]evil[U+200B]" in page
        assert "{{7*7}}" in page


def test_a_reference_opens_its_complaint_and_a_part_of_one_finds_it(gateway: Gateway, focal: Desk):
    reference = filed(gateway)
    assert focal.opens(f"/desk/?q=%23{reference}").headers["Location"] == f"/desk/{reference}"
    assert listed(focal.opens(f"/desk/?q={reference[:3]}").text) == [reference]
    assert listed(focal.opens("/desk/?q=99999").text) == []


def test_the_list_is_narrowed_by_state(gateway: Gateway, focal: Desk):
    answered, open_one = filed(gateway), filed(gateway, phone="+84900001002")
    focal.answers(answered, "Da xong.")
    assert listed(focal.opens("/desk/").text) == [open_one]
    assert listed(focal.opens("/desk/?state=answered").text) == [answered]
    assert set(listed(focal.opens("/desk/?state=all").text)) == {answered, open_one}
    assert listed(focal.opens("/desk/?state=nonsense&page=-3").text) == [open_one]


def test_the_figures_count_the_scope(gateway: Gateway, focal: Desk, clock: Clock):
    filed(gateway, phone="+84900001002")
    focal.answers(filed(gateway), "Da xong.")
    filed(gateway, unit=AN_BINH, phone="+84900001003")
    clock.moves(days=30)
    page = focal.opens("/desk/?lang=en").text
    figures = re.findall(r"<strong>(\d+)(?:<small> / (\d+)</small>)?</strong>", page)
    assert figures == [("1", ""), ("0", ""), ("1", ""), ("1", "2")]


def test_a_long_list_has_pages(gateway: Gateway, focal: Desk):
    for number in range(51):
        filed(gateway, phone=f"+8490000{2000 + number}")
    assert len(listed(focal.opens("/desk/").text)) == 50
    assert len(listed(focal.opens("/desk/?page=2").text)) == 1


def test_an_answer_goes_out_after_its_exact_text_was_seen(gateway: Gateway, officer: Desk, bell: Bell):
    reference = filed(gateway)
    preview = officer.previews(reference, "Đã thay bóng sáng nay.")
    assert texts(gateway) == []
    assert "Da thay bong sang nay." in preview.text
    response = officer.agrees(reference, preview)
    assert response.headers["Location"] == f"/desk/{reference}"
    [text] = texts(gateway)
    assert text.body in preview.text
    assert bell.rung == ["outbox"]
    assert row(gateway, reference).state == "answered"


def test_a_text_cannot_be_swapped_after_it_was_seen(gateway: Gateway, officer: Desk):
    reference = filed(gateway)
    preview = officer.previews(reference, "Da xong.")
    proof = re.search(r'name="proof" value="([0-9a-f]{64})"', preview.text)
    seen = re.search(r'name="seen" value="(\d+)"', preview.text)
    assert proof
    assert seen
    response = officer.posts(f"/desk/{reference}/answer", text="Khac han.", proof=proof[1], seen=seen[1])
    assert response.status_code == 409
    assert "Khac han." in response.text
    assert texts(gateway) == []


def test_line_breaks_and_quotes_survive_the_two_steps(gateway: Gateway, officer: Desk):
    reference = filed(gateway)
    officer.answers(reference, 'Dong mot\r\n"Dong hai" & <ba>')
    assert 'Dong mot\n"Dong hai" & <ba>' in texts(gateway)[0].body


def test_a_double_click_sends_once_and_is_told_kindly(gateway: Gateway, officer: Desk):
    reference = filed(gateway)
    preview = officer.previews(reference, "Da xong.")
    assert officer.agrees(reference, preview).status_code == 302
    again = officer.agrees(reference, preview)
    assert again.status_code == 409
    assert texts(gateway)[0].body in again.text
    assert len(texts(gateway)) == 1


def test_the_second_of_two_officials_reads_what_the_first_sent(gateway: Gateway, officer: Desk, focal: Desk):
    reference = filed(gateway)
    preview = focal.previews(reference, "Cau tra loi thu hai.")
    officer.answers(reference, "Cau tra loi dau tien.")
    response = focal.agrees(reference, preview)
    assert response.status_code == 409
    assert "Cau tra loi dau tien." in response.text
    assert len(texts(gateway)) == 1


def test_an_empty_answer_has_no_button_to_send_it(gateway: Gateway, officer: Desk):
    preview = officer.previews(filed(gateway), "   ")
    assert 'name="proof"' not in preview.text


def test_a_long_answer_warns_but_may_go(gateway: Gateway, officer: Desk):
    reference = filed(gateway)
    preview = officer.previews(reference, "Da sua xong. " * 45)
    assert "Can it be said shorter?" in officer_in_english(officer, reference, "Da sua xong. " * 45)
    assert officer.agrees(reference, preview).status_code == 302


def test_an_answer_that_tells_too_little_comes_back_with_the_reason_and_goes_only_on_purpose(
    gateway: Gateway, officer: Desk
):
    reference = filed(gateway)
    shown = officer_in_english(officer, reference, "Da ghi nhan y kien.")
    assert all(
        words in shown for words in ("Back to you", "What was done", "When?", "Who does it?", "Send it all the same")
    )
    good = officer.previews(reference, "Doi den cong cong da sua den sang 24/11.")
    assert "Back to you" not in good.text
    officer.answers(reference, "Da ghi nhan y kien.")
    assert "though the check asked for more" in officer.opens(f"/desk/{reference}").text


def test_not_our_task_alone_cannot_be_sent(gateway: Gateway, officer: Desk):
    reference = filed(gateway)
    shown = officer.previews(reference, "Khong thuoc tham quyen cua phuong.")
    assert 'name="proof"' not in shown.text
    forced = officer.posts(
        f"/desk/{reference}/answer",
        text="Khong thuoc tham quyen cua phuong.",
        proof=proof_of(gateway, reference, "Khong thuoc tham quyen cua phuong."),
        seen=hidden(shown.text)["seen"],
    )
    assert forced.status_code == 409
    assert texts(gateway) == []
    assert row(gateway, reference).state == "assigned"


def proof_of(gateway: Gateway, reference: str, text: str) -> str:
    with gateway.database.read() as session:
        complaint = session.scalars(select(Complaint).where(Complaint.reference == reference)).one()
        return preview(session, gateway.speech, complaint, Letter(Kind.ANSWER, text)).proof


def officer_in_english(desk: Desk, reference: str, text: str) -> str:
    desk.opens("/desk/?lang=en")
    return desk.previews(reference, text).text


def test_a_question_waits_for_the_citizen(gateway: Gateway, officer: Desk):
    reference = filed(gateway)
    preview = officer.previews(reference, "Số nhà bao nhiêu ạ?", kind="question")
    assert officer.agrees(reference, preview, kind="question").status_code == 302
    assert row(gateway, reference).state == "waiting"
    assert "So nha bao nhieu a?" in texts(gateway)[0].body


def test_the_live_preview_says_what_the_confirmed_one_says(gateway: Gateway, officer: Desk):
    reference = filed(gateway)
    told = officer.posts(f"/desk/{reference}/preview", text="Đã xong.", kind="answer").get_json()
    assert told["body"] in officer.previews(reference, "Đã xong.").text
    assert told["size"] in officer.previews(reference, "Đã xong.").text
    assert texts(gateway) == []


def test_a_focal_official_assigns_out_of_triage(gateway: Gateway, focal: Desk, officer: Desk):
    reference = filed(gateway, category=None)
    assert officer.opens(f"/desk/{reference}").status_code == 404
    assert focal.posts(f"/desk/{reference}/triage", category="HT", office="").status_code == 302
    assert officer.opens(f"/desk/{reference}").status_code == 200


def test_passing_on_without_a_reason_is_sent_back_with_what_was_typed(gateway: Gateway, officer: Desk):
    reference, police = filed(gateway), units(gateway)["23617-ca"]
    response = officer.posts(f"/desk/{reference}/pass", office=str(police), reason=" ")
    assert response.status_code == 422
    assert f'<option value="{police}" selected>' in response.text
    assert row(gateway, reference).office_id != police


def test_after_passing_on_an_officer_is_back_at_the_list(gateway: Gateway, officer: Desk):
    reference, police = filed(gateway), units(gateway)["23617-ca"]
    response = officer.posts(f"/desk/{reference}/pass", office=str(police), reason="Việc của công an")
    assert response.headers["Location"] == "/desk/"
    assert officer.opens(f"/desk/{reference}").status_code == 404


def test_extra_fields_of_a_form_change_nothing(gateway: Gateway, focal: Desk):
    reference = filed(gateway, category=None)
    before = row(gateway, reference)
    focal.posts(
        f"/desk/{reference}/triage", category="HT", office="", unit_id="1", state="answered", due_at="2030-01-01"
    )
    after = row(gateway, reference)
    assert (after.unit_id, after.state, after.due_at) == (before.unit_id, "assigned", before.due_at)


def test_a_due_date_is_brought_near_in_demo(gateway: Gateway, officer: Desk):
    reference = filed(gateway)
    assert officer.posts(f"/desk/{reference}/near").status_code == 302
    assert row(gateway, reference).due_at == gateway.now() + timedelta(seconds=45)


def test_the_conversation_shows_texts_deeds_and_their_fate(gateway: Gateway, focal: Desk, works):
    reference = filed(gateway)
    police = units(gateway)["23617-ca"]
    focal.posts(f"/desk/{reference}/pass", office=str(police), reason="Việc của công an")
    focal.answers(reference, "Da xong.")
    works()
    page = focal.opens(f"/desk/{reference}?lang=en").text
    order = [
        page.rindex(words) for words in ("Den duong hem 12", "Việc của công an", "Da xong.", "sent, no delivery report")
    ]
    assert order == sorted(order)
    assert "Đầu mối phường An Khê (demo)" in page


def test_the_next_step_is_one_sentence_on_every_page(gateway: Gateway, focal: Desk):
    fresh, handled = filed(gateway, category=None), filed(gateway, phone="+84900001002")
    assert "chooses the field and the office" in focal.opens(f"/desk/{fresh}?lang=en").text
    assert "answers the citizen by" in focal.opens(f"/desk/{handled}?lang=en").text
    focal.answers(handled, "Da xong.")
    assert "The answer was given" in focal.opens(f"/desk/{handled}?lang=en").text


def test_a_leader_reads_everything_of_the_unit_and_writes_nothing(gateway: Gateway, app: Flask):
    leader = signed_in(app, "lanhdao-ankhe")
    reference = filed(gateway)
    page = leader.opens(f"/desk/{reference}").text
    assert "Den duong hem 12" in page
    assert "/answer" not in page
    assert leader.posts(f"/desk/{reference}/answer", text="a").status_code == 403
    assert texts(gateway) == []


def test_an_auditor_reads_deeds_but_not_what_citizens_wrote(gateway: Gateway, app: Flask, focal: Desk):
    reference = filed(gateway)
    focal.answers(reference, "Da thay bong.")
    auditor = signed_in(app, "kiemtoan")
    for path in ("/desk/?state=all", f"/desk/{reference}"):
        page = auditor.opens(path).text
        assert reference in page
        assert "Den duong hem 12" not in page
        assert "Da thay bong" not in page
    assert "Đầu mối phường An Khê (demo)" in auditor.opens(f"/desk/{reference}").text


def test_an_auditor_reads_a_score_but_not_what_was_said_instead_of_one(gateway: Gateway, app: Flask, focal: Desk):
    reference = filed(gateway)
    with gateway.database.write() as session:
        complaint = session.get_one(Complaint, row(gateway, reference).id)
        tracking.rate(session, complaint, None, "can bo hem 12 den muon", gateway.now())
        tracking.rate(session, complaint, 4, "DG 4", gateway.now())
    assert "can bo hem 12 den muon" in focal.opens(f"/desk/{reference}").text
    page = signed_in(app, "kiemtoan").opens(f"/desk/{reference}").text
    assert "can bo hem 12 den muon" not in page
    assert "4/5" in page


def test_an_auditor_reads_why_a_complaint_was_passed_on(gateway: Gateway, app: Flask, officer: Desk):
    reference = filed(gateway)
    office = str(units(gateway)["23617-vp"])
    officer.posts(f"/desk/{reference}/pass", office=office, reason="khong thuoc tham quyen")
    assert "khong thuoc tham quyen" in signed_in(app, "kiemtoan").opens(f"/desk/{reference}").text


@pytest.mark.parametrize("fate", ["undelivered", "failed"])
def test_whoever_must_phone_the_citizen_sees_the_number(gateway: Gateway, app: Flask, officer: Desk, fate: str):
    reference = filed(gateway)
    officer.answers(reference, "Da sua den.")
    assert "tel:" not in officer.opens(f"/desk/{reference}").text
    with gateway.database.write() as session:
        session.get_one(Outgoing, texts(gateway)[-1].id).state = fate
    for username in ("canbo-kinhte", "truong-kinhte", "dau-moi-ankhe"):
        assert f'href="tel:{CITIZEN}"' in signed_in(app, username).opens(f"/desk/{reference}").text
    for username in ("lanhdao-ankhe", "giamsat-tinh", "kiemtoan"):
        page = signed_in(app, username).opens(f"/desk/{reference}").text
        assert "09x xxx x234" in page
        assert CITIZEN not in page


def test_an_alert_that_an_official_did_not_get_shows_no_citizens_number(gateway: Gateway, officer: Desk):
    reference = filed(gateway)
    with gateway.database.write() as session:
        told = {"kind": "DeadlineNear", "lane": 2, "body": "", "segments": 1, "state": "failed", "key": "test:alert"}
        now = gateway.now()
        told |= {"recipient": "+84900000099", "complaint_id": row(gateway, reference).id}
        session.add(Outgoing(created_at=now, next_attempt_at=now, **told))
    assert CITIZEN not in officer.opens(f"/desk/{reference}").text
