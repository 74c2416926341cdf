"""A session is cut at every step of every path, and redialled or not: no typed answer is lost, no complaint doubled."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count, cycle, product

import pytest
from sqlalchemy import select

from smsgw.domain.messages import UssdEvent
from smsgw.domain.ussd.script import Name
from smsgw.store import sittings
from smsgw.store.tables import Citizen, Complaint, Event, Outgoing
from tests.conftest import Clock
from tests.services.conftest import Line
from tests.services.handsets import Handset, Kind

PLACE, TEXT = "hem 12 Quang Trung", "cong nghet * nuoc tran # vao nha"
PATHS = {
    "every question": ("1", "2", "3", PLACE, TEXT, "4", "1"),
    "what may be skipped is": ("1", "14", "4", "99", TEXT, "5", "1"),
    "back and forth": ("1", "99", "13", "0", "99", "2", "1", "0", "1", PLACE, TEXT, "0", "99", "1", "1"),
    "home and on": ("1", "2", "00", "1", "1", "1", PLACE, "00", "2", "00", "1", "1", TEXT, "1", "1"),
    "the words first": (TEXT, "2", "1", PLACE, "99", "3", "1"),
    "typed again": ("1", "2", "1", PLACE, "den duong tat", "1", "2", TEXT, "1", "1"),
}
PHONES = count(100_000)


@dataclass(frozen=True)
class Cut:
    """Where a path is cut, and how that is learnt; no event is silence."""

    path: tuple[str, ...]
    after: int
    event: UssdEvent | None
    kind: Kind

    def words(self) -> list[str]:
        """What was typed by hand that must be found again."""
        typed = self.path[: self.after]
        return [one for one in (PLACE, TEXT) if one in typed]

    @property
    def is_whole(self) -> bool:
        return self.after == len(self.path)


EVENTS = (None, UssdEvent.END, UssdEvent.TIMEOUT)


def cuts(kind: Kind) -> Iterator[Cut]:
    """Of each path every step, the ways to learn of the cut in turn."""
    steps = [(path, after) for path in PATHS.values() for after in range(len(path) + 1)]
    yield from (Cut(path, after, event, kind) for (path, after), event in zip(steps, cycle(EVENTS), strict=False))


def all_cuts() -> Iterator[Cut]:
    for path, event, kind in product(PATHS.values(), EVENTS, Kind):
        yield from (Cut(path, after, event, kind) for after in range(len(path) + 1))


every_kind = pytest.mark.parametrize(
    "chosen",
    [
        pytest.param(list(cuts(Kind.EVERYTHING)), id="everything"),
        pytest.param(list(all_cuts()), id="all", marks=[pytest.mark.slow, pytest.mark.timeout(900)]),
    ],
)


def dialled(line: Line, clock: Clock, cut: Cut) -> Handset:
    """A phone of its own, up to where it is cut."""
    handset = Handset(line.gateway, clock, cut.kind, f"+84900{next(PHONES)}")
    handset.dials()
    handset.presses(*cut.path[: cut.after])
    if cut.event and handset.sitting().more:
        handset.hangs_up(cut.event)
    return handset


def waits(line: Line, clock: Clock, **by: float) -> None:
    """What the clock does meanwhile."""
    clock.moves(**by)
    while line.gateway.gatherer().batch():
        pass


def told(line: Line, handset: Handset) -> list[str]:
    return line.outbox(handset.phone)


@every_kind
def test_nobody_dials_again_and_what_was_typed_becomes_a_complaint(line: Line, clock: Clock, chosen: list[Cut]) -> None:
    handsets = [(cut, dialled(line, clock, cut)) for cut in chosen]
    waits(line, clock, minutes=14)
    waits(line, clock, hours=30)
    for cut, handset in handsets:
        texts = [complaint.text for complaint in handset.complaints()]
        assert len(texts) == (1 if cut.words() or "den duong tat" in cut.path[: cut.after] else 0), cut
        assert all(words in texts[0] for words in cut.words()), (cut, texts)
        assert len(told(line, handset)) <= 1, cut
        assert handset.sitting().look_at is None


@every_kind
def test_whoever_dials_again_goes_on_at_the_same_step_and_files_once(
    line: Line, clock: Clock, chosen: list[Cut]
) -> None:
    expected: dict[str, list[str]] = {}
    for cut in chosen:
        handset = dialled(line, clock, cut)
        before = handset.standing()
        waits(line, clock, minutes=5)
        screen = handset.dials()
        expected[handset.phone] = cut.words()
        if cut.is_whole or not before.is_unfinished:
            assert handset.screen is Name.MENU, cut
        else:
            assert screen.text.startswith("Vua bi ngat."), cut
            assert handset.standing().draft == before.draft
            handset.presses("1")
            inside = before.screen not in (Name.MENU, Name.RESUME)
            assert handset.screen is (before.screen if inside else before.goes_on), cut
            if inside:
                handset.presses(*cut.path[cut.after :])
                expected[handset.phone] = [TEXT]
    waits(line, clock, hours=30)
    with line.gateway.database.read() as session:
        found = session.execute(
            select(Citizen.phone, Complaint.text).join(Complaint, Complaint.citizen_id == Citizen.id)
        )
        texts = dict(found.all())
    assert len(texts) == len(line.complaints())
    assert {phone for phone, words in expected.items() if words} <= texts.keys()
    assert [phone for phone, words in expected.items() if not all(one in texts.get(phone, "") for one in words)] == []


def test_a_session_cut_again_and_again_is_one_complaint(line: Line, clock: Clock) -> None:
    handset = Handset(line.gateway, clock)
    handset.dials()
    for answer in PATHS["every question"]:
        handset.presses(answer)
        if handset.sitting().more:
            handset.hangs_up()
            waits(line, clock, minutes=8)
            handset.dials()
            handset.presses("1")
    (complaint,) = line.complaints()
    assert PLACE in complaint.text
    assert TEXT in complaint.text
    waits(line, clock, hours=30)
    assert len(line.complaints()) == 1


def test_what_is_missing_is_asked_by_sms(line: Line, clock: Clock) -> None:
    handset = Handset(line.gateway, clock)
    handset.dials()
    handset.presses("1", "2", "1", "99", "den duong tat")
    typed_at = clock.at
    waits(line, clock, minutes=14)
    (complaint,) = line.complaints()
    (receipt,) = told(line, handset)
    assert "o duong nao" in receipt
    assert complaint.received_at == typed_at
    with line.gateway.database.read() as session:
        lines = {event.kind: event.details for event in session.scalars(select(Event))}
    assert lines["cut_off"] == {"screen": "when"}
    handset.dials()
    assert handset.screen is Name.MENU


def test_whoever_only_chose_is_told_once_a_day_in_a_friendly_way_and_may_go_on(line: Line, clock: Clock) -> None:
    handset = Handset(line.gateway, clock)
    for _ in range(2):
        handset.dials()
        handset.presses("1", "2", "1") if handset.screen is Name.MENU else handset.presses("1")
        waits(line, clock, minutes=14)
    (text,) = told(line, handset)
    assert "*8079#" in text
    with line.gateway.database.read() as session:
        row = session.scalars(select(Outgoing)).one()
    assert (row.optional, row.kind) == (True, "CutOff")
    handset.dials()
    handset.presses("1", PLACE, TEXT, "1", "1")
    (complaint,) = line.complaints()
    assert (complaint.category, complaint.ward) == ("HT", "Phường An Khê")


def test_whoever_only_looked_is_told_nothing(line: Line, clock: Clock) -> None:
    handset = Handset(line.gateway, clock)
    handset.dials()
    handset.presses("2")
    waits(line, clock, minutes=14)
    assert told(line, handset) == []
    assert handset.sitting().outcome == "left"


def test_after_a_day_a_redial_begins_anew(line: Line, clock: Clock) -> None:
    handset = Handset(line.gateway, clock)
    handset.dials()
    handset.presses("1", "2")
    waits(line, clock, hours=25)
    handset.dials()
    assert handset.screen is Name.MENU


def test_a_notice_of_the_end_lets_the_rest_be_asked_sooner(line: Line, clock: Clock) -> None:
    noticed, silent = (Handset(line.gateway, clock, phone=f"+8490000000{n}") for n in (1, 2))
    for handset in (noticed, silent):
        handset.dials()
        handset.presses("1", "2", "1", PLACE, TEXT)
    noticed.hangs_up()
    waits(line, clock, minutes=11)
    assert (len(noticed.complaints()), len(silent.complaints())) == (1, 0)
    waits(line, clock, minutes=3)
    assert len(silent.complaints()) == 1


def test_a_draft_that_is_dropped_is_neither_filed_nor_told_of(line: Line, clock: Clock) -> None:
    handset = Handset(line.gateway, clock)
    handset.dials()
    handset.presses("1", "2", "1", PLACE)
    handset.dials()
    handset.presses("2")
    waits(line, clock, hours=30)
    assert line.complaints() == []
    assert told(line, handset) == []


def test_whoever_leaves_with_a_draft_is_told_that_it_is_kept(line: Line, clock: Clock) -> None:
    handset = Handset(line.gateway, clock)
    handset.dials()
    end = handset.presses("1", "2", "1", PLACE, "00", "0")
    assert (end.more, end.text.startswith("Da giu, chua gui.")) == (False, True)
    waits(line, clock, minutes=14)
    assert len(line.complaints()) == 1


def test_one_session_that_cannot_be_seen_to_does_not_stop_the_others(line: Line, clock: Clock) -> None:
    bad, good = (Handset(line.gateway, clock, phone=f"+8490000000{n}") for n in (1, 2))
    for handset in (bad, good):
        handset.dials()
        handset.presses("1", "2", "1", PLACE, TEXT)
    with line.gateway.database.write() as session:
        sitting = sittings.held(session, "simulator", bad.session_id, bad.phone)
        assert sitting
        sitting.standing = {"screen": "no such screen", "wrong": None, "goes_on": None}
    waits(line, clock, minutes=14)
    assert (len(bad.complaints()), len(good.complaints())) == (0, 1)
    assert bad.sitting().look_at == clock.at + timedelta(hours=1)


def test_sessions_are_forgotten_in_the_end_but_not_while_one_must_be_seen_to(line: Line, clock: Clock) -> None:
    done, waiting = (Handset(line.gateway, clock, phone=f"+8490000000{n}") for n in (1, 2))
    done.dials("a name")
    done.presses(*PATHS["every question"])
    waiting.dials()
    waiting.presses("1", "2", "1", PLACE)
    clock.moves(days=91)
    with line.gateway.database.write() as session:
        sittings.forget(session, clock.at - timedelta(days=92), clock.at)
    assert done.sitting()
    with line.gateway.database.write() as session:
        sittings.forget(session, clock.at - timedelta(days=90), clock.at)
    assert done.sitting() is None
    assert waiting.sitting()
    done.dials("a name")
    assert done.presses(*PATHS["every question"]).text.startswith("So ")
    assert len(done.complaints()) == 2


def test_words_that_come_after_a_draft_was_taken_in_are_kept_too(line: Line, clock: Clock) -> None:
    handset = Handset(line.gateway, clock)
    handset.dials()
    handset.presses("1", "2", "1", PLACE)
    waits(line, clock, minutes=14)
    handset.presses(TEXT)
    waits(line, clock, minutes=14)
    assert [TEXT in complaint.text for complaint in line.complaints()] == [False, True]


def test_a_key_that_sends_after_a_draft_was_taken_in_tells_of_that_complaint(line: Line, clock: Clock) -> None:
    handset = Handset(line.gateway, clock)
    handset.dials()
    handset.presses(*PATHS["every question"][:-1])
    waits(line, clock, minutes=14)
    end = handset.presses("1")
    (complaint,) = line.complaints()
    assert end.text.startswith(f"So {complaint.reference}")
    assert not end.more


def test_where_sessions_break_off_is_counted_by_screen(line: Line, clock: Clock) -> None:
    began = clock.at
    for number, answers in enumerate((("1",), ("1",), ("1", "2", "1", PLACE), ("2",), PATHS["every question"])):
        handset = Handset(line.gateway, clock, phone=f"+8490000001{number}")
        handset.dials()
        handset.presses(*answers)
    again = Handset(line.gateway, clock, phone="+84900000010")
    again.dials()
    again.presses("1")
    waits(line, clock, minutes=14)
    with line.gateway.database.read() as session:
        found = {drop.screen: drop for drop in sittings.drops(session, began, clock.at)}
        assert sittings.begun(session, began) == 6
    assert {name: drop.broke_off for name, drop in found.items()} == {"field": 3, "text": 1, "cases": 1}
    field, text = found["field"], found["text"]
    assert (field.continued, field.became, field.told) == (1, 0, 2)
    assert (text.continued, text.became) == (0, 1)


def test_both_databases_keep_and_file_alike(on_postgres, clock: Clock, pool) -> None:  # type: ignore[no-untyped-def]
    line = Line(on_postgres, pool)
    handset = Handset(on_postgres, clock)
    handset.dials()
    handset.presses("1", "2", "1", PLACE)
    handset.hangs_up()
    handset.dials()
    handset.presses("1", TEXT)
    waits(line, clock, minutes=14)
    (complaint,) = line.complaints()
    assert complaint.text == f"{TEXT}. {PLACE}"
    handset.dials()
    handset.presses("4", "1")
    with on_postgres.database.read() as session:
        assert len(session.scalars(select(Citizen)).all()) == len(session.scalars(select(Complaint)).all()) == 1
        drops = sittings.drops(session, complaint.received_at - timedelta(hours=1), clock.at)
    assert {drop.screen: (drop.continued, drop.became) for drop in drops} == {"text": (1, 0), "when": (0, 1)}
