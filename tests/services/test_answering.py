"""An office writes to a citizen: exactly what was agreed to, once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from smsgw.domain.notices import Lane
from smsgw.domain.progress import Duty, Refusal
from smsgw.gateway import Gateway
from smsgw.services import answering
from smsgw.services.answering import Flaw, Kind, Letter, LookAgain, Sent, Writer
from smsgw.services.citizens import citizen_of
from smsgw.store import complaints
from smsgw.store.tables import Complaint, Official
from tests.conftest import Clock
from tests.handlers.desks import CITIZEN, filed, row, texts
from tests.services.conftest import Line

WORDS = "Đã thay bóng đèn sáng nay."


def complaint_of(session, reference: str) -> Complaint:
    return session.scalars(select(Complaint).where(Complaint.reference == reference)).one()


def agreed(gateway: Gateway, reference: str, kind: Kind = Kind.ANSWER, text: str = WORDS) -> Letter:
    """The letter with the proof of its preview, as an official who has read everything agrees to it."""
    with gateway.database.read() as session:
        complaint = complaint_of(session, reference)
        letter = Letter(kind, text, seen=complaints.newest_line(session, complaint.id))
        return replace(letter, proof=answering.preview(session, gateway.speech, complaint, letter).proof)


def sent(gateway: Gateway, reference: str, letter: Letter, username: str = "canbo-kinhte") -> answering.Outcome:
    with gateway.database.write() as session:
        official = session.scalars(select(Official).where(Official.username == username)).one()
        writer = Writer(official.id, [role.name for role in official.roles])
        complaint = complaint_of(session, reference)
        handbook = gateway.handbook(session)
        return answering.send(session, gateway.speech, handbook, complaint, letter, writer, now=gateway.now())


def test_an_answer_ends_the_matter_and_stops_the_deadline(gateway: Gateway):
    reference = filed(gateway)
    assert isinstance(sent(gateway, reference, agreed(gateway, reference)), Sent)
    complaint = row(gateway, reference)
    assert (complaint.state, complaint.look_at, complaint.answered_at) == ("answered", None, gateway.now())


def test_the_citizen_gets_exactly_the_text_that_was_agreed_to(gateway: Gateway):
    reference = filed(gateway)
    outcome = sent(gateway, reference, agreed(gateway, reference))
    [text] = texts(gateway)
    assert isinstance(outcome, Sent)
    assert text.body == outcome.body
    assert "Da thay bong den sang nay." in text.body
    assert (text.lane, text.key) == (Lane.ANSWER, f"answer:{text.complaint_id}:1")


def test_a_citizen_who_chose_tone_marks_gets_them(gateway: Gateway):
    reference = filed(gateway)
    with gateway.database.write() as session:
        citizen_of(session, CITIZEN, gateway.now()).tone_marks = True
    sent(gateway, reference, agreed(gateway, reference))
    assert WORDS in texts(gateway)[0].body


def test_nothing_goes_out_when_the_text_would_now_be_another(gateway: Gateway):
    reference = filed(gateway)
    letter = agreed(gateway, reference)
    with gateway.database.write() as session:
        citizen_of(session, CITIZEN, gateway.now()).tone_marks = True
    outcome = sent(gateway, reference, letter)
    assert isinstance(outcome, LookAgain)
    assert WORDS in outcome.preview.body
    assert not outcome.news
    assert texts(gateway) == []
    assert row(gateway, reference).state == "assigned"


def test_nothing_goes_out_when_the_citizen_wrote_meanwhile(gateway: Gateway, line: Line):
    reference = filed(gateway)
    letter = agreed(gateway, reference)
    line.text(f"BS {reference} gio da co dien lai", CITIZEN)
    outcome = sent(gateway, reference, letter)
    assert isinstance(outcome, LookAgain)
    assert outcome.news
    assert row(gateway, reference).state == "assigned"


def test_a_second_answer_is_refused_and_nothing_more_is_sent(gateway: Gateway):
    reference = filed(gateway)
    letter = agreed(gateway, reference)
    sent(gateway, reference, letter)
    assert sent(gateway, reference, letter) is Refusal.ANSWERED
    assert sent(gateway, reference, letter, "dau-moi-ankhe") is Refusal.ANSWERED
    assert len(texts(gateway)) == 1


def test_a_leader_reads_but_does_not_answer(gateway: Gateway):
    reference = filed(gateway)
    assert sent(gateway, reference, agreed(gateway, reference), "lanhdao-ankhe") is Refusal.NOT_YOURS
    assert texts(gateway) == []


def test_a_verdict_is_asked_for_but_not_in_grief(gateway: Gateway):
    plain, grave = filed(gateway), filed(gateway, "Chay nha", phone="+84900001235", emergency=True)
    bodies = [agreed_body(gateway, reference) for reference in (plain, grave)]
    assert "Nhan 1 xong, 2 chua xong, 3 khong ro." in bodies[0]
    assert "DG" not in bodies[1]


def agreed_body(gateway: Gateway, reference: str) -> str:
    with gateway.database.read() as session:
        return answering.preview(
            session, gateway.speech, complaint_of(session, reference), Letter(Kind.ANSWER, "Da xong.")
        ).body


def test_a_question_makes_the_complaint_wait_and_a_plain_reply_joins_it(gateway: Gateway, line: Line, clock: Clock):
    reference = filed(gateway)
    sent(gateway, reference, agreed(gateway, reference, Kind.QUESTION, "Số nhà bao nhiêu ạ?"))
    assert row(gateway, reference).state == "waiting"
    clock.moves(days=2)
    line.text("dung roi", CITIZEN)
    assert row(gateway, reference).state == "assigned"


def test_a_question_keeps_the_due_date_and_is_remembered_for_seven_days(gateway: Gateway):
    reference = filed(gateway)
    due = row(gateway, reference).due_at
    sent(gateway, reference, agreed(gateway, reference, Kind.QUESTION, "Ở đâu ạ?"))
    with gateway.database.read() as session:
        citizen = complaint_of(session, reference).citizen
        assert (citizen.prompt, citizen.prompt_until) == ("question", gateway.now() + timedelta(days=7))
    assert row(gateway, reference).due_at == due


def test_a_question_agreed_to_twice_goes_out_once(gateway: Gateway):
    reference = filed(gateway)
    letter = agreed(gateway, reference, Kind.QUESTION, "Ở đâu ạ?")
    sent(gateway, reference, letter)
    assert isinstance(sent(gateway, reference, letter), LookAgain)
    assert len(texts(gateway)) == 1


def test_an_answer_goes_back_by_the_provider_the_citizen_wrote_through(gateway: Gateway, line: Line):
    line.text("PA HT den duong hem 12 phuong An Khe tat", CITIZEN)
    reference = line.complaints()[-1].reference or ""
    sent(gateway, reference, agreed(gateway, reference), "dau-moi-ankhe")
    assert texts(gateway)[-1].provider == "simulator"


@pytest.mark.parametrize(
    ("text", "flaws", "may_go"),
    [
        ("Da xong.", (), True),
        ("  \n ", (Flaw.EMPTY,), False),
        ("\U0001f44d", (Flaw.EMPTY,), False),
        ("\u2764\ufe0f ...", (Flaw.EMPTY,), False),
        ("a " * 300, (Flaw.MANY_SEGMENTS,), True),
        ("a" * 1001, (Flaw.TOO_LONG,), False),
    ],
)
def test_a_preview_tells_what_is_wrong(gateway: Gateway, text: str, flaws: tuple[Flaw, ...], may_go: bool):
    reference = filed(gateway)
    with gateway.database.read() as session:
        shown = answering.preview(session, gateway.speech, complaint_of(session, reference), Letter(Kind.ANSWER, text))
    assert (shown.flaws, shown.may_go) == (flaws, may_go)


@pytest.mark.parametrize("text", ["", "   ", "a" * 1001])
def test_what_may_not_go_does_not_go_whatever_the_form_says(gateway: Gateway, text: str):
    reference = filed(gateway)
    assert isinstance(sent(gateway, reference, agreed(gateway, reference, text=text)), LookAgain)
    assert texts(gateway) == []


def test_the_history_names_who_answered(gateway: Gateway):
    reference = filed(gateway)
    sent(gateway, reference, agreed(gateway, reference))
    with gateway.database.read() as session:
        last = complaints.history(session, complaint_of(session, reference).id)[-1]
        assert last.official
        assert (last.kind, last.official.username) == ("answered", "canbo-kinhte")
        assert Duty.OFFICER in {role.name for role in last.official.roles}


def test_signs_alone_are_no_answer_for_a_phone_with_tone_marks_either(gateway: Gateway):
    reference = filed(gateway)
    with gateway.database.write() as session:
        complaint_of(session, reference).citizen.tone_marks = True
    outcome = sent(gateway, reference, agreed(gateway, reference, text="\U0001f44d !"))
    assert isinstance(outcome, LookAgain)
    assert outcome.preview.flaws == (Flaw.EMPTY,)
    assert texts(gateway) == []
