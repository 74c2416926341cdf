"""How watchful the service is, as the environment sets it; nonsense is told before anything starts."""

from datetime import time, timedelta

from smsgw.domain.vigilance import USUAL
from smsgw.vigilance import read


def test_without_a_word_it_is_as_usual() -> None:
    assert read({}) == (USUAL, [])


def test_hours_and_the_time_of_the_digest_are_set() -> None:
    told = {"SMSGW_CLIMBS_AFTER_HOURS": "3", "SMSGW_UNOPENED_HOURS": "16", "SMSGW_DIGEST_AT": "06:45"}
    vigilance, problems = read(told)
    assert (vigilance.climbs_after, vigilance.unopened_after) == (timedelta(hours=3), timedelta(hours=16))
    assert (vigilance.digest_at, problems) == (time(6, 45), [])


def test_everything_that_is_wrong_is_told_at_once() -> None:
    told = {"SMSGW_CLIMBS_AFTER_HOURS": "soon", "SMSGW_UNOPENED_HOURS": "0", "SMSGW_DIGEST_AT": "morning"}
    assert [problem.partition(" ")[0] for problem in read(told)[1]] == list(told)
