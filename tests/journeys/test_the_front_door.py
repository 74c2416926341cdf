"""The web process as it runs, called by clients that do not behave."""

import re
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest
from sqlalchemy import select

from handlers.callers import LARGEST_BODY
from handlers.front import BODY_TAKES_S
from smsgw.store.database import Database
from smsgw.store.tables import Inbound
from tests.journeys.test_while_something_is_away import house_of
from tests.ops.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

DAWDLERS = 1100  # more than Granian takes on by itself, and more files than many systems let a process open unasked
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with house_of(tmp_path_factory.mktemp("front")) as standing:
        yield standing


@contextmanager
def many_files() -> Iterator[None]:
    """Lets this process open as many as it takes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2 * DAWDLERS), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def call(house: Service) -> socket.socket:
    return socket.create_connection(("127.0.0.1", house.port), timeout=60)


def posted(path: bytes, body: bytes, more: bytes = b"") -> bytes:
    return b"POST %b HTTP/1.1\r\nHost: x\r\n%bContent-Length: %d\r\n%b\r\n%b" % (path, FORM, len(body), more, body)


def texted(ident: str, more: bytes = b"") -> bytes:
    return posted(b"/sms/simulator", b"id=%b&from=%%2B84900000001&to=8079&text=PA+mat+nuoc" % ident.encode(), more)


def heard(line: socket.socket, answers: int = 1) -> list[int]:
    """The statuses of so many answers."""
    said = b""
    while True:
        found = re.findall(rb"HTTP/1\.1 ([2-5]\d\d)[^\r]*\r\n", said)
        if len(found) == answers and b"\r\n\r\n" in said:
            return [int(status) for status in found]
        piece = line.recv(65536)
        assert piece, said
        said += piece


def told(house: Service, request: bytes) -> int:
    with call(house) as line:
        line.sendall(request)
        return heard(line)[0]


def stored(house: Service) -> set[str]:
    with closing(Database(f"sqlite:///{house.home / 'smsgw.db'}")) as database, database.read() as session:
        return set(session.scalars(select(Inbound.provider_ref)))


def test_calls_whose_bodies_trickle_in_hold_up_neither_texts_nor_pages(house: Service) -> None:
    with many_files(), ExitStack() as lines:
        slow = [lines.enter_context(call(house)) for _ in range(DAWDLERS)]
        for line in slow:
            line.sendall(b"POST /sms/simulator HTTP/1.1\r\nHost: x\r\n%bContent-Length: 50\r\n\r\nid=" % FORM)
        began = time.monotonic()
        assert told(house, texted("amid")) == 200
        assert told(house, b"GET /phone HTTP/1.1\r\nHost: x\r\n\r\n") == 200
        assert time.monotonic() - began < BODY_TAKES_S, "they did not wait for the others to be given up"
        for line in slow[::2]:
            line.close()
        assert heard(slow[1]) == [408]
    assert "amid" in stored(house)


def test_a_body_is_heard_whole_however_it_comes(house: Service) -> None:
    body = b"id=pieces&from=%2B84900000001&to=8079&text=PA+mat+nuoc"
    head = b"POST /sms/simulator HTTP/1.1\r\nHost: x\r\n%bTransfer-Encoding: chunked\r\n\r\n" % FORM
    with call(house) as line:
        for piece in (head, b"%x\r\n" % len(body), body[:10], body[10:], b"\r\n0\r\n\r\n"):
            line.sendall(piece)
            time.sleep(0.05)
        assert heard(line) == [200]
    with call(house) as line:
        line.sendall(texted("first") + texted("second"))
        assert heard(line, answers=2) == [200, 200]
    assert {"pieces", "first", "second"} <= stored(house)


@pytest.mark.parametrize("how", [b"%bContent-Length: 500\r\n\r\n%b", b"%bTransfer-Encoding: chunked\r\n\r\n40\r\n%b"])
def test_a_text_that_is_cut_off_on_its_way_is_not_taken_for_a_whole_one(house: Service, how: bytes) -> None:
    with call(house) as line:
        body = b"id=cut-off&from=%2B84900000001&to=8079&text=PA+mat+nuoc+to+3+ph"
        line.sendall(b"POST /sms/simulator HTTP/1.1\r\nHost: x\r\n" + how % (FORM, body))
        line.shutdown(socket.SHUT_WR)
        assert heard(line) == [400]
    assert "cut-off" not in stored(house)


def test_pieces_that_are_none_are_refused(house: Service) -> None:
    body = b"id=no-piece&from=%2B84900000001&to=8079&text=PA+mat+nuoc"
    head = b"POST /sms/simulator HTTP/1.1\r\nHost: x\r\n%bTransfer-Encoding: chunked\r\n\r\n" % FORM
    assert told(house, head + b"%x\r\n%b\r\nzz\r\n" % (len(body), body)) == 400
    assert "no-piece" not in stored(house)


def test_an_address_with_letters_as_they_are_is_read(house: Service) -> None:
    assert told(house, "GET /phone?q=đường HTTP/1.1\r\nHost: x\r\n\r\n".encode()) == 200


@pytest.mark.parametrize("path", [b"/sms/simulator", b"/login"])
def test_what_is_too_long_is_refused(house: Service, path: bytes) -> None:
    assert told(house, b"POST %b HTTP/1.1\r\nHost: x\r\n%bContent-Length: 99999999\r\n\r\n" % (path, FORM)) == 413
    large = b"%x\r\n%b\r\n0\r\n\r\n" % (2 * LARGEST_BODY, b"a" * 2 * LARGEST_BODY)
    head = b"POST %b HTTP/1.1\r\nHost: x\r\n%bTransfer-Encoding: chunked\r\n\r\n" % (path, FORM)
    assert told(house, head + large) == 413


def test_the_simulator_believes_no_header_that_looks_like_another(house: Service) -> None:
    assert told(house, texted("through-a-proxy", b"X-Forwarded-For: 203.0.113.7\r\n")) == 403
    assert told(house, texted("underscored", b"X_Forwarded_For: 203.0.113.7\r\n")) == 200


def test_the_head_alone_a_part_and_what_has_not_changed(house: Service) -> None:
    ask = b"%b HTTP/1.1\r\nHost: x\r\n%b\r\n"
    assert told(house, ask % (b"HEAD /phone", b"")) == 200
    assert told(house, ask % (b"GET /static/desk.css", b"Range: bytes=0-9\r\n")) == 206
    assert told(house, ask % (b"GET /static/desk.css", b"If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT\r\n")) == 304
