"""Which text goes, which waits and until when, and which is not sent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsgw.domain.limits import (
    DAY,
    HOUR,
    QUICK,
    Allowance,
    Drop,
    Go,
    Heard,
    Limits,
    Rate,
    Sort,
    Text,
    Told,
    Verdict,
    Wait,
    alike,
    begins_anew,
    lately,
    warned_of,
    weigh,
)

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # 12:00 in Vietnam
NIGHT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # 22:00
MORNING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)  # 07:00
LIMITS = Limits()
ROOMY = Limits(budget=None, quiet=None)


def text(sort: Sort, now: datetime = NOON, words: str = "", **more: object) -> Text:
    """The thousandth text; with words, a reply to a text that came this moment."""
    heard = Heard(words, now) if words else None
    return Text(1000, sort, segments=1, created_at=now, heard=heard, **more)  # type: ignore[arg-type]


def told(under: Allowance, *minutes_ago: float, words: str = "") -> list[Told]:
    """One text for each number, so many minutes before noon."""
    return [Told(n, NOON - timedelta(minutes=ago), under, words or f"w{n}") for n, ago in enumerate(minutes_ago, 1)]


def went_under(verdict: Verdict) -> Allowance:
    assert isinstance(verdict, Go), verdict
    assert verdict.told
    return verdict.told.under


@pytest.mark.parametrize(
    ("sort", "past", "expected"),
    [
        (Sort.UNASKED, [], Allowance.UNASKED),
        (Sort.UNASKED, told(Allowance.UNASKED, 50, 40), Allowance.UNASKED),
        (Sort.UNASKED, told(Allowance.UNASKED, 50, 40, 30), timedelta(minutes=10)),
        (Sort.UNASKED, told(Allowance.UNASKED, 60, 40, 30), Allowance.UNASKED),
        (Sort.UNASKED, told(Allowance.UNASKED, *range(1000, 0, -100)), timedelta(minutes=440)),
        (Sort.ANSWER, told(Allowance.UNASKED, 50, 40, 30), Allowance.FREE),
        (Sort.URGENT, told(Allowance.UNASKED, *range(1000, 0, -100)), Allowance.FREE),
        (Sort.QUESTION, [], Allowance.QUESTION),
        (Sort.QUESTION, told(Allowance.QUESTION, 20), Allowance.UNASKED),
        (Sort.QUESTION, told(Allowance.QUESTION, 20) + told(Allowance.UNASKED, 9, 8, 7), timedelta(minutes=40)),
        (Sort.ALERT, told(Allowance.ALERT, *range(48, 4, -4)), Allowance.ALERT),
        (Sort.ALERT, told(Allowance.ALERT, *range(48, 0, -4)), timedelta(minutes=12)),
        (Sort.ALERT, told(Allowance.UNASKED, 50, 40, 30), Allowance.ALERT),
        (Sort.ORDER, told(Allowance.ALERT, *range(48, 0, -4)), Allowance.FREE),
    ],
)
def test_a_phone_is_texted_unasked_so_often_and_then_waits(
    sort: Sort, past: Sequence[Told], expected: Allowance | timedelta
) -> None:
    verdict = weigh(text(sort), past, 0, LIMITS, NOON)
    if isinstance(expected, Allowance):
        assert went_under(verdict) is expected
    else:
        assert verdict == Wait(NOON + expected, "too many texts to this phone")


def test_the_first_receipt_six_replies_and_three_more_go_in_an_hour() -> None:
    past: list[Told] = []
    went = []
    for n in range(14):
        now = NOON + timedelta(minutes=2 * n)
        sort = Sort.RECEIPT if n == 0 else Sort.REPLY
        verdict = weigh(replace(text(sort, now, f"text {n}"), id=n), past, 0, LIMITS, now)
        if isinstance(verdict, Go):
            past.append(verdict.told)
            went.append(verdict.told.under)
        else:
            assert verdict == Drop("too many texts to this phone")
    assert went == [Allowance.FIRST_RECEIPT, *6 * [Allowance.REPLY], *3 * [Allowance.UNASKED]]


def test_a_receipt_beyond_that_waits_for_its_turn_but_not_for_long() -> None:
    past = (
        told(Allowance.FIRST_RECEIPT, 55) + told(Allowance.REPLY, *range(54, 48, -1)) + told(Allowance.UNASKED, 9, 8, 7)
    )
    late = text(Sort.RECEIPT, words="mat dien")
    assert weigh(late, past, 0, LIMITS, NOON) == Wait(NOON + timedelta(minutes=5), "too many texts to this phone")
    too_late = replace(late, created_at=NOON - timedelta(hours=2))
    assert weigh(too_late, past, 0, LIMITS, NOON) == Drop("too many texts to this phone")


@pytest.mark.parametrize(
    ("minutes", "sort", "waits"),
    [(0, Sort.RECEIPT, True), (119, Sort.RECEIPT, True), (120, Sort.RECEIPT, False), (0, Sort.REPLY, False)],
)
def test_a_receipt_kept_over_night_waits_for_its_turn_as_long_as_any_other(
    minutes: int, sort: Sort, waits: bool
) -> None:
    now = MORNING + timedelta(minutes=minutes)
    full = [Allowance.FIRST_RECEIPT, *6 * [Allowance.REPLY], *3 * [Allowance.UNASKED]]
    past = [Told(n, now - timedelta(minutes=5), under, f"w{n}") for n, under in enumerate(full, 1)]
    verdict = weigh(text(sort, NIGHT), past, 0, LIMITS, now)
    assert verdict == (
        Wait(now + timedelta(minutes=55), "too many texts to this phone")
        if waits
        else Drop("too many texts to this phone")
    )


def test_asking_the_same_again_draws_on_what_may_go_unasked() -> None:
    past = told(Allowance.REPLY, 30, words="tt")
    assert went_under(weigh(text(Sort.REPLY, words="tt"), past, 0, LIMITS, NOON)) is Allowance.UNASKED
    assert went_under(weigh(text(Sort.REPLY, words="hd"), past, 0, LIMITS, NOON)) is Allowance.REPLY


@pytest.mark.parametrize("sort", [Sort.RECEIPT, Sort.REPLY, Sort.URGENT])
def test_the_same_words_get_no_fourth_text(sort: Sort) -> None:
    again = text(sort, words="toi dang lai xe")
    two = told(Allowance.REPLY, 30, words="mat nuoc") + told(Allowance.REPLY, 20, words=again.heard.words)  # type: ignore[union-attr]
    assert isinstance(weigh(again, two, 0, LIMITS, NOON), Go)
    three = [*two, Told(3, NOON - timedelta(minutes=9), Allowance.UNASKED, "toi dang lai xe")]
    assert weigh(again, three, 0, LIMITS, NOON) == Drop("the phone answers by itself: a loop")
    assert isinstance(weigh(text(sort, words="nhung viec khac"), three, 0, LIMITS, NOON), Go)


def quick_streak() -> list[Told]:
    return [
        Told(1, NOON - timedelta(seconds=12), Allowance.FIRST_RECEIPT, "a"),
        Told(2, NOON - timedelta(seconds=8), Allowance.REPLY, "b", quick=True),
        Told(3, NOON - timedelta(seconds=4), Allowance.REPLY, "c", quick=True),
    ]


def test_a_phone_that_answers_each_text_within_moments_gets_no_fourth() -> None:
    machine = text(Sort.REPLY, words="d")
    assert weigh(machine, quick_streak(), 0, LIMITS, NOON) == Drop("the phone answers by itself: a loop")
    assert isinstance(weigh(machine, quick_streak()[:2], 0, LIMITS, NOON), Go)


@pytest.mark.parametrize(
    "heard",
    [
        Heard("d", NOON - timedelta(seconds=4) + QUICK + timedelta(seconds=1)),
        Heard("d", NOON - timedelta(seconds=13)),
        Heard("d", NOON, perhaps_a_machine=False),
    ],
)
def test_a_person_is_slower_or_wrote_before_or_uses_commands(heard: Heard) -> None:
    now = NOON + timedelta(seconds=20)
    person = replace(text(Sort.REPLY), heard=heard)
    assert isinstance(weigh(person, quick_streak(), 0, LIMITS, now), Go)


def test_a_new_cry_for_help_is_heard_even_from_a_phone_in_a_loop() -> None:
    assert isinstance(weigh(text(Sort.URGENT, words="chay nha"), quick_streak(), 0, LIMITS, NOON), Go)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Tôi đang lái xe!", "toi dang lai xe", True),
        ("Busy, back at 10:45.", "busy back at 11:30", True),
        ("Tin 20261123-0001: mat nuoc", "Tin 20261124-0077: mat nuoc", True),
        ("mat nuoc to 1", "mat nuoc to 2", False),
        ("5", "4", False),
        ("!!!", "???", False),
    ],
)
def test_texts_are_alike_but_for_marks_signs_clocks_and_long_numbers(one: str, other: str, same: bool) -> None:
    assert (alike(one) == alike(other)) is same


def test_the_complaint_that_is_named_makes_a_text_another_one() -> None:
    assert alike("TT 10008", "10008") != alike("TT 10013", "10013")


@pytest.mark.parametrize("sort", list(Sort))
def test_at_night_what_can_wait_waits_for_the_morning(sort: Sort) -> None:
    verdict = weigh(text(sort, NIGHT), [], 0, LIMITS, NIGHT)
    if sort is Sort.URGENT:
        assert isinstance(verdict, Go)
    else:
        assert verdict == Wait(MORNING, "quiet hours")
    assert isinstance(weigh(text(sort, NIGHT, any_hour=True), [], 0, LIMITS, NIGHT), Go)
    assert isinstance(weigh(text(sort, NIGHT), [], 0, replace(LIMITS, quiet=None), NIGHT), Go)


@pytest.mark.parametrize(("minutes", "waits"), [(0, False), (10, False), (11, True)])
def test_whoever_writes_at_night_is_answered_at_once_or_in_the_morning(minutes: int, waits: bool) -> None:
    reply = text(Sort.REPLY, NIGHT, "tt")
    verdict = weigh(reply, [], 0, LIMITS, NIGHT + timedelta(minutes=minutes))
    assert isinstance(verdict, Wait) is waits


@pytest.mark.parametrize(
    ("sort", "spent", "goes"),
    [
        (Sort.ALERT, 1599, True),
        (Sort.ALERT, 1600, False),
        (Sort.UNASKED, 1600, False),
        (Sort.REPLY, 1600, False),
        (Sort.RECEIPT, 1600, True),
        (Sort.ANSWER, 1999, True),
        (Sort.QUESTION, 1999, True),
        (Sort.ORDER, 1999, True),
        (Sort.RECEIPT, 2000, False),
        (Sort.ANSWER, 2000, False),
        (Sort.URGENT, 2000, True),
        (Sort.URGENT, 9999, True),
    ],
)
def test_a_reserve_is_kept_for_receipts_answers_and_cries_for_help(sort: Sort, spent: int, goes: bool) -> None:
    verdict = weigh(text(sort), [], spent, LIMITS, NOON)
    assert isinstance(verdict, Go) is goes
    if isinstance(verdict, Wait):
        assert verdict.until == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # midnight in Vietnam
        assert "budget" in verdict.why


def test_a_long_text_needs_room_for_all_its_segments() -> None:
    assert isinstance(weigh(replace(text(Sort.ANSWER), segments=2), [], 1999, LIMITS, NOON), Wait)


def test_the_operator_is_warned_once_when_most_is_used_up() -> None:
    assert warned_of(1599, 1601, 2000)
    assert not warned_of(1600, 1601, 2000)
    assert not warned_of(0, 1599, 2000)
    assert not warned_of(0, 99_999, None)


def test_numbers_outside_the_ranges_are_not_answered_but_an_official_is() -> None:
    assert weigh(text(Sort.RECEIPT, reachable=False), [], 0, LIMITS, NOON) == Drop(
        "its number is outside the ranges that are answered"
    )
    assert isinstance(weigh(text(Sort.ALERT, reachable=False), [], 0, LIMITS, NOON), Go)


@pytest.mark.parametrize("sort", list(Sort))
def test_stop_ends_optional_texts_and_never_what_belongs_to_ones_own_complaint(sort: Sort) -> None:
    verdict = weigh(text(sort, optional=True, silent=True), [], 0, LIMITS, NOON)
    assert isinstance(verdict, Drop) is (sort in (Sort.REPLY, Sort.UNASKED))
    assert isinstance(weigh(text(sort, silent=True), [], 0, LIMITS, NOON), Go)


@pytest.mark.parametrize("sort", [Sort.REPLY, Sort.RECEIPT, Sort.UNASKED, Sort.ALERT, Sort.ANSWER])
def test_a_text_that_is_tried_again_after_it_was_forgotten_draws_on_nothing(sort: Sort) -> None:
    full = told(Allowance.FIRST_RECEIPT, 9) + told(Allowance.REPLY, *range(9, 3, -1), words="d")
    full += told(Allowance.UNASKED, 9, 8, 7) + told(Allowance.ALERT, *range(48, 0, -4))
    again = replace(text(sort, words="d"), tried=True)
    assert not isinstance(weigh(replace(again, tried=False), full, 2000, LIMITS, NOON), Go)
    assert weigh(again, full, 2000, LIMITS, NOON) == Go(None)
    assert isinstance(weigh(replace(again, heard=None), [], 0, LIMITS, NIGHT), Drop | Wait)


SORTS = st.sampled_from(list(Sort))
STEPS = st.tuples(SORTS, st.integers(0, 900), st.sampled_from(["", "tt", "hd", "mat nuoc", "xin chao"]))


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, max_size=150))
def test_whatever_comes_in_whatever_order_no_phone_gets_more_than_its_limits(
    steps: list[tuple[Sort, int, str]],
) -> None:
    """Texts of all sorts, seconds apart; what waits comes again when its time is there."""
    past: list[Told] = []
    everything: list[Told] = []
    now = NOON
    for n, (sort, seconds, words) in enumerate(steps):
        now += timedelta(seconds=seconds)
        one = replace(text(sort, now, words), id=n)
        verdict = weigh(one, past, 0, ROOMY, now)
        if isinstance(verdict, Wait):
            assert verdict.until > now
            assert not isinstance(weigh(one, past, 0, ROOMY, verdict.until), Wait) or sort is Sort.RECEIPT
        if isinstance(verdict, Go):
            everything.append(verdict.told)
            past = lately([*past, verdict.told], now)
    for under, window, most in (
        (Allowance.UNASKED, HOUR, 3),
        (Allowance.UNASKED, DAY, 10),
        (Allowance.REPLY, HOUR, 6),
        (Allowance.FIRST_RECEIPT, HOUR, 1),
        (Allowance.QUESTION, HOUR, 1),
        (Allowance.ALERT, HOUR, 12),
        (Allowance.ALERT, DAY, 40),
    ):
        times = [one.at for one in everything if one.under is under]
        assert all(last - first >= window for first, last in zip(times, times[most:], strict=False))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(SORTS, st.integers(0, 60)), max_size=300))
def test_what_is_remembered_of_a_phone_stays_short(steps: list[tuple[Sort, int]]) -> None:
    past: list[Told] = []
    now = NOON
    for n, (sort, seconds) in enumerate(steps):
        now += timedelta(seconds=seconds)
        verdict = weigh(replace(text(sort, now, f"words {n}"), id=n), past, 0, ROOMY, now)
        if isinstance(verdict, Go):
            past = lately([*past, verdict.told], now)
    assert len(past) <= 12 + 6 + 1 + 1 + 10 + 40


def test_yesterdays_texts_are_forgotten() -> None:
    past = told(Allowance.UNASKED, 24 * 60, 23 * 60) + told(Allowance.REPLY, 60, 59)
    assert [NOON - one.at for one in lately(past, NOON)] == [timedelta(hours=23), timedelta(minutes=59)]


def test_the_days_budget_begins_anew_at_midnight_in_vietnam() -> None:
    assert begins_anew(datetime(2026, 11, 23, 16, 59, tzinfo=UTC)) == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert begins_anew(datetime(2026, 11, 23, 17, 0, tzinfo=UTC)) == datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


def test_rates_are_the_deployments_to_set() -> None:
    strict = replace(LIMITS, citizens=Rate(1, 1))
    past = told(Allowance.UNASKED, 61)
    assert weigh(text(Sort.UNASKED), past, 0, strict, NOON) == Wait(
        NOON + timedelta(minutes=23 * 60 - 1), "too many texts to this phone"
    )
