"""The benchmarks: that they run, and that what they measure with tells the truth."""

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from ops import ports
from ops.bench import flood, stub
from ops.bench.databases import Files
from ops.bench.dialling import SESSIONS, TYPED, dial, turns
from ops.bench.figures import ratio
from ops.bench.forms import ACCOUNT, PATH, PUBLIC_URL, TOKEN, calls
from ops.bench.load import CONNECTIONS, drive
from ops.bench.rounds import Bench
from ops.bench.running import Running
from ops.bench.systems import PRODUCT
from ops.bench.texts import bodies
from smsgw.settings import ROOT


def form_of(call: bytes) -> tuple[Request, str]:
    """The call as a server reads it, and its signature."""
    head, _, body = call.partition(b"\r\n\r\n")
    lines = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    told = EnvironBuilder(method="POST", path=PATH, data=body, content_type=lines["Content-Type"])
    return Request(told.get_environ()), lines["X-Twilio-Signature"]


def test_every_call_is_a_signed_form_of_eleven_fields_from_somebody_new() -> None:
    read = [form_of(call) for call in islice(calls(), 200)]
    assert all(len(request.form) == 11 for request, _ in read)
    assert all(RequestValidator(TOKEN).validate(PUBLIC_URL + PATH, request.form, sign) for request, sign in read)
    assert len({request.form["From"] for request, _ in read}) == 200
    assert len({request.form["MessageSid"] for request, _ in read}) == 200


def test_a_few_hundred_texts_are_all_different_but_for_commands() -> None:
    complaints = [text for text in bodies() if len(text) > 12]
    assert len(set(complaints)) == len(complaints) >= 300


@pytest.fixture
def twilio(tmp_path: Path) -> Iterator[int]:
    """The port of a stand-in for Twilio that answers at once."""
    running = Running(tmp_path)
    port = ports.free_beside("127.0.0.1", 18700)
    running.start("twilio", [sys.executable, "-m", "ops.bench.stub", str(port), "0"], {"PYTHONPATH": str(ROOT)})
    running.wait_for(lambda: ports.answers("127.0.0.1", port, "/"))
    yield port
    running.stop()


def test_the_driver_counts_what_the_other_side_took(twilio: int) -> None:
    body = b"To=%2B84900000001&From=%2B84900099999&Body=Da+nhan"
    head = b"POST /2010-04-01/Accounts/%b/Messages.json HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
    call = head % (ACCOUNT.encode(), len(body)) + body
    answers = drive(twilio, iter([call] * 100), seconds=60, most=50)
    assert (answers.accepted, answers.refused) == (50, 0)
    taken = stub.ask(twilio)
    assert (taken.texts, taken.numbers) == (50, 1)
    assert answers.began < taken.last < answers.ended


def test_fewer_calls_than_connections_are_sent_once_each(twilio: int) -> None:
    call = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    assert drive(twilio, iter([call] * (CONNECTIONS - 3)), seconds=60).accepted == CONNECTIONS - 3


def test_a_ratio_compares_what_ran_side_by_side() -> None:
    found = ratio([{"per_s": 10.0}, {"per_s": 30.0}], [{"per_s": 5.0}, {"per_s": 10.0}], "per_s")
    assert (found.median, found.least, found.most) == (2.5, 2.0, 3.0)


def test_a_session_types_a_whole_complaint_answer_by_answer() -> None:
    bodies = [call.partition(b"\r\n\r\n")[2] for call in islice(turns(), 2 * (len(TYPED) + 1))]
    forms = [dict(parse_qsl(body.decode(), keep_blank_values=True)) for body in bodies]
    first, second = forms[: len(forms) // 2], forms[len(forms) // 2 :]
    assert [form["text"] for form in first] == ["*".join(TYPED[:place]) for place in range(len(TYPED) + 1)]
    assert len({form["sessionId"] for form in first}) == len({form["phoneNumber"] for form in first}) == 1
    assert {form["phoneNumber"] for form in first}.isdisjoint(form["phoneNumber"] for form in second)


def test_callers_wait_between_screen_and_answer_and_stop_in_time(twilio: int) -> None:
    answers = dial(twilio, seconds=0.4, thinks=0.2)
    assert answers.refused + answers.accepted <= 3 * SESSIONS
    assert answers.refused + answers.accepted >= SESSIONS


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_flood_from_one_phone_is_stored_and_holds_up_nobody_else(tmp_path: Path) -> None:
    """`./run bench --flood` gives the figure; here a machine that does much else may double it, but nobody is put behind
    the flood."""
    found = flood.flood(Bench((), Files(), 0.0, 0.0, tmp_path), PRODUCT)
    print(flood.for_people([found]))
    assert (found["stored"], found["refused"], found["unanswered"]) == (flood.FLOOD, 0, 0)
    assert found["amid_p50_ms"] < 2 * flood.MOST_RATIO * found["alone_p50_ms"] + 1000
    assert found["amid_most_ms"] < 1000 * flood.FLOOD_LASTS / 2


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_benchmarks_run_and_give_ratios() -> None:
    command = [sys.executable, "-m", "ops.bench", "--quick"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["ratios"]
    assert all(spread["median"] > 0 for spread in told["ratios"].values())
    assert told["webhook"]["product"]["refused"] == 0
    assert told["webhook"]["product, broker frozen"]["refused"] == 0
    assert told["end_to_end"]["product"]["twice"] == 0
    assert told["ussd"]["product"]["refused"] == 0
    assert told["ussd"]["product"]["per_s"] > 0
