"""A clock that waits for the citizen: nothing is late and nobody is alerted meanwhile, and what was left follows."""

from datetime import datetime

import pytest
from sqlalchemy import select, update

from smsgw.domain.workdays import VIETNAM
from smsgw.gateway import Gateway
from smsgw.services import answering, merging, pausing
from smsgw.services.answering import Kind, Letter, Writer
from smsgw.store import complaints, dues
from smsgw.store.officials import Scope
from smsgw.store.tables import AlertRow, Complaint, DeadlineRule, Event, Outgoing
from tests.conftest import Clock
from tests.handlers.desks import filed, row, texts

OFFICER = Writer(1, {"officer"})


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Gateway:
    """A house in which a question stops the clock, for five working days at most."""
    gateway: Gateway = request.getfixturevalue("gateway" if request.param == "sqlite" else "on_postgres")
    with gateway.database.write() as session:
        session.execute(update(DeadlineRule).values(pause_days=5))
    return gateway


def writes(house: Gateway, reference: str, kind: Kind, text: str) -> answering.Outcome:
    with house.database.write() as session:
        complaint = session.scalars(select(Complaint).where(Complaint.reference == reference)).one()
        letter = Letter(kind, text, seen=complaints.newest_line(session, complaint.id))
        proof = answering.preview(session, house.speech, complaint, letter).proof
        agreed = Letter(kind, text, proof, letter.seen)
        return answering.send(
            session, house.speech, house.handbook(session), complaint, agreed, OFFICER, now=house.now()
        )


def asked(house: Gateway) -> str:
    """A complaint of Monday 09:00, due in three working days, on which the office asked at once."""
    reference = filed(house)
    writes(house, reference, Kind.QUESTION, "Hem 12 nao?")
    return reference


def chases(house: Gateway) -> None:
    while house.chaser().batch() or house.bundler().batch():
        pass


def history(house: Gateway, reference: str) -> list[Event]:
    with house.database.read() as session:
        return list(
            session.scalars(select(Event).join(Complaint).where(Complaint.reference == reference).order_by(Event.id))
        )


def test_a_question_stops_the_clock_and_a_stopped_one_is_neither_late_nor_chased(house: Gateway, clock: Clock):
    reference = asked(house)
    complaint = row(house, reference)
    assert (complaint.due_at, complaint.due_before_pause) == (None, local("2026-11-27 17:00"))
    clock.at = local("2026-11-30 08:00")
    chases(house)
    with house.database.read() as session:
        assert dues.due_by(session, clock()) == []
        assert session.scalars(select(Outgoing).where(Outgoing.kind == "DeadlineAlert")).all() == []


def test_a_question_stops_nothing_where_the_row_does_not_say_so(gateway: Gateway):
    reference = asked(gateway)
    assert row(gateway, reference).due_at == local("2026-11-27 17:00")
    assert [line.kind for line in history(gateway, reference)] == ["received", "asked"]


def test_with_the_reply_what_was_left_follows_and_the_citizen_reads_the_new_date(house: Gateway, clock: Clock):
    reference = asked(house)
    clock.at = local("2026-11-26 10:00")
    replies(house, "hem 12 duong Quang Trung")
    complaint = row(house, reference)
    assert complaint.state == "assigned"
    # The days whose close it stood through are the 23rd, on which it came, and the 25th; the 24th is a holiday.
    assert complaint.due_at == local("2026-11-30 17:00")
    assert texts(house)[-1].body == f"So {reference}: da ghi them tin cua ong/ba. Tra loi truoc 17h 30/11."
    resumed = history(house, reference)[-1]
    assert resumed.kind == "resumed"
    assert (resumed.details["why"], resumed.details["due"]) == ("replied", complaint.due_at.isoformat())


def replies(house: Gateway, body: str) -> None:
    from smsgw.domain.messages import SmsReceived
    from smsgw.services import intake

    sms = SmsReceived("simulator", "demo", f"r{house.now()}", "+84900001234", "8079", body)
    with house.database.write() as session:
        intake.receive(session, sms, house.now())
    while house.listener().batch():
        pass


def test_without_a_reply_it_runs_on_by_itself_from_then_on(house: Gateway, clock: Clock):
    reference = asked(house)
    clock.at = local("2026-12-02 08:00")  # the five days end with the 1st of December; nobody looked since
    chases(house)
    complaint = row(house, reference)
    assert (complaint.paused_at, complaint.state) == (None, "waiting")
    assert complaint.due_at == local("2026-12-04 17:00")
    (told,) = [text for text in texts(house) if text.kind == "NewDate"]
    assert "17h 4/12" in told.body
    chases(house)
    assert len([text for text in texts(house) if text.kind == "NewDate"]) == 1


def test_alerts_go_on_where_they_were_and_none_is_told_twice(house: Gateway, clock: Clock):
    reference = filed(house)
    clock.at = local("2026-11-26 14:00")
    chases(house)
    before = alerts(house)
    assert {stage for stage, _ in before} == {"half"}
    writes(house, reference, Kind.QUESTION, "Hem 12 nao?")
    clock.at = local("2026-11-28 08:00")
    replies(house, "hem 12 duong Quang Trung")
    assert row(house, reference).due_at == local("2026-12-01 17:00")
    chases(house)
    assert alerts(house) == before
    for day in ("2026-11-30 17:00", "2026-12-01 11:00", "2026-12-01 17:00", "2026-12-02 07:00"):
        clock.at = local(day)
        chases(house)
    told = [stage for stage, _ in alerts(house)]
    assert sorted(set(told)) == ["due", "half", "near", "overdue"]
    assert len(alerts(house)) == len(set(alerts(house)))


def alerts(house: Gateway) -> list[tuple[str, str]]:
    """Stage and phone of every alert."""
    with house.database.read() as session:
        laid = select(AlertRow.stage, AlertRow.phone).where(AlertRow.stage != "unopened").order_by(AlertRow.id)
        return [(stage, phone) for stage, phone in session.execute(laid)]


def test_an_answer_ends_a_stop(house: Gateway, clock: Clock):
    reference = asked(house)
    clock.at = local("2026-11-30 10:00")
    writes(house, reference, Kind.ANSWER, "Da thay bong den.")
    complaint = row(house, reference)
    assert (complaint.state, complaint.paused_at) == ("answered", None)
    assert complaint.due_at == local("2026-12-02 17:00")


def test_what_is_overdue_is_not_stopped(house: Gateway, clock: Clock):
    reference = filed(house)
    clock.at = local("2026-11-30 08:00")
    writes(house, reference, Kind.QUESTION, "Hem 12 nao?")
    assert row(house, reference).due_at == local("2026-11-27 17:00")


def test_a_clock_that_runs_is_not_let_run_on(house: Gateway):
    reference = filed(house)
    with house.database.write() as session:
        complaint = session.scalars(select(Complaint).where(Complaint.reference == reference)).one()
        handbook = house.handbook(session)
        assert not pausing.resume(session, handbook, complaint, pausing.Why.GOES_ON, now=house.now())


def goes_alone(house: Gateway, reference: str) -> None:
    with house.database.write() as session:
        part = session.scalars(select(Complaint).where(Complaint.reference == reference)).one()
        merging.separate(session, house.handbook(session), part, house.now(), OFFICER.id)


def of_two(house: Gateway, *, asks_first: bool) -> tuple[str, str]:
    """The main complaint and the one that goes with it; the office asked on the latter before or after they were merged."""
    main, part = filed(house, phone="+84900001235"), filed(house)
    if asks_first:
        writes(house, part, Kind.QUESTION, "Hem 12 nao?")
    with house.database.write() as session:
        scope = Scope(frozenset({row(house, part).unit_id}))
        merging.merge(session, house.handbook(session), scope, (main, part), OFFICER.id, house.now())
    if not asks_first:
        writes(house, part, Kind.QUESTION, "Hem 12 nao?")
    return main, part


def test_a_complaint_that_goes_with_another_waits_for_nobody_and_is_not_looked_at(house: Gateway):
    _, part = of_two(house, asks_first=True)
    complaint = row(house, part)
    assert (complaint.paused_at, complaint.due_before_pause, complaint.look_at) == (None, None, None)
    assert complaint.due_at == local("2026-11-27 17:00")


@pytest.mark.parametrize("asks_first", [True, False])
def test_taken_apart_its_clock_runs_and_it_is_chased(house: Gateway, clock: Clock, asks_first: bool):
    _, part = of_two(house, asks_first=asks_first)
    clock.moves(hours=1)
    goes_alone(house, part)
    complaint = row(house, part)
    assert (complaint.state, complaint.paused_at, complaint.due_at) == ("assigned", None, local("2026-11-27 17:00"))
    clock.at = local("2026-12-01 08:00")
    chases(house)
    assert row(house, part).stage == "overdue"


def test_one_that_was_answered_while_its_clock_stood_runs_when_it_is_opened_again(house: Gateway, clock: Clock):
    main, part = of_two(house, asks_first=False)
    writes(house, main, Kind.ANSWER, "Da thay bong den.")
    assert (row(house, part).state, row(house, part).due_at) == ("answered", None)
    clock.at = local("2026-11-30 10:00")
    goes_alone(house, part)
    complaint = row(house, part)
    assert (complaint.state, complaint.paused_at, complaint.due_before_pause) == ("assigned", None, None)
    assert complaint.due_at == local("2026-12-03 17:00")
    assert complaint.look_at is not None


@pytest.fixture
def patient(house: Gateway) -> Gateway:
    """A question stops the clock for ten working days, which is longer than a reply is waited for elsewhere."""
    with house.database.write() as session:
        session.execute(update(DeadlineRule).values(pause_days=10))
    return house


def test_a_long_stop_lasts_its_days_and_the_citizen_reads_the_new_date(patient: Gateway, clock: Clock):
    reference = asked(patient)
    clock.at = local("2026-12-04 08:00")
    assert patient.coach().batch() == 0
    chases(patient)
    assert row(patient, reference).paused_at is not None
    clock.at = local("2026-12-08 17:00")
    assert patient.coach().batch() == 0, "whoever ends the stop tells the citizen"
    chases(patient)
    assert patient.coach().batch() == 1
    complaint = row(patient, reference)
    assert (complaint.state, complaint.asking, complaint.paused_at) == ("assigned", "", None)
    assert [line.details["why"] for line in history(patient, reference) if line.kind == "resumed"] == ["no_reply"]
    assert len([text for text in texts(patient) if text.kind == "NewDate"]) == 1


def test_while_the_clock_stands_a_reply_is_understood_as_one(patient: Gateway, clock: Clock):
    reference = asked(patient)
    clock.moves(days=1)
    writes(patient, reference, Kind.QUESTION, "So nha nao?")
    clock.at = local("2026-12-04 08:00")
    replies(patient, "so 14")
    complaint = row(patient, reference)
    assert (complaint.state, complaint.asking, complaint.paused_at) == ("assigned", "", None)
    assert history(patient, reference)[-1].details["why"] == "replied"
