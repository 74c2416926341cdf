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


@pytest.fixture(params=[True, False], ids=["production", "terminal"])
def logs(request: pytest.FixtureRequest) -> Iterator[StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    said = StringIO()
    set_up_logs(production=request.param, stream=said)
    yield said
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("number", ["+84905123456", "0905123456", "0905 123 456", "84905123456"])
def test_a_number_is_masked_wherever_it_stands(logs: StringIO, number: str) -> None:
    structlog.get_logger("words").warning(f"could not reach {number}", phone=number)
    logging.getLogger("plain").warning("could not reach %s", number)
    said = logs.getvalue()
    assert "could not reach" in said
    assert number not in said
    assert number[-3:] in said


def test_references_and_times_stay_readable(logs: StringIO) -> None:
    structlog.get_logger("words").warning("answered", reference="10008", outbox=123456)
    said = logs.getvalue()
    assert "10008" in said
    assert "123456" in said


def test_a_number_inside_a_traceback_is_masked(logs: StringIO) -> None:
    try:
        raise ValueError("no such person: +84905123456")
    except ValueError:
        structlog.get_logger("words").exception("trouble")
    said = logs.getvalue()
    assert "ValueError" in said
    assert "+84905123456" not in said


def test_an_error_of_the_database_does_not_show_what_was_to_be_stored(gateway: Gateway) -> None:
    with pytest.raises(SQLAlchemyError) as error, gateway.database.write() as session:
        session.execute(text("insert into nowhere values (:words)"), {"words": "nha toi bi ngap"})
    assert "nha toi bi ngap" not in str(error.value)
