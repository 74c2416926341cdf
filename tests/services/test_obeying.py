"""Orders by text: each does what the desk's form does, within the same rights, and only with a code that is good."""

import re
from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import event, select, text, update

from queues import clock as clocks
from smsgw.data.load import load_reader
from smsgw.domain.understanding import Reader
from smsgw.gateway import Gateway
from smsgw.services import duty, sealing
from smsgw.services.duty import Absence
from smsgw.store.tables import Complaint, Event, Extension, Official, Outgoing, TextCode
from tests.conftest import Clock
from tests.handlers.desks import units
from tests.services.conftest import CITIZEN, Line
from tests.services.officials_phones import Feature, codes, complaint, orders, verified

ROAD = "PA GT duong Quang Trung phuong Tay Son hu nang"
ANSWER = "Ngay 1/12 to cong nhan phuong da va o ga."
NO_REPLY = """create trigger no_reply before insert on outbox when new.kind = 'OrderDone'
begin select raise(abort, 'no room'); end"""
REFUSED = ["Ma nay khong dung duoc. Xin cho tin sau, hoac xem o ban lam viec."]


class SilentBell:
    """The worker is at hand anyway."""

    def ring_now(self, _name: str) -> bool:
        return True


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader()


@pytest.fixture(autouse=True)
def _read_by_one(gateway: Gateway, reader: Reader) -> None:
    """Loading it takes longer than most of these tests."""
    vars(gateway)["reader"] = reader


@pytest.fixture
def officer(line: Line, clock: Clock) -> Feature:
    """The phone of who handles it, alerted."""
    phone = verified(line, clock, "canbo-kinhte")
    line.text(ROAD)
    phone.is_alerted()
    return phone


def news(line: Line, kind: str) -> list[Event]:
    with line.gateway.database.read() as session:
        return list(session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id)))


def test_only_a_verified_number_gets_a_code_with_its_alert(officer: Feature, line: Line) -> None:
    assert f"XEM {officer.code}" in officer.inbox[-1]
    assert line.inbox("+84900000104")
    assert not any("XEM" in told for told in line.inbox("+84900000104"))


def test_the_alert_that_nobody_opened_it_has_a_code_too(line: Line, clock: Clock) -> None:
    head = verified(line, clock, "truong-kinhte")
    line.text(ROAD)
    head.is_alerted(days=2)
    assert any("chua ai o" in told and "XEM" in told for told in head.inbox), head.inbox
    assert "Quang Trung" in head.texts("XEM …")


def test_a_code_stands_nowhere_but_in_the_text(officer: Feature, line: Line) -> None:
    (kept,) = codes(line.gateway)
    assert officer.code not in kept.digest
    assert len(kept.digest) == 64


def test_passing_on_takes_the_offices_short_code_and_a_reason(officer: Feature, line: Line) -> None:
    assert "Ma noi nhan: CA, VHXH, HCC, TYT, VP." in officer.texts("CHUYEN … xyz vi ly do")
    assert "xin ghi ly do" in officer.texts("CHUYEN … CA")
    assert officer.texts("chuyển … ca: vụ này của công an").startswith("So 10008: da chuyen den Cong an.")
    assert complaint(line.gateway).office_id == units(line.gateway)["23617-ca"]
    (hop,) = news(line, "passed_on")
    assert hop.note == "vụ này của công an"
    assert orders(line.gateway) == [("pass", "which_office"), ("pass", "no_reason"), ("pass", "done")]


def test_what_was_passed_on_is_out_of_reach_for_who_had_it(officer: Feature, line: Line) -> None:
    first = officer.code
    officer.is_alerted(days=4.1)
    assert officer.code != first
    officer.texts("CHUYEN … CA cua cong an")
    assert "khong con o cho anh/chi" in line.text(f"TL {first} {ANSWER}", officer.number)[0]
    assert complaint(line.gateway).state == "assigned"


def test_more_time_is_granted_by_text_and_whoever_asked_hears_of_it(officer: Feature, line: Line, clock: Clock) -> None:
    head = verified(line, clock, "truong-kinhte")
    officer.texts("HAN … 5 cho don vi thi cong")
    line.works()
    assert "co de nghi gia han" in head.inbox[-1]
    assert "cho don vi thi cong" in head.inbox[-1]
    assert f"DUYET {head.code}" in head.inbox[-1]
    due = complaint(line.gateway).due_at
    assert "da duyet gia han" in head.texts("DUYET …")
    assert complaint(line.gateway).due_at > due
    line.works()
    assert "da duyet gia han" in officer.inbox[-1]
    assert "Quang Trung" in officer.texts("XEM …")
    assert "khong ai xin" in head.texts("DUYET …")


def test_whoever_asked_and_has_left_meanwhile_hears_no_more_of_it(officer: Feature, line: Line, clock: Clock) -> None:
    head = verified(line, clock, "truong-kinhte")
    officer.texts("HAN … 5 cho don vi thi cong")
    line.works()
    before = officer.inbox
    with line.gateway.database.write() as session:
        session.execute(update(Official).where(Official.username == officer.username).values(active=False))
    assert "da duyet gia han" in head.texts("DUYET …")
    line.works()
    assert officer.inbox == before


def test_more_time_is_not_granted_by_text_without_a_reason(officer: Feature, line: Line, clock: Clock) -> None:
    head = verified(line, clock, "truong-kinhte")
    officer.texts("HAN … 5 cho don vi thi cong")
    line.works()
    due = complaint(line.gateway).due_at
    assert "ly do" in head.texts("KHONG DUYET …")
    head.texts("khong duyet … viec gap, lam ngay trong tuan")
    line.works()
    assert "khong duoc gia han: viec gap, lam ngay trong tuan." in officer.inbox[-1]
    assert complaint(line.gateway).due_at == due


def test_nobody_grants_time_to_themselves_nor_without_the_right(officer: Feature, line: Line, clock: Clock) -> None:
    head = verified(line, clock, "truong-kinhte")
    due = complaint(line.gateway).due_at
    officer.texts("HAN … 5 cho don vi thi cong")
    assert "vai tro" in officer.texts("DUYET …")
    line.works()
    head.texts("KHONG DUYET … lam ngay trong tuan")
    head.texts("HAN … 5 cho vat tu")
    assert "tu xin" in head.texts("DUYET …")
    assert {("grant", "not_yours"), ("grant", "own_wish")} <= set(orders(line.gateway))
    assert complaint(line.gateway).due_at == due


def test_more_time_is_asked_for_in_working_days_behind_the_due_date(officer: Feature, line: Line) -> None:
    assert "Soan: HAN, ma, so ngay" in officer.texts("HAN … cho vat tu")
    assert "xin ghi ly do" in officer.texts("HAN … 3")
    assert "da xin gia han den 4/12" in officer.texts("HAN … 3 ngày chờ vật tư")
    with line.gateway.database.read() as session:
        wish = session.scalars(select(Extension)).one()
        assert (wish.state, wish.until.isoformat(), wish.reason) == ("asked", "2026-12-04", "chờ vật tư")
    assert "10008" in line.inbox("+84900000104")[-1]
    assert "da xin gia han roi" in officer.texts("HAN … 3 cho vat tu")


def test_an_answer_that_lacks_something_is_held_back_and_goes_when_it_is_wished_all_the_same(
    officer: Feature, line: Line
) -> None:
    officer.texts("XEM …")
    assert "Con thieu: ngay nao, ai lam." in officer.texts("TL … Da va o ga.")
    assert complaint(line.gateway).state == "assigned"
    assert "Xong viec" in officer.texts("GUI …")
    assert "Da va o ga." in line.inbox()[-1]
    assert news(line, "answered")[0].details["lacks"] == ["no_time", "no_doer"]


def test_an_answer_that_only_says_not_ours_never_goes(officer: Feature) -> None:
    officer.texts("XEM …")
    assert "moi chi noi khong phai viec cua minh" in officer.texts("TL … Viec nay khong thuoc tham quyen.")
    assert "khong co tin nao dang cho gui" in officer.texts("GUI …")


def test_nobody_answers_what_they_have_not_read(officer: Feature, line: Line) -> None:
    assert "co dieu anh/chi chua doc" in officer.texts(f"TL … {ANSWER}")
    officer.texts("XEM …")
    line.text("Nay da sua xong roi, cam on")
    line.text("BS 10008 con mot o ga nua truoc cho")
    assert "co dieu anh/chi chua doc" in officer.texts(f"TL … {ANSWER}")
    assert "con mot o ga nua" in officer.texts("XEM …")
    assert "Xong viec" in officer.texts(f"XONG … {ANSWER}")


def several(line: Line, count: int) -> set[str]:
    for number in range(count):
        line.text(ROAD, f"+849000006{number:02}")
    return {one.reference or "" for one in line.complaints()}


def test_one_alert_for_many_is_worked_through_case_by_case(line: Line, clock: Clock) -> None:
    phone = verified(line, clock, "canbo-kinhte")
    left = several(line, 5)
    phone.is_alerted(days=9)
    told = phone.inbox[-1]
    assert re.fullmatch(r"NHIEU VIEC DEN HAN: .+ Xem viec dau: soan XEM \d{6}\.", told)
    while left:
        shown = phone.texts("XEM …")
        reference = next(one for one in left if f"So {one}:" in shown)
        told = phone.texts(f"TL … {ANSWER}")
        assert f"So {reference}: " in told
        left.remove(reference)
        assert ("Viec tiep: so " in told) == bool(left)
    assert {one.state for one in line.complaints()} == {"answered"}


def test_the_mornings_digest_opens_its_first_case(line: Line, clock: Clock) -> None:
    phone = verified(line, clock, "canbo-kinhte")
    with line.gateway.database.write() as session:
        session.execute(update(Official).values(digest=True))
    several(line, 2)
    clock.moves(days=4)
    for _ in range(2):
        line.dawns()
    (digest,) = [one for one in phone.inbox if one.startswith("Ngay 27/11: ")]
    assert f"Gap nhat: so 10008, 10019. Xem viec dau: soan XEM {phone.code}." in digest
    assert "So 10008:" in phone.texts("XEM …")
    assert "Viec tiep: so 10019, soan XEM " in phone.texts(f"TL … {ANSWER}")


def test_who_has_passed_on_the_last_case_hears_of_no_other(officer: Feature) -> None:
    told = officer.texts("CHUYEN … CA Ben cong an lo trat tu")
    assert "da chuyen" in told
    assert "Viec tiep" not in told


@pytest.mark.parametrize("order", ["TL …", "HOI …"])
def test_an_order_without_words_sends_nothing(officer: Feature, order: str) -> None:
    assert "tin khong co loi nao" in officer.texts(order)


def test_a_leader_accepts_and_reads_and_writes_to_nobody(line: Line, clock: Clock) -> None:
    leader = verified(line, clock, "lanhdao-ankhe")
    line.text(ROAD)
    leader.is_alerted(days=14)
    assert "Quang Trung" in leader.texts("XEM …")
    assert "khong thuoc vai tro" in leader.texts(f"TL … {ANSWER}")
    assert "dang xu ly" in leader.texts("NHAN …")
    assert "dang xu ly" in leader.texts("NHAN …")
    assert len(news(line, "taken_up")) == 1


def test_whoever_stands_in_acts_by_text_with_the_rights_of_the_person_on_leave(line: Line, clock: Clock) -> None:
    today = clock().date()
    police = verified(line, clock, "congan-ankhe")
    with line.gateway.database.write() as session:
        people = {one.username: one for one in session.scalars(select(Official))}
        stands_in = people["congan-ankhe"]
        for absent in ("canbo-kinhte", "truong-kinhte"):
            away = Absence(people[absent], stands_in, today, today + timedelta(days=6))
            duty.add_leave(session, away, today=today)
    line.text(ROAD)
    police.is_alerted()
    assert "Quang Trung" in police.texts("XEM …"), police.inbox
    assert "Xong viec" in police.texts(f"TL … {ANSWER}")
    assert [one.official_id for one in news(line, "answered")] == [stands_in.id]


def test_words_of_delicate_and_private_matters_go_to_no_phone(officer: Feature, line: Line) -> None:
    with line.gateway.database.write() as session:
        session.execute(update(Complaint).values(private=True))
    assert officer.texts("XEM …").startswith("So 10008: noi dung khong gui qua tin nhan.")


def test_the_words_of_a_complaint_end_before_the_next_code_begins(line: Line, clock: Clock) -> None:
    phone = verified(line, clock, "canbo-kinhte")
    line.text(ROAD)
    phone.is_alerted()
    assert f"{ROAD}. Ma tiep" in phone.texts("XEM …")


def test_what_the_citizen_said_twice_is_read_once(line: Line, clock: Clock) -> None:
    phone = verified(line, clock, "canbo-kinhte")
    for said in (ROAD, "gan so 20", ROAD, "gan so 20"):
        line.text(said)
        clock.moves(minutes=20)
    phone.is_alerted()
    shown = phone.texts("XEM …")
    assert (shown.count(ROAD), shown.count("gan so 20")) == (1, 1)


def test_a_long_complaint_is_read_in_three_messages_at_most(line: Line, clock: Clock) -> None:
    phone = verified(line, clock, "canbo-kinhte")
    line.text(ROAD + " va nhieu o ga nua" * 60)
    phone.is_alerted()
    shown = phone.texts("XEM …")
    assert "... " in shown
    with line.gateway.database.read() as session:
        assert session.scalars(select(Outgoing.segments).where(Outgoing.kind == "ComplaintShown")).one() == 3


def test_who_acts_by_text_is_answered_however_often_and_late(officer: Feature, clock: Clock) -> None:
    clock.moves(hours=13)  # 22:00
    assert all("Quang Trung" in officer.texts("XEM …") for _ in range(14))


def test_whoever_has_passed_it_on_hears_of_no_reply(officer: Feature, line: Line) -> None:
    officer.texts("XEM …")
    officer.texts("HOI … Doan nao cua duong?")
    officer.texts("CHUYEN … CA viec cua cong an")
    told = len(officer.inbox)
    line.text("truoc so nha 14")
    assert len(officer.inbox) == told


def test_what_goes_under_seal_stays_in_no_text_to_an_official(officer: Feature, line: Line) -> None:
    officer.texts("XEM …")
    officer.texts("TL … Da va o ga.")
    with line.gateway.database.write() as session:
        row = session.scalars(select(Complaint)).one()
        sealing.put_under_seal(session, line.gateway.speech, row, 1, "to cao", now=line.gateway.now())
    with line.gateway.database.read() as session:
        bodies = session.scalars(select(Outgoing.body).where(Outgoing.recipient == officer.number)).all()
    assert not any("Quang Trung" in body for body in bodies)
    assert [kept.draft for kept in codes(line.gateway) if kept.draft] == []
    assert "da dong" in officer.texts(f"TL … {ANSWER}")


def test_what_is_handled_with_another_is_acted_on_there(officer: Feature, line: Line) -> None:
    line.text("PA GT duong Le Loi phuong Tay Son ngap", "+84900000002")
    with line.gateway.database.write() as session:
        main = session.scalars(select(Complaint.id).where(Complaint.reference != "10008")).one()
        session.execute(update(Complaint).where(Complaint.reference == "10008").values(merged_into_id=main))
    other = line.complaints()[-1].reference
    assert f"dang xu ly chung voi so {other}" in officer.texts(f"TL … {ANSWER}")


def test_a_danger_that_nobody_took_up_is_taken_up_by_text(line: Line, clock: Clock) -> None:
    leader = verified(line, clock, "lanhdao-ankhe")
    line.text("PA DN day dien dut nam giua duong to 3 phuong Tay Son, tre con hay choi o do")
    clock.moves(minutes=11)
    line.gateway.alarm_watch().batch()
    line.works()
    assert "chua ai nhan" in leader.inbox[-1]
    assert "dang xu ly" in leader.texts("NHAN …")
    clock.moves(minutes=30)
    line.gateway.alarm_watch().batch()
    assert line.outbox("+84900000401") == []


def test_the_citizens_text_of_an_official_is_a_citizens(officer: Feature, line: Line) -> None:
    assert "da nhan phan anh" in officer.texts("Nhan dan to 5 phuong Tay Son mat nuoc 3 ngay nay")
    assert orders(line.gateway) == []


def test_a_word_without_its_code_is_answered_with_how_it_is_done(officer: Feature, line: Line) -> None:
    assert "Soan lenh + ma" in officer.texts("TL da sua xong")
    assert officer.texts("XEM") == ""  # once an hour
    assert len(line.complaints()) == 1
    assert "Soan lenh" not in "".join(line.text("XEM", CITIZEN))


def test_six_wrong_codes_lock_the_number_until_it_is_opened_again(officer: Feature, line: Line) -> None:
    good = officer.code
    told = [line.text(f"XEM {officer.a_wrong_code(nth)}", officer.number) for nth in range(1, 7)]
    assert told == [REFUSED, [], [], [], [], []]
    assert line.text(f"XEM {good}", officer.number) == []
    assert orders(line.gateway)[-2:] == [("read", "wrong_code"), ("read", "locked")]
    officer.clock.moves(days=1)
    assert line.text(f"XEM {good}", officer.number) == REFUSED


def test_whoever_forges_a_number_silences_nobody_for_good(officer: Feature, line: Line) -> None:
    for nth in range(1, 7):
        line.text(f"XEM {officer.a_wrong_code(nth)}", officer.number)
    for hours, told in ((23, REFUSED), (1, ["Quang Trung"])):
        officer.clock.moves(hours=hours)
        clocks.tick(line.gateway, SilentBell(), lambda: 0)  # type: ignore[arg-type]
        assert told[0] in "".join(line.text(f"XEM {officer.code}", officer.number)), hours


def test_a_slip_in_the_codes_length_is_no_guess(officer: Feature, line: Line) -> None:
    for _ in range(7):
        officer.texts("XEM 10008")
    assert "Quang Trung" in line.text(f"XEM {officer.code}", officer.number)[0]
    assert len(line.complaints()) == 1


def test_a_code_is_good_for_seven_days_from_when_the_order_came(officer: Feature, line: Line) -> None:
    old = officer.code
    officer.clock.moves(days=7)
    assert line.text(f"XEM {old}", officer.number) == REFUSED
    assert orders(line.gateway) == [("read", "expired_code")]


def test_a_changed_number_has_no_codes_and_its_old_ones_are_worth_nothing(officer: Feature, line: Line) -> None:
    code = officer.code
    with line.gateway.database.write() as session:
        whose = Official.username == officer.username
        session.execute(update(Official).where(whose).values(phone="+84905000001"))
    line.text(f"XEM {code}", "+84905000001")
    line.text(f"XEM {code}", officer.number)
    assert orders(line.gateway) == [("read", "unverified"), ("read", "unknown_number")]


def test_a_code_is_worth_nothing_from_a_colleagues_verified_phone(officer: Feature, line: Line, clock: Clock) -> None:
    head = verified(line, clock, "truong-kinhte")
    assert head.line.text(f"XEM {officer.code}", head.number) == REFUSED


def test_a_cry_for_help_is_heard_whatever_code_stands_before_it(officer: Feature, line: Line) -> None:
    (reply,) = line.text(f"HOI {officer.a_wrong_code()} chay nha o to 5 phuong Tay Son cuu voi", officer.number)
    assert "114" in reply
    assert orders(line.gateway) == [("ask", "wrong_code")]


def test_ordinary_texts_ask_nothing_of_the_tables_of_orders(line: Line) -> None:
    asked: list[str] = []
    note: Callable[..., None] = lambda _c, _cur, statement, *_: asked.append(statement)  # noqa: E731
    event.listen(line.gateway.database.engine, "before_cursor_execute", note)
    line.text(ROAD)
    line.text("Nhan dan to 5 phuong Tay Son mat nuoc 3 ngay nay", "+84900000002")
    assert asked
    assert [one for one in asked if any(name in one for name in ("official_phones", "text_codes", "text_orders"))] == []


def test_an_order_that_fails_is_tried_again_and_in_the_end_read_by_a_person(officer: Feature, line: Line) -> None:
    with line.gateway.database.write() as session:
        session.execute(update(TextCode).values(draft_kind="no kind of letter", draft="x"))
    line.text(f"GUI {officer.code}", officer.number)
    assert orders(line.gateway) == []
    assert line.texts()[-1].attempts == 4
    assert line.complaints()[-1].text.startswith("GUI")


@pytest.mark.sqlite
def test_an_act_whose_reply_cannot_be_written_is_not_done_and_its_code_is_good_still(
    officer: Feature, line: Line
) -> None:
    officer.texts("XEM …")
    order = f"TL {officer.code} {ANSWER}"
    with line.gateway.database.write() as session:
        session.execute(text(NO_REPLY))
    line.arrives(order, officer.number)
    line.gateway.listener().batch()
    assert complaint(line.gateway).state == "assigned"
    assert orders(line.gateway) == [("read", "done")]
    with line.gateway.database.write() as session:
        session.execute(text("drop trigger no_reply"))
    line.works()
    assert "Xong viec" in officer.inbox[-1]
    assert [body for body in line.inbox() if "va o ga" in body] == [
        f"So 10008: {ANSWER} Nhan 1 xong, 2 chua xong, 3 khong ro."
    ]


def test_two_workers_do_an_order_once(on_postgres: Gateway, clock: Clock, pool: object) -> None:
    line = Line(on_postgres, pool)  # type: ignore[arg-type]
    phone = verified(line, clock, "canbo-kinhte")
    line.text(ROAD)
    phone.is_alerted()
    phone.texts("XEM …")
    line.arrives(f"TL {phone.code} {ANSWER}", phone.number)
    line.arrives(f"TL {phone.code} {ANSWER}", phone.number)
    workers = [Thread(target=on_postgres.listener().batch) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    line.works()
    assert sorted(orders(on_postgres)[1:]) == [("answer", "done"), ("answer", "repeated")]
    assert len([body for body in line.inbox() if "va o ga" in body]) == 1
