"""The USSD script, played without a database: keys, words, pages, and which turns are new."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.domain.messages import UssdEvent, UssdTurn
from smsgw.domain.notices import StatusReport
from smsgw.domain.ussd import turns
from smsgw.domain.ussd.breaks import Outcome, Waits, becomes, waits
from smsgw.domain.ussd.known import Case, Known, Ward
from smsgw.domain.ussd.playing import play, press
from smsgw.domain.ussd.script import BACK, DRAFTING, HOME, NEXT, SCREENS, Act, Name
from smsgw.domain.ussd.standing import Draft, Standing, Wrong, read
from smsgw.domain.ussd.turns import Last

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CASES = [Case(StatusReport("10008", "assigned", None)), Case(StatusReport("10017", "answered", None), "Da sua.")]
KNOWN = Known([Ward("1", "An Khe"), Ward("2", "An Binh")], ("vi", "en"), lambda: CASES)
INSIDE = [name for name, screen in SCREENS.items() if not screen.ends]


def at(*answers: str, start: Standing | None = None) -> Standing:
    standing = start or Standing()
    for answer in answers:
        standing = press(standing, answer, KNOWN).standing
    return standing


@pytest.mark.parametrize("name", INSIDE)
def test_the_same_keys_do_the_same_on_every_screen(name: Name) -> None:
    here = Standing(screen=name, case="10017", goes_on=Name.TEXT)
    assert press(here, HOME, KNOWN).standing.screen is Name.MENU
    assert press(here, BACK, KNOWN).standing.screen is (SCREENS[name].back or Name.LEFT)
    assert press(Standing(screen=name, page=2), BACK, KNOWN).standing.page == 1
    after = press(here, NEXT, KNOWN).standing
    assert after.page == 1 or SCREENS[name].types


@pytest.mark.parametrize("name", [name for name in Name if name not in INSIDE])
def test_an_end_stays_an_end(name: Name) -> None:
    assert press(Standing(screen=name), "1", KNOWN).standing == Standing(screen=name)


def test_every_screen_is_in_the_script() -> None:
    assert set(SCREENS) == set(Name)


def test_a_choice_counts_on_every_page_of_a_list() -> None:
    assert at("1", "12").draft.field == at("1", NEXT, "12").draft.field == "HC"


@pytest.mark.parametrize("answer", ["", "?", "77", "-1", "1.", "١", "100", "GTX"])
def test_what_is_no_choice_is_asked_again(answer: str) -> None:
    assert at("1", answer) == Standing(screen=Name.FIELD, wrong=Wrong.KEY, goes_on=Name.FIELD)


def test_only_what_need_not_be_told_is_passed_over() -> None:
    assert at("1", "1", "1", NEXT).screen is Name.TEXT
    assert at("1", "1", "1", NEXT, NEXT).wrong is Wrong.SHORT


@pytest.mark.parametrize("away", [(HOME,), (BACK, BACK, "khong phai cho nay")])
def test_whoever_leaves_words_that_were_to_be_typed_again_keeps_them(away: tuple[str, ...]) -> None:
    confirming = Standing(screen=Name.CONFIRM, draft=Draft("GT", "1", "", "hu duong", "today"))
    after = at("2", *away, "den duong tat ca tuan", start=confirming)
    assert "hu duong" in after.draft.text
    assert "den duong tat ca tuan" in f"{after.draft.text} {after.draft.hamlet}"


def test_rating_is_offered_where_there_is_an_answer_only() -> None:
    assert press(at("2", "1"), "2", KNOWN).standing.wrong is Wrong.KEY
    assert at("2", "2", "2").screen is Name.SCORE
    assert press(at("3", "1"), "4", KNOWN).act is Act.RATE


def test_the_complaint_looked_at_is_forgotten_at_home() -> None:
    assert at("2", "1", "3").case == "10008"
    assert at("2", "1", HOME, "4").case == ""


def test_a_skipped_turn_is_played_key_by_key_and_words_are_taken_whole() -> None:
    played = play(Standing(), "1*1*2*to 5 * hem 2 *1", KNOWN)
    assert played.standing.screen is Name.TEXT
    assert played.standing.draft == Draft("GT", "2", "to 5 * hem 2 *1")


def test_nothing_is_played_behind_an_act() -> None:
    ready = Standing(screen=Name.CONFIRM, draft=Draft("GT", "1", "", "hu duong", "today"))
    assert play(ready, "1*1", KNOWN).act is Act.FILE


drafts = st.builds(
    Draft,
    field=st.none() | st.sampled_from(["GT", "KH"]),
    ward=st.none() | st.sampled_from(["", "1"]),
    hamlet=st.none() | st.text(),
    text=st.text(),
    when=st.none() | st.sampled_from(["", "today"]),
)
standings = st.builds(
    Standing,
    screen=st.sampled_from(Name),
    page=st.integers(0, 9),
    wrong=st.none() | st.sampled_from(Wrong),
    draft=drafts,
    goes_on=st.none() | st.sampled_from(sorted(DRAFTING)),
    goes_on_page=st.integers(0, 9),
    case=st.sampled_from(["", "10008"]),
    retypes=st.booleans(),
)


@given(standings)
def test_a_standing_is_read_as_it_was_written(standing: Standing) -> None:
    assert read(standing.written()) == standing


@given(standings, st.text() | st.sampled_from(["0", "00", "99", "1", "2", "3", "14"]))
def test_any_answer_on_any_standing_leads_somewhere(standing: Standing, answer: str) -> None:
    after = play(standing, answer, KNOWN)
    assert after.standing.screen in SCREENS
    assert read(after.standing.written()) == after.standing


@given(standings)
def test_a_cut_keeps_the_draft_and_leads_back(standing: Standing) -> None:
    cut = standing.cut_off()
    assert (cut.screen, cut.draft) == (Name.RESUME, standing.draft)
    assert press(cut, "1", KNOWN).standing.screen not in (Name.MENU, Name.RESUME, Name.FILED)


def turn(event: UssdEvent = UssdEvent.INPUT, **told: str) -> UssdTurn:
    return UssdTurn("x", "s", "p", "*1#", event, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("history", "last", "repeated", "added"),
    [
        ("", "", True, None),
        ("1", "", False, "1"),
        ("1", "1", True, "1"),
        ("1*2", "1", False, "2"),
        ("1*a*b", "1", False, "a*b"),
        ("1", "1*2", True, "1"),
        ("", "1*2", True, None),
        ("12", "1", False, "12"),
        ("7*8", None, False, "7*8"),
    ],
)
def test_of_a_history_only_what_was_added_counts(history: str, last: str | None, repeated: bool, added: str) -> None:
    told = turn(history=history)
    assert turns.is_repeated(told, Last(last, "", "", NOW), NOW) is repeated
    if not repeated:
        assert turns.added(told, last) == added


@pytest.mark.parametrize(
    ("mark", "typed", "repeated"), [("3", "1", True), ("2", "9", True), ("4", "1", False), ("3", "2", False)]
)
def test_of_numbered_turns_a_new_number_or_a_new_answer_is_new(mark: str, typed: str, repeated: bool) -> None:
    assert turns.is_repeated(turn(mark=mark, typed=typed), Last(None, "3", "1", NOW), NOW) is repeated


@pytest.mark.parametrize(
    ("typed", "seconds", "repeated"),
    [("1", 2, True), ("1", 4, False), ("2", 1, False), ("1", 179, False), ("1", 181, True), ("2", 181, False)],
)
def test_without_numbers_the_same_answer_at_once_or_much_too_late_is_a_repetition(
    typed: str, seconds: int, repeated: bool
) -> None:
    later = NOW + timedelta(seconds=seconds)
    assert turns.is_repeated(turn(typed=typed), Last(None, "", "1", NOW), later) is repeated


def test_a_session_that_began_begins_no_second_time() -> None:
    assert turns.is_repeated(turn(UssdEvent.START), Last(None, "", "1", NOW), NOW)


@pytest.mark.parametrize(
    ("standing", "outcome"),
    [
        (Standing(screen=Name.WARD, draft=Draft("GT")), Outcome.TOLD),
        (Standing(screen=Name.FIELD), Outcome.TOLD),
        (Standing(screen=Name.TEXT, draft=Draft("GT", "1", "to 5")), Outcome.BECAME),
        (Standing(screen=Name.MENU, draft=Draft(text="hu duong")), Outcome.BECAME),
        (Standing(screen=Name.CASES), Outcome.LEFT),
    ],
)
def test_what_becomes_of_a_session_depends_on_what_was_told(standing: Standing, outcome: Outcome) -> None:
    assert becomes(standing) is outcome


def test_nothing_is_waited_for_where_nothing_was_begun() -> None:
    assert waits(Standing(), NOW, timedelta(minutes=10), is_over=True) == Waits()
    begun = Standing(screen=Name.WARD, draft=Draft("GT"))
    silent, over = (waits(begun, NOW, timedelta(minutes=10), is_over=told) for told in (False, True))
    assert over.look_at == NOW + timedelta(minutes=10)
    assert silent.look_at == NOW + timedelta(minutes=13)
