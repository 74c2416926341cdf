"""Officials hear of a deadline: each stage once, however many clocks run, and only of what is still open."""

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, update

from smsgw.domain.notices import Lane
from smsgw.domain.workdays import VIETNAM
from smsgw.gateway import Gateway
from smsgw.services import citizens, passing
from smsgw.services.answering import Writer
from smsgw.services.outlook import would_tell
from smsgw.store import alerts, officials, outbox
from smsgw.store.database import StoreError
from smsgw.store.outbox import Draft
from smsgw.store.tables import AlertRow, Complaint, Official, Outgoing
from tests.conftest import Clock
from tests.services.conftest import CITIZEN, Line

END_OF_TIME = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)  # has no local time in Vietnam
OFFICE, HEAD, LEADER = "+84900000103", "+84900000104", "+84900000102"


def _filed(line: Line) -> Complaint:
    """A complaint that lies with phòng Kinh tế of phường An Khê, due in five working days."""
    line.text("PA GT duong Quang Trung phuong Tay Son hu nang")
    with line.gateway.database.write() as session:
        handbook = line.gateway.handbook(session)
        unit = handbook.by_code["23617"]
        office = handbook.by_code["23617-kt"]
        session.execute(
            update(Complaint).values(
                unit_id=unit.id, office_id=office.id, state="assigned", category="GT", unopened_since=None
            )
        )
    return line.complaints()[0]


def _chase(line: Line) -> None:
    line.ticks()


def _stage(words: str) -> str:
    return words.partition(": ")[2].partition(",")[0]


def test_each_stage_is_told_once_silence_climbs_and_the_leader_hears_what_is_overdue(line: Line, clock: Clock) -> None:
    complaint = _filed(line)
    assert complaint.due_at
    clock.moves(days=3)  # Thursday morning
    for _ in range(12 * 7):
        clock.moves(hours=2)
        if 7 <= clock.at.astimezone(VIETNAM).hour <= 17:
            line.dawns()
    told = [words for words in line.inbox(OFFICE) if words.startswith("HAN")]
    assert [_stage(words) for words in told] == ["sap den han", "den han", "QUA HAN"]
    (digest, *_) = [words for words in line.inbox(OFFICE) if words.startswith("Ngay")]
    assert "sap toi han 1" in digest  # half of the time has passed: that can wait for the morning
    climbed, overdue = [words for words in line.inbox(HEAD) if words.startswith("HAN")]
    assert (_stage(climbed), _stage(overdue)) == ("sap den han", "QUA HAN")
    assert "Chua ai nhan." in climbed
    climbed, overdue = [words for words in line.inbox(LEADER) if words.startswith("HAN")]
    assert (_stage(climbed), _stage(overdue)) == ("den han", "QUA HAN")


def test_after_a_long_silence_only_the_latest_stage_is_told(line: Line, clock: Clock) -> None:
    _filed(line)
    clock.moves(days=30)
    _chase(line)
    assert len(line.inbox(OFFICE)) == 1


@pytest.mark.parametrize("days", [1, 40])
def test_a_clock_that_is_put_back_tells_no_stage_a_second_time(line: Line, clock: Clock, days: int) -> None:
    _filed(line)
    for _ in range(12):
        clock.moves(days=1)
        _chase(line)
    told = line.outbox(OFFICE), line.outbox(LEADER)
    clock.moves(days=-days)
    for _ in range(days + 2):
        _chase(line)
        clock.moves(days=1)
    assert (line.outbox(OFFICE), line.outbox(LEADER)) == told


def test_an_alert_never_carries_the_citizens_number_or_words(line: Line, clock: Clock) -> None:
    complaint = _filed(line)
    clock.moves(days=30)
    _chase(line)
    (alert,) = line.inbox(LEADER)
    assert complaint.reference
    assert complaint.reference in alert
    assert "Quang Trung" not in alert
    assert "900000001" not in alert


def test_a_question_to_the_citizen_silences_no_deadline(line: Line, clock: Clock) -> None:
    _filed(line)
    with line.gateway.database.write() as session:
        session.execute(update(Complaint).values(state="waiting"))
    clock.moves(days=30)
    _chase(line)
    assert len(line.inbox(LEADER)) == 1


@pytest.mark.parametrize("state", ["answered", "withdrawn"])
def test_nobody_is_alerted_about_what_is_answered_or_withdrawn(line: Line, clock: Clock, state: str) -> None:
    _filed(line)
    with line.gateway.database.write() as session:
        session.execute(update(Complaint).values(state=state))
    clock.moves(days=30)
    _chase(line)
    assert line.inbox(OFFICE) == []


def test_a_look_ahead_names_who_would_be_told_and_sends_nothing(line: Line, clock: Clock) -> None:
    complaint = _filed(line)
    assert complaint.due_at
    with line.gateway.database.read() as session:
        alerts = would_tell(session, line.gateway.handbook(session), complaint.due_at).alerts
    assert {(alert.official.phone, alert.stage) for alert in alerts} == {(OFFICE, "due")}
    assert line.inbox(OFFICE) == []


def test_one_complaint_whose_sum_fails_does_not_hold_up_the_others(line: Line, clock: Clock) -> None:
    _filed(line)
    line.text("PA GT duong Le Loi phuong Tay Son hu nang", "+84900000002")
    broken, healthy = line.complaints()
    with line.gateway.database.write() as session:
        session.execute(update(Complaint).where(Complaint.id == broken.id).values(due_at=END_OF_TIME))
    clock.moves(days=40)
    _chase(line)
    with line.gateway.database.read() as session:
        told = session.scalars(select(Outgoing.complaint_id).where(Outgoing.kind == "DeadlineAlert")).all()
    assert set(told) == {healthy.id}


def test_a_database_in_trouble_puts_no_alert_off(on_postgres: Gateway, clock: Clock, pool: object) -> None:
    line = Line(on_postgres, pool)  # type: ignore[arg-type]
    complaint = _filed(line)
    clock.moves(days=30)
    other = draft(f"alert:{complaint.id}:answer:overdue:{complaint.deadline_version}:{OFFICE}")
    with on_postgres.database.read() as slow:
        outbox.put(slow, other, clock.at)  # not committed: whoever wants the same key waits for it
        on_postgres.chaser().batch()
        with pytest.raises(StoreError):
            on_postgres.bundler().batch()
        slow.rollback()
    _chase(line)
    assert len(line.inbox(OFFICE)) == 1


def test_a_clock_does_not_wait_for_who_waits_for_it(on_postgres: Gateway, clock: Clock, pool: object) -> None:
    """An official's act locks the citizen, then the complaint, which the clock has: it must not ask for the citizen then."""
    line = Line(on_postgres, pool)  # type: ignore[arg-type]
    _filed(line)
    clock.moves(days=30)
    with on_postgres.database.write() as act:
        citizens.citizen_of(act, CITIZEN, clock.at)
        assert on_postgres.chaser().batch() == 1
    assert line.complaints()[0].stage == "overdue"


def draft(key: str) -> Draft:
    return Draft(key, "DeadlineAlert", Lane.REMINDER, OFFICE, "tin", segments=1)


def _race(house: Gateway, clocks: int) -> None:
    together = Barrier(clocks)

    def run() -> None:
        together.wait()
        while house.chaser().batch() or house.bundler().batch():
            pass

    threads = [Thread(target=run) for _ in range(clocks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("where", ["gateway", "on_postgres"])
def test_five_clocks_at_once_tell_each_alert_once(
    where: str, request: pytest.FixtureRequest, clock: Clock, pool: object
) -> None:
    house: Gateway = request.getfixturevalue(where)
    line = Line(house, pool)  # type: ignore[arg-type]
    for number in range(30):
        line.arrives("PA GT duong Quang Trung phuong Tay Son hu nang", f"+8490000{number:04}")
    line.works()
    clock.moves(days=30)
    _race(house, 5)
    while house.bundler().batch():
        pass
    with house.database.read() as session:
        laid = session.execute(select(AlertRow.complaint_id, AlertRow.phone, AlertRow.stage)).all()
        told = session.scalars(select(AlertRow.outbox_id)).all()
        texts = session.scalars(select(Outgoing.id).where(Outgoing.kind.in_(("DeadlineAlert", "ManyAlerts")))).all()
    assert len(laid) == len(set(laid))
    assert len({complaint for complaint, *_ in laid}) == 30
    assert set(told) == set(texts)


def test_what_one_clock_is_telling_an_official_no_other_clock_halves(
    on_postgres: Gateway, clock: Clock, pool: object
) -> None:
    line = Line(on_postgres, pool)  # type: ignore[arg-type]
    for number in range(10):
        line.arrives("PA GT duong Quang Trung phuong Tay Son hu nang", f"+8490000{number:04}")
    line.works()
    clock.moves(days=30)
    while on_postgres.chaser().batch():
        pass
    with on_postgres.database.write() as other:
        for official in alerts.whose(other, urgent=False, limit=10):
            officials.take(other, official)
        assert on_postgres.bundler().batch() == 0
    while on_postgres.bundler().batch():
        pass
    with on_postgres.database.read() as session:
        texts = session.scalars(select(Outgoing).where(Outgoing.kind.in_(("DeadlineAlert", "ManyAlerts")))).all()
    assert {(text.kind, text.recipient) for text in texts} == {("ManyAlerts", text.recipient) for text in texts}
    assert len({text.recipient for text in texts}) == len(texts) > 0


def test_an_office_that_is_handed_an_overdue_complaint_hears_of_it_and_the_leader_not_again(
    line: Line, clock: Clock
) -> None:
    _filed(line)
    clock.moves(days=30)
    _chase(line)
    with line.gateway.database.write() as session:
        handbook = line.gateway.handbook(session)
        complaint = session.scalars(select(Complaint)).one()
        police = handbook.by_code["23617-ca"].id
        writer = Writer(
            session.scalars(select(Official.id).where(Official.username == "canbo-kinhte")).one(), {"officer"}
        )
        passing.pass_on(
            session,
            line.gateway.speech,
            handbook,
            complaint,
            writer,
            office_id=police,
            reason="viec cua cong an",
            now=clock(),
        )
    _chase(line)
    assert len(line.inbox("+84900000105")) == 1
    assert len(line.inbox(LEADER)) == 1
