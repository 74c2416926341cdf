"""Our dialect is the one that Kannel speaks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select

from smsgw.domain.messages import Accepted, AccountWrong, Delivery, OutgoingSms, Part, SmsReceived, WebCall
from smsgw.gateway import Gateway
from smsgw.providers import refs
from smsgw.providers.contract import Surroundings
from smsgw.providers.kannel import Kannel
from smsgw.services import intake, joining
from smsgw.store.tables import Inbound, PartRow
from tests.conftest import Clock
from tests.kannel.lab import QUERY, KannelLab, until
from tests.providers.calls import get_call

pytestmark = pytest.mark.kannel

SECRET = "a key that signs references, for tests"
TOKEN = "a-token-for-the-kannel-lab"
CITIZEN = "+84900001234"
LONG = "Ông bà cho tôi hỏi: " + "đường liên thôn hỏng nặng, xe không đi được. " * 6

StartLab = Callable[..., KannelLab]


class Sink:
    """An HTTP server in our place: takes everything, says nothing."""

    def __init__(self, httpserver: HTTPServer) -> None:
        httpserver.expect_request(f"/sms/kannel/{TOKEN}").respond_with_data("")
        httpserver.expect_request(f"/receipts/kannel/{TOKEN}").respond_with_data("")
        self._server = httpserver
        self.url = httpserver.url_for("").rstrip("/")
        self.get_url = f"{self.url}/sms/kannel/{TOKEN}?{QUERY}"

    def calls(self, path: str, count: int = 1) -> list[WebCall]:
        """The first calls to this path, when there are so many."""

        def looks() -> list[WebCall] | None:
            heard = [request for request, _ in list(self._server.log) if request.path.startswith(path)]
            targets = [f"{request.path}?{request.query_string.decode('latin-1')}" for request in heard]
            return [get_call(target, token=TOKEN) for target in targets] if len(heard) >= count else None

        return until(looks, f"{path} was not called {count} times")


@pytest.fixture
def sink(httpserver: HTTPServer) -> Sink:
    return Sink(httpserver)


def house(lab: KannelLab, sink: Sink, **env: str) -> Any:
    told = {**lab.environment, "KANNEL_FROM": "8079", "KANNEL_CALLBACK_TOKEN": TOKEN, **env}
    return Kannel.open(Surroundings(told, sink.url, SECRET))


@pytest.mark.parametrize("recode", [True, False])
def test_a_persons_text_arrives_whole_whatever_its_charset(kannel_lab: StartLab, sink: Sink, *, recode: bool) -> None:
    lab = kannel_lab(sink.get_url, recode=recode)
    texts = ("PA duong hong, o ga 100% & hon + nua", "Đường hỏng ở thôn 3", "Ngập nặng 😀 ở cầu", LONG)
    for text in texts:
        lab.operator.brings(CITIZEN, "8079", text)
    read = [house(lab, sink).read_sms(call) for call in sink.calls("/sms/", len(texts))]
    assert {sms.text for sms in read} == set(texts)
    assert {(sms.sender, sms.recipient, sms.account) for sms in read} == {(CITIZEN, "8079", "operator")}
    assert len({sms.provider_ref for sms in read}) == len(texts)
    assert all(sms.sent_at and sms.sent_at.tzinfo for sms in read)


def test_the_parts_of_a_long_text_arrive_as_one(kannel_lab: StartLab, sink: Sink) -> None:
    lab = kannel_lab(sink.get_url)
    lab.operator.brings_in_parts(CITIZEN, "8079", "x" * 100)
    (call,) = sink.calls("/sms/")
    # The fake operator marks parts as octets, so what is to be seen here is that they were joined, and in order.
    sms = house(lab, sink).read_sms(call)
    assert (sms.text.replace("\ufffd", ""), sms.part) == ("x" * 100, None)


def test_where_kannel_does_not_join_them_each_part_says_which_it_is(kannel_lab: StartLab, sink: Sink) -> None:
    lab = kannel_lab(sink.get_url, joins=False)
    lab.operator.brings_in_parts(CITIZEN, "8079", "x" * 100)
    lab.operator.brings(CITIZEN, "8079", "PA duong hong")
    read = [house(lab, sink).read_sms(call) for call in sink.calls("/sms/", 3)]
    assert [sms.part for sms in read] == [Part(77, 2, 2), Part(77, 2, 1), None]
    assert len({sms.provider_ref for sms in read}) == 3


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param("Da nhan: ma 12345, 100% & +", ["text"], id="one part of 7 bits"),
        pytest.param("Đã nhận phản ánh của ông/bà.", ["ucs-2"], id="one part of UCS-2"),
        pytest.param("a" * 153 + "b" * 150, ["data", "data"], id="two parts of 7 bits"),
        pytest.param("a" * 152 + "[" + "b" * 151, ["data", "data"], id="an escaped sign at the edge of a part"),
        pytest.param("ữ" * 71, ["data", "data"], id="two parts of UCS-2"),
    ],
)
def test_our_text_reaches_the_handset_as_it_was_written(
    kannel_lab: StartLab, sink: Sink, text: str, kinds: list[str]
) -> None:
    lab = kannel_lab(sink.get_url)
    assert house(lab, sink).send(OutgoingSms(refs.sign(SECRET, 7), CITIZEN, text)) == Accepted()
    came = lab.operator.delivers(CITIZEN)
    assert "".join(part.text for part in came) == text
    assert [part.kind for part in came] == kinds
    assert {part.sender for part in came} == {"8079"}


def test_an_emoji_at_the_edge_of_a_part_does_not_break_the_letters_around_it(kannel_lab: StartLab, sink: Sink) -> None:
    lab = kannel_lab(sink.get_url)
    house(lab, sink).send(OutgoingSms(refs.sign(SECRET, 7), CITIZEN, "ữ" * 66 + "😀" + "ữ" * 66))
    assert "".join(part.text for part in lab.operator.delivers(CITIZEN)) == "ữ" * 132


def test_reports_come_back_under_our_reference(kannel_lab: StartLab, sink: Sink) -> None:
    lab, ref = kannel_lab(sink.get_url), refs.sign(SECRET, 8)
    provider = house(lab, sink)
    provider.send(OutgoingSms(ref, CITIZEN, "Da nhan"))
    calls = sink.calls("/receipts/", 2)
    assert all(provider.guard(call) for call in calls)
    receipts = [provider.read_receipt(call) for call in calls]
    assert {receipt.delivery for receipt in receipts} == {Delivery.SENT, Delivery.DELIVERED}
    assert {receipt.ref for receipt in receipts} == {ref}


def test_a_wrong_password_is_the_operators_to_mend(kannel_lab: StartLab, sink: Sink) -> None:
    lab = kannel_lab(sink.get_url)
    wrong = house(lab, sink, KANNEL_PASSWORD="no")
    assert isinstance(wrong.send(OutgoingSms(refs.sign(SECRET, 9), CITIZEN, "Da nhan")), AccountWrong)


def test_a_text_waits_while_the_operators_link_is_down(kannel_lab: StartLab, sink: Sink) -> None:
    lab = kannel_lab(sink.get_url)
    lab.operator.hangs_up()
    taken = until(lambda: house(lab, sink).send(OutgoingSms(refs.sign(SECRET, 9), CITIZEN, "Da nhan")), "no outcome")
    assert taken == Accepted()


def test_the_access_log_names_each_text_as_its_webhook_does(kannel_lab: StartLab, sink: Sink) -> None:
    lab = kannel_lab(sink.get_url)
    texts = ("PA duong hong, o ga 100% | hon", "Đường hỏng ở thôn 3", "Ngập nặng 😀 ở cầu")
    for text in texts:
        lab.operator.brings(CITIZEN, "8079", text)
    provider = house(lab, sink, KANNEL_ACCESS_LOG=str(lab.access_log))
    brought = [provider.read_sms(call) for call in sink.calls("/sms/kannel", len(texts))]
    listed = list(provider.received_since(datetime(2020, 1, 1, tzinfo=UTC)))
    assert {_identity(sms) for sms in listed} == {_identity(sms) for sms in brought}
    assert {sms.text for sms in listed} == set(texts)


def test_parts_that_were_logged_while_we_were_down_and_come_later_are_one_text(
    kannel_lab: StartLab, gateway: Gateway, clock: Clock
) -> None:
    clock.at = datetime.now(UTC)
    with HTTPServer() as reserved:
        port = reserved.port
    lab = kannel_lab(f"http://127.0.0.1:{port}/sms/kannel/{TOKEN}?{QUERY}", joins=False)
    env = {**lab.environment, "KANNEL_FROM": "8079", "KANNEL_CALLBACK_TOKEN": TOKEN}
    provider = Kannel.open(Surroundings({**env, "KANNEL_ACCESS_LOG": str(lab.access_log)}, "http://us", SECRET))
    reconciler = replace(gateway.reconciler(), providers={"kannel": provider}, heard=["kannel"])
    reconciler.look_for_missed()
    lab.operator.brings_in_parts(CITIZEN, "8079", "x" * 100)
    until(lambda: len(list(provider.received_since(clock() - timedelta(minutes=1)))) == 2, "nothing was logged")
    clock.moves(minutes=5)
    assert reconciler.look_for_missed() == 2
    with HTTPServer(port=port) as back:
        calls = Sink(back).calls("/sms/", 2)
    for call in calls:
        intake.take_in(gateway.database, provider.read_sms(call), clock())
    with gateway.database.read() as session:
        marks = joining.ready(session, clock())
    joining.join(gateway.database, marks, clock())
    with gateway.database.read() as session:
        (text,) = session.scalars(select(Inbound.body))
        parts = session.scalars(select(PartRow.number).order_by(PartRow.number)).all()
    assert (text.replace("\ufffd", ""), list(parts)) == ("x" * 100, [1, 2])


def _identity(sms: SmsReceived) -> tuple[str, ...]:
    return sms.provider, sms.account, sms.provider_ref, sms.sender, sms.recipient, sms.text
