"""An answer that its writer called back was never given: for its citizens, for the clock, for whoever reads the figures."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from smsgw.domain.histories import CALLED_BACK, standing
from smsgw.domain.histories import Line as Told
from smsgw.domain.progress import State
from smsgw.domain.statistics import Period
from smsgw.domain.workdays import VIETNAM
from smsgw.gateway import Gateway
from smsgw.services import answering, merging, picturing, reporting, undoing
from smsgw.services.answering import Kind, Letter, Sent, Writer
from smsgw.store import complaints, verdicts
from smsgw.store.officials import Scope
from smsgw.store.tables import Complaint, DeadlineRule, Official, Outgoing
from tests.conftest import Clock
from tests.services.conftest import CITIZEN, Line
from tests.services.test_verdicts import LAMP, LAMP_AGAIN, SECOND, kinds, merges, stands, ticks

LONG = "Thu nam to sua den da thay bong o to 5, to 6 va to 7, va se thay not day dien o to 8 va to 9 truoc ngay 15 thang 12."
MOMENTS = ("verdict", "verdict_asked_at", "verdict_at", "silence_at", "ending", "answered_at", "look_at", "due_at")


@pytest.fixture
def lamp(line: Line) -> Line:
    line.text(LAMP)
    return line


def writes(line: Line, text: str = LONG) -> Writer:
    """An answer that waits half a minute."""
    house = line.gateway
    with house.database.write() as session:
        complaint = session.get_one(Complaint, line.complaints()[0].id)
        writer = Writer(session.scalars(select(Official.id)).first() or 0, ["officer"])
        letter = Letter(Kind.ANSWER, text, seen=complaints.newest_line(session, complaint.id))
        proof = answering.preview(session, house.speech, complaint, letter).proof
        agreed, handbook = Letter(Kind.ANSWER, text, proof, letter.seen), house.handbook(session)
        now, goes_at = house.now(), house.now() + timedelta(seconds=30)
        sent = answering.send(session, house.speech, handbook, complaint, agreed, writer, now=now, goes_at=goes_at)
    assert isinstance(sent, Sent)
    return writer


def calls_back(line: Line, writer: Writer) -> bool:
    house = line.gateway
    with house.database.write() as session:
        complaint = session.get_one(Complaint, line.complaints()[0].id)
        return undoing.call_back(session, complaint, writer, now=house.now())


def moments(line: Line) -> list[list[object]]:
    return [[getattr(one, name) for name in MOMENTS] for one in line.complaints()]


def letters(house: Gateway, phone: str) -> list[tuple[str, str]]:
    mine = Outgoing.recipient == phone, Outgoing.kind.in_(("OfficeAnswer", "AskVerdict"))
    with house.database.read() as session:
        query = select(Outgoing.kind, Outgoing.state).where(*mine).order_by(Outgoing.id)
        return [(row.kind, row.state) for row in session.execute(query)]


def test_neither_the_answer_nor_the_question_behind_it_goes_to_any_reporter(lamp: Line, clock: Clock) -> None:
    clock.moves(hours=1)
    lamp.text(LAMP_AGAIN, SECOND)
    merges(lamp)
    before = moments(lamp)
    writer = writes(lamp)
    ticks(lamp)
    assert calls_back(lamp, writer)
    clock.moves(minutes=20)
    ticks(lamp)
    for phone in (CITIZEN, SECOND):
        assert letters(lamp.gateway, phone) == [("OfficeAnswer", "cancelled"), ("AskVerdict", "cancelled")]
    assert moments(lamp) == before
    assert [stands(lamp, n) for n in (0, 1)] == [State.ASSIGNED, State.ASSIGNED]


@pytest.mark.parametrize("said", ["1", "2", "1 10008"])
def test_no_digit_is_about_an_answer_that_has_yet_to_go_or_was_called_back(lamp: Line, clock: Clock, said: str) -> None:
    writer = writes(lamp)
    lamp.text(said)
    assert "answered" in kinds(lamp)
    assert not {"confirmed", "not_done"} & set(kinds(lamp))
    if kinds(lamp)[-1] == "answered":
        assert calls_back(lamp, writer)
        lamp.text(said)
        assert stands(lamp) is State.ASSIGNED
        assert not {"confirmed", "not_done"} & set(kinds(lamp))


def test_once_it_has_gone_a_digit_is_about_it(lamp: Line, clock: Clock) -> None:
    writes(lamp)
    clock.moves(seconds=31)
    lamp.works()
    lamp.text("1")
    assert stands(lamp) is State.CLOSED


def test_no_figure_knows_it_as_an_answer(lamp: Line, clock: Clock) -> None:
    writer = writes(lamp, "Da ghi nhan.")
    began = lamp.gateway.now()
    clock.moves(seconds=10)
    day = clock.at.astimezone(VIETNAM).date()
    assert calls_back(lamp, writer)
    with lamp.gateway.database.read() as session:
        calendar = lamp.gateway.handbook(session).calendar
        clock.moves(seconds=1)
        told = reporting.reported(session, Period(day, day), clock.at, calendar).figures
        assert (told.answered, told.in_hand.total) == (0, 1)
        then = reporting.reported(session, Period(day, day), began + timedelta(seconds=5), calendar).figures
        assert then.answered == 1, "as it stood before it was called back"
        assert verdicts.counted(session, began - timedelta(days=1), clock.at)["answered"] == 0
        assert picturing.dressed(session, Period(day, day), clock.at).little == 0


def test_a_clock_that_stood_stands_again_in_the_history_too(lamp: Line, clock: Clock) -> None:
    house = lamp.gateway
    with house.database.write() as session:
        session.execute(update(DeadlineRule).values(pause_days=3))
        complaint = session.get_one(Complaint, lamp.complaints()[0].id)
        letter = Letter(Kind.QUESTION, "Tru den so may?", seen=complaints.newest_line(session, complaint.id))
        proof = answering.preview(session, house.speech, complaint, letter).proof
        asked, writer = Letter(letter.kind, letter.text, proof, letter.seen), Writer(1, ["officer"])
        handbook = house.handbook(session)
        answering.send(session, house.speech, handbook, complaint, asked, writer, now=house.now(), stops_clock=True)
    assert lamp.complaints()[0].due_at is None
    clock.moves(hours=2)
    assert calls_back(lamp, writes(lamp))
    with house.database.read() as session:
        lines = [Told(one.kind, one.at, one.details) for one in complaints.history(session, 1)]
    assert lines[-1].kind == CALLED_BACK
    stood = standing(lines, clock.at + timedelta(seconds=1), None)
    assert (stood.due_at, stood.settled_at, stood.answered) == (None, None, False)


def test_what_was_answered_stays_so_when_what_it_is_handled_with_goes_with_an_older_one(
    lamp: Line, clock: Clock
) -> None:
    house = lamp.gateway
    for phone in (SECOND, "+84900000003"):
        clock.moves(hours=1)
        lamp.text(LAMP_AGAIN, phone)
    oldest, main, part = lamp.complaints()
    with house.database.write() as session:
        answered = session.get_one(Complaint, part.id)
        answered.state, answered.answered_at, answered.merged_into_id = "answered", clock.at, main.id
        scope, names = Scope(frozenset({main.unit_id})), (oldest.reference or "", main.reference or "")
        merging.merge(session, house.handbook(session), scope, names, 1, house.now())
    assert [one.state for one in lamp.complaints()] == ["assigned", "assigned", "answered"]
    assert lamp.complaints()[2].merged_into_id == oldest.id
