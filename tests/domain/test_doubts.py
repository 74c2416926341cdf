"""What is done about a text in doubt hangs on what its provider can tell."""

from datetime import timedelta

import pytest

from smsgw.domain.doubts import Ask, Doubt, LeaveToPerson, SendAgain, Step, Wait, first_look, next_step
from smsgw.domain.ledger import Capability
from smsgw.domain.notices import Lane
from smsgw.providers.register import REGISTER

LISTS = frozenset({Capability.CALLBACK, Capability.LOOK_UP})
KNOWS_IDS = LISTS | {Capability.SAME_ID}
CALLS_BACK = frozenset({Capability.CALLBACK})
SAYS_NOTHING: frozenset[Capability] = frozenset()


def doubt(seconds: float, lane: Lane = Lane.ANSWER, not_there: int = 0, **more: bool) -> Doubt:
    return Doubt(lane, timedelta(seconds=seconds), not_there, more.get("flagged", False), more.get("stale", False))


def wait(seconds: float) -> Wait:
    return Wait(timedelta(seconds=seconds))


@pytest.mark.parametrize("lane", list(Lane))
@pytest.mark.parametrize(
    ("seconds", "not_there", "step"),
    [
        (0, 0, wait(60)),
        (60, 0, Ask()),
        (61, 1, wait(119)),
        (180, 1, Ask()),
        (181, 2, SendAgain(flagged=False)),
    ],
)
def test_a_list_is_asked_twice_and_what_it_has_not_was_not_sent(
    lane: Lane, seconds: float, not_there: int, step: Step
) -> None:
    assert next_step(doubt(seconds, lane, not_there), LISTS) == step


def test_a_provider_that_knows_texts_by_our_id_is_asked_once() -> None:
    assert next_step(doubt(60), KNOWS_IDS) == Ask()
    assert next_step(doubt(61, not_there=1), KNOWS_IDS) == SendAgain(flagged=False)


@pytest.mark.parametrize("lane", [Lane.URGENT, Lane.RECEIPT, Lane.ANSWER])
@pytest.mark.parametrize("can", [CALLS_BACK, SAYS_NOTHING])
def test_what_a_person_waits_for_is_sent_once_more_flagged_when_no_receipt_came(
    lane: Lane, can: frozenset[Capability]
) -> None:
    assert next_step(doubt(119, lane), can) == wait(1)
    assert next_step(doubt(120, lane), can) == SendAgain(flagged=True)
    assert next_step(doubt(120, lane, flagged=True), can) == LeaveToPerson()
    assert next_step(doubt(120, lane, stale=True), can) == LeaveToPerson()


@pytest.mark.parametrize("can", [CALLS_BACK, SAYS_NOTHING])
def test_a_reminder_is_never_sent_again_on_suspicion(can: frozenset[Capability]) -> None:
    assert next_step(doubt(120, Lane.REMINDER), can) == LeaveToPerson()


def test_a_provider_that_gives_no_word_for_ten_minutes_is_asked_no_longer() -> None:
    assert next_step(doubt(599), LISTS) == Ask()
    assert next_step(doubt(600), LISTS) == SendAgain(flagged=True)
    assert next_step(doubt(600, Lane.REMINDER), LISTS) == LeaveToPerson()


def test_what_is_too_old_to_be_of_use_is_not_sent_even_where_that_would_be_safe() -> None:
    assert next_step(doubt(181, not_there=2, stale=True), LISTS) == LeaveToPerson()


@pytest.mark.parametrize("name", REGISTER)
def test_the_first_look_at_a_doubt_is_never_an_idle_one(name: str) -> None:
    step = next_step(doubt(first_look(REGISTER[name].can).total_seconds()), REGISTER[name].can)
    assert not isinstance(step, Wait)
