"""The desk phones a citizen whom no text reaches, and says how it went; administrators see what is not out."""

import html

import pytest
from flask import Flask
from sqlalchemy import update

from queues.clock import tick
from smsgw.gateway import Gateway
from smsgw.providers.simulator import OUT_OF_REACH
from smsgw.store.tables import Outgoing
from tests.conftest import Bell
from tests.handlers.desks import AN_BINH, Desk, filed, hidden, signed_in, texts

NUMBER = "0900 000 404"
ANSWER = "Đã thay bóng đèn."
CLICKED = {"told": "reached, and told", "not_reached": "not reached", "unreachable": "cannot be reached by phone"}


@pytest.fixture
def officer(app: Flask) -> Desk:
    return signed_in(app, "canbo-kinhte")


@pytest.fixture
def reference(gateway: Gateway, officer: Desk, works) -> str:
    """A complaint that was answered, to a phone that no text reaches."""
    made = filed(gateway, phone=OUT_OF_REACH)
    officer.answers(made, ANSWER)
    works()
    gateway.switchboard().batch()
    return made


def page(desk: Desk, reference: str) -> str:
    return html.unescape(desk.opens(f"/desk/{reference}?lang=en").text)


def notes(desk: Desk, reference: str, outcome: str, words: str = ""):
    """Sends the page's own form with this choice."""
    carried = hidden(desk.opens(f"/desk/{reference}").text)
    given = {name: carried.get(name, "") for name in ("call", "tries")}
    return desk.posts(f"/desk/{reference}/call", **given, outcome=outcome, words=words)


def test_the_page_says_whom_to_phone_and_what_to_read_out(reference: str, officer: Desk) -> None:
    shown = page(officer, reference)
    assert "phones the citizen and reads out the answer: the text did not arrive." in shown
    assert f'href="tel:{OUT_OF_REACH}">{NUMBER}' in shown
    call = shown[shown.index('aria-labelledby="call"') :]
    assert "Da thay bong den." in call[: call.index("</blockquote>")]
    assert "The answer was given" not in shown


def test_one_tick_of_the_clock_opens_it_and_rings_for_the_alert(gateway: Gateway, officer: Desk, works, bell: Bell):
    made = filed(gateway, phone=OUT_OF_REACH)
    officer.answers(made, ANSWER)
    works()
    bell.rung.clear()
    tick(gateway, bell, lambda: 0)  # type: ignore[arg-type]
    assert "reads out the answer" in page(officer, made)
    assert bell.rung == ["outbox"]
    assert 'smsgw_calls{state="open"} 1.0' in officer.web.get("/metrics").text


def test_the_inbox_shows_it_first_whatever_is_listed(reference: str, gateway: Gateway, officer: Desk) -> None:
    urgent = filed(gateway, "Chay nha", phone="+84900001235", emergency=True)
    for chosen in ("open", "answered", "waiting"):
        listed = officer.opens(f"/desk/?lang=en&state={chosen}").text
        assert "phones the citizen and reads out the answer: the text did not arrive." in listed
        assert listed.count(f'href="/desk/{reference}"') == 1
    listed = officer.opens("/desk/?state=open").text
    assert listed.index(f'href="/desk/{reference}"') < listed.index(f'href="/desk/{urgent}"')
    assert OUT_OF_REACH not in listed
    assert NUMBER not in listed


@pytest.mark.parametrize("outcome", ["told", "unreachable"])
def test_a_noted_call_is_history_and_the_matter_is_done(reference: str, officer: Desk, outcome: str) -> None:
    assert notes(officer, reference, outcome, "nguoi nha bat may").status_code == 302
    shown = page(officer, reference)
    assert CLICKED[outcome] in shown
    assert "nguoi nha bat may" in shown
    assert "Cán bộ phòng Kinh tế An Khê (demo)" in shown
    assert "The answer was given" in shown
    assert "To phone" not in officer.opens("/desk/?lang=en").text


def test_not_reached_keeps_it_on_top_and_counts_the_tries(reference: str, officer: Desk) -> None:
    assert notes(officer, reference, "not_reached").status_code == 302
    assert "Tried 1 times." in page(officer, reference)
    assert "Tried 1 times." in officer.opens("/desk/?lang=en").text
    assert "reads out the answer" in page(officer, reference)


def test_a_form_that_does_not_say_enough_is_sent_back_with_what_was_typed(reference: str, officer: Desk) -> None:
    assert notes(officer, reference, "", "da goi").status_code == 422
    back = notes(officer, reference, "unreachable", "  ")
    assert back.status_code == 422
    assert 'value="unreachable" required checked' in back.text
    assert "da goi" in notes(officer, reference, "whatever", "da goi").text
    assert "reads out the answer" in page(officer, reference)


def test_the_same_form_twice_is_refused_and_noted_once(reference: str, officer: Desk) -> None:
    carried = hidden(officer.opens(f"/desk/{reference}").text)
    form = {"call": carried["call"], "tries": carried["tries"], "outcome": "told", "words": ""}
    codes = [officer.posts(f"/desk/{reference}/call", **form).status_code for _ in range(2)]
    assert codes == [302, 409]
    assert page(officer, reference).count("reached, and told") == 1


def test_a_call_that_nobody_opened_cannot_be_noted(gateway: Gateway, officer: Desk) -> None:
    quiet = filed(gateway)
    refused = officer.posts(f"/desk/{quiet}/call", call="1", tries="0", outcome="told", words="")
    assert refused.status_code == 409
    assert "Phoned the citizen" not in page(officer, quiet)


@pytest.mark.parametrize(
    ("username", "code"),
    [("dau-moi-anbinh", 404), ("congan-ankhe", 404), ("lanhdao-ankhe", 403), ("giamsat-tinh", 403), ("kiemtoan", 403)],
)
def test_nobody_else_notes_it_or_sees_the_number(
    reference: str, app: Flask, officer: Desk, username: str, code: int
) -> None:
    other = signed_in(app, username)
    assert other.posts(f"/desk/{reference}/call", call="1", tries="0", outcome="told", words="").status_code == code
    assert NUMBER not in other.opens(f"/desk/{reference}").text
    assert "reads out the answer" in page(officer, reference)


def test_another_unit_has_it_on_no_list(reference: str, app: Flask) -> None:
    assert reference not in signed_in(app, "dau-moi-anbinh").opens("/desk/?lang=en").text
    assert reference in signed_in(app, "lanhdao-ankhe").opens("/desk/?lang=en").text


def test_an_auditor_reads_how_it_went_but_not_what_was_said(reference: str, app: Flask, officer: Desk) -> None:
    notes(officer, reference, "told", "nha o sau cho")
    seen = page(signed_in(app, "kiemtoan"), reference)
    assert "reached, and told" in seen
    assert "The answer did not arrive." in seen
    assert "nha o sau cho" not in seen


def test_an_answer_may_be_sent_again_while_the_call_is_open(reference: str, officer: Desk) -> None:
    assert "Send an answer again" in page(officer, reference)
    assert officer.answers(reference, "Da xong, xin bao lai.").status_code == 302
    assert "Da xong, xin bao lai." in page(officer, reference)


def test_a_question_that_did_not_arrive_is_asked_by_phone_before_an_answer(
    gateway: Gateway, officer: Desk, works
) -> None:
    made = filed(gateway, phone=OUT_OF_REACH)
    officer.agrees(made, officer.previews(made, "Số nhà bao nhiêu?", kind="question"), kind="question")
    works()
    gateway.switchboard().batch()
    assert "asks the question: the text did not arrive" in page(officer, made)
    refused = officer.answers(made, "Da xong.")
    assert refused.status_code == 409
    assert notes(officer, made, "told", "so 12").status_code == 302
    assert officer.answers(made, "Da xong.").status_code == 302


def test_a_text_in_doubt_for_good_says_so(gateway: Gateway, officer: Desk) -> None:
    made = filed(gateway)
    officer.answers(made, ANSWER)
    with gateway.database.write() as session:
        session.execute(update(Outgoing).where(Outgoing.kind == "OfficeAnswer").values(state="unknown"))
    gateway.switchboard().batch()
    shown = page(officer, made)
    assert "the text perhaps did not arrive" in shown
    assert "perhaps sent: phone the citizen" in shown
    assert "Nobody knows whether the answer arrived." in shown


class TestAdministrators:
    def test_they_see_what_is_not_out_with_counts_and_no_words(self, reference: str, app: Flask) -> None:
        shown = html.unescape(signed_in(app, "quantri").opens("/admin/texts?lang=en").text)
        assert "<strong>1</strong> citizens to phone" in shown
        assert "Answer of an office" in shown
        assert "the phone is out of reach" in shown
        assert [hide for hide in ("Da thay bong", "Den duong", OUT_OF_REACH, NUMBER, reference) if hide in shown] == []

    def test_they_see_how_the_call_went(self, reference: str, app: Flask, officer: Desk) -> None:
        notes(officer, reference, "told")
        shown = signed_in(app, "quantri").opens("/admin/texts?lang=en").text
        assert "<strong>0</strong> citizens to phone" in shown
        assert "told by phone" in shown

    def test_a_house_at_rest_has_an_empty_page(self, app: Flask) -> None:
        shown = signed_in(app, "quantri").opens("/admin/texts?lang=en").text
        assert shown.count("There are none.") == 3

    @pytest.mark.parametrize("username", ["dau-moi-ankhe", "giamsat-tinh", "kiemtoan"])
    def test_the_page_is_for_them_alone(self, app: Flask, username: str) -> None:
        assert signed_in(app, username).opens("/admin/texts").status_code == 403


def test_a_complaint_of_another_unit_is_not_phoned_by_this_one(app: Flask, gateway: Gateway, works) -> None:
    foreign = filed(gateway, unit=AN_BINH, phone=OUT_OF_REACH)
    signed_in(app, "canbo-anbinh").answers(foreign, ANSWER)
    works()
    gateway.switchboard().batch()
    assert [row.kind for row in texts(gateway, "+84900000203")] == ["CallCitizen"]
    assert texts(gateway, "+84900000103") == []
