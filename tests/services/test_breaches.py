"""When the date that a citizen was told passes without an answer, they hear so: once, and who has it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from smsgw.services import merging
from smsgw.store.officials import Scope
from smsgw.store.tables import Complaint
from tests.conftest import Clock
from tests.services.conftest import CITIZEN, Line

LAMP = "PA HT den duong to 5 phuong Tay Son tat ba dem nay"
LAMP_AGAIN = "PA HT to 5 phuong Tay Son den duong tat, toi thui di khong thay"
SECOND = "+84900000002"


@pytest.fixture
def ticks(line: Line) -> Callable[[], None]:
    def once() -> None:
        while line.gateway.chaser().batch():
            pass
        line.works()

    return once


def late(line: Line, phone: str = CITIZEN) -> list[str]:
    return [text for text in line.inbox(phone) if "qua hen" in text]


def test_the_citizen_is_told_once_and_who_has_it(line: Line, clock: Clock, ticks: Callable[[], None]) -> None:
    line.text(LAMP)
    due = line.complaints()[0].due_at
    assert due
    clock.at = due + timedelta(minutes=1)
    ticks()
    assert late(line) == [], "the day is not over for a late answer"
    clock.moves(days=3)
    for _ in range(3):
        ticks()
        clock.moves(days=1)
    (text,) = late(line)
    assert text.startswith(f"So {line.complaints()[0].reference} da qua hen")
    assert "Noi giai quyet: Phong Kinh te, Ha tang va Do thi." in text


@pytest.mark.slow
def test_at_night_it_waits_for_the_morning(line: Line, clock: Clock, ticks: Callable[[], None]) -> None:
    line.text(LAMP)
    clock.at = clock.at.replace(hour=15) + timedelta(days=10)  # 22:00 in Viet Nam
    ticks()
    assert late(line) == []
    clock.moves(hours=10)
    line.works()
    assert len(late(line)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("values", [{"due_confirmed": True, "emergency": True}, {"state": "answered"}])
def test_whoever_was_told_no_date_or_has_an_answer_hears_nothing(
    line: Line, clock: Clock, ticks: Callable[[], None], values: dict[str, object]
) -> None:
    line.text(LAMP)
    with line.gateway.database.write() as session:
        session.execute(update(Complaint).values(**values))
    clock.moves(days=12)
    ticks()
    assert late(line) == []


def test_of_several_reporters_each_hears_when_their_own_date_has_passed(
    line: Line, clock: Clock, ticks: Callable[[], None]
) -> None:
    line.text(LAMP)
    clock.moves(hours=1)
    line.text(LAMP_AGAIN, SECOND)
    first, second = line.complaints()
    with line.gateway.database.write() as session:
        scope = Scope(frozenset({first.unit_id}))
        names = (first.reference or "", second.reference or "")
        merging.merge(session, line.gateway.handbook(session), scope, names, 1, clock())
        session.execute(update(Complaint).where(Complaint.id == second.id).values(due_at=clock() + timedelta(days=1)))
    clock.moves(days=3)
    ticks()
    (text,) = late(line, SECOND)
    assert text.startswith(f"So {second.reference} da qua hen")
    assert "Tra loi truoc" in text, "the matter that it goes with has a date ahead"
    assert late(line) == []
