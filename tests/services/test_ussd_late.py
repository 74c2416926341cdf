"""A turn that comes after the person went on in another session: it does nothing twice, and no word of it is lost."""

from dataclasses import replace

import pytest

from smsgw.domain.messages import UssdEvent
from smsgw.domain.ussd.script import Name
from smsgw.domain.ussd.standing import Draft
from tests.conftest import Clock
from tests.services.conftest import Line
from tests.services.handsets import Handset, Kind

PLACE, TEXT = "so 5 Quang Trung", "duong Quang Trung hu nang * gan cho #2"
TO_THE_TEXT = ("1", "1", "1", PLACE)
TO_THE_END = (*TO_THE_TEXT, TEXT, "2")  # where one key sends it

every_kind = pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.name.lower())


def left_at(line: Line, clock: Clock, *answers: str, kind: Kind = Kind.EVERYTHING) -> Handset:
    handset = Handset(line.gateway, clock, kind)
    handset.dials()
    handset.presses(*answers)
    return handset


def redialled(handset: Handset) -> Handset:
    """The session before, whose turns are still on their way; the handset itself is in the new one."""
    old = replace(handset, typed=list(handset.typed))
    handset.dials()
    assert handset.screen is Name.RESUME
    return old


def much_later(line: Line, clock: Clock) -> list[str]:
    """What was filed in the end."""
    clock.moves(hours=30)
    while line.gateway.gatherer().batch():
        pass
    return [complaint.text for complaint in line.complaints()]


@every_kind
def test_a_key_that_sends_comes_late_and_the_complaint_is_filed_once(line: Line, clock: Clock, kind: Kind) -> None:
    handset = left_at(line, clock, *TO_THE_END, kind=kind)
    old = redialled(handset)
    late = old.presses("1")
    assert not late.more
    assert line.complaints() == []
    assert handset.presses("1", "1").text.startswith(f"So {line.complaints()[0].reference}")
    assert len(much_later(line, clock)) == 1


def test_a_notice_of_the_end_brings_words_late_that_are_typed_again_and_sent_once(line: Line, clock: Clock) -> None:
    handset = left_at(line, clock, *TO_THE_TEXT)
    handset.presses_unheard(TEXT)
    old = redialled(handset)
    clock.moves(seconds=2)
    old.hangs_up()
    handset.presses("1", TEXT, "2", "1")
    (filed,) = much_later(line, clock)
    assert filed.count(TEXT) == filed.count(PLACE) == 1


@pytest.mark.parametrize("event", [UssdEvent.END, UssdEvent.TIMEOUT])
def test_words_that_only_a_late_notice_brings_are_in_the_draft_that_goes_on(
    line: Line, clock: Clock, event: UssdEvent
) -> None:
    handset = left_at(line, clock, *TO_THE_TEXT)
    handset.presses_unheard(TEXT)
    redialled(handset).hangs_up(event)
    assert handset.standing().draft.text == TEXT
    handset.presses("1", "99", "2", "1")
    (filed,) = much_later(line, clock)
    assert TEXT in filed


@every_kind
@pytest.mark.parametrize(("answers", "typed"), [(TO_THE_TEXT[:3], PLACE), (TO_THE_TEXT, TEXT), (("1",), TEXT)])
def test_an_answer_in_words_that_comes_late_is_in_the_draft_once(
    line: Line, clock: Clock, kind: Kind, answers: tuple[str, ...], typed: str
) -> None:
    handset = left_at(line, clock, *answers, kind=kind)
    old = redialled(handset)
    assert not old.presses(typed).more
    old.again()
    (filed,) = much_later(line, clock)
    assert filed.count(typed) == 1


@every_kind
@pytest.mark.parametrize(("answers", "key"), [(("1",), "3"), (TO_THE_END, "3"), (TO_THE_END, "2"), (("5",), "2")])
def test_a_key_that_comes_late_does_nothing(
    line: Line, clock: Clock, kind: Kind, answers: tuple[str, ...], key: str
) -> None:
    handset = left_at(line, clock, *answers, kind=kind)
    old = redialled(handset)
    before = handset.sitting()
    old.presses(key)
    after = handset.sitting()
    assert before
    assert after
    assert (after.standing, after.outcome, after.look_at) == (before.standing, before.outcome, before.look_at)


def test_words_are_kept_that_come_when_the_rest_was_sent_without_them(line: Line, clock: Clock) -> None:
    handset = left_at(line, clock, *TO_THE_TEXT)
    handset.presses_unheard(TEXT)
    old = redialled(handset)
    handset.presses("1", "den duong tat", "2", "1")
    old.hangs_up()
    old.hangs_up()
    first, second = much_later(line, clock)
    assert (TEXT in first, second) == (False, TEXT)


def test_words_that_were_sent_in_other_capitals_are_not_sent_again(line: Line, clock: Clock) -> None:
    handset = left_at(line, clock, *TO_THE_TEXT)
    handset.presses_unheard("Den duong tat, ca tuan")
    old = redialled(handset)
    handset.presses("1", "den duong  tat ca tuan", "2", "1")
    old.hangs_up()
    assert len(much_later(line, clock)) == 1


def test_words_of_a_draft_that_was_dropped_file_nothing(line: Line, clock: Clock) -> None:
    handset = left_at(line, clock, *TO_THE_TEXT)
    handset.presses_unheard(TEXT)
    old = redialled(handset)
    handset.presses("2")
    old.hangs_up()
    assert much_later(line, clock) == []


def test_a_cry_for_help_that_comes_late_is_filed_at_once(line: Line, clock: Clock) -> None:
    handset = left_at(line, clock, *TO_THE_TEXT)
    late = redialled(handset).presses("CHAY NHA o hem 12 Quang Trung cuu voi")
    (complaint,) = line.complaints()
    assert complaint.emergency
    assert late.text.startswith("DAY KHONG PHAI SO CAP CUU")
    assert handset.standing().draft.hamlet == PLACE


def test_words_count_as_held_only_where_they_stand_as_words() -> None:
    draft = Draft(text="so 15 nuoc duc", hamlet="Thon 3")
    assert draft.holds("")
    assert draft.holds("NUOC, duc")
    assert not draft.holds("5")
    assert draft.and_late(Draft(text="5", hamlet="thon 3", field="DN", when="today")) == replace(
        draft, text="so 15 nuoc duc. 5"
    )
