"""A house is not opened with settings that would only fail when a citizen needs them."""

import pytest

from smsgw.gateway import checked
from smsgw.settings import SettingsError

KANNEL = {
    "KANNEL_SENDSMS_URL": "http://127.0.0.1:13013/cgi-bin/sendsms",
    "KANNEL_USERNAME": "tests",
    "KANNEL_PASSWORD": "password-of-the-tests-only",
    "KANNEL_FROM": "8079",
    "KANNEL_CALLBACK_TOKEN": "a-path-token-of-the-tests-only-0123456789",
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
