"""The right phone at the right hour: the roster, deputies, silence that climbs, cases that nobody opens, the day's digest."""

from dataclasses import replace
from datetime import date, time

import pytest
from sqlalchemy import select, update

from smsgw.domain.deadlines import Counting, Level, Measure, Step
from smsgw.domain.shifts import Shift
from smsgw.services import acknowledging, duty, passing
from smsgw.services.answering import Writer
from smsgw.services.duty import Absence, DutyError
from smsgw.services.outlook import would_tell
from smsgw.services.terms import NewTerm, set_term
from smsgw.store.tables import Alarm, AlertRow, Complaint, Event, Official, Outgoing, Unit
from smsgw.text.fit import measure
from tests.conftest import Clock
from tests.services.conftest import Line

TODAY = date(2026, 11, 23)
DUTY, FOCAL, LEADER, OFFICE, HEAD, POLICE = (
    "+84900000100",
    "+84900000101",
    "+84900000102",
    "+84900000103",
    "+84900000104",
    "+84900000105",
)
FIRE = "CHAY NHA o hem 12 phuong Tay Son cuu voi"
ROAD = "PA GT duong Quang Trung phuong Tay Son hu nang"


def person(line: Line, phone: str) -> Official:
    with line.gateway.database.read() as session:
        found = session.scalars(select(Official).where(Official.phone == phone)).one()
        _ = found.unit, found.roles
        return found


def watches(line: Line, phone: str, shift: Shift, unit: str = "23617") -> None:
    with line.gateway.database.write() as session:
        home = session.scalars(select(Unit).where(Unit.code == unit, Unit.valid_to.is_(None))).one()
        who = session.scalars(select(Official).where(Official.phone == phone)).one()
        duty.add_shift(session, home, who, shift, today=TODAY)


def goes_on_leave(line: Line, phone: str, deputy: str, first: date = TODAY, last: date = date(2026, 12, 31)) -> None:
    with line.gateway.database.write() as session:
        people = {one.phone: one for one in session.scalars(select(Official))}
        duty.add_leave(session, Absence(people[phone], people[deputy], first, last), today=TODAY)


def road(line: Line, **changed: object) -> Complaint:
    """A complaint that lies with phòng Kinh tế of phường An Khê, due on Tuesday week at 17:00; it was opened."""
    line.text(ROAD)
    with line.gateway.database.write() as session:
        handbook = line.gateway.handbook(session)
        desk = {"unit_id": handbook.by_code["23617"].id, "office_id": handbook.by_code["23617-kt"].id}
        newest = line.complaints()[-1].id
        values = {**desk, "state": "assigned", "unopened_since": None, **changed}
        session.execute(update(Complaint).where(Complaint.id == newest).values(values))
    return line.complaints()[-1]


def alerts(line: Line, phone: str) -> list[str]:
    """What this phone was texted of deadlines, without the digests."""
    return [words for words in line.outbox(phone) if not words.startswith("Ngay")]


def to_the_afternoon_before_it_is_due(clock: Clock) -> None:
    clock.moves(days=8, hours=2)  # Tuesday 1 December, 11:00: four working hours before


class TestTheRoster:
    def test_a_danger_is_texted_to_whoever_is_on_watch_and_not_to_the_duty_phone(self, line: Line) -> None:
        watches(line, FOCAL, Shift(TODAY, TODAY))
        line.text(FIRE)
        assert (len(line.inbox(FOCAL)), len(line.inbox(DUTY))) == (1, 0)

    @pytest.mark.slow
    def test_outside_the_hours_of_the_roster_it_is_the_duty_phone(self, line: Line, clock: Clock) -> None:
        watches(line, FOCAL, Shift(TODAY, TODAY, time(19), time(7)))
        line.text(FIRE)
        clock.moves(hours=14)
        line.text("dang chem nhau o cho phuong Tay Son, co nguoi chay mau nhieu", "+84900000002")
        assert (len(line.inbox(DUTY)), len(line.inbox(FOCAL))) == (1, 1)

    def test_who_is_on_watch_and_away_is_stood_in_for(self, line: Line) -> None:
        watches(line, FOCAL, Shift(TODAY, TODAY))
        goes_on_leave(line, FOCAL, LEADER)
        line.text(FIRE)
        assert (len(line.inbox(FOCAL)), len(line.inbox(LEADER))) == (0, 1)

    def test_a_row_is_refused_that_would_reach_nobody_or_a_stranger(self, line: Line) -> None:
        for phone, shift in (
            ("+84900000201", Shift(TODAY, TODAY)),
            (FOCAL, Shift(date(2026, 11, 20), date(2026, 11, 21))),
        ):
            with pytest.raises(DutyError):
                watches(line, phone, shift)

    @pytest.mark.slow
    def test_the_same_row_twice_is_one(self, line: Line) -> None:
        for _ in range(2):
            watches(line, FOCAL, Shift(TODAY, TODAY))
        line.text(FIRE)
        assert len(line.inbox(FOCAL)) == 1


class TestLeave:
    def test_alerts_go_to_the_deputy_who_reads_in_whose_place_and_afterwards_back(
        self, line: Line, clock: Clock
    ) -> None:
        road(line)
        goes_on_leave(line, OFFICE, POLICE, last=date(2026, 12, 1))
        to_the_afternoon_before_it_is_due(clock)
        line.ticks()
        (told,) = alerts(line, POLICE)
        assert "Thay Can bo phong Kinh te An Khe" in told
        assert alerts(line, OFFICE) == []
        clock.moves(days=1)  # overdue since this morning
        line.ticks()
        assert "QUA HAN" in alerts(line, OFFICE)[-1]
        assert len(alerts(line, POLICE)) == 1

    def test_where_the_deputy_is_away_too_the_head_hears(self, line: Line, clock: Clock) -> None:
        road(line)
        goes_on_leave(line, OFFICE, POLICE)
        goes_on_leave(line, POLICE, FOCAL)
        to_the_afternoon_before_it_is_due(clock)
        line.ticks()
        assert [len(alerts(line, phone)) for phone in (OFFICE, POLICE, HEAD)] == [0, 0, 1]

    @pytest.mark.slow
    def test_with_everybody_away_somebody_is_texted_all_the_same(self, line: Line, clock: Clock) -> None:
        road(line)
        with line.gateway.database.write() as session:
            session.execute(update(Official).where(Official.phone.not_in((OFFICE, POLICE))).values(phone=""))
        goes_on_leave(line, OFFICE, POLICE)
        with line.gateway.database.write() as session:
            session.execute(update(Official).where(Official.phone == POLICE).values(phone=""))
        to_the_afternoon_before_it_is_due(clock)
        line.ticks()
        assert len(alerts(line, OFFICE)) == 1

    @pytest.mark.slow
    def test_a_leave_is_refused_that_overlaps_or_whose_deputy_sees_no_case_of_the_unit(self, line: Line) -> None:
        goes_on_leave(line, OFFICE, POLICE)
        for who, deputy in ((OFFICE, HEAD), (HEAD, HEAD), (HEAD, "+84900000203")):
            with pytest.raises(DutyError):
                goes_on_leave(line, who, deputy)

    @pytest.mark.slow
    def test_who_is_back_early_hears_again_from_today_on(self, line: Line, clock: Clock) -> None:
        goes_on_leave(line, OFFICE, POLICE)
        road(line)
        to_the_afternoon_before_it_is_due(clock)
        with line.gateway.database.write() as session:
            duty.end_leave(session, 1, today=date(2026, 12, 1))
        line.ticks()
        assert (len(alerts(line, OFFICE)), len(alerts(line, POLICE))) == (1, 0)


class TestSilence:
    @pytest.mark.parametrize("act", ["acknowledge", "opened"])
    def test_acknowledging_stops_the_climb_and_not_the_clock(self, line: Line, clock: Clock, act: str) -> None:
        road(line)
        to_the_afternoon_before_it_is_due(clock)
        line.ticks()
        with line.gateway.database.write() as session:
            complaint = session.scalars(select(Complaint)).one()
            if act == "opened":
                acknowledging.opened(session, complaint, person(line, OFFICE).id, {"officer"}, clock())
            else:
                acknowledging.acknowledge(session, complaint, person(line, OFFICE).id, clock())
        clock.moves(hours=5)
        line.ticks()
        assert alerts(line, HEAD) == []
        clock.moves(days=1)
        line.ticks()
        assert "QUA HAN" in alerts(line, HEAD)[0]

    def test_reading_of_a_danger_does_not_quieten_it(self, line: Line, clock: Clock) -> None:
        line.text(FIRE)
        with line.gateway.database.write() as session:
            complaint = session.scalars(select(Complaint)).one()
            acknowledging.opened(session, complaint, person(line, FOCAL).id, {"focal"}, clock())
        clock.moves(minutes=11)
        line.ticks()
        assert any("chua ai" in words.lower() for words in line.inbox(LEADER))

    @pytest.mark.slow
    def test_an_answer_before_the_climb_leaves_the_head_in_peace(self, line: Line, clock: Clock) -> None:
        road(line)
        to_the_afternoon_before_it_is_due(clock)
        line.ticks()
        with line.gateway.database.write() as session:
            session.execute(update(Complaint).values(state="answered"))
        clock.moves(days=2)
        line.ticks()
        assert alerts(line, HEAD) == []

    def test_a_case_that_nobody_opens_is_told_to_the_head_once(self, line: Line, clock: Clock) -> None:
        road(line, unopened_since=clock())
        clock.moves(days=2, minutes=-30)  # Tuesday was a holiday: eight working hours are over on Wednesday at nine
        line.ticks()
        assert alerts(line, HEAD) == []
        clock.moves(hours=1)
        for _ in range(3):
            line.ticks()
        (told,) = alerts(line, HEAD)
        assert told.startswith(f"So {line.complaints()[0].reference}: ")
        assert "9h 23/11" in told
        assert measure(told).segments == 1

    @pytest.mark.slow
    def test_in_triage_it_is_the_leader_and_passing_on_begins_anew(self, line: Line, clock: Clock) -> None:
        complaint = road(line, unopened_since=clock(), office_id=None, state="received", triage_reason="no_office")
        clock.moves(days=2, hours=2)
        line.ticks()
        assert len(alerts(line, LEADER)) == 1
        with line.gateway.database.write() as session:
            handbook = line.gateway.handbook(session)
            office = handbook.by_code["23617-kt"].id
            writer = Writer(person(line, FOCAL).id, {"focal"})
            held = session.get_one(Complaint, complaint.id)
            passing.assign(session, handbook, held, writer, category="GT", office_id=office, now=clock())
        line.ticks()
        assert alerts(line, HEAD) == []
        clock.moves(days=1, hours=2)
        line.ticks()
        assert any("chua ai" in words for words in alerts(line, HEAD))


class TestSteps:
    def test_passing_on_has_alerts_of_its_own_that_stop_once_it_is_done(self, line: Line, clock: Clock) -> None:
        term = NewTerm(None, None, Level.NORMAL, 8, Measure.HOURS, "QD 1", True, TODAY)
        with line.gateway.database.write() as session:
            set_term(session, replace(term, step=Step.PASS_ON, counting=Counting.WORKING), today=TODAY)
        line.text("PA o day co chuyen can phuong xem giup")
        complaint = line.complaints()[-1]
        assert complaint.office_id is None
        clock.moves(days=1, hours=22, minutes=45)
        line.ticks()
        (near,) = alerts(line, FOCAL)
        assert "Xin chon don vi xu ly" in near
        clock.moves(days=1)
        line.ticks()
        assert "QUA HAN" in alerts(line, FOCAL)[-1]
        with line.gateway.database.write() as session:
            held = session.get_one(Complaint, complaint.id)
            assert (held.stage, held.steps["pass_on"]["stage"]) == ("", "overdue")
            handbook = line.gateway.handbook(session)
            office = handbook.by_code["23617-kt"].id
            passing.assign(
                session,
                handbook,
                held,
                Writer(person(line, FOCAL).id, {"focal"}),
                category="KH",
                office_id=office,
                now=clock(),
            )
        before = alerts(line, FOCAL)
        clock.moves(days=1)
        line.ticks()
        assert alerts(line, FOCAL) == before
        keys = [row.key for row in rows(line)]
        assert len(keys) == len(set(keys))


def rows(line: Line) -> list[AlertRow]:
    with line.gateway.database.read() as session:
        return list(session.scalars(select(AlertRow).order_by(AlertRow.id)))


class TestTheDigest:
    def test_what_can_wait_comes_once_in_the_morning_with_the_days_figures(self, line: Line, clock: Clock) -> None:
        road(line)
        clock.moves(days=4)  # Friday 09:00: half of the time has passed
        line.ticks()
        assert line.outbox(OFFICE) == []
        for _ in range(3):
            line.dawns()
        (told,) = line.outbox(OFFICE)
        assert told == f"Ngay 27/11: sap toi han 1. Gap nhat: so {line.complaints()[0].reference}. Xin mo ban lam viec."
        (row,) = rows(line)
        assert row.outbox_id is not None
        clock.moves(hours=4)
        line.dawns()
        assert len(line.outbox(OFFICE)) == 1

    @pytest.mark.slow
    def test_nothing_to_tell_is_no_text_and_a_day_off_has_none(self, line: Line, clock: Clock) -> None:
        line.dawns()
        road(line, unopened_since=clock())
        clock.moves(days=5)  # Saturday
        line.dawns()
        with line.gateway.database.read() as session:
            assert session.scalars(select(Outgoing.id).where(Outgoing.kind == "DayDigest")).all() == []

    @pytest.mark.slow
    def test_who_wishes_for_none_is_told_of_each_at_once(self, line: Line, clock: Clock) -> None:
        road(line)
        with line.gateway.database.write() as session:
            official = session.scalars(select(Official).where(Official.phone == OFFICE)).one()
            duty.wish_for_digest(session, official, wished=False)
        clock.moves(days=4)
        line.ticks()
        (told,) = line.outbox(OFFICE)
        assert "da qua nua thoi gian" in told

    @pytest.mark.slow
    def test_a_deputy_reads_in_theirs_what_waited_for_who_is_away(self, line: Line, clock: Clock) -> None:
        road(line)
        goes_on_leave(line, OFFICE, POLICE, first=date(2026, 11, 30))
        clock.moves(days=4, hours=5)
        line.ticks()
        clock.moves(days=3, hours=-5)
        line.dawns()
        assert [len(line.outbox(phone)) for phone in (OFFICE, POLICE)] == [0, 1]
        assert "sap toi han 1" in line.outbox(POLICE)[0]

    def test_many_that_come_at_once_are_one_text_and_the_urgent_ones_go_first(self, line: Line, clock: Clock) -> None:
        for _ in range(6):
            road(line)
        urgent = road(line, urgent=True)
        clock.moves(days=9)
        line.ticks()
        first, many = alerts(line, OFFICE)
        assert f"so {urgent.reference}" in first
        assert many.startswith("NHIEU VIEC DEN HAN: qua han 6. Gap nhat: so ")
        told = [row.outbox_id for row in rows(line)]
        assert len(told) == 3 * 7
        assert None not in told

    @pytest.mark.slow
    def test_what_is_answered_before_it_is_told_is_not_told(self, line: Line, clock: Clock) -> None:
        road(line)
        clock.moves(days=9)
        line.gateway.chaser().batch()
        with line.gateway.database.write() as session:
            session.execute(update(Complaint).values(state="answered"))
        line.ticks()
        assert alerts(line, OFFICE) == []
        assert all(row.told_at and row.outbox_id is None for row in rows(line))


def test_a_look_ahead_names_the_deputy_the_climb_and_the_digest(line: Line, clock: Clock) -> None:
    complaint = road(line)
    goes_on_leave(line, OFFICE, POLICE)
    to_the_afternoon_before_it_is_due(clock)
    with line.gateway.database.read() as session:
        ahead = would_tell(session, line.gateway.handbook(session), clock())
    assert {(one.stage, one.official.phone, one.why, one.waits) for one in ahead.alerts} == {
        ("near", POLICE, "deputy of Cán bộ phòng Kinh tế An Khê (demo)", False)
    }
    digests = {one.official.phone: one.notice for one in ahead.digests}
    assert digests[POLICE].due == digests[HEAD].due == 1
    assert digests[POLICE].first == (complaint.reference,)
    assert OFFICE not in digests
    assert line.outbox(POLICE) == []
    line.ticks()
    with line.gateway.database.read() as session:
        later = clock().replace(hour=8, minute=30)
        ahead = would_tell(session, line.gateway.handbook(session), later)
    assert {(one.official.phone, one.why) for one in ahead.alerts} >= {(HEAD, "head of the office: nobody took it up")}


@pytest.mark.slow
def test_the_climb_is_told_in_the_history(line: Line, clock: Clock) -> None:
    road(line)
    to_the_afternoon_before_it_is_due(clock)
    line.ticks()
    clock.moves(hours=4)
    line.ticks()
    with line.gateway.database.read() as session:
        (line_of,) = session.scalars(select(Event).where(Event.kind == "alert_climbed")).all()
        alarms = session.scalars(select(Alarm)).all()
    assert "Trưởng phòng Kinh tế" in line_of.note
    assert [alarm.about for alarm in alarms] == ["answer:near:1"]
