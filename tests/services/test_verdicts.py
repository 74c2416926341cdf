"""The citizen has the last word on an answer."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from smsgw.domain.progress import State
from smsgw.services import answering, calling, merging, windows
from smsgw.services.answering import Kind, Letter, Sent, Writer
from smsgw.store import complaints, verdicts
from smsgw.store.officials import Scope
from smsgw.store.tables import Complaint, Event, Official, Outgoing, Role
from tests.conftest import Clock
from tests.services.conftest import CITIZEN, Line
from tests.services.handsets import Handset

LAMP = "PA HT den duong to 5 phuong Tay Son tat ba dem nay"
LAMP_AGAIN = "PA HT to 5 phuong Tay Son den duong tat, toi thui di khong thay"
WATER = "PA DN mat nuoc to 9 phuong Tay Son hai ngay nay"
ANSWER = "Thu nam to sua den da thay bong."
SECOND = "+84900000002"


def writes(line: Line, kind: Kind, text: str, number: int = 0) -> None:
    house = line.gateway
    with house.database.write() as session:
        complaint = session.get_one(Complaint, line.complaints()[number].id)
        official = session.scalars(select(Official.id)).first() or 0
        proof = answering.preview(session, house.speech, complaint, Letter(kind, text)).proof
        letter = Letter(kind, text, proof, complaints.newest_line(session, complaint.id))
        handbook, writer = house.handbook(session), Writer(official, ["officer"])
        outcome = answering.send(session, house.speech, handbook, complaint, letter, writer, now=house.now())
    assert isinstance(outcome, Sent)
    line.works()


def answers(line: Line, text: str = ANSWER, number: int = 0) -> None:
    writes(line, Kind.ANSWER, text, number)


def arrives(line: Line) -> None:
    """The network reports every answer delivered."""
    with line.gateway.database.write() as session:
        told = update(Outgoing).where(Outgoing.kind == "OfficeAnswer", Outgoing.state == "accepted")
        session.execute(told.values(state="delivered", settled_at=line.gateway.now()))


def ticks(line: Line) -> None:
    while line.gateway.switchboard().batch():
        pass
    while line.gateway.verdict_watch().batch():
        pass
    line.works()


def kinds(line: Line, number: int = 0) -> list[str]:
    with line.gateway.database.read() as session:
        query = select(Event.kind).where(Event.complaint_id == line.complaints()[number].id).order_by(Event.id)
        return list(session.scalars(query))


def stands(line: Line, number: int = 0) -> State:
    return line.complaints()[number].stands


@pytest.fixture
def lamp(line: Line) -> Line:
    """A street lamp, reported and answered."""
    line.text(LAMP)
    answers(line)
    return line


def test_the_answer_asks_for_one_digit(lamp: Line) -> None:
    assert lamp.inbox()[-1].endswith("Nhan 1 xong, 2 chua xong, 3 khong ro.")
    assert "DG" not in lamp.inbox()[-1]


def test_an_answer_without_room_is_followed_by_the_question(line: Line) -> None:
    line.text(LAMP)
    answers(line, "Thu nam to sua den da thay bong. " + "Ba con di duong can than. " * 4)
    answer, asked = line.inbox()[-2:]
    assert "Nhan 1" not in answer
    assert asked.startswith(f"So {line.complaints()[0].reference}")
    assert asked.endswith("Nhan 1 xong, 2 chua xong, 3 khong ro.")


def test_done_closes_and_offers_the_score(lamp: Line) -> None:
    (reply,) = lamp.text("1")
    reference = lamp.complaints()[0].reference
    assert reply.startswith(f"So {reference}")
    assert f"DG {reference}" in reply
    assert stands(lamp) is State.CLOSED
    assert lamp.complaints()[0].ending == "confirmed"
    (status,) = lamp.text(f"TT {reference}")
    assert status.startswith(f"So {reference}: da tra loi va khep lai.")
    (rated,) = lamp.text("DG 5")
    assert "5" in rated
    assert lamp.complaints()[0].rating == 5


@pytest.mark.parametrize("word", ["2", "chua xong, duong van toi om"])
def test_not_done_goes_back_to_the_office_with_a_new_date_that_is_told(lamp: Line, clock: Clock, word: str) -> None:
    before = lamp.complaints()[0]
    clock.moves(days=3)
    (reply,) = lamp.text(word)
    after = lamp.complaints()[0]
    assert (after.state, after.office_id, after.not_done) == ("assigned", before.office_id, 1)
    assert after.due_at
    assert after.due_at > clock()
    local = after.due_at + timedelta(hours=7)
    assert f"{local.day}/{local.month}" in reply
    assert kinds(lamp)[-2:] == ["not_done", "reopened"]
    assert lamp.text(word) == [reply], "said once more before a new answer it is the same word"
    assert lamp.complaints()[0].not_done == 1


def test_the_second_time_the_leader_hears_of_it(lamp: Line, clock: Clock) -> None:
    lamp.text("2")
    assert told(lamp, "leader") == []
    (office,) = told(lamp, "officer")
    assert "chua xong" in office
    answers(lamp, "Thu sau to sua den da thay day dien.")
    lamp.text("2")
    lamp.works()
    assert "raised" in kinds(lamp)
    (alert,) = told(lamp, "leader")
    assert (lamp.complaints()[0].reference or "") in alert
    with lamp.gateway.database.read() as session:
        scope = Scope(frozenset({lamp.complaints()[0].unit_id}))
        assert [one.reference for one in verdicts.said_again(session, scope)] == [lamp.complaints()[0].reference]
        found = verdicts.counted(session, clock() - timedelta(days=1), clock() + timedelta(days=1))
    assert (found["answered"], found["not_done"], found["reopened"], found["raised"]) == (2, 2, 2, 1)


def told(line: Line, role: str) -> list[str]:
    """What the phones of this role were told of verdicts."""
    with line.gateway.database.read() as session:
        query = select(Outgoing.body).join(Official, Official.id == Outgoing.official_id)
        wanted = Outgoing.kind == "VerdictAlert", Official.roles.any(Role.name == role)
        return list(session.scalars(query.where(*wanted)))


def test_unclear_asks_the_office_to_explain_soon_and_raises_nothing(lamp: Line, clock: Clock) -> None:
    lamp.text("3")
    answers(lamp, "Bong den da thay sang nay, toi nay se sang lai.")
    (reply,) = lamp.text("khong ro")
    complaint = lamp.complaints()[0]
    assert (complaint.state, complaint.verdict, complaint.not_done) == ("assigned", "unclear", 0)
    assert complaint.due_at
    assert complaint.due_at - clock() < timedelta(days=5)
    assert "raised" not in kinds(lamp)
    assert "2 chua" not in reply


def test_silence_closes_ten_working_days_after_the_answer_arrived(lamp: Line, clock: Clock) -> None:
    clock.moves(days=2)
    ticks(lamp)
    assert stands(lamp) is State.ANSWERED, "nobody knows yet whether it arrived"
    arrives(lamp)
    clock.moves(minutes=11)
    ticks(lamp)
    assert stands(lamp) is State.OPEN_TO_VERDICT
    clock.moves(days=13)
    ticks(lamp)
    assert stands(lamp) is State.OPEN_TO_VERDICT
    clock.moves(days=2)
    ticks(lamp)
    assert (stands(lamp), lamp.complaints()[0].ending) == (State.CLOSED, "silence")
    assert kinds(lamp)[-1] == "closed_silent"


def test_of_an_answer_that_nobody_knows_to_have_arrived_a_person_looks_first(lamp: Line, clock: Clock) -> None:
    with lamp.gateway.database.write() as session:
        told = update(Outgoing).where(Outgoing.kind == "OfficeAnswer")
        session.execute(told.values(state="delivery_unknown", settled_at=clock()))
    ticks(lamp)
    clock.moves(days=20)
    ticks(lamp)
    assert stands(lamp) is State.TO_LOOK_AT
    (reply,) = lamp.text("1")
    assert stands(lamp) is State.CLOSED, reply


@pytest.fixture
def held(lamp: Line, clock: Clock) -> Line:
    """Opened again once, answered again, and nothing was said since."""
    lamp.text("2")
    answers(lamp, "Thu sau to sua den da thay day dien.")
    arrives(lamp)
    ticks(lamp)
    clock.moves(days=20)
    ticks(lamp)
    assert stands(lamp) is State.TO_LOOK_AT
    return lamp


def looks(line: Line, duty: str, *, sends_back: bool = False, words: str = "Da goi dien, den sang.") -> object:
    house = line.gateway
    with house.database.write() as session:
        complaint = session.get_one(Complaint, line.complaints()[0].id)
        official, duties = session.scalars(select(Official.id)).first() or 0, frozenset({duty})
        if not sends_back:
            return windows.close(session, complaint, official, duties, words, now=house.now())
        handbook = house.handbook(session)
        return windows.send_back(session, house.speech, handbook, complaint, official, duties, words, now=house.now())


def test_a_person_closes_it_with_a_reason_and_not_the_one_who_answered(held: Line) -> None:
    assert looks(held, "officer") is answering.Refusal.NOT_YOURS
    with pytest.raises(windows.NoReasonError):
        looks(held, "leader", words=" ")
    assert looks(held, "leader") is None
    assert (stands(held), held.complaints()[0].ending) == (State.CLOSED, "silence")


def test_a_person_sends_it_back_and_the_citizen_is_told(held: Line) -> None:
    assert looks(held, "focal", sends_back=True) is None
    held.works()
    assert stands(held) is State.ASSIGNED
    assert "Tra loi truoc" in held.inbox()[-1]


@pytest.mark.slow
def test_where_the_locality_wants_it_a_person_always_looks(lamp_where_all_is_looked_at: Line, clock: Clock) -> None:
    line = lamp_where_all_is_looked_at
    arrives(line)
    ticks(line)
    clock.moves(days=20)
    ticks(line)
    assert stands(line) is State.TO_LOOK_AT


@pytest.fixture
def lamp_where_all_is_looked_at(environment: dict[str, str], request: pytest.FixtureRequest) -> Line:
    environment["SMSGW_LOOK_FIELDS"] = "HT"
    line: Line = request.getfixturevalue("lamp")
    return line


@pytest.mark.slow
def test_nobody_is_asked_after_a_death_and_a_person_looks_before_it_closes(line: Line, clock: Clock) -> None:
    line.text("PA DN day dien dut ben duong to 5 phuong Tay Son, hom qua co nguoi chet vi dien giat")
    with line.gateway.database.write() as session:
        session.execute(update(Complaint).values(sensitive=True))
    answers(line, "Thu nam dien luc da thay day.")
    assert "Nhan 1" not in line.inbox()[-1]
    arrives(line)
    ticks(line)
    clock.moves(days=20)
    ticks(line)
    assert stands(line) is State.TO_LOOK_AT
    assert looks(line, "leader") is None
    assert (line.complaints()[0].ending, kinds(line)[-1]) == ("unasked", "closed_unasked")


def test_the_time_begins_only_after_the_call_where_no_text_arrived(lamp: Line, clock: Clock) -> None:
    with lamp.gateway.database.write() as session:
        session.execute(update(Outgoing).where(Outgoing.kind == "OfficeAnswer").values(state="undelivered"))
    for _ in range(3):
        clock.moves(days=10)
        ticks(lamp)
    assert stands(lamp) is State.ANSWERED
    with lamp.gateway.database.write() as session:
        complaint = session.get_one(Complaint, lamp.complaints()[0].id)
        call = calling.calls.open_call(session, complaint.id)
        assert call
        made = calling.CallMade(call.id, call.tries, calling.Outcome.TOLD)
        assert calling.record(session, complaint, made, Writer(1, ["officer"]), now=clock()) is None
    clock.moves(minutes=15)
    ticks(lamp)
    assert stands(lamp) is State.OPEN_TO_VERDICT
    clock.moves(days=20)
    ticks(lamp)
    assert stands(lamp) is State.CLOSED


def test_a_digit_answers_what_was_asked_last(lamp: Line, clock: Clock) -> None:
    """The other complaint's office asks how many homes: "2" is the number of homes."""
    clock.moves(days=1)
    lamp.text(WATER)
    writes(lamp, Kind.QUESTION, "Bao nhieu nha bi mat nuoc?", 1)
    (reply,) = lamp.text("2")
    assert (lamp.complaints()[1].reference or "") in reply
    assert stands(lamp) is State.ANSWERED
    clock.moves(days=1)
    (reply,) = lamp.text("2")
    assert stands(lamp) is State.ASSIGNED


@pytest.mark.slow
def test_a_digit_still_confirms_a_withdrawal(lamp: Line) -> None:
    lamp.text(WATER)
    lamp.text(f"HUY {lamp.complaints()[1].reference}")
    lamp.text("1")
    assert lamp.complaints()[1].state == "withdrawn"
    assert stands(lamp) is State.ANSWERED


@pytest.fixture
def two(line: Line) -> Line:
    """Two matters of one phone, answered one after the other."""
    line.text(LAMP)
    line.text(WATER)
    answers(line)
    answers(line, "Thu nam doi nuoc da sua ong.", 1)
    return line


def test_which_of_two_answers_is_meant_is_asked_once(two: Line) -> None:
    first, second = (one.reference or "" for one in two.complaints())
    (which,) = two.text("1")
    assert f"{second} 1" in which
    assert f"{first} 1" in which
    (reply,) = two.text(first)
    assert reply.startswith(f"So {first}")
    assert [stands(two, n) for n in (0, 1)] == [State.CLOSED, State.ANSWERED]


@pytest.mark.slow
def test_said_again_without_a_number_it_is_about_the_newest(two: Line) -> None:
    two.text("2")
    two.text("2")
    assert [stands(two, n) for n in (0, 1)] == [State.ANSWERED, State.ASSIGNED]


def test_with_its_number_a_verdict_needs_no_question(two: Line) -> None:
    first = two.complaints()[0].reference or ""
    (reply,) = two.text(f"{first} chua xong")
    assert first in reply
    assert [stands(two, n) for n in (0, 1)] == [State.ASSIGNED, State.ANSWERED]


@pytest.mark.slow
def test_the_answer_given_days_later_is_the_one_that_a_digit_is_about(line: Line, clock: Clock) -> None:
    line.text(LAMP)
    line.text(WATER)
    answers(line)
    clock.moves(days=2)
    answers(line, "Thu nam doi nuoc da sua ong.", 1)
    line.text("1")
    assert [stands(line, n) for n in (0, 1)] == [State.ANSWERED, State.CLOSED]


@pytest.mark.slow
def test_one_more_text_opens_again_what_was_closed_and_is_no_verdict(lamp: Line) -> None:
    lamp.text("1")
    lamp.text("van chua ai den sua den ca")
    complaint = lamp.complaints()[0]
    assert (complaint.state, complaint.verdict, complaint.ending, complaint.not_done) == ("assigned", "", "", 0)


def test_a_slip_is_made_good_and_a_late_word_still_counts(lamp: Line, clock: Clock) -> None:
    lamp.text("1")
    lamp.text("2")
    assert stands(lamp) is State.ASSIGNED
    answers(lamp, "Thu sau to sua den da thay day dien.")
    arrives(lamp)
    lamp.text("1")
    clock.moves(days=40)
    (reply,) = lamp.text("2")
    assert stands(lamp) is State.CLOSED, "long after it closed a bare digit is about nothing"
    assert reply


@pytest.mark.slow
def test_of_a_private_matter_the_reply_names_no_number(line: Line) -> None:
    line.text(LAMP)
    with line.gateway.database.write() as session:
        session.execute(update(Complaint).values(private=True))
    answers(line)
    (reply,) = line.text("1")
    assert (line.complaints()[0].reference or "") not in reply
    assert stands(line) is State.CLOSED


@pytest.mark.slow
def test_a_digit_from_a_phone_that_was_asked_nothing_judges_nothing(line: Line) -> None:
    line.text(LAMP)
    line.text("1")
    assert line.complaints()[0].state == "assigned"


@pytest.fixture
def merged(line: Line, clock: Clock) -> Line:
    """Two phones reported the same lamp, and both heard the answer."""
    line.text(LAMP)
    clock.moves(hours=1)
    line.text(LAMP_AGAIN, SECOND)
    merges(line)
    answers(line)
    return line


def merges(line: Line) -> None:
    house = line.gateway
    with house.database.write() as session:
        scope = Scope(frozenset({line.complaints()[0].unit_id}))
        names = (line.complaints()[0].reference or "", line.complaints()[1].reference or "")
        merging.merge(session, house.handbook(session), scope, names, 1, house.now())


def test_every_reporter_has_their_own_word(merged: Line) -> None:
    merged.text("1")
    merged.text("2", SECOND)
    assert [stands(merged, n) for n in (0, 1)] == [State.CLOSED, State.ASSIGNED]
    assert merged.complaints()[0].ending == "confirmed"


def test_who_says_it_later_goes_on_with_who_said_it_first(merged: Line) -> None:
    merged.text("2", SECOND)
    merged.text("2")
    first, second = merged.complaints()
    assert (first.state, second.state) == ("assigned", "assigned")
    assert (first.merged_into_id, second.merged_into_id) == (second.id, None)
    assert (first.not_done, second.not_done) == (1, 1)
    answers(merged, "Thu sau to sua den da thay day dien.", 1)
    assert "Thu sau" in merged.inbox()[-1]
    assert "Thu sau" in merged.inbox(SECOND)[-1]
    merged.text("2")
    assert merged.complaints()[0].not_done == 2, "the second answer to the matter, whoever speaks"


@pytest.mark.slow
def test_one_phone_that_reported_twice_says_it_once(line: Line, clock: Clock) -> None:
    line.text(LAMP)
    clock.moves(hours=1)
    line.text(LAMP_AGAIN)
    merges(line)
    answers(line)
    line.text("1")
    assert [stands(line, n) for n in (0, 1)] == [State.CLOSED, State.CLOSED]


@pytest.fixture
def dialled(lamp: Line, clock: Clock) -> Handset:
    """The citizen's phone, at the complaint that was answered."""
    handset = Handset(lamp.gateway, clock, phone=CITIZEN)
    handset.dials()
    assert "2 Bao da xong hay chua" in handset.presses("2", "1").text
    return handset


def test_dialled_a_verdict_does_the_same_as_texted(lamp: Line, dialled: Handset, clock: Clock) -> None:
    end = dialled.presses("2", "2")
    assert end.text.startswith(f"So {lamp.complaints()[0].reference}: ")
    assert "chua xong" in end.text
    assert dialled.again() == end
    assert stands(lamp) is State.ASSIGNED
    assert [kind for kind in kinds(lamp) if kind in ("not_done", "reopened")] == ["not_done", "reopened"]
    clock.moves(hours=1)
    answers(lamp, "To sua den da thay ca day dien.")
    dialled.dials()
    dialled.presses("2", "1", "2", "1")
    assert stands(lamp) is State.CLOSED


def test_a_verdict_is_asked_for_only_where_one_is_waited_for(line: Line, clock: Clock) -> None:
    line.text(LAMP)
    handset = Handset(line.gateway, clock, phone=CITIZEN)
    handset.dials()
    assert "xong hay chua" not in handset.presses("2", "1").text


def test_what_was_said_by_text_meanwhile_is_not_said_again(lamp: Line, dialled: Handset) -> None:
    dialled.presses("2")
    lamp.text("2")
    end = dialled.presses("3")
    assert end.text.startswith(f"So {lamp.complaints()[0].reference}")
    assert kinds(lamp).count("not_done") == 1
    assert "unclear" not in kinds(lamp)
