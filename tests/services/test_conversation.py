"""One text, one reply: what citizens hear for each kind of text."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from smsgw.domain.understanding import Reader, Understanding
from smsgw.services.handbook import Handbook
from smsgw.store.tables import Citizen, Complaint
from smsgw.text.fit import Alphabet, measure
from tests.conftest import Clock
from tests.services.conftest import CITIZEN, Line

DUTY = "+84900000100"
ROAD = "PA GT duong Quang Trung phuong Tay Son hu nang"


def test_a_complaint_is_answered_once_with_its_number_first_and_a_date(
    line: Line, reference: Callable[[], str]
) -> None:
    (reply,) = line.text(ROAD)
    assert reply.startswith(f"So {reference()}: da nhan phan anh. Tra loi truoc 17h 1/12.")
    assert measure(reply).segments == 1
    assert measure(reply).alphabet is Alphabet.GSM7


def test_no_reply_repeats_what_was_complained_about(line: Line) -> None:
    (reply,) = line.text(ROAD)
    assert "Quang Trung" not in reply


def test_field_and_ward_that_name_a_row_of_the_matrix_reach_that_rows_office(line: Line) -> None:
    line.text(ROAD)
    (complaint,) = line.complaints()
    with line.gateway.database.read() as session:
        office = line.gateway.handbook(session).name_of(complaint.office_id)
    assert (complaint.category, complaint.state, office) == ("GT", "assigned", "Phòng Kinh tế, Hạ tầng và Đô thị")


def test_what_nobody_understood_waits_in_triage_with_the_reason_shown(line: Line) -> None:
    assert len(line.text("giai quyet giup dan di keo dai qua")) == 1
    (complaint,) = line.complaints()
    assert (complaint.state, complaint.office_id) == ("received", None)
    assert complaint.triage_reason


def test_the_first_question_travels_inside_the_receipt(line: Line) -> None:
    (reply,) = line.text("PA GT duong hu nang qua")
    assert "Xin nhan them:" in reply
    assert measure(reply).segments == 1


def test_the_answer_to_our_question_joins_the_complaint(line: Line, reference: Callable[[], str]) -> None:
    line.text("PA GT duong hu nang qua")
    (reply,) = line.text("o to 5 duong Quang Trung phuong Tay Son")
    assert reply == f"So {reference()}: da ghi them tin cua ong/ba."
    (complaint,) = line.complaints()
    assert complaint.office_id is not None


@pytest.mark.parametrize("cry", ["CHAY NHA o hem 12 phuong Tay Son cuu voi", "co nguoi duoi nuoc o dap Tu An cuu"])
def test_an_emergency_is_told_at_once_to_call_and_the_duty_phone_is_texted(line: Line, cry: str) -> None:
    (reply,) = line.text(cry)
    assert reply.startswith("DAY KHONG PHAI SO CAP CUU. Goi NGAY 113")
    assert "Tra loi truoc" not in reply
    assert measure(reply).segments == 1
    assert len(line.inbox(DUTY)) == 1


def test_status_tells_state_and_date_with_or_without_the_number(line: Line, reference: Callable[[], str]) -> None:
    line.text(ROAD)
    for asked in ("TT", "KQ", f"TT {reference()}", f"tc #{reference()}", f"AK{reference()} toi dau roi"):
        (reply,) = line.text(asked)
        assert reply.startswith(f"So {reference()}: dang giai quyet."), asked


def test_another_phone_learns_nothing_by_the_number(line: Line, reference: Callable[[], str]) -> None:
    line.text(ROAD)
    (reply,) = line.text(f"TT {reference()}", "+84900000002")
    assert reply.startswith(f"Khong co so {reference()}")


def test_a_slip_in_the_number_is_met_with_the_one_that_was_meant(line: Line, reference: Callable[[], str]) -> None:
    line.text(ROAD)
    name = reference()
    (reply,) = line.text(f"TT {name[:-1]}{(int(name[-1]) + 1) % 10}")
    assert f"Co phai so {name} khong?" in reply


def test_withdrawing_needs_a_confirming_reply(line: Line, reference: Callable[[], str]) -> None:
    line.text(ROAD)
    (asked,) = line.text(f"HUY {reference()}")
    assert "Nhan 1" in asked
    assert line.complaints()[0].state == "assigned"
    (done,) = line.text("1")
    assert done == f"So {reference()}: da rut phan anh."
    assert line.complaints()[0].state == "withdrawn"


def test_a_late_confirmation_withdraws_nothing(line: Line, reference: Callable[[], str], clock: Clock) -> None:
    line.text(ROAD)
    line.text(f"HUY {reference()}")
    clock.moves(minutes=11)
    line.text("1")
    assert line.complaints()[0].state == "assigned"


@pytest.mark.parametrize(
    "quiet",
    [
        "cam on nhieu nhe",
        "VAY TIEN NHANH lai suat thap goi ngay 0900000009",
        "Ban trung thuong xe SH, bam vao link de nhan qua",
    ],
)
def test_thanks_and_advertising_are_not_answered(line: Line, quiet: str) -> None:
    assert line.text(quiet) == []
    assert line.complaints() == []
    assert line.texts()[0].state == "processed"


def test_the_first_stop_is_confirmed_and_a_repeated_one_is_not(line: Line) -> None:
    (confirmed,) = line.text("STOP")
    assert measure(confirmed).segments == 1
    assert line.text("stop") == []
    assert len(line.text("START")) == 1
    assert len(line.text("Huy")) == 1


def test_stop_never_stops_ones_own_receipt(line: Line) -> None:
    line.text("STOP")
    assert len(line.text(ROAD)) == 1


def test_a_bare_digit_without_a_question_gets_one_help_text_a_day(line: Line, clock: Clock) -> None:
    assert len(line.text("2")) == 1
    assert line.text("3") == []
    clock.moves(hours=24)
    assert len(line.text("2")) == 1


@pytest.mark.parametrize(("asked", "expected"), [("HD", "Nhan: PA"), ("MENU", "PA + ma: GT"), ("menu ", "PA + ma: GT")])
def test_help_and_menu_fit_one_segment(line: Line, asked: str, expected: str) -> None:
    (reply,) = line.text(asked)
    assert reply.startswith(expected)
    assert measure(reply).segments == 1


def test_tone_marks_and_language_are_remembered_for_the_number(line: Line) -> None:
    assert line.text("CO DAU") == ["Đã ghi nhận. Từ nay sẽ nhắn theo cách này."]
    assert "kết quả" in line.text("TT")[0]
    assert line.text("EN") == ["Noted. We will text you this way from now on."]
    assert line.text("VI")[0].startswith("Đã ghi nhận")
    assert line.text("KHONG DAU")[0].startswith("Da ghi nhan")


def test_a_score_counts_for_an_answered_complaint(line: Line, reference: Callable[[], str], clock: Clock) -> None:
    line.text(ROAD)
    with line.gateway.database.write() as session:
        session.execute(update(Complaint).values(state="answered", answered_at=clock()))
    (reply,) = line.text(f"DG {reference()} 4")
    assert reply.startswith(f"So {reference()}: da ghi diem 4/5.")
    assert line.complaints()[0].rating == 4
    (again,) = line.text("DG 9")
    assert "nhan DG" in again


def test_a_short_code_sender_is_stored_and_never_answered(line: Line) -> None:
    assert line.text("Khuyen mai: nap the nhan 50%", "VIETTEL") == []
    assert len(line.texts()) == 1


def test_the_same_message_twice_is_one_complaint_and_one_reply(line: Line) -> None:
    assert line.arrives(ROAD, ref="same") is not None
    assert line.arrives(ROAD, ref="same") is None
    line.works()
    assert (len(line.complaints()), len(line.inbox())) == (1, 1)


def test_a_text_that_cannot_be_read_takes_no_other_with_it_and_is_shown_to_a_person(line: Line) -> None:
    class Choosy(Reader):
        def read(self, text: str) -> Understanding:
            if "poison" in text:
                raise ValueError("cannot be read")
            return line.gateway.reader.read(text)

    line.arrives("poison")
    line.arrives(ROAD, "+84900000003")
    listener = replace(line.gateway.listener(), reader=Choosy.__new__(Choosy))
    for _ in range(5):
        listener.batch()
    assert [text.state for text in line.texts()] == ["processed", "processed"]
    healthy, poisoned = line.complaints()
    assert (poisoned.text, poisoned.office_id, poisoned.state) == ("poison", None, "received")
    assert healthy.office_id is not None


def test_a_citizens_number_is_known_from_the_first_text(line: Line) -> None:
    line.text(ROAD)
    with line.gateway.database.read() as session:
        assert session.query(Citizen).filter_by(phone=CITIZEN).count() == 1


def test_a_term_counts_from_when_the_text_came_however_long_it_waited_for_us(line: Line, clock: Clock) -> None:
    line.arrives(ROAD)
    came = clock()
    clock.moves(days=3)
    line.works()
    (complaint,) = line.complaints()
    assert complaint.received_at == came
    assert "Tra loi truoc 17h 1/12." in line.inbox()[0]


def _answered(line: Line, clock: Clock) -> None:
    with line.gateway.database.write() as session:
        session.execute(update(Complaint).values(state="answered", answered_at=clock(), look_at=None))


@pytest.mark.parametrize("named", [True, False])
def test_who_disputes_an_answer_is_heard_again_with_a_new_term(
    line: Line, reference: Callable[[], str], clock: Clock, named: bool
) -> None:
    line.text(ROAD)
    _answered(line, clock)
    clock.moves(days=2)
    words = "bao da lam ma thuc te chua ai sua gi het"
    (reply,) = line.text(f"BS {reference()} {words}" if named else f"bo sung: {words}")
    assert "da ghi them" in reply
    (complaint,) = line.complaints()
    assert (complaint.state, complaint.answered_at, complaint.deadline_version) == ("assigned", None, 2)
    assert complaint.look_at is not None


def test_an_addition_to_a_withdrawn_complaint_is_a_complaint_that_a_person_looks_at(
    line: Line, reference: Callable[[], str]
) -> None:
    line.text(ROAD)
    name = reference()
    line.text(f"HUY {name}")
    line.text("1")
    line.text(f"BS {name} van con hong")
    assert [c.triage_reason for c in line.complaints()][-1] == "addition"


@pytest.mark.parametrize("command", ["TT", "KQ 10008", "DG 1", "HUY 10008", "BS 10008", "HD"])
def test_a_cry_for_help_behind_a_command_is_heard(line: Line, command: str) -> None:
    line.text(ROAD)
    (reply,) = line.text(f"{command} chay nha cuu voi co nguoi mac ket")
    assert reply.startswith("DAY KHONG PHAI SO CAP CUU")
    assert len(line.inbox(DUTY)) == 1


def test_no_date_is_promised_for_an_emergency_even_when_asked(line: Line) -> None:
    line.text("CHAY NHA o hem 12 phuong Tay Son cuu voi")
    (reply,) = line.text("TT")
    assert "Tra loi truoc" not in reply
    assert "bao han" not in reply


def test_trouble_of_the_database_costs_no_text_its_reading(line: Line, clock: Clock) -> None:
    line.arrives("CHAY NHA o hem 12 phuong Tay Son cuu voi")
    listener = line.gateway.listener()

    class Away(type(listener.database)):  # type: ignore[misc]
        """Takes texts up, but cannot act on them."""

        writes = 0

        def write(self):  # type: ignore[no-untyped-def]
            self.writes += 1
            if self.writes % 3 == 2:
                raise OperationalError("commit", {}, Exception("locked"))
            return super().write()

    away = Away(line.gateway.settings.database_url)
    for _ in range(6):
        with pytest.raises(OperationalError):
            replace(listener, database=away).batch()
        clock.moves(seconds=21)
    away.close()
    line.works()
    (reply,) = line.inbox()
    assert reply.startswith("DAY KHONG PHAI SO CAP CUU")


def test_rules_that_cannot_be_read_cost_no_text_its_turn(line: Line) -> None:
    def broken(_session: Session) -> Handbook:
        raise ValueError("a bad row")

    line.arrives(ROAD)
    for _ in range(6):
        with pytest.raises(ValueError, match="bad row"):
            replace(line.gateway.listener(), handbook=broken).batch()
    line.works()
    assert len(line.inbox()) == 1


def test_what_one_worker_holds_another_leaves_alone_until_its_time_is_up(line: Line, clock: Clock) -> None:
    line.arrives(ROAD)
    first, second = line.gateway.listener(), line.gateway.listener()
    assert len(first._take_up()) == 1
    assert second.batch() == 0
    clock.moves(seconds=21)
    assert second.batch() == 1


def test_a_number_that_answers_our_question_is_an_answer(line: Line) -> None:
    line.text("PA XH me toi o thon 2 xa Cuu An chua duoc nhan tro cap nguoi cao tuoi")
    assert line.complaints()[0].missing == ["who"]
    (reply,) = line.text("123456")
    assert "da ghi them tin" in reply
    assert line.complaints()[0].missing == []


def test_a_number_within_the_words_names_the_complaint(line: Line) -> None:
    line.text(ROAD)
    first = line.complaints()[0].reference
    line.text("PA DN mat nuoc ca thon 2 xa Cuu An tu hom qua")
    (added,) = line.text(f"bo sung cho phan anh so {first}: o ga truoc so nha 14")
    (stands,) = line.text(f"cho hoi phan anh so {first} den dau roi")
    assert added.startswith(f"So {first}:")
    assert stands.startswith(f"So {first}:")


def test_what_is_answered_cannot_be_withdrawn_and_the_reply_says_how_it_stands(
    line: Line, reference: Callable[[], str], clock: Clock
) -> None:
    line.text(ROAD)
    line.text(f"HUY {reference()}")
    _answered(line, clock)
    (reply,) = line.text("1")
    assert reply.startswith(f"So {reference()}: da tra loi.")
    assert line.text(f"HUY {reference()}") == [reply]


def test_a_death_told_later_makes_a_complaint_one_that_is_never_surveyed(
    line: Line, reference: Callable[[], str]
) -> None:
    line.text("PA DN day dien dut o thon 2 xa Cuu An")
    line.text(f"BS {reference()} hom qua ong hang xom bi dien giat chet roi")
    assert [c.sensitive or c.emergency for c in line.complaints()][-1]


def test_in_one_batch_a_later_text_finds_the_complaint_of_an_earlier_one(
    line: Line, reference: Callable[[], str]
) -> None:
    line.arrives("PA GT duong hu nang qua")
    line.arrives("o to 5 duong Quang Trung phuong Tay Son")
    line.arrives("TT")
    line.works()
    (complaint,) = line.complaints()
    assert "Xin nhan them:" in line.inbox()[0]
    assert line.inbox()[1] == f"So {reference()}: da ghi them tin cua ong/ba."
    assert line.inbox()[2].startswith(f"So {reference()}:")
    assert {text.complaint_id for text in line.texts()} == {complaint.id}
    assert [text.verb for text in line.texts()] == ["complaint", "free", "status"]
