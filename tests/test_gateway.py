"""A house is not opened with settings that would only fail when a citizen needs them."""

from dataclasses import replace

import pytest

from smsgw.gateway import Gateway, checked, open_gateway
from smsgw.settings import SettingsError

KANNEL = {
    "KANNEL_SENDSMS_URL": "http://127.0.0.1:13013/cgi-bin/sendsms",
    "KANNEL_USERNAME": "tests",
    "KANNEL_PASSWORD": "password-of-the-tests-only",
    "KANNEL_FROM": "8079",
    "KANNEL_CALLBACK_TOKEN": "a-path-token-of-the-tests-only-0123456789",
}

# One of each file of rules that reads the environment.
NO_SUCH = {
    "SMSGW_VERDICT_DAYS": "0",
    "SMSGW_EXPLAIN_DAYS": "soon",
    "SMSGW_LOOK_FIELDS": "roads",
    "SMSGW_CLIMBS_AFTER_HOURS": "-1",
    "SMSGW_UNOPENED_HOURS": "a day",
    "SMSGW_DIGEST_AT": "7h",
    "SMSGW_PRICE_SIMULATOR": "cheap",
    "SMSGW_REGISTERED_SIMULATOR": "perhaps",
    "SMSGW_TONE_MARKS": "some",
    "SMSGW_TONE_MARKS_UP_TO": "little",
    "SMSGW_ALLOWED_MENTIONS": "@",
}


def wrong(environment: dict[str, str], **told: str) -> list[str]:
    """What is wrong with these settings, in the order of a start's own words."""
    try:
        checked({**environment, **KANNEL, **told})
    except SettingsError as error:
        return error.problems
    return []


@pytest.mark.parametrize("told", [{}, {"SMSGW_SMS_OUT": "simulator"}])
def test_who_listens_to_a_real_provider_must_answer_through_a_real_one(
    environment: dict[str, str], told: dict[str, str]
) -> None:
    (problem,) = wrong(environment, SMSGW_SMS_IN="kannel", **told)
    assert problem.startswith("SMSGW_SMS_OUT names only the simulator")
    assert "kannel" in problem


@pytest.mark.parametrize("out", ["kannel", "kannel,simulator"])
def test_a_real_provider_may_answer_with_the_simulator_beside_it(environment: dict[str, str], out: str) -> None:
    assert wrong(environment, SMSGW_SMS_IN="kannel,simulator", SMSGW_SMS_OUT=out) == []


def test_a_demo_needs_no_provider_at_all(environment: dict[str, str]) -> None:
    assert wrong(environment) == []


@pytest.mark.parametrize("variable", ["SMSGW_DUTY_PHONE", "SMSGW_DEMO_ALLOW"])
@pytest.mark.parametrize("told", ["ban truc", "113", "0900 000", "+84", "0269 3 000 000"])
def test_what_is_no_telephone_number_is_said_at_the_start(
    environment: dict[str, str], variable: str, told: str
) -> None:
    (problem,) = wrong(environment, **{variable: told})
    assert problem.startswith(f"{variable} is {told!r}")


@pytest.mark.parametrize("variable", NO_SUCH)
def test_a_rule_that_cannot_be_one_is_named_at_the_start(environment: dict[str, str], variable: str) -> None:
    (problem,) = wrong(environment, **{variable: NO_SUCH[variable]})
    assert problem.startswith(variable)


def test_everything_that_is_wrong_is_told_at_once(environment: dict[str, str]) -> None:
    told = wrong(environment, SMSGW_UNDO_SECONDS="long", **NO_SUCH)
    assert {problem.split(" ")[0] for problem in told} == {"SMSGW_UNDO_SECONDS", *NO_SUCH}


def test_every_wrong_number_of_a_list_is_named(environment: dict[str, str]) -> None:
    problems = wrong(environment, SMSGW_DEMO_ALLOW="0900 000 111, abc, +84900000112, 12")
    assert [problem.split(":")[0] for problem in problems] == [
        "SMSGW_DEMO_ALLOW is '12'",
        "SMSGW_DEMO_ALLOW is 'abc'",
    ]


@pytest.mark.parametrize("told", ["0900 000 111", "84900000111", "+84 900.000.111"])
def test_numbers_are_kept_in_the_spelling_that_providers_take(gateway: Gateway, told: str) -> None:
    settings = replace(gateway.settings, duty_phone=told, demo_allow=frozenset({told}))
    house = open_gateway(settings, now=gateway.now)
    assert house.settings.duty_phone == "+84900000111"
    assert house.settings.demo_allow == {"+84900000111"}
    house.close()
