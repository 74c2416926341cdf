"""Several reports of one matter: each reporter keeps their number and hears the answer once; and it can be undone."""

import pytest
from sqlalchemy import event, select

from smsgw.gateway import Gateway
from smsgw.services import answering, merging
from smsgw.services.answering import Kind, Letter, Sent, Writer
from smsgw.store import complaints, dues, listing
from smsgw.store.listing import Today, Wanted
from smsgw.store.officials import Scope
from smsgw.store.tables import Complaint, Event, Official, Outgoing
from tests.conftest import Clock
from tests.services.conftest import CITIZEN, Line

SECOND, THIRD = "+84900000002", "+84900000003"
LAMP = "PA HT den duong to 5 phuong Tay Son tat ba dem nay"
LAMP_AGAIN = "PA HT to 5 phuong Tay Son den duong tat, toi thui di khong thay"
LAMP_ONCE_MORE = "den duong o to 5 Tay Son tat hoai, de nghi sua"
WATER = "PA DN mat nuoc to 9 phuong Tay Son hai ngay nay"


def today(house: Gateway) -> Today:
    return Today(house.now(), house.now())


def scope_of(line: Line) -> Scope:
    (unit,) = {one.unit_id for one in line.complaints()}
    return Scope(frozenset({unit}))


def by(line: Line, number: int) -> Complaint:
    return line.complaints()[number]


def merges(line: Line, one: int = 0, other: int = 1) -> None:
    with line.gateway.database.write() as session:
        official = session.scalars(select(Official.id)).first() or 0
        names = (by(line, one).reference or "", by(line, other).reference or "")
        house = line.gateway
        merging.merge(session, house.handbook(session), scope_of(line), names, official, house.now())


def separates(line: Line, number: int = 1) -> None:
    house = line.gateway
    with house.database.write() as session:
        part = session.get_one(Complaint, by(line, number).id)
        merging.separate(session, house.handbook(session), part, house.now())


def answers(line: Line, text: str = "Da thay bong den sang nay.", number: int = 0) -> object:
    house = line.gateway
    with house.database.write() as session:
        complaint = session.get_one(Complaint, by(line, number).id)
        official = session.scalars(select(Official.id)).first() or 0
        proof = answering.preview(session, house.speech, complaint, Letter(Kind.ANSWER, text)).proof
        letter = Letter(Kind.ANSWER, text, proof, complaints.newest_line(session, complaint.id))
        handbook, writer = house.handbook(session), Writer(official, ["officer"])
        return answering.send(session, house.speech, handbook, complaint, letter, writer, now=house.now())


@pytest.fixture
def both(line: Line, clock: Clock) -> Line:
    """Two phones report the same lamp an hour apart."""
    line.text(LAMP)
    clock.moves(hours=1)
    line.text(LAMP_AGAIN, SECOND)
    return line


def test_the_same_lamp_is_offered_and_dry_taps_are_not(both: Line) -> None:
    both.text(WATER, THIRD)
    with both.gateway.database.read() as session:
        offered = merging.alike(session, scope_of(both), session.get_one(Complaint, by(both, 1).id))
        for_water = merging.alike(session, scope_of(both), session.get_one(Complaint, by(both, 2).id))
    assert [one.other.reference for one in offered] == [by(both, 0).reference]
    assert "to 5" in offered[0].likeness.places
    assert for_water == []


def test_offering_asks_the_database_once_however_many_there_are(both: Line) -> None:
    for n in range(20):
        both.text(f"{LAMP_ONCE_MORE} lan {n}", f"+8490000{1000 + n}")
    asked: list[str] = []
    with both.gateway.database.read() as session:
        complaint, scope = session.get_one(Complaint, by(both, 0).id), scope_of(both)

        @event.listens_for(both.gateway.database.engine, "before_cursor_execute")
        def note(_c: object, _k: object, statement: str, *_more: object) -> None:
            asked.append(statement)

        assert len(merging.alike(session, scope, complaint)) == merging.OFFERED
    assert len([one for one in asked if one.startswith("SELECT")]) == 1


def test_every_reporter_gets_the_answer_once_under_their_own_number(both: Line) -> None:
    merges(both)
    assert isinstance(answers(both), Sent)
    both.works()
    for number, phone in enumerate((CITIZEN, SECOND)):
        told = [text for text in both.inbox(phone) if "Da thay bong den" in text]
        assert len(told) == 1
        assert told[0].startswith(f"So {by(both, number).reference}:")
        assert by(both, number).state == "answered"
    assert isinstance(answers(both), answering.Refusal)
    both.works()
    assert len([text for text in both.inbox(SECOND) if "Da thay bong den" in text]) == 1


def test_one_phone_that_reported_twice_hears_the_answer_once(line: Line, clock: Clock) -> None:
    line.text(LAMP)
    clock.moves(hours=1)
    line.text(LAMP_AGAIN)
    merges(line)
    answers(line)
    line.works()
    assert len([text for text in line.inbox() if "Da thay bong den" in text]) == 1
    assert [one.state for one in line.complaints()] == ["answered", "answered"]


def test_both_numbers_tell_how_the_matter_stands(both: Line) -> None:
    merges(both)
    for number, phone in enumerate((CITIZEN, SECOND)):
        (reply,) = both.text(f"TT {by(both, number).reference}", phone)
        assert reply.startswith(f"So {by(both, number).reference}: dang giai quyet.")


def test_the_younger_goes_on_with_the_older_whichever_page_it_was_said_on(both: Line) -> None:
    merges(both, 1, 0)
    assert (by(both, 0).merged_into_id, by(both, 1).merged_into_id) == (None, by(both, 0).id)


def test_a_third_that_went_with_the_younger_goes_with_it(both: Line, clock: Clock) -> None:
    clock.moves(hours=1)
    both.text(LAMP_ONCE_MORE, THIRD)
    merges(both, 1, 2)
    merges(both, 0, 1)
    main = by(both, 0).id
    assert [one.merged_into_id for one in both.complaints()] == [None, main, main]
    answers(both)
    both.works()
    assert all(len([t for t in both.inbox(phone) if "Da thay" in t]) == 1 for phone in (CITIZEN, SECOND, THIRD))


def test_what_is_handled_with_another_is_in_no_list_and_raises_no_alert(both: Line, clock: Clock) -> None:
    merges(both)
    house, scope = both.gateway, scope_of(both)
    clock.moves(days=30)
    while house.chaser().batch() or house.bundler().batch():
        pass
    with house.database.read() as session:
        shown = [row.complaint.reference for row in listing.listed(session, scope, Wanted(), today(house))]
        late = [one.reference for one in dues.due_by(session, house.now())]
        alerts = set(session.scalars(select(Outgoing.complaint_id).where(Outgoing.kind == "DeadlineAlert")))
        counts = listing.counted(session, scope, now=house.now(), near_until=house.now(), since=house.now())
    assert shown == late == [by(both, 0).reference]
    assert alerts == {by(both, 0).id}
    assert (counts.in_hand, counts.late) == (1, 1)


def test_taken_apart_it_stands_as_before_and_hears_its_own_answer(both: Line, clock: Clock) -> None:
    before = by(both, 1)
    merges(both)
    separates(both)
    after = by(both, 1)
    for name in ("state", "category", "office_id", "triage_reason", "due_at", "merged_into_id"):
        assert getattr(after, name) == getattr(before, name), name
    answers(both)
    both.works()
    assert not [text for text in both.inbox(SECOND) if "Da thay bong den" in text]
    clock.moves(days=30)
    both.gateway.chaser().batch()
    assert by(both, 1).stage == "overdue"


def test_taken_apart_after_the_answer_it_is_opened_again(both: Line) -> None:
    merges(both)
    answers(both)
    separates(both)
    assert (by(both, 1).state, by(both, 1).answered_at) == ("assigned", None)
    assert by(both, 0).state == "answered"


def test_a_reporter_who_writes_after_the_answer_goes_on_by_themselves(both: Line) -> None:
    merges(both)
    answers(both)
    both.works()
    both.text(f"BS {by(both, 1).reference} den van tat, chua sua", SECOND)
    assert (by(both, 1).state, by(both, 1).merged_into_id) == ("assigned", None)


def test_when_the_main_one_is_taken_back_the_others_go_on(both: Line, clock: Clock) -> None:
    clock.moves(hours=1)
    both.text(LAMP_ONCE_MORE, THIRD)
    merges(both, 0, 1)
    merges(both, 0, 2)
    both.text(f"HUY {by(both, 0).reference}")
    both.text("1")
    assert by(both, 0).state == "withdrawn"
    for _ in range(2):
        while both.gateway.merge_keeper().batch():
            pass
    assert [one.merged_into_id for one in both.complaints()[1:]] == [None, by(both, 1).id]
    assert by(both, 1).look_at is not None
    with both.gateway.database.read() as session:
        lines = select(Event.note).where(Event.complaint_id == by(both, 2).id, Event.kind == "merged")
        told = list(session.scalars(lines.order_by(Event.id)))
    assert told == [by(both, 0).reference, by(both, 1).reference]
    answers(both, number=1)
    both.works()
    assert all(len([t for t in both.inbox(phone) if "Da thay" in t]) == 1 for phone in (SECOND, THIRD))


def test_what_a_reporter_took_back_gets_no_answer(both: Line) -> None:
    merges(both)
    both.text(f"HUY {by(both, 1).reference}", SECOND)
    both.text("1", SECOND)
    answers(both)
    both.works()
    assert not [text for text in both.inbox(SECOND) if "Da thay bong den" in text]
    assert by(both, 1).state == "withdrawn"


@pytest.mark.parametrize("spoil", ["itself", "answered", "merged", "elsewhere"])
def test_only_two_open_complaints_of_one_unit_are_merged(both: Line, spoil: str) -> None:
    scope, names = scope_of(both), [one.reference or "" for one in both.complaints()]
    if spoil == "itself":
        names[1] = names[0]
    if spoil == "answered":
        answers(both)
    if spoil == "merged":
        merges(both)
    if spoil == "elsewhere":
        scope = Scope()
    house = both.gateway
    with house.database.write() as session, pytest.raises(merging.NotOneMatterError):
        merging.merge(session, house.handbook(session), scope, (names[0], names[1]), 1, house.now())


def test_who_merged_and_who_took_apart_stands_in_both_histories(both: Line) -> None:
    merges(both)
    separates(both)
    with both.gateway.database.read() as session:
        kinds = [
            list(session.scalars(select(Event.kind).where(Event.complaint_id == one.id).order_by(Event.id)))
            for one in both.complaints()
        ]
    assert "merged_here" in kinds[0]
    assert kinds[1][-2:] == ["merged", "separated"]


def test_it_is_so_on_postgresql_too(on_postgres: Gateway, pool: object) -> None:
    line = Line(on_postgres, pool)  # type: ignore[arg-type]
    line.text(LAMP)
    line.text(LAMP_AGAIN, SECOND)
    merges(line)
    answers(line)
    line.works()
    assert all(len([t for t in line.inbox(phone) if "Da thay" in t]) == 1 for phone in (CITIZEN, SECOND))
    separates(line)
    assert by(line, 1).merged_into_id is None
    with on_postgres.database.read() as session:
        assert listing.listed(session, scope_of(line), Wanted(), today(on_postgres))


@pytest.fixture
def nowhere(line: Line) -> Line:
    """Two phones report a lamp without saying where; handled as one, they lie in triage."""
    line.text("PA den duong tat hoai khong ai sua")
    line.text("PA den duong tat hoai toi qua", SECOND)
    merges(line)
    assert {one.triage_reason for one in line.complaints()} == {"no_place"}
    return line


def test_what_another_reporter_adds_moves_neither_of_them_apart(nowhere: Line) -> None:
    nowhere.text("o to 5 phuong Tay Son", SECOND)
    assert {(one.state, one.office_id) for one in nowhere.complaints()} == {("received", None)}
    assert by(nowhere, 1).merged_into_id == by(nowhere, 0).id


def test_routed_by_what_its_reporter_adds_it_takes_the_others_along(nowhere: Line) -> None:
    nowhere.text("o to 5 phuong Tay Son")
    main, part = nowhere.complaints()
    assert (main.state, part.merged_into_id) == ("assigned", main.id)
    assert (part.state, part.office_id, part.triage_reason) == (main.state, main.office_id, "")


def test_routed_to_another_unit_it_leaves_the_others_behind(nowhere: Line) -> None:
    nowhere.text("o to 5 phuong An Binh")
    main, part = nowhere.complaints()
    assert main.unit_id != part.unit_id
    assert (part.merged_into_id, part.state, part.triage_reason) == (None, "received", "no_place")
