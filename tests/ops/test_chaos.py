"""The trial by faults: its stand-ins are true to the providers, its load is what providers bring, and the house holds."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from ops.chaos import calls, names
from ops.chaos.__main__ import told
from ops.chaos.dialects import Order, Taken
from ops.chaos.exchange import Door, Exchange, Server
from ops.chaos.faults import Fault, Weather
from ops.chaos.journal import Journal, entries
from ops.chaos.line import Line
from ops.chaos.messages import messages, turns
from ops.chaos.plants import PLANTS, SHOWS_AS
from ops.chaos.points import POINTS
from ops.chaos.reports import Word
from ops.chaos.rows import Rows, utc_now
from smsgw.domain.messages import Accepted, InDoubt, Outcome, OutgoingSms, SmsReceived, TryLater, WebCall
from smsgw.gateway import Gateway
from smsgw.providers.contract import Provider, Surroundings
from smsgw.providers.register import open_providers
from smsgw.services import intake
from smsgw.settings import ROOT
from smsgw.store.database import StoreError
from tests.ops.toys import eventually

PROVIDERS = (names.TWILIO, names.AFRICASTALKING, names.KANNEL)
SMS = OutgoingSms("77.abc", "+84900000001", "Da nhan phan anh 10008")


class Always(Weather):
    """One fault for everybody."""

    fault: Fault

    def meets(self, phone: str, body: str, nth: int) -> Fault:
        return self.fault


@dataclass
class StandIns:
    """The three providers on one port, and what they wrote down."""

    port: int
    weather: Always
    ledger: Path

    def opened(self, timeout: float = 10.0) -> Mapping[str, Provider]:
        """The product's own side of each, with the settings of a trial."""
        environ = names.product_environ(self.port)
        return open_providers(PROVIDERS, Surroundings(environ, names.PUBLIC_URL, names.SECRET, (1.0, timeout)))

    def orders(self) -> list[dict[str, Any]]:
        return entries(self.ledger, "order")


@pytest.fixture
def stand_ins(tmp_path: Path) -> Iterator[StandIns]:
    weather = Always(seed=1, share=1.0, most=99)
    object.__setattr__(weather, "fault", Fault.NONE)
    Door.exchange = Exchange(weather, Journal(tmp_path / "ledger"), Line(1))
    server = Server(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield StandIns(server.server_address[1], weather, tmp_path / "ledger")
    server.shutdown()
    server.server_close()
    Door.exchange.ledger.close()


MEANS: Mapping[Fault, type[Outcome]] = {  # type: ignore[valid-type]
    Fault.NONE: Accepted,
    Fault.TOO_MANY: TryLater,
    **{fault: InDoubt for fault in Fault if fault.ambiguous},
}


@pytest.mark.parametrize("fault", MEANS)
@pytest.mark.parametrize("name", PROVIDERS)
def test_a_fault_means_to_the_product_what_the_ledger_says(stand_ins: StandIns, name: str, fault: Fault) -> None:
    object.__setattr__(stand_ins.weather, "fault", fault)
    outcome = stand_ins.opened(timeout=0.5)[name].send(SMS)
    [order] = stand_ins.orders()
    assert isinstance(outcome, MEANS[fault])
    assert (order["provider"], order["phone"]) == (name, SMS.to)
    assert order["ambiguous"] == isinstance(outcome, InDoubt)
    assert order["taken"] or not isinstance(outcome, Accepted)


def test_our_reference_stands_in_the_ledger_where_the_provider_takes_one(stand_ins: StandIns) -> None:
    for provider in stand_ins.opened().values():
        provider.send(SMS)
    assert [order["ref"] for order in stand_ins.orders()] == [SMS.ref, "", SMS.ref]


def test_twilio_can_be_asked_for_what_it_took_and_for_nothing_else(stand_ins: StandIns) -> None:
    twilio: Any = stand_ins.opened()["twilio"]
    object.__setattr__(stand_ins.weather, "fault", Fault.BROKEN_TAKEN)
    twilio.send(SMS)
    object.__setattr__(stand_ins.weather, "fault", Fault.BROKEN_LOST)
    twilio.send(OutgoingSms("78.abc", "+84900000002", "Mot tin khac"))
    [found] = twilio.client.messages.list(to=SMS.to, date_sent=utc_now().date())
    assert (found.body, found.to, twilio.client.messages(found.sid).fetch().sid) == (SMS.text, SMS.to, found.sid)
    assert twilio.client.messages.list(to="+84900000002") == []
    assert twilio.client.messages.list(to=SMS.to, date_sent_before=utc_now().replace(year=2020)) == []


def test_half_an_order_is_not_taken(stand_ins: StandIns) -> None:
    with socket.create_connection(("127.0.0.1", stand_ins.port), timeout=5) as half:
        half.sendall(b"POST /version1/messaging HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\nto=%2B8490000")
        half.shutdown(socket.SHUT_WR)
        assert half.recv(100) == b""
    assert stand_ins.orders() == []


def heard(call: calls.Call) -> WebCall:
    """The call as our doors read it."""
    told = EnvironBuilder(
        method=call.method, path=call.target, data=dict(call.form) or None, headers=dict(call.headers)
    )
    request = Request(told.get_environ())
    path = call.target.partition("?")[0].split("/")
    return WebCall(
        method=call.method,
        target=call.target,
        headers={name.lower(): value for name, value in request.headers},
        query=request.args,
        form=request.form,
        body=b"",
        token=path[3] if len(path) > 3 else None,
    )


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_persons_text_comes_as_the_provider_would_bring_it(stand_ins: StandIns, name: str) -> None:
    provider = stand_ins.opened()[name]
    call = heard(calls.text(name, "id-1", "+84900000001", "PA GT đường hư, tổ 3"))
    assert provider.guard(call)
    sms = provider.read_sms(call)
    assert (sms.provider_ref, sms.sender, sms.text) == ("id-1", "+84900000001", "PA GT đường hư, tổ 3")


@pytest.mark.parametrize("name", PROVIDERS)
def test_receipts_are_genuine_or_forged_as_wished(stand_ins: StandIns, name: str) -> None:
    provider = stand_ins.opened()[name]
    back = f"{names.PUBLIC_URL}/receipts/{name}/{names.KANNEL_TOKEN}?ref=77.abc&status=%d"
    order = Order(name, SMS.to, SMS.text, back.replace(f"/{names.KANNEL_TOKEN}", "") if name == "twilio" else back)
    taken = Taken("SM1", order, utc_now())
    genuine, forged = (heard(calls.receipt(taken, Word.DELIVERED, forged=wish)) for wish in (False, True))
    assert provider.guard(genuine)
    assert provider.read_receipt(genuine).delivery == "delivered"
    assert not provider.guard(forged) or provider.read_receipt(forged).ref != SMS.ref


def test_the_weather_is_the_same_for_a_seed_and_clears_up_for_every_text() -> None:
    weather = Weather(seed=5, share=0.5, most=2)
    met = [weather.meets(f"+849000{number:05d}", "text", 0) for number in range(400)]
    assert met == [weather.meets(f"+849000{number:05d}", "text", 0) for number in range(400)]
    assert set(met) == set(Fault)
    assert met != [Weather(6, 0.5, 2).meets(f"+849000{number:05d}", "text", 0) for number in range(400)]
    assert {weather.meets(f"+849000{number:05d}", "text", 2) for number in range(400)} == {Fault.NONE}


def test_no_two_messages_share_a_token_and_nobody_sends_a_command_twice() -> None:
    load = messages(3, 3000)
    tokens = [message.token for message in load if message.token]
    commands = [(message.sender, message.body) for message in load if message.kind == "command"]
    assert len(set(tokens)) == len(tokens) > 2600
    assert len(set(commands)) == len(commands) == 300
    assert {message.provider for message in load} == set(PROVIDERS)
    assert len({message.sender for message in load}) < len(load)
    assert load == messages(3, 3000)


def test_a_draft_is_typed_answer_by_answer() -> None:
    draft = next(message for message in messages(3, 100) if message.kind == "ussd")
    assert turns(draft)[:4] == ["", "1", "1*1", "1*1*4"]
    assert turns(draft)[-1] == f"1*1*4*99*{draft.body}*5*1"


def test_a_line_that_was_cut_counts_for_nothing(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    journal.write("order", phone="one")
    journal.close()
    with (tmp_path / "journal").open("a") as out:
        out.write('{"event": "order", "pho')
    assert [entry["phone"] for entry in entries(tmp_path / "journal", "order")] == ["one"]


def test_points_alone_come_without_a_load_and_a_number_given_counts() -> None:
    options = told(["--points"])
    assert (options.messages, options.kills) == (0, 0)
    assert told(["--points", "--kills", "3"]).kills == 3
    assert told(["--messages", "30000", "--kills", "200"]).messages == 30000


@pytest.mark.parametrize("house", ["gateway", "on_postgres"])
def test_a_locked_database_takes_no_text_until_it_is_let_go(request: pytest.FixtureRequest, house: str) -> None:
    gateway: Gateway = request.getfixturevalue(house)
    rows = Rows(gateway.settings.database_url)
    sms = SmsReceived("kannel", "trial", "in-1", "+84900000001", "8079", "PA GT duong hu")

    def is_taken() -> bool:
        try:
            intake.take_in(gateway.database, sms, gateway.now())
        except StoreError:
            return False
        return True

    with rows.locked():
        assert not is_taken()
    eventually(is_taken, lambda: "a database that takes texts again")
    assert [text.ref for text in rows.texts()] == ["in-1"]
    rows.close()


class Run:
    """One trial in a process of its own."""

    def __init__(self, *options: str) -> None:
        command = [sys.executable, "-m", "ops.chaos", "--quick", *options]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def ends(self) -> None:
        """Taken down, should it still run."""
        self._process.terminate()
        self._process.communicate()

    def found(self) -> tuple[int, dict[str, Any]]:
        """The exit code and the verdict."""
        out, said = self._process.communicate()
        assert out, said
        found: dict[str, Any] = json.loads(out)
        return self._process.returncode, found


@pytest.fixture
def trial() -> Iterator[Callable[..., Run]]:
    """Starts trials side by side; none outlives the test."""
    begun: list[Run] = []

    def begin(*options: str) -> Run:
        begun.append(Run(*options))
        return begun[-1]

    yield begin
    for run in begun:
        run.ends()


SAMPLE = ("after_provider_reply", "mid_process", "mid_chase", "after_commit_before_reply")


@pytest.mark.slow
@pytest.mark.timeout(600)  # less than half of it on two free cores
def test_every_promise_holds_whatever_ends_in_the_middle_of_what_it_does(trial: Callable[..., Run]) -> None:
    """Both databases at once: most of the time goes by waiting for leases to end."""
    runs = {
        "sqlite": trial("--points", "--seed", "1"),
        "postgres": trial(
            "--points", ",".join(SAMPLE), "--seed", "2", "--kills", "6", "--messages", "40", "--database", "postgres"
        ),
    }
    verdicts = {name: run.found() for name, run in runs.items()}
    for code, verdict in verdicts.values():
        assert (verdict["broken"], code) == ([], 0), json.dumps(verdict)
        assert verdict["counts"]["acknowledged"] > 30
    assert verdicts["sqlite"][1]["restarts"]["sender"] >= sum(point.part == "sender" for point in POINTS)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_promise_broken_on_purpose_is_found_in_what_a_real_house_left(trial: Callable[..., Run]) -> None:
    calm = ("--messages", "25", "--kills", "0", "--faults", "0", "--rate", "50", "--seed", "3")
    runs = {plant: trial(*calm, "--plant", plant) for plant in PLANTS}
    for plant, run in runs.items():
        code, verdict = run.found()
        assert (verdict["broken"], code) == ([SHOWS_AS[plant]], 1), json.dumps(verdict)
        assert verdict[SHOWS_AS[plant]] == 1
