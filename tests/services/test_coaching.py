"""What becomes of a question to a citizen: answered, not answered, answered late, asked by an official."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select, update

from smsgw.domain.coaching import Question
from smsgw.gateway import Gateway
from smsgw.services import answering
from smsgw.services.answering import Kind, Letter, Sent, Writer
from smsgw.store import complaints
from smsgw.store.tables import Complaint, DeadlineRule, Event, Official
from tests.conftest import Clock
from tests.services.conftest import CITIZEN, Line

VAGUE_PLACE = "PA GT duong hu nang qua"
NOISE = "quan nhau hat karaoke am i qua"


@pytest.fixture
def history(line: Line) -> Callable[[], list[tuple[str, str]]]:
    """Kind and words of every line."""

    def read() -> list[tuple[str, str]]:
        with line.gateway.database.read() as session:
            return [(event.kind, event.note) for event in session.scalars(select(Event).order_by(Event.id))]

    return read


def only(line: Line) -> Complaint:
    (complaint,) = line.complaints()
    return complaint


def goes_silent(line: Line, clock: Clock) -> None:
    clock.moves(hours=49)
    while line.gateway.coach().batch():
        pass


def test_each_gap_is_asked_once_and_what_was_answered_stands_there_as_a_value(
    line: Line, history: Callable[[], list[tuple[str, str]]]
) -> None:
    (receipt,) = line.text(NOISE)
    assert receipt.endswith("Xin nhan them: o duong hay thon, to nao, thuoc phuong, xa nao?")
    (first,) = line.text("to 5 phuong Tay Son")
    assert first.endswith("Xin nhan them: xay ra luc nao?")
    (second,) = line.text("hom qua")
    assert second == f"So {only(line).reference}: da ghi them tin cua ong/ba."
    complaint = only(line)
    assert complaint.missing == []
    assert complaint.asked == ["place", "when"]
    assert complaint.facts == {"place": "to 5 phuong Tay Son", "when": "hom qua", "day": "2026-11-22"}
    assert complaint.place == "to 5 phuong Tay Son"
    assert [line for line in history() if line[0] == "filled"] == [
        ("filled", "to 5 phuong Tay Son"),
        ("filled", "hom qua"),
    ]


def test_a_numbered_hamlet_without_its_ward_is_asked_for_the_ward_alone(line: Line) -> None:
    line.text("duong hu nang qua di khong duoc")
    (asked,) = line.text("to 5")
    assert asked.endswith("Xin nhan them: thuoc phuong, xa nao?")
    line.text("Tay Son")
    complaint = only(line)
    assert (complaint.missing, complaint.ward) == ([], "Tây Sơn")
    assert complaint.office_id is not None


def test_who_does_not_know_is_not_asked_again_and_nothing_is_lost(line: Line) -> None:
    line.text(NOISE)
    (asked,) = line.text("Khong biet")
    assert asked.endswith("xay ra luc nao?")
    (done,) = line.text("chiu")
    assert "?" not in done
    complaint = only(line)
    assert complaint.missing == ["place", "when"]
    assert complaint.asking == ""
    assert [text.complaint_id for text in line.texts()] == [complaint.id] * 3


def test_a_mere_ok_is_met_with_silence_and_the_answer_may_still_come(line: Line) -> None:
    line.text(VAGUE_PLACE)
    assert line.text("ok") == []
    assert only(line).asking == "place"
    line.text("hem 12 Quang Trung phuong Tay Son")
    assert only(line).missing == []


@pytest.mark.parametrize("beside", ["cam on nhieu nhe", "HD", "MENU", "TT", "STOP", "VI"])
def test_what_answers_nothing_is_treated_as_what_it_is_and_the_question_stays_open(line: Line, beside: str) -> None:
    line.text(VAGUE_PLACE)
    for reply in line.text(beside):
        assert "Xin nhan them" not in reply
    assert only(line).asking == "place"
    line.text("hem 12 Quang Trung phuong Tay Son")
    assert only(line).missing == []


def test_an_emergency_while_a_question_is_open_is_an_emergency(line: Line) -> None:
    line.text(VAGUE_PLACE)
    (reply,) = line.text("CHAY NHA o hem 12 phuong Tay Son cuu voi")
    assert reply.startswith("DAY KHONG PHAI SO CAP CUU")
    first, second = line.complaints()
    assert (first.asking, second.emergency, second.asked) == ("place", True, [])


def test_a_new_complaint_in_between_leaves_the_older_question_open(line: Line) -> None:
    line.text(VAGUE_PLACE)
    line.text("PA MT rac chat dong boc mui truoc cho phuong An Binh tu hom qua")
    line.text("hem 12 Quang Trung phuong Tay Son")
    first, second = line.complaints()
    assert (first.missing, first.facts["place"]) == ([], "hem 12 Quang Trung phuong Tay Son")
    assert second.facts == {}


def test_an_answer_goes_to_the_complaint_whose_question_it_answers(line: Line) -> None:
    line.text(VAGUE_PLACE)
    line.text("PA AN hat karaoke am i o to 3 phuong An Binh")
    line.text("hom qua")
    line.text("hem 12 Quang Trung phuong Tay Son")
    road, noise = line.complaints()
    assert noise.facts["when"] == "hom qua"
    assert road.facts["place"] == "hem 12 Quang Trung phuong Tay Son"


def test_after_silence_the_case_goes_on_as_it_is(
    line: Line, clock: Clock, history: Callable[[], list[tuple[str, str]]]
) -> None:
    line.text(NOISE)
    due = only(line).due_at
    goes_silent(line, clock)
    complaint = only(line)
    assert (complaint.asking, complaint.missing, complaint.state) == ("", ["place", "when"], "received")
    assert complaint.due_at == due
    assert history()[-1][0] == "went_on"
    assert len(line.inbox()) == 1


def test_what_is_said_later_still_joins_and_fills_and_nothing_more_is_asked(line: Line, clock: Clock) -> None:
    line.text(NOISE)
    goes_silent(line, clock)
    (reply,) = line.text("to 5 phuong Tay Son")
    assert "?" not in reply
    complaint = only(line)
    assert complaint.missing == ["when"]
    assert complaint.office_id is not None


def test_a_silence_is_over_once_however_many_clocks_run(
    line: Line, clock: Clock, history: Callable[[], list[tuple[str, str]]]
) -> None:
    line.text(NOISE)
    clock.moves(hours=49)
    assert [line.gateway.coach().batch(), line.gateway.coach().batch()] == [1, 0]
    assert [kind for kind, _ in history()].count("went_on") == 1


def asks(gateway: Gateway, reference: str, question: Question, *, stops_clock: bool = False) -> None:
    """An official asks; here with no preview to agree to but the one of this moment."""
    with gateway.database.write() as session:
        complaint = session.scalars(select(Complaint).where(Complaint.reference == reference)).one()
        official = session.scalars(select(Official).where(Official.username == "dau-moi-ankhe")).one()
        letter = Letter(
            Kind.QUESTION, "Tên và thôn?", seen=complaints.newest_line(session, complaint.id), asks=question
        )
        letter = replace(letter, proof=answering.preview(session, gateway.speech, complaint, letter).proof)
        writer = Writer(official.id, [role.name for role in official.roles])
        sent = answering.send(
            session,
            gateway.speech,
            gateway.handbook(session),
            complaint,
            letter,
            writer,
            now=gateway.now(),
            stops_clock=stops_clock,
        )
        assert isinstance(sent, Sent)


def test_an_official_asks_for_name_and_hamlet_and_they_stand_apart_from_the_place(line: Line) -> None:
    line.text("PA GT duong Quang Trung phuong Tay Son nhieu o ga")
    asks(line.gateway, only(line).reference or "", Question.NAME)
    line.text("Tran Thi Hoa, thon 2")
    complaint = only(line)
    assert complaint.facts == {"name": "Tran Thi Hoa", "home": "thon 2"}
    assert complaint.state == "assigned"
    assert "thon 2" not in (complaint.place or "")


def test_a_question_of_an_official_that_nobody_answers_holds_the_case_no_longer_than_a_week(
    line: Line, clock: Clock
) -> None:
    line.text("PA GT duong Quang Trung phuong Tay Son nhieu o ga")
    asks(line.gateway, only(line).reference or "", Question.FREE)
    assert only(line).state == "waiting"
    clock.moves(days=8)
    line.gateway.coach().batch()
    assert only(line).state == "assigned"


def test_name_and_hamlet_are_offered_where_nothing_is_missing_and_never_demanded(line: Line) -> None:
    (receipt,) = line.text("PA GT duong Quang Trung phuong Tay Son nhieu o ga")
    assert "Neu muon, xin nhan them ten va thon, to." in receipt
    assert only(line).asking == ""
    line.text("Tran Thi Hoa, thon 2")
    assert only(line).facts == {"name": "Tran Thi Hoa", "home": "thon 2"}


class TestWhereAQuestionStopsTheClock:
    """By the locality's rule the term waits with us."""

    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return {**environment, "SMSGW_QUESTION_STOPS_CLOCK": "yes"}

    def test_the_working_time_waited_is_added_to_the_term(
        self, line: Line, clock: Clock, history: Callable[[], list[tuple[str, str]]]
    ) -> None:
        line.text("PA HT den duong hu phuong Tay Son")
        due, looks = only(line).due_at, only(line).look_at
        assert due
        assert looks is None
        clock.moves(hours=24)
        line.text("hem 12 Quang Trung phuong Tay Son")
        complaint = only(line)
        assert complaint.due_at
        with line.gateway.database.read() as session:
            calendar = line.gateway.handbook(session).calendar
        waited = calendar.worked_between(complaint.received_at, clock())
        assert waited
        assert calendar.worked_between(due, complaint.due_at) == waited
        assert complaint.look_at is not None
        assert complaint.deadline_version == 2
        assert "term_waited" in [kind for kind, _ in history()]

    def test_after_silence_the_clock_goes_on(self, line: Line, clock: Clock) -> None:
        line.text("PA HT den duong hu phuong Tay Son")
        goes_silent(line, clock)
        assert only(line).look_at is not None


class TestWhereTheRowStopsTheClockToo:
    """Both rules of the locality are on: what the row of the term gives is not given twice."""

    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return {**environment, "SMSGW_QUESTION_STOPS_CLOCK": "yes"}

    @pytest.fixture
    def asked_twice(self, line: Line, clock: Clock) -> datetime:
        """A complaint of Monday morning, asked about at once and again a day later; its due moment before."""
        with line.gateway.database.write() as session:
            session.execute(update(DeadlineRule).values(pause_days=5))
        line.text("PA GT duong Quang Trung phuong Tay Son nhieu o ga")
        due = only(line).due_at
        assert due
        for _ in range(2):
            asks(line.gateway, only(line).reference or "", Question.FREE, stops_clock=True)
            clock.moves(hours=24)
        return due

    def test_a_wait_is_added_once_however_many_questions_were_asked(
        self, line: Line, clock: Clock, asked_twice: datetime, history: Callable[[], list[tuple[str, str]]]
    ) -> None:
        clock.moves(hours=24)
        line.text("hem 12 Quang Trung phuong Tay Son")
        with line.gateway.database.read() as session:
            calendar = line.gateway.handbook(session).calendar
        # Of Monday to Thursday morning Monday is no day of the term, Tuesday is a holiday, Wednesday is given back.
        assert only(line).due_at == calendar.after_days(asked_twice, 1)
        kinds = [kind for kind, _ in history()]
        assert (kinds.count("resumed"), kinds.count("term_waited")) == (1, 0)

    def test_a_clock_that_stands_is_still_looked_at_when_it_is_to_run_on(
        self, line: Line, clock: Clock, asked_twice: datetime, history: Callable[[], list[tuple[str, str]]]
    ) -> None:
        assert only(line).look_at is not None
        clock.moves(days=10)
        while line.gateway.chaser().batch():
            pass
        line.gateway.coach().batch()
        assert only(line).due_at > asked_twice
        kinds = [kind for kind, _ in history()]
        assert (kinds.count("resumed"), kinds.count("term_waited"), only(line).state) == (1, 0, "assigned")


def test_citizens_are_told_in_their_language(line: Line) -> None:
    line.text("EN", CITIZEN)
    (receipt,) = line.text(VAGUE_PLACE)
    assert receipt.endswith("Please text: at which road or hamlet, in which ward or commune?")


def test_one_complaint_that_cannot_go_on_holds_no_other_back(line: Line, clock: Clock) -> None:
    line.text(NOISE)
    line.text(NOISE, "+84900000002")
    with line.gateway.database.write() as session:
        session.execute(update(Complaint).where(Complaint.id == 1).values(asking="no such question", missing=None))
    clock.moves(hours=49)
    line.gateway.coach().batch()
    assert line.gateway.coach().batch() == 0
    assert [complaint.asking for complaint in line.complaints()] == ["no such question", ""]


@pytest.mark.postgres
def test_answers_and_silences_are_the_same_on_postgres(
    on_postgres: Gateway, pool: ThreadPoolExecutor, clock: Clock
) -> None:
    line = Line(on_postgres, pool)
    line.text(NOISE)
    line.text("to 5 phuong Tay Son")
    line.text(VAGUE_PLACE, "+84900000002")
    line.text("bong den cao ap truoc so 14 duong Quang Trung phuong Tay Son bi hong", "+84900000003")
    clock.moves(hours=49)
    while on_postgres.coach().batch():
        pass
    line.text("bo sung: van chua thay ai", "+84900000003")
    noise, road, lamp = line.complaints()
    assert (noise.facts["place"], noise.missing, noise.asking) == ("to 5 phuong Tay Son", ["when"], "")
    assert (road.missing, road.asking) == (["place"], "")
    assert line.texts()[-1].complaint_id == lamp.id
