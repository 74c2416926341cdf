"""How a deployment sets its limits, and what it is told when they cannot be meant."""

from datetime import time

import pytest

from smsgw.domain.limits import Limits, Rate
from smsgw.domain.quiet import QuietHours
from smsgw.gateway import checked
from smsgw.restraint import read
from smsgw.settings import SettingsError


def test_nothing_told_is_the_usual_and_a_demo_has_no_quiet_hours() -> None:
    assert read({"SMSGW_ENV": "production"}) == (Limits(), [])
    assert read({}) == read({"SMSGW_ENV": "demo"}) == (Limits(quiet=None), [])
    at_nine = {"SMSGW_ENV": "demo", "SMSGW_QUIET_HOURS": "21:00-07:00"}
    assert read(at_nine) == (Limits(), [])


def test_everything_can_be_told() -> None:
    told = {
        "SMSGW_CITIZEN_LIMIT": "2/5",
        "SMSGW_OFFICIAL_LIMIT": "20 / 60",
        "SMSGW_DAILY_BUDGET": "500",
        "SMSGW_QUIET_HOURS": "22:00-06:30",
        "SMSGW_ANSWER_RANGES": "+84, +856",
    }
    limits = Limits(Rate(2, 5), Rate(20, 60), 6, 500, QuietHours(time(22), time(6, 30)), ("+84", "+856"))
    assert read(told) == (limits, [])


def test_quiet_hours_and_budget_are_switched_off_by_an_empty_value() -> None:
    limits, problems = read({"SMSGW_QUIET_HOURS": "", "SMSGW_DAILY_BUDGET": ""})
    assert (limits.quiet, limits.budget, limits.open_budget, problems) == (None, None, None, [])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMSGW_CITIZEN_LIMIT", "3"),
        ("SMSGW_CITIZEN_LIMIT", "0/10"),
        ("SMSGW_OFFICIAL_LIMIT", "many/40"),
        ("SMSGW_DAILY_BUDGET", "0"),
        ("SMSGW_DAILY_BUDGET", "-5"),
        ("SMSGW_DAILY_BUDGET", "2k"),
        ("SMSGW_QUIET_HOURS", "9pm-7am"),
        ("SMSGW_ANSWER_RANGES", "0905"),
        ("SMSGW_ANSWER_RANGES", "+84,*"),
    ],
)
def test_what_cannot_be_meant_is_said_at_the_start(environment: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(SettingsError) as error:
        checked({**environment, name: value})
    (problem,) = error.value.problems
    assert problem.startswith(name)
