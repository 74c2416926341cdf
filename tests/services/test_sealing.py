"""What the law has a procedure of its own for is sealed, and whoever wrote it is guided there once."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from smsgw.domain.messages import UssdEvent, UssdTurn
from smsgw.domain.statistics import Period
from smsgw.gateway import Gateway
from smsgw.services import citizens, reporting, sealing
from smsgw.services.answering import Writer
from smsgw.services.dividing import Halves, divide
from smsgw.services.filing import Filed
from smsgw.services.history import note
from smsgw.store import complaints, searching
from smsgw.store import sealed as store
from smsgw.store.leftovers import texts as leftover_texts
from smsgw.store.tables import (
    Base,
    Complaint,
    Contribution,
    Extension,
    HeldLetter,
    Inbound,
    Official,
    Outgoing,
    Publication,
    Sealed,
    SealedLine,
    SealedText,
    TextCode,
    Unit,
)
from smsgw.text.fit import measure
from tests.conftest import Clock
from tests.services.conftest import CITIZEN, Line

BRIBE = "Toi to cao can bo dia chinh phuong Tay Son nhan hoi lo 5 trieu cua ho Binh"
LAMP = "PA HT den duong to 5 phuong Tay Son tat ba dem nay"
MORE = "ten ong ay la Tran Van C, o phong so 3"
SHADY = "PA HC can bo phuong Tay Son lam viec mo am, chia chac voi nhau, ho Binh biet ro"
GUIDED = "Viec nay khong giai quyet qua tin nhan."
LEADER, FOCAL, DUTY = "lanhdao-ankhe", "dau-moi-ankhe", "+84900000100"


def sealed(line: Line) -> list[Sealed]:
    with line.gateway.database.read() as session:
        return list(session.scalars(select(Sealed).order_by(Sealed.id)))


def texts_of(line: Line, matter: Sealed) -> list[str]:
    with line.gateway.database.read() as session:
        return [row.body for row in store.texts(session, [matter.id])[matter.id]]


def names(line: Line, username: str, code: str = "23617") -> Official:
    with line.gateway.database.write() as session:
        person = session.scalars(select(Official).where(Official.username == username)).one()
        unit = session.scalars(select(Unit).where(Unit.code == code, Unit.valid_to.is_(None))).one()
        sealing.name_keeper(session, person, unit, person.id, line.gateway.now())
        return person


def hands_over(line: Line, keeper: Official) -> None:
    """The newest matter."""
    with line.gateway.database.write() as session:
        matter = session.get_one(Sealed, sealed(line)[-1].id)
        sealing.hand_over(session, matter, keeper.id, "Thanh tra tỉnh", line.gateway.now())


def puts_under_seal(line: Line, text: str = SHADY, number: int = 0) -> str:
    """What a citizen sent as an ordinary complaint; its reference."""
    if text:
        line.text(text)
    house = line.gateway
    with house.database.write() as session:
        complaint = session.get_one(Complaint, line.complaints()[number].id)
        official = session.scalars(select(Official.id).where(Official.username == FOCAL)).one()
        sealing.put_under_seal(session, house.speech, complaint, official, "Có dấu hiệu", now=house.now())
        reference = complaint.reference or ""
    line.works()
    return reference


def test_a_denunciation_opens_no_complaint_and_is_answered_with_the_way_to_go(line: Line) -> None:
    (reply,) = line.text(BRIBE)
    assert reply.startswith(GUIDED)
    assert measure(reply).segments == 1
    assert line.complaints() == []
    (matter,) = sealed(line)
    assert (matter.kind, matter.state, texts_of(line, matter)) == ("denunciation", "sealed", [BRIBE])


def test_the_reply_tells_a_shared_phone_nothing(line: Line) -> None:
    (reply,) = line.text(BRIBE)
    assert not {"to cao", "hoi lo", "tham nhung", "khieu nai"} & {
        w for w in ("to cao", "hoi lo", "tham nhung", "khieu nai") if w in reply.lower()
    }


def test_a_rude_clerk_is_an_ordinary_complaint(line: Line) -> None:
    line.text("can bo mot cua phuong Tay Son hach dich, quat nat dan sang nay")
    assert sealed(line) == []
    (complaint,) = line.complaints()
    assert complaint.category == "HC"


def test_what_goes_on_with_it_is_sealed_too_and_another_matter_is_not(line: Line) -> None:
    line.text(BRIBE)
    (reply,) = line.text("ten ong ay la Tran Van C, o phong so 3")
    assert reply.startswith("Tin da duoc ghi them")
    (matter,) = sealed(line)
    assert len(texts_of(line, matter)) == 2
    assert line.complaints() == []
    line.text(LAMP)
    assert [complaint.category for complaint in line.complaints()] == ["HT"]


def test_what_goes_on_after_it_was_handed_over_is_sealed_anew_and_the_reply_tells_nothing(line: Line) -> None:
    keeper = names(line, LEADER)
    line.text(BRIBE)
    hands_over(line, keeper)
    for _ in range(2):
        (reply,) = line.text(MORE)
        assert reply.startswith("Tin da duoc ghi them")
    assert line.complaints() == []
    first, second = sealed(line)
    assert (second.kind, second.unit_id, second.state) == (first.kind, first.unit_id, "sealed")
    assert [len(texts_of(line, matter)) for matter in (first, second)] == [1, 2]


@pytest.mark.parametrize("hours", [0, 30])
@pytest.mark.parametrize("words", ["BS {} ten ong ay la Tran Van C", "so {} ten ong ay la Tran Van C", "{} Tran Van C"])
def test_what_names_the_number_that_was_put_under_seal_goes_there_however_late(
    line: Line, clock: Clock, words: str, hours: int
) -> None:
    reference, keeper = puts_under_seal(line), names(line, LEADER)
    clock.moves(hours=hours)
    line.text(words.format(reference))
    assert [len(texts_of(line, matter)) for matter in sealed(line)] == [2]
    hands_over(line, keeper)
    line.text(words.format(reference))
    assert [len(texts_of(line, matter)) for matter in sealed(line)] == [2, 1]
    (complaint,) = line.complaints()
    assert "Tran Van C" not in complaint.text


def test_the_status_of_such_a_number_is_told_as_before(line: Line) -> None:
    reference = puts_under_seal(line)
    (reply,) = line.text(f"TT {reference}")
    assert reply.startswith(f"So {reference}")
    assert len(texts_of(line, sealed(line)[0])) == 1


def test_what_goes_on_with_an_ordinary_number_is_no_part_of_it(line: Line) -> None:
    line.text(LAMP)
    reference = line.complaints()[0].reference
    line.text(BRIBE)
    (reply,) = line.text(f"BS {reference} o truoc so nha 14")
    assert reply.startswith(f"So {reference}")
    assert len(texts_of(line, sealed(line)[0])) == 1


def test_what_was_joined_with_it_by_a_digit_goes_under_the_seal_as_well(line: Line, clock: Clock) -> None:
    line.text("bong den cao ap duong Quang Trung phuong Tay Son bi hong")
    line.text("mat nuoc ca thon 2 xa Cuu An tu hom qua")
    clock.moves(hours=5)
    said = "bo sung: ong Tran Van C o to 9 biet ro"
    line.text(said)
    line.text("2")
    joined = line.complaints()[2]
    with line.gateway.database.write() as session:  # as it was left before its words moved
        left = session.get_one(Complaint, joined.id)
        left.text, left.place, left.reasons, left.facts = said, "to 9", ["Tran Van C"], {"who": "Tran Van C"}
        note(session, joined.id, "filled", at=clock.at, words="Tran Van C", gap="who")
    puts_under_seal(line, "")
    assert said in texts_of(line, sealed(line)[0])
    with line.gateway.database.read() as session:
        for table in Base.metadata.sorted_tables:
            if table.name not in ("inbound", "parts"):
                for row in session.execute(select(table)).mappings():
                    assert not any("Tran Van C" in str(value) for value in row.values()), table.name


def test_no_table_keeps_a_word_that_officials_wrote_of_it(line: Line, clock: Clock) -> None:
    line.text(SHADY)
    complaint, said = line.complaints()[0], "Nguyen Thi Xuyen"
    with line.gateway.database.write() as session:
        who = session.scalars(select(Official.id)).first() or 0
        mine = {"complaint_id": complaint.id}
        for kind in ("noted", "added", "passed_on", "part_asked", "part_given", "time_asked", "phoned"):
            note(session, complaint.id, kind, at=clock.at, official_id=who, words=said)
        asked = {"question": said, "asked_by": who, "asked_at": clock.at, "words": said}
        session.add(Contribution(office_id=complaint.office_id or complaint.unit_id, **mine, **asked))
        letter = {"kind": "answer", "body": said, "asks": "", "at_once": False, "reasons": [], "why_returned": said}
        session.add(HeldLetter(written_at=clock.at, written_by=who, **mine, **letter))
        code = {"digest": "x", "issued_at": clock.at, "expires_at": clock.at, "draft": said, "draft_kind": "answer"}
        session.add(TextCode(official_id=who, **mine, **code))
        session.add(Publication(text=said, answer=said, proposed_by=who, proposed_at=clock.at, **mine))
        wish = {"until": clock.at.date(), "reason": said, "asked_at": clock.at, "asked_by": who}
        session.add(Extension(**mine, **wish))
        found = session.get_one(Complaint, complaint.id)
        found.text, found.place, found.facts = f"{found.text} {said}", said, {"who": said}
        searching.keep(session, found)
    puts_under_seal(line, "")
    with line.gateway.database.read() as session:
        for table in Base.metadata.sorted_tables:
            if table.name not in ("inbound", "parts"):
                for row in session.execute(select(table)).mappings():
                    told = " ".join(str(value).casefold() for value in row.values())
                    assert "xuyen" not in told, (table.name, row)


def test_after_six_hours_nothing_goes_on_with_it_any_more(line: Line, clock: Clock) -> None:
    line.text(BRIBE)
    clock.moves(hours=7)
    line.text("ten ong ay la Tran Van C, o phong so 3")
    assert len(texts_of(line, sealed(line)[0])) == 1


def test_it_never_joins_the_ordinary_complaint_it_was_sent_to(line: Line) -> None:
    line.text(LAMP)
    reference = line.complaints()[0].reference
    (reply,) = line.text(f"BS {reference} can bo to den doi phong bi moi sua, toi to cao")
    assert reply.startswith(GUIDED)
    assert len(sealed(line)) == 1
    with line.gateway.database.read() as session:
        assert session.scalars(select(Inbound.complaint_id).order_by(Inbound.id.desc())).first() is None


def test_an_answer_to_a_question_is_sealed_as_well_when_it_accuses(line: Line) -> None:
    line.text("PA GT duong hu nang qua")
    line.text("can bo phuong Tay Son an chan tien lam duong nay")
    assert len(sealed(line)) == 1
    assert len(line.complaints()) == 1


def test_it_has_no_status_for_anybody(line: Line) -> None:
    line.text(BRIBE)
    (reply,) = line.text("TT")
    assert reply.startswith("Muon xem ket qua")
    assert not any(sign.isdigit() for sign in reply)


def test_a_cry_for_help_comes_first(line: Line) -> None:
    (reply,) = line.text("CHAY NHA o hem 12 phuong Tay Son cuu voi, toi to cao sau")
    assert "114" in reply
    assert sealed(line) == []


def test_worked_through_twice_it_is_one_matter_and_one_reply(line: Line) -> None:
    line.text(BRIBE)
    with line.gateway.database.write() as session:
        session.get_one(Inbound, line.texts()[0].id).state = "received"
    line.works()
    assert len(sealed(line)) == 1
    assert len(line.inbox()) == 1


def test_the_late_rest_of_a_long_text_stays_with_it(line: Line) -> None:
    line.text(BRIBE)
    first = line.texts()[0].id
    line.arrives("va con nhan qua cua ho An nua")
    with line.gateway.database.write() as session:
        session.get_one(Inbound, line.texts()[1].id).continues = first
    line.works()
    assert len(texts_of(line, sealed(line)[0])) == 2
    assert len(line.inbox()) == 1


def test_a_draft_dialled_in_is_sealed_and_its_last_screen_says_where_to_go(line: Line, clock: Clock) -> None:
    house, last = line.gateway, ""
    for typed in (None, "1", "5", "1", "to 5", BRIBE, "1", "1"):
        clock.moves(seconds=5)  # the same key pressed at once is taken for the same turn
        with house.database.write() as session:
            event = UssdEvent.START if typed is None else UssdEvent.INPUT
            screen = house.usher(session).turn(UssdTurn("simulator", "s1", CITIZEN, "*8079#", event, typed or ""))
        last = screen.text
        if not screen.more:
            break
    assert last.startswith(GUIDED), last
    assert len(sealed(line)) == 1
    assert line.complaints() == []


def test_no_other_table_and_no_text_holds_a_word_of_it(line: Line) -> None:
    names(line, LEADER)
    line.text(LAMP, "+84900000009")
    line.text(BRIBE)
    while line.gateway.herald().batch():
        pass
    with line.gateway.database.read() as session:
        for table in Base.metadata.sorted_tables:
            if table.name in ("inbound", "parts"):
                continue  # the text as it came in
            for row in session.execute(select(table)).mappings():
                assert not any("hoi lo" in str(value) or "ho Binh" in str(value) for value in row.values()), table.name


def test_who_lists_texts_that_opened_no_complaint_leaves_it_out(line: Line) -> None:
    line.text(BRIBE)
    with line.gateway.database.write() as session:
        session.get_one(Inbound, line.texts()[0].id).reason = "something"
    with line.gateway.database.read() as session:
        assert leftover_texts(session, line.gateway.now()) == []


def test_figures_count_it_and_say_nothing_more(line: Line, clock: Clock) -> None:
    line.text(BRIBE)
    today = clock.at.date()
    with line.gateway.database.read() as session:
        told = reporting.reported(session, Period(today, today), clock.at, line.gateway.handbook(session).calendar)
    assert (told.sealed, told.figures.received, told.figures.in_hand.total) == (1, 0, 0)


def test_keepers_hear_once_a_day_that_something_waits_and_nobody_else_does(line: Line) -> None:
    keeper = names(line, LEADER)
    line.text(BRIBE)
    line.text("Toi to cao ke toan xa tham o", "+84900000002")
    for _ in range(3):
        line.gateway.herald().batch()
    told = line.outbox(keeper.phone)
    assert len(told) == 1
    assert told[0].startswith("Co tin niem phong")
    with line.gateway.database.read() as session:
        to = set(session.scalars(select(Outgoing.recipient)))
    assert to == {CITIZEN, "+84900000002", keeper.phone}


def test_a_keeper_whom_the_text_names_neither_hears_of_it_nor_reads_it(line: Line) -> None:
    keeper = names(line, LEADER)
    with line.gateway.database.write() as session:
        session.get_one(Official, keeper.id).name = "Trần Văn Cường"
    line.text("toi to cao ong Tran Van Cuong lanh dao phuong nhan hoi lo")
    line.gateway.herald().batch()
    assert line.outbox(keeper.phone) == []
    with line.gateway.database.read() as session:
        assert sealing.shown_to(session, keeper.id, "Trần Văn Cường") == []
        assert sealing.found(session, keeper.id, "Trần Văn Cường", sealed(line)[0].id) is None
        assert sealing.found(session, keeper.id, "Lê Thị Hoa", sealed(line)[0].id) is not None


def test_what_was_told_to_nobody_is_told_once_somebody_else_is_named(line: Line) -> None:
    line.text(BRIBE)
    named = "toi to cao ong Tran Van Cuong lanh dao phuong nhan hoi lo"
    line.text(named, "+84900000002")
    assert line.gateway.herald().batch() == 0  # nobody is named at all
    accused = names(line, LEADER)
    with line.gateway.database.write() as session:
        session.get_one(Official, accused.id).name = "Trần Văn Cường"
    assert line.gateway.herald().batch() == 1
    assert line.gateway.herald().batch() == 0  # only the accused is named for the other
    other = names(line, FOCAL)
    assert line.gateway.herald().batch() == 1
    assert [len(line.outbox(one.phone)) for one in (accused, other)] == [1, 1]


def test_what_nobody_may_hear_of_does_not_keep_the_rest_waiting(line: Line) -> None:
    accused = names(line, LEADER)
    with line.gateway.database.write() as session:
        session.get_one(Official, accused.id).name = "Trần Văn Cường"
    for n in range(sealing.BATCH + 1):
        line.arrives("toi to cao ong Tran Van Cuong lanh dao phuong nhan hoi lo", f"+8490000{1000 + n}")
    line.works()
    line.text(BRIBE)
    assert len(sealed(line)) == sealing.BATCH + 2
    assert line.gateway.herald().batch() == 1
    assert len(line.outbox(accused.phone)) == 1


def test_the_administrator_sees_what_nobody_who_is_named_may_read(line: Line) -> None:
    line.text("toi to cao ong Tran Van Cuong lanh dao phuong nhan hoi lo")
    line.text(BRIBE, "+84900000002")

    def waiting() -> list[tuple[int, int, int]]:
        with line.gateway.database.read() as session:
            return [(one.sealed, one.keepers, one.closed_to_all) for one in sealing.waiting(session)]

    assert waiting() == [(2, 0, 2)]
    accused = names(line, LEADER)
    with line.gateway.database.write() as session:
        session.get_one(Official, accused.id).name = "Trần Văn Cường"
    assert waiting() == [(2, 1, 1)]
    names(line, FOCAL)
    assert waiting() == [(2, 2, 0)]


def test_who_is_named_for_the_province_reads_every_units(line: Line) -> None:
    keeper = names(line, "giamsat-tinh", "52")
    line.text(BRIBE)
    with line.gateway.database.read() as session:
        assert len(sealing.shown_to(session, keeper.id, keeper.name)) == 1


@pytest.mark.parametrize("username", ["quantri", "kiemtoan"])
def test_administrators_and_auditors_are_never_named(line: Line, username: str) -> None:
    with pytest.raises(sealing.NoKeeperError):
        names(line, username, "52")


def test_naming_twice_is_refused_and_after_an_end_it_is_possible_again(line: Line) -> None:
    keeper = names(line, LEADER)
    with pytest.raises(sealing.NoKeeperError):
        names(line, LEADER)
    with line.gateway.database.write() as session:
        sealing.end_keeping(session, store.named(session)[0].id, keeper.id, line.gateway.now())
    names(line, LEADER)
    with line.gateway.database.read() as session:
        assert [one.ended_at is None for one in store.named(session)] == [True, False]


def releases(line: Line, keeper: Official, number: int) -> None:
    house = line.gateway
    with house.database.write() as session:
        matter = sealing.found(session, keeper.id, keeper.name, number, to_change=True)
        assert matter
        words = "\n".join(text.body for text in store.texts(session, [matter.id])[matter.id])
        told = sealing.Release(keeper.id, "Chỉ là tiếng ồn", house.reader.read(words))
        sealing.release(session, house.handbook(session), house.speech, matter, told, now=house.now())


def test_a_released_one_becomes_the_complaint_it_would_have_been(line: Line) -> None:
    keeper = names(line, LEADER)
    line.text("to cao nha hang xom mo karaoke ca dem o to 5 phuong Tay Son")
    house = line.gateway
    releases(line, keeper, sealed(line)[0].id)
    line.works()
    (complaint,) = line.complaints()
    assert complaint.text.startswith("to cao nha hang xom")
    assert complaint.unit_id == sealed(line)[0].unit_id
    assert line.inbox()[-1].startswith(f"So {complaint.reference}: da nhan phan anh")
    with house.database.read() as session:
        lines = list(session.scalars(select(SealedLine).order_by(SealedLine.id)))
    assert [(one.kind, one.note) for one in lines] == [("sealed", ""), ("released", "Chỉ là tiếng ồn")]


def test_a_released_one_that_goes_under_the_seal_again_takes_its_words_along(line: Line) -> None:
    keeper = names(line, LEADER)
    line.text(BRIBE)
    releases(line, keeper, sealed(line)[0].id)
    puts_under_seal(line, text="")
    released, anew = sealed(line)
    assert (released.state, anew.state) == ("released", "sealed")
    assert texts_of(line, anew) == [BRIBE]
    assert texts_of(line, released) == []


def test_what_was_divided_off_takes_the_text_it_came_with_along(line: Line) -> None:
    line.text(f"{LAMP}. {SHADY.removeprefix('PA HC ')}")
    house = line.gateway
    with house.database.write() as session:
        first = session.get_one(Complaint, line.complaints()[0].id)
        focal = session.scalars(select(Official.id).where(Official.username == FOCAL)).one()
        stays, _, goes = first.text.partition(". ")
        halves = Halves(f"{stays}.", goes, "HC")
        divided = divide(
            session, house.speech, house.handbook(session), first, halves, Writer(focal, {"focal"}), now=house.now()
        )
        assert isinstance(divided, Filed)
    puts_under_seal(line, text="", number=1)
    (matter,) = sealed(line)
    assert [SHADY.removeprefix("PA HC ") in text for text in texts_of(line, matter)] == [True]
    with house.database.read() as session:
        first = session.get_one(Complaint, line.complaints()[0].id)
        assert first.text == f"{stays}."
        assert complaints.conversation(session, first).heard == []


def test_what_is_written_after_a_release_is_ordinary(line: Line) -> None:
    keeper = names(line, LEADER)
    line.text("to cao nha hang xom mo karaoke ca dem o to 5 phuong Tay Son")
    releases(line, keeper, sealed(line)[0].id)
    line.works()
    line.text("bo sung them nha do o so 14, mo tu 9 gio toi")
    (matter,) = sealed(line)
    assert len(texts_of(line, matter)) == 1
    assert [text.complaint_id for text in line.texts()] == [line.complaints()[0].id] * 2


def test_a_released_one_that_tells_of_danger_rings_the_duty_phone(line: Line) -> None:
    keeper = names(line, LEADER)
    line.text("to cao nha thau lam an cau tha, day dien dut nam giua duong Quang Trung phuong Tay Son")
    assert line.outbox(DUTY) == []
    releases(line, keeper, sealed(line)[0].id)
    (complaint,) = line.complaints()
    (told,) = line.outbox(DUTY)
    assert told.startswith(f"NGUY HIEM so {complaint.reference}")


def test_nothing_leaves_the_seal_without_a_reason_or_twice(line: Line) -> None:
    keeper = names(line, LEADER)
    line.text(BRIBE)
    with line.gateway.database.write() as session:
        matter = session.get_one(Sealed, sealed(line)[0].id)
        with pytest.raises(sealing.NoReasonError):
            sealing.hand_over(session, matter, keeper.id, "  ", line.gateway.now())
        sealing.hand_over(session, matter, keeper.id, "Thanh tra tỉnh, đúng thẩm quyền", line.gateway.now())
        with pytest.raises(sealing.DoneAlreadyError):
            sealing.hand_over(session, matter, keeper.id, "Lần nữa", line.gateway.now())
    assert sealed(line)[0].state == "handed_over"


def test_an_ordinary_text_costs_no_question_to_the_database_more(line: Line) -> None:
    asked: list[str] = []

    @event.listens_for(line.gateway.database.engine, "before_cursor_execute")
    def note(_c: object, _k: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    line.text(LAMP)
    assert not [one for one in asked if "sealed" in one and "FROM sealed" in one]
    assert not [one for one in asked if "alarms" in one or "clusters" in one]


@pytest.mark.parametrize("where", ["gateway", "on_postgres"])
def test_the_keeper_of_the_province_hears_of_every_units(
    where: str, request: pytest.FixtureRequest, pool: ThreadPoolExecutor
) -> None:
    line = Line(request.getfixturevalue(where), pool)
    line.text(BRIBE)
    line.text("Toi to cao chu tich xa Cuu An nhan tien", "+84900000002")
    units = {matter.unit_id for matter in sealed(line)}
    keeper = names(line, "giamsat-tinh", "52")
    assert len(units) == 2
    assert line.gateway.herald().batch() == 2
    assert len(line.outbox(keeper.phone)) == 1


def test_it_is_so_on_postgresql_too(on_postgres: Gateway, pool: ThreadPoolExecutor) -> None:
    line = Line(on_postgres, pool)
    keeper = names(line, LEADER)
    assert len(line.text(BRIBE)) == 1
    line.text("ten ong ay la Tran Van C, o phong so 3")
    on_postgres.herald().batch()
    (matter,) = sealed(line)
    assert (len(texts_of(line, matter)), len(line.outbox(keeper.phone))) == (2, 1)
    with on_postgres.database.write() as session:
        assert sealing.found(session, keeper.id, keeper.name, matter.id, to_change=True)
        unit, again = session.get_one(Unit, matter.unit_id), session.get_one(Official, keeper.id)
        with pytest.raises(sealing.NoKeeperError):
            sealing.name_keeper(session, again, unit, keeper.id, on_postgres.now())


def somebody_waits(session: Session) -> bool:
    """Within a few seconds, for a lock."""
    for _ in range(200):
        if session.scalar(text("select count(*) from pg_locks where not granted")):
            return True
        time.sleep(0.02)
    return False


def test_a_release_waits_for_the_text_that_is_just_being_sealed_and_takes_it_along(
    on_postgres: Gateway, pool: ThreadPoolExecutor
) -> None:
    line = Line(on_postgres, pool)
    keeper = names(line, LEADER)
    line.text(BRIBE)
    (matter,) = sealed(line)
    more = line.arrives(MORE)
    with on_postgres.database.write() as session:  # a worker on its way
        citizens.citizen_of(session, CITIZEN, on_postgres.now())
        released = pool.submit(releases, line, keeper, matter.id)
        assert somebody_waits(session)
        session.add(SealedText(inbound_id=more, sealed_id=matter.id))
    released.result(timeout=10)
    (complaint,) = line.complaints()
    assert complaint.text == f"{BRIBE}\n{MORE}"
