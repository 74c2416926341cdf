"""A text that cannot even be filed is set apart in sight of a person, and its sender hears that we have it."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from smsgw.domain.notices import Notice
from smsgw.services import listening
from smsgw.store import gauges
from smsgw.text.fit import Alphabet, measure
from smsgw.text.speech import Speech
from tests.services.conftest import CITIZEN, Line

pytestmark = pytest.mark.sqlite  # whose trigger refuses the text
ROAD = "PA GT duong Quang Trung phuong Tay Son hu nang"
NEIGHBOUR = "+84900000002"


@pytest.fixture
def unfileable(line: Line) -> str:
    """A text that the database refuses as a complaint."""
    refusal = "create trigger refuse before insert on complaints when new.text = 'PA duong hong' begin {} end"
    with line.gateway.database.write() as session:
        session.execute(text(refusal.format("select raise(abort, 'cannot be filed');")))
    return "PA duong hong"


def _works_long_enough(line: Line) -> None:
    for _ in range(2 * listening.STRIKES):
        line.works()


def test_it_is_set_apart_with_its_reason_and_takes_no_other_with_it(line: Line, unfileable: str) -> None:
    line.arrives(unfileable)
    line.arrives(ROAD, NEIGHBOUR)
    _works_long_enough(line)
    assert [(row.state, row.reason) for row in line.texts()] == [
        ("quarantined", "could not be filed"),
        ("processed", ""),
    ]
    assert [complaint.text for complaint in line.complaints()] == [ROAD]


def test_its_sender_gets_one_reply_with_the_code_that_the_desk_shows(line: Line, unfileable: str) -> None:
    ident = line.arrives(unfileable)
    _works_long_enough(line)
    (reply,) = line.inbox()
    assert f"ma T{ident}" in reply
    assert "113" in reply
    assert (measure(reply).segments, measure(reply).alphabet) == (1, Alphabet.GSM7)


def test_a_sender_that_is_no_number_gets_none(line: Line, unfileable: str) -> None:
    line.arrives(unfileable, "VIETTEL")
    _works_long_enough(line)
    assert line.texts()[0].state == "quarantined"
    assert line.outbox("VIETTEL") == []


def test_the_alarm_is_an_error_in_the_log_and_a_gauge(line: Line, unfileable: str) -> None:
    ident = line.arrives(unfileable)
    with capture_logs() as said:
        _works_long_enough(line)
    alarms = [one for one in said if "were set apart" in one["event"]]
    assert [(one["log_level"], one["inbound"]) for one in alarms] == [("error", [ident])]
    told = {gauge.name: gauge.samples for gauge in gauges.read(line.gateway.database, line.gateway.now())}
    assert ((("quarantined",), 1.0)) in told["smsgw_inbound"]


def test_words_that_fail_too_leave_it_set_apart_all_the_same(line: Line) -> None:
    class Speechless(Speech):
        def say(self, notice: Notice, **how: object) -> str:
            raise ValueError(f"no words for {type(notice).__name__}")

    line.arrives(ROAD)
    listener = replace(line.gateway.listener(), speech=Speechless.__new__(Speechless))
    for _ in range(2 * listening.STRIKES):
        listener.batch()
    assert [row.state for row in line.texts()] == ["quarantined"]
    assert line.outbox(CITIZEN) == []
    line.text("PA DN mat nuoc ca thon 2 xa Cuu An tu hom qua", NEIGHBOUR)
    assert line.outbox(NEIGHBOUR)
