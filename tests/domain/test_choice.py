"""A provider that fails rests, is tried with one text now and then, and comes back little by little."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from smsgw.domain.choice import Chosen, Standing, Text, after, choose, draw, probe_due, probed, room, share
from smsgw.domain.messages import Accepted, AccountWrong, InDoubt, Never, OptedOut, Outcome, TryLater

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
WELL, BUSY = Accepted("x"), TryLater("busy")
BOTH = ("first", "second")


def told(*outcomes: Outcome, every: timedelta = timedelta(0), standing: Standing | None = None) -> Standing:
    found = standing or Standing()
    for number, outcome in enumerate(outcomes):
        found = after(found, outcome, NOW + number * every)
    return found


def rested() -> Standing:
    return told(*[BUSY] * 5)


@pytest.mark.parametrize("trouble", [BUSY, InDoubt("no answer")])
def test_five_failures_in_a_row_rest_a_provider(trouble: Outcome) -> None:
    assert not told(*[trouble] * 4).rests
    assert told(*[trouble] * 5).rests
    assert not told(*[trouble] * 4, WELL, *[trouble] * 4).rests


def test_half_of_ten_calls_in_a_minute_rest_a_provider() -> None:
    assert not told(*[BUSY, WELL] * 4, BUSY).rests
    assert told(*[BUSY, WELL] * 4, WELL, BUSY).rests
    assert told(*[WELL, BUSY] * 10, every=4 * SECOND).rests


def test_the_troubles_of_more_than_a_minute_ago_are_forgotten() -> None:
    assert not told(*[BUSY, WELL] * 10, every=14 * SECOND).rests


def test_a_wrong_account_rests_a_provider_at_once() -> None:
    assert told(WELL, AccountWrong("no balance")).rests


@pytest.mark.parametrize("refusal", [Never("no such number"), OptedOut("STOP")])
def test_a_text_that_is_refused_for_its_own_sake_says_nothing_against_its_provider(refusal: Outcome) -> None:
    assert told(*[refusal] * 50) == told(*[WELL] * 50)


def test_a_resting_provider_is_tried_with_one_text_every_thirty_seconds() -> None:
    resting = rested()
    assert not probe_due(resting, NOW + 29 * SECOND)
    assert probe_due(resting, NOW + 30 * SECOND)
    out = probed(resting, NOW + 30 * SECOND)
    assert not probe_due(out, NOW + 59 * SECOND)
    assert probe_due(out, NOW + 60 * SECOND)


def test_only_the_text_that_tries_it_brings_a_provider_back() -> None:
    late = after(rested(), WELL, NOW + SECOND)
    assert late.rests
    assert not after(probed(rested(), NOW + 30 * SECOND), WELL, NOW + 31 * SECOND).rests


def test_a_failed_trial_rests_it_for_thirty_seconds_more() -> None:
    failed = after(probed(rested(), NOW + 30 * SECOND), BUSY, NOW + 40 * SECOND)
    assert failed.closed_until == NOW + 70 * SECOND
    assert after(failed, WELL, NOW + 41 * SECOND).rests


@pytest.mark.parametrize(("wish", "rests_for"), [(31, 31), (600, 600), (86_400, 3600)])
def test_a_provider_that_wishes_for_a_while_rests_for_it_an_hour_at_most(wish: int, rests_for: int) -> None:
    wished = told(TryLater("busy", wish))
    assert wished.closed_until == NOW + rests_for * SECOND
    assert after(wished, BUSY, NOW + SECOND).closed_until == wished.closed_until
    assert after(wished, TryLater("busy", 5), NOW + SECOND).closed_until == wished.closed_until


def test_a_wish_for_a_moment_is_no_more_than_a_failure() -> None:
    assert told(TryLater("busy", 30)) == told(BUSY)


def test_a_trial_that_meets_a_wish_rests_the_provider_for_it() -> None:
    failed = after(probed(rested(), NOW + 30 * SECOND), TryLater("busy", 600), NOW + 40 * SECOND)
    assert failed.closed_until == NOW + 640 * SECOND


def test_it_comes_back_little_by_little() -> None:
    back = after(probed(rested(), NOW), WELL, NOW)
    shares = [share(back, NOW + seconds * SECOND) for seconds in (0, 12, 30, 60, 90, 120, 500)]
    assert shares == [0.1, 0.1, 0.25, 0.5, 0.75, 1.0, 1.0]


def test_what_nobody_wrote_for_moves_over_by_that_share() -> None:
    back = {"first": after(probed(rested(), NOW), WELL, NOW), "second": Standing()}
    halfway = Counter(choose(Text("", draw(number, 0)), BOTH, back, {}, NOW + 60 * SECOND) for number in range(1, 1001))
    assert abs(halfway[Chosen("first")] - 500) < 20
    assert halfway[Chosen("second")] == 1000 - halfway[Chosen("first")]


def test_a_provider_that_fails_now_and_then_gets_so_much_less() -> None:
    ailing = told(*[WELL, WELL, WELL, BUSY] * 5)
    assert share(ailing, NOW) == 0.75


@pytest.mark.parametrize("elapsed", [0, 1, 60])
def test_a_person_is_answered_through_the_provider_they_wrote_through_as_soon_as_it_is_back(elapsed: int) -> None:
    back = {"first": Standing(), "second": after(probed(rested(), NOW), WELL, NOW)}
    order = ("second", "first")
    chosen = {choose(Text("second", n / 100), order, back, {}, NOW + elapsed * SECOND) for n in range(100)}
    assert chosen == {Chosen("second")}


def test_the_first_healthy_one_in_order_carries_what_is_nobodys() -> None:
    assert choose(Text("", 0.99), BOTH, dict.fromkeys(BOTH, Standing()), {}, NOW) == Chosen("first")
    assert choose(Text("", 0.0), BOTH, {"first": rested(), "second": Standing()}, {}, NOW) == Chosen("second")
    assert choose(Text("first", 0.0), BOTH, {"first": rested(), "second": Standing()}, {}, NOW) == Chosen("second")


def test_a_provider_alone_in_order_is_used_however_it_fares_until_it_rests() -> None:
    back = after(probed(rested(), NOW), WELL, NOW)
    assert choose(Text("", 0.99), ["first"], {"first": back}, {"first": 100}, NOW) == Chosen("first")
    assert choose(Text("", 0.5), ["first"], {"first": told(*[BUSY] * 4)}, {"first": 100}, NOW) == Chosen("first")
    assert choose(Text("", 0.5), ["first"], {"first": rested()}, {}, NOW) is None


def test_a_provider_that_has_begun_to_fail_is_given_few_texts_at_once() -> None:
    failing = {"first": told(*[BUSY] * 3), "second": Standing()}
    assert room(failing["first"]) == 2
    assert choose(Text("first", 0.5), BOTH, failing, {"first": 1}, NOW) == Chosen("first")
    assert choose(Text("first", 0.5), BOTH, failing, {"first": 2}, NOW) == Chosen("second")


def test_the_trial_takes_a_text_that_would_have_gone_there_and_can_wait() -> None:
    later = NOW + 30 * SECOND
    known = {"first": rested(), "second": Standing()}
    assert choose(Text("", 0.5), BOTH, known, {}, later) == Chosen("first", probe=True)
    assert choose(Text("", 0.5, may_probe=False), BOTH, known, {}, later) == Chosen("second")
    assert choose(Text("", 0.5), ("second", "first"), known, {}, later) == Chosen("second")
    assert choose(Text("", 0.5, may_probe=False), ["first"], known, {}, later) == Chosen("first", probe=True)


def test_the_draws_of_texts_and_of_their_tries_lie_evenly() -> None:
    for attempt in (0, 3):
        tenths = Counter(int(draw(number, attempt) * 10) for number in range(1, 1001))
        assert set(tenths) == set(range(10))
        assert max(tenths.values()) - min(tenths.values()) < 10
