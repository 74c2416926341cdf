"""Logs name people by a masked number and never repeat what they wrote."""

import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from smsgw.gateway import Gateway
from smsgw.logs import set_up_logs
from tests.conftest import log_plainly


@pytest.fixture(params=[True, False], ids=["production", "terminal"])
def logs(request: pytest.FixtureRequest) -> Iterator[StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    said = StringIO()
    set_up_logs(production=request.param, stream=said)
    yield said
    root.handlers[:] = before
    root.setLevel(level)
    log_plainly()


@pytest.mark.parametrize("number", ["+84900000456", "0900000456", "0900 000 456", "84900000456"])
def test_a_number_is_masked_wherever_it_stands(logs: StringIO, number: str) -> None:
    structlog.get_logger("words").warning(f"could not reach {number}", phone=number)
    logging.getLogger("plain").warning("could not reach %s", number)
    said = logs.getvalue()
    assert "could not reach" in said
    assert number not in said
    assert number[-3:] in said


WRITTEN = [
    "0900000456",
    "0900.000.456",
    "0900-000-456",
    "0900 000 456",
    "84 900 000 456",
    "+84 (90) 000 0456",
    "+84900000456",
    "0084900000456",
    "02690000456",
    "+1 202 555 0456",
    "900000456",
]


@pytest.mark.parametrize(
    "around", ["{}.", "{}: bad", "to {}, please", "tel:{}", "({})", "'{}'", "<{}>", "a={}&b=1", "{}/5"]
)
@pytest.mark.parametrize("number", WRITTEN)
def test_a_number_is_masked_however_it_is_written_and_whatever_stands_beside_it(
    logs: StringIO, number: str, around: str
) -> None:
    structlog.get_logger("words").warning("refused", why=around.format(number))
    said = logs.getvalue()
    assert "xxx456" in said
    assert number not in said
    assert around.split("{}")[1] in said


@pytest.mark.parametrize(
    "holder",
    [
        ["+84900000456"],
        ("0900000456", 1),
        {"to": {"phone": "0900 000 456"}},
        {"+84900000456": 1},
        84900000456,
        {84900000456},
        ValueError("no such person: +84900000456"),
        b"from=0900000456",
    ],
)
def test_a_number_is_masked_inside_whatever_is_logged(logs: StringIO, holder: object) -> None:
    structlog.get_logger("words").warning("refused", holder=holder)
    said = logs.getvalue()
    assert "xxx456" in said
    assert "000456" not in said.replace(" ", "")


@pytest.mark.parametrize(
    "told",
    [
        "10008",
        "2100086",
        "2026-11-23T02:00:00.123456Z",
        "2026-11-23 09:00:00+07:00",
        "23-11-2026 09:00",
        "17:00 30/11/2026",
        "3f2504e0-4f89-41d3-9a0c-030512345678",
        "12345678-1234-1234-1234-123456789012",
        "SM0123456789abcdef0123456789abcdef",
        "127.0.0.1:13013",
        "192.168.100.200",
        "0.123456789012",
        "1732345678.123456",
        "0x7f0123456789",
        "10008 10016 10024 10032",
        "line 12, in 345",
    ],
)
def test_references_ids_and_times_stay_readable(logs: StringIO, told: str) -> None:
    structlog.get_logger("words").warning("seen", told=told, many=[told])
    assert logs.getvalue().count(told) == 2


def test_a_number_beside_a_reference_leaves_it_readable(logs: StringIO) -> None:
    logging.getLogger("plain").warning("%s of %s 10008", "10008", "0900000456")
    assert "10008 of 09xxx456 10008" in logs.getvalue()


def test_references_and_times_stay_readable(logs: StringIO) -> None:
    structlog.get_logger("words").warning("answered", reference="10008", outbox=123456)
    said = logs.getvalue()
    assert "10008" in said
    assert "123456" in said


def test_a_number_inside_a_traceback_is_masked(logs: StringIO) -> None:
    try:
        raise ValueError("no such person: +84900000456")
    except ValueError:
        structlog.get_logger("words").exception("trouble")
    said = logs.getvalue()
    assert "ValueError" in said
    assert "+84900000456" not in said


def test_an_error_of_the_database_does_not_show_what_was_to_be_stored(gateway: Gateway) -> None:
    with pytest.raises(SQLAlchemyError) as error, gateway.database.write() as session:
        session.execute(text("insert into nowhere values (:words)"), {"words": "nha toi bi ngap"})
    assert "nha toi bi ngap" not in str(error.value)
