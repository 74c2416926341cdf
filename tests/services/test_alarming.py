"""Somebody hears of a danger at once, at any hour, once a complaint; and somebody else when nobody takes it up."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update

from smsgw.gateway import Gateway
from smsgw.services import alarming
from smsgw.services.history import note
from smsgw.store.tables import Alarm, Event, Inbound, Official, Unit
from smsgw.text.fit import measure
from tests.conftest import Clock
from tests.services.conftest import CITIZEN, Line

DUTY, LEADER, FOCAL, PROVINCE = "+84900000100", "+84900000102", "+84900000101", "+84900000401"
FIRE = "CHAY NHA o hem 12 phuong Tay Son cuu voi"
WIRE = "PA DN day dien dut nam giua duong Quang Trung phuong Tay Son"
LAMP = "PA HT den duong to 5 phuong Tay Son tat ba dem nay"
DROWNING = "co nguoi duoi nuoc o dap Tu An cuu"
BRAWL = "dang chem nhau o cho An Binh, co nguoi chay mau nhieu, goi cong an"
CRASH = "tai nan lat xe o cau Song An co nguoi bat tinh"
TRAPPED = "sap nha co nguoi mac ket o thon 3 xa Thanh An cuu voi"


def history(line: Line) -> list[str]:
    with line.gateway.database.read() as session:
        return list(session.scalars(select(Event.kind).order_by(Event.id)))


def has_no_duty_phone(line: Line, but: tuple[str, ...] = ()) -> None:
    """The roster is empty, and only these officials have a phone."""
    with line.gateway.database.write() as session:
        session.execute(update(Unit).values(duty_phone=""))
        session.execute(update(Official).where(Official.phone.not_in(but)).values(phone=""))


def ticks(line: Line) -> None:
    while line.gateway.alarm_watch().batch():
        pass
    line.works()


def test_a_danger_is_told_to_the_duty_phone_and_the_receipt_says_first_whom_to_call(
    line: Line, reference: Callable[[], str]
) -> None:
    (reply,) = line.text(WIRE)
    assert reply.startswith("Nguy hiem thi goi NGAY 113 cong an, 114 chay, 115 cap cuu, 112 cuu nan.")
    assert f"So {reference()}: da nhan phan anh." in reply
    assert measure(reply).segments == 1
    (told,) = line.inbox(DUTY)
    assert told.startswith(f"NGUY HIEM so {reference()}")
    assert "Quang Trung" not in told


def test_an_ordinary_complaint_rings_nobody(line: Line) -> None:
    (reply,) = line.text(LAMP)
    assert reply.startswith("So ")
    assert line.outbox(DUTY) == []


@pytest.mark.parametrize("cry", [FIRE, WIRE])
def test_the_hour_and_a_stop_keep_nothing_back(line: Line, clock: Clock, cry: str) -> None:
    line.text("STOP")
    clock.moves(hours=17)  # 02:00 in Vietnam
    assert len(line.text(cry)) == 1
    assert len(line.inbox(DUTY)) == 1


@pytest.mark.parametrize(
    "later",
    ["chay lon qua roi cuu voi", "CHAY NHA o hem 12 van chua thay ai toi cuu", "nha hem 12 chay sap roi cuu voi"],
)
def test_a_second_cry_about_the_same_danger_joins_it_and_rings_nobody_twice(
    line: Line, clock: Clock, later: str
) -> None:
    line.text(FIRE)
    clock.moves(minutes=4)
    (second,) = line.text(later)
    assert "113" in second
    assert len(line.complaints()) == 1
    assert line.complaints()[0].reference in second
    assert len(line.inbox(DUTY)) == 1


def test_the_same_danger_twice_is_one_complaint_however_it_is_told(line: Line, clock: Clock) -> None:
    line.text(WIRE)
    clock.moves(minutes=5)
    (again,) = line.text("day dien dut o duong Quang Trung van chua ai xu ly, nguy hiem qua")
    assert "113" in again
    assert len(line.complaints()) == 1
    assert len(line.inbox(DUTY)) == 1


def test_half_an_hour_later_or_elsewhere_it_is_another_danger(line: Line, clock: Clock) -> None:
    line.text(FIRE)
    clock.moves(minutes=4)
    line.text(DROWNING)
    clock.moves(minutes=40)
    line.text("CHAY NHA o hem 12 phuong Tay Son nua roi cuu voi")
    assert len(line.complaints()) == 3
    assert len(line.inbox(DUTY)) == 3


def test_another_phone_that_reports_the_same_fire_is_heard_too(line: Line) -> None:
    line.text(FIRE)
    line.text(FIRE, "+84900000002")
    assert len(line.inbox(DUTY)) == 2


def test_a_phone_that_cries_for_everything_makes_one_text_for_all_the_rest(line: Line, clock: Clock) -> None:
    for cry in (FIRE, DROWNING, BRAWL, CRASH, TRAPPED, "chay rung o deo An Khe cuu voi"):
        clock.moves(minutes=2)
        (reply,) = line.text(cry)
        assert "113" in reply
    told = line.inbox(DUTY)
    assert len(line.complaints()) == 6
    assert len(told) == alarming.FEW + 1
    assert told[-1].startswith("NGUY HIEM: mot may bao nguy nhieu lan")


def test_what_such_a_phone_sent_does_not_climb(line: Line, clock: Clock) -> None:
    for cry in (FIRE, DROWNING, BRAWL, CRASH):
        line.text(cry)
    with line.gateway.database.read() as session:
        climbs = list(session.scalars(select(Alarm.climbs_at).order_by(Alarm.complaint_id)))
    assert [at is not None for at in climbs] == [True, True, True, False]


def test_a_later_text_that_tells_of_danger_rings_once_for_its_complaint(
    line: Line, reference: Callable[[], str]
) -> None:
    line.text(LAMP)
    name = reference()
    (reply,) = line.text(f"BS {name} cot den nghieng sap do, day dien dut xuong duong")
    assert reply.startswith("Nguy hiem thi goi NGAY")
    line.text(f"BS {name} cot dien sap do roi, nguy hiem qua")
    assert len(line.inbox(DUTY)) == 1


def test_without_a_duty_phone_those_who_lead_the_unit_are_told(line: Line) -> None:
    has_no_duty_phone(line, but=(LEADER, FOCAL))
    line.text(FIRE)
    assert (len(line.inbox(LEADER)), len(line.inbox(FOCAL))) == (1, 1)


def test_without_those_the_province_is_told(line: Line) -> None:
    has_no_duty_phone(line, but=(PROVINCE,))
    line.text(WIRE)
    assert len(line.inbox(PROVINCE)) == 1


def test_with_nobody_at_all_it_is_said_on_the_desk_and_the_citizen_still_hears_whom_to_call(line: Line) -> None:
    has_no_duty_phone(line)
    (reply,) = line.text(FIRE)
    assert "114" in reply
    assert "nobody_to_tell" in history(line)


def test_a_cry_that_nobody_takes_up_climbs_to_the_leaders_and_then_to_the_province(line: Line, clock: Clock) -> None:
    clock.moves(hours=17)
    line.text(FIRE)
    ticks(line)
    assert line.inbox(LEADER) == []
    clock.moves(minutes=11)
    for _ in range(3):
        ticks(line)
    assert (len(line.inbox(LEADER)), len(line.inbox(FOCAL)), len(line.inbox(PROVINCE))) == (1, 1, 0)
    clock.moves(minutes=20)
    for _ in range(3):
        ticks(line)
    assert (len(line.inbox(LEADER)), len(line.inbox(PROVINCE))) == (1, 1)
    clock.moves(hours=2)
    ticks(line)
    assert len(line.inbox(PROVINCE)) == 1
    assert history(line).count("alarm_climbed") == 2


def test_a_danger_that_is_no_cry_for_help_wakes_no_leader_at_night(line: Line, clock: Clock) -> None:
    clock.moves(hours=17)
    line.text(WIRE)
    clock.moves(minutes=11)
    ticks(line)
    assert line.inbox(LEADER) == []
    assert len(line.outbox(LEADER)) == 1


@pytest.mark.parametrize("act", ["taken_up", "asked", "routed"])
def test_whatever_an_official_does_stops_the_climb(line: Line, clock: Clock, act: str) -> None:
    line.text(FIRE)
    with line.gateway.database.write() as session:
        person = session.scalars(select(Official).where(Official.phone == FOCAL)).one()
        note(session, line.complaints()[0].id, act, at=clock.at, official_id=person.id)
    clock.moves(minutes=11)
    ticks(line)
    assert line.inbox(LEADER) == []
    with line.gateway.database.read() as session:
        assert session.scalars(select(Alarm.climbs_at)).one() is None


def test_worked_through_twice_it_rings_once(line: Line) -> None:
    line.text(WIRE)
    with line.gateway.database.write() as session:
        session.get_one(Inbound, line.texts()[0].id).state = "received"
    line.works()
    assert len(line.outbox(DUTY)) == 1


def test_two_dangers_of_one_phone_in_one_batch_know_of_each_other(line: Line) -> None:
    line.arrives(FIRE)
    line.arrives("chay lon qua roi hem 12 cuu voi")
    line.works()
    assert len(line.complaints()) == 1
    assert len(line.inbox(DUTY)) == 1
    assert len(line.inbox(CITIZEN)) == 2


def test_it_is_so_on_postgresql_too(on_postgres: Gateway, pool: ThreadPoolExecutor, clock: Clock) -> None:
    line = Line(on_postgres, pool)
    line.text(FIRE)
    line.text("chay lon qua roi hem 12 cuu voi")
    assert (len(line.complaints()), len(line.inbox(DUTY))) == (1, 1)
    clock.moves(minutes=11)
    for _ in range(2):
        ticks(line)
    assert len(line.inbox(LEADER)) == 1
