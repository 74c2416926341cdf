"""Settings that would harm or puzzle somebody later are refused at the start, in a sentence each."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ops.told import SetUpError, told_settings
from smsgw.gateway import checked
from smsgw.settings import DEMO_NAME, DEMO_PRICE, ROOT, SettingsError, load, read

GOOD = {
    "SMSGW_ENV": "production",
    "SECRET_KEY": "a-secret-for-tests-only-" + "x" * 24,
    "SMSGW_NAME": "Phan anh An Khe",
    "SMSGW_PUBLIC_NUMBER": "8079",
    "SMSGW_PRICE_NOTE": "500 dong",
    "SMSGW_DUTY_PHONE": "+84900000100",
    "PUBLIC_URL": "https://an-khe.example.vn",
    "SMSGW_SMS_IN": "twilio",
    "SMSGW_SMS_OUT": "twilio",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "token-of-the-tests-only",
    "TWILIO_FROM": "+15005550006",
}


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {"SMSGW_HOME": str(tmp_path)}


def blamed(env: dict[str, str]) -> list[str]:
    """The names that the problems begin with."""
    return [problem.split()[0].rstrip(":") for problem in read(env)[1]]


def test_production_starts_with_all_it_needs(home: dict[str, str]) -> None:
    assert checked(GOOD | home).mode == "production"


def test_production_prints_no_code_to_dial_that_is_not_its_own(home: dict[str, str]) -> None:
    opened = GOOD | home | {"SMSGW_USSD": "africastalking"}
    assert blamed(opened) == ["SMSGW_USSD_CODE"]
    assert blamed(opened | {"SMSGW_USSD_CODE": "*1022#"}) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMSGW_USSD", "simulator"),
        ("SMSGW_SMS_IN", ""),
        ("SMSGW_SMS_OUT", " , "),
        ("SMSGW_SMS_IN", "simulator"),
        ("SMSGW_NAME", DEMO_NAME),
        ("SMSGW_NAME", " "),
        ("SMSGW_PRICE_NOTE", DEMO_PRICE),
        ("PUBLIC_URL", "https://a b/?x"),
        ("PUBLIC_URL", "https://an-khe.example.vn?x=1"),
        ("PUBLIC_URL", "https://name:hush@an-khe.example.vn"),
        ("PUBLIC_URL", "https://an-khe.example.vn:70000"),
        ("PUBLIC_URL", "http://an-khe.example.vn"),
    ],
)
def test_production_refuses(home: dict[str, str], name: str, value: str) -> None:
    assert blamed(GOOD | home | {name: value}) == [name]


@pytest.mark.parametrize("name", ["SMSGW_SMS_IN", "SMSGW_SMS_OUT"])
def test_production_does_not_guess_a_provider(home: dict[str, str], name: str) -> None:
    assert blamed({k: v for k, v in GOOD.items() if k != name} | home) == [name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMSGW_USSD_MINUTES", "0"),
        ("SMSGW_USSD_MINUTES", "721"),
        ("SMSGW_USSD_MINUTES", "ten"),
        ("SMSGW_UNDO_SECONDS", "-1"),
        ("SMSGW_UNDO_SECONDS", "601"),
        ("SMSGW_UNDO_SECONDS", "half"),
        ("SMSGW_USSD_CODE", "dial 8079"),
        ("SMSGW_PROXIES", "one"),
        ("SMSGW_PROXIES", "10"),
        ("SMSGW_PROXIES", "-1"),
        ("PUBLIC_URL", "foo bar"),
        ("PUBLIC_URL", "http://"),
        ("DATABASE_URL", "mysql://localhost/smsgw"),
        ("DATABASE_URL", "postgresql://smsgw:hush@localhost:port/smsgw"),
        ("DATABASE_URL", "postgresql://smsgw:hush@localhost:70000/smsgw"),
        ("DATABASE_URL", "postgresql+psycopg2://smsgw@localhost/smsgw"),
        ("DATABASE_URL", "postgresql:localhost"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "redis://localhost:port/0"),
        ("REDIS_URL", "redis://localhost:70000/0"),
        ("REDIS_URL", "redis://localhost:6379/first"),
        ("REDIS_URL", "redis://[localhost"),
        ("REDIS_URL", "unix://"),
    ],
)
def test_a_value_that_cannot_be_one_is_named_at_the_start(home: dict[str, str], name: str, value: str) -> None:
    assert blamed(home | {name: value}) == [name]
    with pytest.raises(SettingsError) as refused:
        load(home | {name: value})
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "http://127.0.0.1:8000/"),
        ("PUBLIC_URL", "https://xn--nkh-1la.example.vn/smsgw"),
        ("PUBLIC_URL", "http://[::1]:8000"),
        ("DATABASE_URL", "sqlite:///somewhere/smsgw.db"),
        ("DATABASE_URL", "postgres://smsgw:a/b#c@localhost:5432/smsgw?sslmode=require"),
        ("DATABASE_URL", "postgresql+psycopg://localhost/smsgw"),
        ("DATABASE_URL", "postgresql:///smsgw?host=somewhere:5433"),
        ("REDIS_URL", "redis://:hush@localhost:6379/0"),
        ("REDIS_URL", "rediss://broker.example.vn"),
        ("REDIS_URL", "unix:///somewhere/valkey.sock?db=1"),
    ],
)
def test_an_address_of_any_right_form_will_do(home: dict[str, str], name: str, value: str) -> None:
    assert blamed(home | {name: value}) == []


def test_an_option_that_the_brokers_library_does_not_know_is_told_in_a_sentence(
    home: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (home | {"REDIS_URL": "redis://localhost:6379/0?socket_timeout=soon"}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SetUpError, match="socket_timeout"):
        told_settings()


def test_texts_wait_for_the_database_in_the_home_or_on_another_disk(home: dict[str, str], tmp_path: Path) -> None:
    assert load(home).spool == tmp_path / "spool"
    elsewhere = tmp_path / "other disk"
    assert load(home | {"SMSGW_SPOOL": str(elsewhere)}).spool == elsewhere


def test_a_spool_that_cannot_be_written_is_told_with_all_the_other_problems(
    home: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError) as refused:
        checked(home | {"SMSGW_SPOOL": str(tmp_path / "file" / "spool"), "PORT": "no", "SMSGW_SMS_OUT": "twilio"})
    assert len(refused.value.problems) > 2
    why = f"{tmp_path / 'file'} is no folder, but texts wait there while the database is away"
    assert f"SMSGW_SPOOL is {tmp_path / 'file' / 'spool'}: {why}" in refused.value.problems


@pytest.mark.parametrize("module", ["queues.clock", "queues.worker", "app"])
def test_no_process_starts_without_a_spool(home: dict[str, str], tmp_path: Path, module: str) -> None:
    (tmp_path / "spool").touch()
    arguments = ["inbox"] if module == "queues.worker" else []
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | home, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("SMSGW_SPOOL is")
    assert "Traceback" not in done.stderr
