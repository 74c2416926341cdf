"""A later text of the same phone: joined, opened, asked about; shared phones and helpers."""

from collections.abc import Callable

import pytest
from sqlalchemy import event, select, update

from smsgw.services.history import note
from smsgw.store.tables import Complaint, Event
from tests.conftest import Clock
from tests.services.conftest import CITIZEN, Line

LAMP = "bong den cao ap duong Quang Trung phuong Tay Son bi hong"
WATER = "mat nuoc ca thon 2 xa Cuu An tu hom qua"
SECRET = "hang xom danh dap vo con o to 5 phuong Tay Son tu hom qua, xin giu kin, toi muon may"


@pytest.fixture
def two(line: Line, clock: Clock) -> tuple[str, str]:
    """References of two open complaints of one phone, neither of them talked of just now."""
    line.text(LAMP)
    line.text(WATER)
    clock.moves(hours=5)
    first, second = (c.reference or "" for c in line.complaints())
    return first, second


def test_the_same_matter_told_again_joins_and_opens_nothing(line: Line, clock: Clock) -> None:
    line.text(LAMP)
    clock.moves(hours=5)
    (reply,) = line.text("bong den cao ap duong Quang Trung phuong Tay Son van bi hong ma chua ai sua")
    (complaint,) = line.complaints()
    assert reply.startswith(f"So {complaint.reference}: da ghi them tin")


def test_a_second_matter_opens_a_second_complaint(line: Line) -> None:
    line.text(LAMP)
    line.text(WATER)
    assert len(line.complaints()) == 2


def test_the_keyword_always_opens_one(line: Line) -> None:
    line.text(f"PA {LAMP}")
    line.text(f"PA {LAMP}")
    assert len(line.complaints()) == 2


def test_what_may_belong_to_two_is_kept_at_once_and_the_citizen_says_which(line: Line, two: tuple[str, str]) -> None:
    (asked,) = line.text("bo sung: van chua thay ai xuong xem")
    opened = line.complaints()[-1]
    assert asked == (
        f"So {opened.reference}: da nhan tin. Xin nhan 1 neu la viec so {two[1]}, 2 neu la viec so {two[0]}, "
        "3 neu la viec moi."
    )
    (reply,) = line.text("2")
    assert reply == f"So {two[0]}: da ghi them tin cua ong/ba."
    lamp, _, merged = line.complaints()
    assert (merged.state, merged.look_at) == ("withdrawn", None)
    assert [text.complaint_id for text in line.texts()][2:] == [lamp.id, lamp.id]


def test_what_moves_to_the_older_one_leaves_no_word_behind(line: Line, two: tuple[str, str]) -> None:
    line.text("bo sung: ong Tran Van C o to 9 biet ro")
    opened = line.complaints()[-1]
    with line.gateway.database.write() as session:
        note(session, opened.id, "filled", at=opened.received_at, words="Tran Van C", gap="who")
        session.get_one(Complaint, opened.id).facts = {"who": "Tran Van C"}
    line.text("2")
    lamp, _, merged = line.complaints()
    assert (merged.text, merged.place, merged.reasons, merged.facts) == ("", None, [], {})
    assert lamp.facts["who"] == "Tran Van C"
    with line.gateway.database.read() as session:
        lines = session.execute(select(Event.complaint_id, Event.kind, Event.note))
        assert {(row, kind) for row, kind, words in lines if "Tran Van C" in words} == {
            (lamp.id, "added"),
            (lamp.id, "filled"),
        }


def test_the_last_digit_keeps_it_a_matter_of_its_own(line: Line, two: tuple[str, str]) -> None:
    line.text("bo sung: van chua thay ai xuong xem")
    (reply,) = line.text("3")
    opened = line.complaints()[-1]
    assert reply.startswith(f"So {opened.reference}: da nhan phan anh.")
    assert opened.state == "received"


def test_who_does_not_say_which_has_a_complaint_all_the_same(line: Line, two: tuple[str, str]) -> None:
    line.text("bo sung: van chua thay ai xuong xem")
    line.text("cam on nhe")
    assert len(line.complaints()) == 3
    assert line.complaints()[-1].state == "received"


def test_the_reference_decides_whatever_was_talked_of(line: Line, two: tuple[str, str]) -> None:
    (reply,) = line.text(f"BS {two[0]} o truoc so nha 14")
    assert reply.startswith(f"So {two[0]}:")


def test_an_answered_complaint_told_of_again_is_opened_again(line: Line, clock: Clock) -> None:
    line.text(LAMP)
    with line.gateway.database.write() as session:
        session.execute(update(Complaint).values(state="answered", answered_at=clock(), look_at=None))
    clock.moves(hours=5)
    line.text("bong den cao ap duong Quang Trung phuong Tay Son van bi hong")
    (complaint,) = line.complaints()
    assert (complaint.state, complaint.deadline_version) == ("assigned", 2)


def test_nothing_of_a_private_complaint_is_told_without_its_number(line: Line, clock: Clock) -> None:
    (receipt,) = line.text(SECRET)
    (complaint,) = line.complaints()
    reference = complaint.reference or ""
    assert complaint.private
    assert "ten va thon" not in receipt
    assert "Noi giai quyet" not in receipt
    clock.moves(hours=2)
    for asked in ("TT", "DG 5", "toi dau roi", f"TT {reference[:-1]}{(int(reference[-1]) + 1) % 10}"):
        for reply in line.text(asked):
            assert reference not in reply.replace("nhan DG", ""), asked
    (told,) = line.text(f"TT {reference}")
    assert told.startswith(f"So {reference}:")


def test_a_phone_with_a_private_complaint_looks_like_one_without_any(line: Line) -> None:
    line.text(SECRET)
    assert line.text("TT") == line.text("TT", "+84900000002")


def test_an_answer_to_a_question_about_a_private_one_joins_and_names_no_number(line: Line) -> None:
    line.text("toi muon may nhan: chong danh vo o phuong Tay Son")
    (reply,) = line.text("to 5 phuong Tay Son")
    assert reply.startswith("Da ghi them tin cua ong/ba.")
    (complaint,) = line.complaints()
    assert complaint.facts["place"] == "to 5 phuong Tay Son"


def test_the_wish_may_come_later(line: Line) -> None:
    line.text(LAMP)
    line.text("xin giu kin giup toi")
    (complaint,) = line.complaints()
    assert complaint.private


def test_both_numbers_are_kept_and_updates_go_to_the_writer(line: Line) -> None:
    line.text("nhan thay ba toi, so cua ba toi la 0900000123: duong hu nang qua")
    (complaint,) = line.complaints()
    assert (complaint.on_behalf, complaint.about_phone) == (True, "+84900000123")
    line.text("hem 12 Quang Trung phuong Tay Son")
    assert len(line.inbox(CITIZEN)) == 2
    assert line.inbox("+84900000123") == []


def test_the_number_may_come_later_too(line: Line, reference: Callable[[], str]) -> None:
    line.text(LAMP)
    line.text(f"BS {reference()} so cua ba toi la 0900000123")
    assert line.complaints()[0].about_phone == "+84900000123"


def test_a_batch_of_known_citizens_costs_one_look_up_more_and_one_of_strangers_none(line: Line, clock: Clock) -> None:
    phones = [f"+8490000{number:04}" for number in range(100, 120)]

    def selects(text: str) -> int:
        seen: list[str] = []

        def note(*told: object) -> None:
            seen.append(str(told[2]))

        for phone in phones:
            line.arrives(text, phone)
        engine = line.gateway.database._writing
        event.listen(engine, "before_cursor_execute", note)
        while line.gateway.listener().batch():
            pass
        event.remove(engine, "before_cursor_execute", note)
        return sum(statement.startswith("SELECT") for statement in seen)

    strangers = selects(LAMP)
    clock.moves(hours=1)
    acquaintances = selects(WATER)
    assert acquaintances <= strangers + 1
