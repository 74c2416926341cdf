"""Everything wrong with the named providers is said at once."""

from itertools import chain

import pytest

from smsgw.providers.contract import Surroundings
from smsgw.providers.register import REGISTER, open_providers, problems
from tests.providers.dialects import DIALECTS, NOW, PUBLIC_URL, SECRET

ALL = {name: value.replace("{base}", "http://127.0.0.1:9") for d in DIALECTS.values() for name, value in d.env.items()}
WITH_USSD = [name for name in REGISTER if REGISTER[name].ussd]
SENDING = [name for name in REGISTER if REGISTER[name].sends]
HEARING = [name for name in REGISTER if REGISTER[name].receives]


def test_a_whole_environment_opens_every_provider_once() -> None:
    assert problems(SENDING, HEARING, WITH_USSD, ALL) == []
    providers = open_providers(REGISTER, Surroundings(ALL, PUBLIC_URL, SECRET))
    assert {name: type(provider) for name, provider in providers.items()} == REGISTER


def test_nothing_named_lacks_nothing() -> None:
    assert problems([], [], [], {}) == []


@pytest.mark.parametrize("name", [name for name in REGISTER if REGISTER[name].needs_to_send])
def test_every_missing_name_is_said_at_once(name: str) -> None:
    found = problems([name], [name], [], {})
    assert [problem.split()[0] for problem in found] == list(REGISTER[name].needs_to_send)
    assert all(name in problem for problem in found)


@pytest.mark.parametrize("setting", sorted(set(chain.from_iterable(REGISTER[name].needs_to_send for name in REGISTER))))
@pytest.mark.parametrize("value", [None, "", "  ", ",", " , "])
def test_a_blank_setting_is_a_missing_one(setting: str, value: str | None) -> None:
    env = {name: known for name, known in ALL.items() if name != setting} | ({} if value is None else {setting: value})
    found = problems(SENDING, [], [], env)
    assert [problem.split()[0] for problem in found] == [setting]


@pytest.mark.parametrize("name", [name for name in HEARING if REGISTER[name].needs_to_receive])
def test_who_only_receives_needs_nothing_for_sending_and_opens(name: str) -> None:
    env = {setting: ALL[setting] for setting in REGISTER[name].needs_to_receive}
    assert problems([], [name], [], env) == []
    assert open_providers([name], Surroundings(env, PUBLIC_URL, SECRET, now=lambda: NOW))[name].guard(
        DIALECTS[name].idle_receipt
    )


@pytest.mark.parametrize("name", [name for name in WITH_USSD if REGISTER[name].needs_to_receive])
def test_who_only_serves_ussd_needs_nothing_else(name: str) -> None:
    env = {setting: ALL[setting] for setting in REGISTER[name].needs_to_receive}
    assert problems([], [], [name], env) == []
    assert [problem.split()[0] for problem in problems([], [], [name], {})] == list(REGISTER[name].needs_to_receive)


def test_unknown_and_unable_providers_are_named_with_their_variable() -> None:
    found = problems(["pigeon"], ["pigeon"], ["twilio", "kannel"], ALL)
    assert [problem.split()[0] for problem in found] == ["SMSGW_SMS_OUT", "SMSGW_SMS_IN", "SMSGW_USSD", "SMSGW_USSD"]
    assert "pigeon" in found[0]
    assert "kannel" in found[3]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("TWILIO_ACCOUNT_SID", "AC123"),
        ("TWILIO_ACCOUNT_SID", "SK" + "0" * 32),
        ("TWILIO_FROM", "MG" + "0" * 31),
        ("TWILIO_API_BASE", "api.example"),
        ("AFRICASTALKING_CALLBACK_TOKEN", "short"),
        ("AFRICASTALKING_CALLBACK_TOKEN", "x" * 22 + ",short"),
        ("AFRICASTALKING_CALLBACK_TOKEN", "x" * 22 + "/y"),
        ("AFRICASTALKING_API_BASE", "http://127.0.0.1:9"),
        ("KANNEL_CALLBACK_TOKEN", "x" * 21),
        ("HUBTEL_CALLBACK_TOKEN", "short"),
        ("ARKESEL_CALLBACK_TOKEN", "x" * 22 + "/y"),
        ("TRUROUTE_CALLBACK_TOKEN", "x" * 21),
        ("KANNEL_SENDSMS_URL", "ftp://127.0.0.1/cgi-bin/sendsms"),
        ("ANDROID_API_BASE", "http:///v1"),
    ],
)
def test_a_value_of_the_wrong_shape_is_named_and_not_repeated(setting: str, value: str) -> None:
    found = problems(SENDING, HEARING, WITH_USSD, {**ALL, setting: value})
    assert [problem.split()[0] for problem in found] == [setting]
    assert value not in found[0]


@pytest.mark.parametrize("origin", ["+15005550006", "22384", "UBND An Khe", "MG" + "0" * 32, "MGARAGE"])
def test_a_sender_of_any_right_shape_will_do(origin: str) -> None:
    assert problems(["twilio"], [], [], {**ALL, "TWILIO_FROM": origin}) == []
