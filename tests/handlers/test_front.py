"""The front door, called as an ASGI server calls it; a real one is met in journeys/test_the_front_door."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from handlers import front
from handlers.callers import LARGEST_BODY
from handlers.front import Front, environ_of
from smsgw.gateway import Gateway
from smsgw.store.tables import Inbound
from tests.ops.toys import eventually
from tests.services.test_shelter import locked

Headers = Sequence[tuple[str, str]]
FORM = ("content-type", "application/x-www-form-urlencoded")


def scope(path: str, headers: Headers = (), method: str = "POST", query: bytes = b"") -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query,
        "headers": [(name.encode(), value.encode()) for name, value in headers],
        "scheme": "http",
        "http_version": "1.1",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50000),
    }


@dataclass
class Call:
    """What a client sends, piece by piece, and what it hears. Behind the pieces the body is whole, or it never comes where one
    `never_ends`; None is a client that goes."""

    pieces: list[bytes | None]
    never_ends: bool = False
    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    said: bytes = b""

    async def receive(self) -> dict[str, Any]:
        if not self.pieces:
            await asyncio.sleep(3600 if self.never_ends else 0)
            return {"type": "http.request", "body": b"", "more_body": False}
        piece = self.pieces.pop(0)
        if piece is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": True}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self.said += message["body"]


def whole(body: bytes) -> Call:
    return Call([body])


def form_of(ident: str, words: str = "PA mat nuoc") -> bytes:
    return urlencode({"id": ident, "from": "+84900000001", "to": "8079", "text": words}).encode()


def declared(body: bytes) -> Headers:
    return [FORM, ("content-length", str(len(body)))]


Serves = Callable[..., list[Call]]


@pytest.fixture
def serves(app: Flask) -> Serves:
    """Answers calls side by side, and returns them."""

    def serve(*calls: tuple[Any, Call]) -> list[Call]:
        async def all_of_them() -> None:
            door = Front(app)
            await asyncio.gather(*(door(asked, call.receive, call.send) for asked, call in calls))

        asyncio.run(all_of_them())
        return [call for _, call in calls]

    return serve


def texted(ident: str) -> tuple[Any, Call]:
    body = form_of(ident)
    return scope("/sms/simulator", declared(body)), whole(body)


def kept(gateway: Gateway) -> list[str]:
    with gateway.database.read() as session:
        return list(session.scalars(select(Inbound.provider_ref).order_by(Inbound.provider_ref)))


def test_texts_side_by_side_are_each_stored_before_their_answer(serves: Serves, gateway: Gateway) -> None:
    calls = serves(*(texted(f"m{number}") for number in range(40)))
    assert {call.status for call in calls} == {200}
    assert kept(gateway) == sorted(f"m{number}" for number in range(40))


def test_one_that_came_before_is_answered_as_the_first_was(serves: Serves, gateway: Gateway) -> None:
    first, again = serves(texted("m1"), texted("m1"))
    assert (first.status, first.said) == (again.status, again.said)
    assert kept(gateway) == ["m1"]


@pytest.mark.sqlite
def test_a_text_that_the_database_does_not_take_goes_into_the_spool_and_is_answered(
    serves: Serves, gateway: Gateway
) -> None:
    gateway.spool.prepare()
    with locked(gateway):
        calls = serves(texted("m1"), texted("m2"))
        later = serves(texted("m3"))
    assert [call.status for call in (*calls, *later)] == [200, 200, 200]
    assert gateway.spool.standing().waiting == 3
    assert kept(gateway) == []


@pytest.mark.sqlite
def test_a_text_that_nothing_takes_is_refused(serves: Serves, gateway: Gateway) -> None:
    gateway.spool.folder.parent.mkdir(exist_ok=True)
    gateway.spool.folder.touch()
    with locked(gateway):
        (call,) = serves(texted("m1"))
    assert call.status == 503


def test_nobody_waits_longer_than_a_provider_would_for_a_database_that_says_nothing(
    serves: Serves, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.spool.prepare()
    monkeypatch.setattr(front, "PATIENCE_S", 0.05)
    monkeypatch.setattr(gateway.database._together, "_run", lambda: None)
    (call,) = serves(texted("m1"))
    assert call.status == 200
    assert gateway.spool.standing().waiting == 1
    eventually(
        lambda: not gateway.database._watch.is_away
    )  # it was asked whether it is back, and its connection given back


def test_a_page_is_answered_with_all_its_headers(serves: Serves) -> None:
    (call,) = serves((scope("/phone", method="GET"), whole(b"")))
    assert call.status == 200
    assert call.headers[b"content-type"] == b"text/html; charset=utf-8"
    assert b"</html>" in call.said


def test_a_body_that_does_not_come_holds_up_nobody_and_is_given_up(
    serves: Serves, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "BODY_TAKES_S", 0.2)
    length = ("content-length", "100")
    slow = [(scope("/sms/simulator", [FORM, length]), Call([b"id="], never_ends=True)) for _ in range(100)]
    *waiting, quick = serves(*slow, texted("m1"))
    assert quick.status == 200
    assert {call.status for call in waiting} == {408}
    assert kept(gateway) == ["m1"]


@pytest.mark.parametrize("length", [("content-length", "500"), ("transfer-encoding", "chunked")])
def test_a_text_that_was_cut_off_on_its_way_is_not_taken_for_a_whole_one(
    serves: Serves, gateway: Gateway, length: tuple[str, str]
) -> None:
    (call,) = serves((scope("/sms/simulator", [FORM, length]), Call([form_of("m1"), None])))
    assert call.status == 400
    assert kept(gateway) == []


@pytest.mark.parametrize("path", ["/sms/simulator", "/receipts/simulator", "/login"])
def test_what_is_too_long_is_refused_for_its_length_alone(serves: Serves, path: str) -> None:
    length = ("content-length", str(LARGEST_BODY + 1))
    unread = Call([], never_ends=True)
    (call,) = serves((scope(path, [FORM, length]), unread))
    assert call.status == 413


def test_what_comes_in_pieces_is_heard_whole_or_refused(serves: Serves, gateway: Gateway) -> None:
    def in_pieces(ident: str, words: str) -> tuple[Any, Call]:
        body = form_of(ident, words)
        pieces: list[bytes | None] = [body[at : at + 1000] for at in range(0, len(body), 1000)]
        return scope("/sms/simulator", [FORM, ("transfer-encoding", "chunked")]), Call(pieces)

    short, long = serves(in_pieces("m1", "x" * 5000), in_pieces("m2", "x" * 2 * LARGEST_BODY))
    assert (short.status, long.status) == (200, 413)
    assert kept(gateway) == ["m1"]


def test_an_application_that_fails_is_answered_for() -> None:
    def fails(_environ: Any, _start: Any) -> Any:
        raise RuntimeError("no")

    call = whole(b"")
    asyncio.run(Front(fails)(scope("/", method="GET"), call.receive, call.send))  # type: ignore[arg-type]
    assert call.status == 500


class TestTheRequest:
    """As PEP 3333 has it."""

    def test_the_address_is_spelt_in_octets(self) -> None:
        environ = environ_of(scope("/bà/x y", query="q=đường&z=%C3%A0".encode()), b"")
        assert environ["PATH_INFO"].encode("latin-1").decode() == "/bà/x y"
        assert environ["QUERY_STRING"].encode("latin-1").decode() == "q=đường&z=%C3%A0"

    def test_who_called_and_where(self) -> None:
        asked = scope("/")
        asked["client"], asked["server"] = ("::1", 50000), ("::1", 8000)
        environ = environ_of(asked, b"")
        assert (environ["REMOTE_ADDR"], environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("::1", "::1", "8000")

    def test_a_header_that_comes_twice_is_one(self) -> None:
        headers = [("x-forwarded-for", "1.2.3.4"), ("x-forwarded-for", "5.6.7.8"), ("cookie", "a=1"), ("cookie", "b=2")]
        environ = environ_of(scope("/", headers), b"")
        assert environ["HTTP_X_FORWARDED_FOR"] == "1.2.3.4,5.6.7.8"
        assert environ["HTTP_COOKIE"] == "a=1; b=2"

    def test_a_header_with_an_underscore_passes_for_none(self) -> None:
        environ = environ_of(scope("/", [("x_forwarded_for", "1.2.3.4"), ("x-forwarded-for", "5.6.7.8")]), b"")
        assert environ["HTTP_X_FORWARDED_FOR"] == "5.6.7.8"

    def test_a_body_that_came_in_pieces_has_its_length(self) -> None:
        environ = environ_of(scope("/", [("transfer-encoding", "chunked")]), b"abc")
        assert environ["CONTENT_LENGTH"] == "3"
        assert "HTTP_TRANSFER_ENCODING" not in environ
