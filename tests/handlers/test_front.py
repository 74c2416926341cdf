"""The front door, with a scope and a protocol like Granian's; the real ones are met in journeys/test_the_front_door."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]
from sqlalchemy import select

from handlers import front
from handlers.callers import LARGEST_BODY
from handlers.front import Front, environ_of
from smsgw.gateway import Gateway
from smsgw.store.database import Database
from smsgw.store.tables import Inbound
from tests.ops.toys import eventually

Headers = list[tuple[str, str]]
FORM = ("content-type", "application/x-www-form-urlencoded")


class Named:
    """Headers as Granian keeps them: by small letters, one name perhaps several times."""

    def __init__(self, headers: Headers) -> None:
        self._headers = headers

    def __contains__(self, name: str) -> bool:
        return name in dict(self._headers)

    def get(self, name: str) -> str | None:
        return dict(self._headers).get(name)

    def items(self) -> Headers:
        return self._headers


def scope(path: str, headers: Sequence[tuple[str, str]] = (), method: str = "POST", query: str = "") -> Any:
    return SimpleNamespace(
        method=method,
        path=path,
        query_string=query,
        headers=Named(list(headers)),
        scheme="http",
        http_version="1.1",
        server="127.0.0.1:8000",
        client="127.0.0.1:50000",
    )


@dataclass
class Call:
    """What a client sends, and what it hears. `body` may be what never ends, or ends in trouble."""

    body: Callable[[], Awaitable[bytes]]
    status: int = 0
    headers: Headers = field(default_factory=list)
    said: bytes = b""

    async def __call__(self) -> bytes:
        return await self.body()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        whole = await self.body()
        for at in range(0, len(whole), 1000):
            yield whole[at : at + 1000]

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        self.status, self.headers, self.said = status, headers, body

    def response_empty(self, status: int, headers: Headers) -> None:
        self.response_bytes(status, headers, b"")


def whole(body: bytes) -> Call:
    async def at_once() -> bytes:
        return body

    return Call(at_once)


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
            door.__rsgi_init__(asyncio.get_running_loop())
            await asyncio.gather(*(door.__rsgi__(asked, call) for asked, call in calls))

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


@contextmanager
def locked(gateway: Gateway) -> Iterator[None]:
    """Somebody else holds SQLite's one write lock."""
    with closing(Database(gateway.settings.database_url)) as other, other.write() as session:
        session.connection()
        yield


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
    assert "text/html; charset=utf-8" in dict(call.headers)["Content-Type"]
    assert b"</html>" in call.said


def test_a_body_that_does_not_come_holds_up_nobody_and_is_given_up(
    serves: Serves, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "BODY_TAKES_S", 0.2)

    async def never() -> bytes:
        await asyncio.sleep(3600)
        return b""

    slow = [(scope("/sms/simulator", [FORM, ("content-length", "100")]), Call(never)) for _ in range(100)]
    *waiting, quick = serves(*slow, texted("m1"))
    assert quick.status == 200
    assert {call.status for call in waiting} == {408}
    assert kept(gateway) == ["m1"]


def test_who_goes_before_the_body_is_whole_is_answered_nothing(serves: Serves) -> None:
    async def goes() -> bytes:
        raise ProtocolClosed

    (call,) = serves((scope("/sms/simulator", [FORM, ("content-length", "100")]), Call(goes)))
    assert call.status == 0


@pytest.mark.parametrize("path", ["/sms/simulator", "/receipts/simulator", "/login"])
def test_what_is_too_long_is_refused_for_its_length_alone(serves: Serves, path: str) -> None:
    async def never() -> bytes:
        raise AssertionError("nothing of it is read")

    length = ("content-length", str(LARGEST_BODY + 1))
    (call,) = serves((scope(path, [FORM, length]), Call(never)))
    assert call.status == 413


def test_what_comes_in_pieces_is_heard_whole_or_refused(serves: Serves, gateway: Gateway) -> None:
    def in_pieces(ident: str, words: str) -> tuple[Any, Call]:
        return scope("/sms/simulator", [FORM, ("transfer-encoding", "chunked")]), whole(form_of(ident, words))

    short, long = serves(in_pieces("m1", "x" * 5000), in_pieces("m2", "x" * 2 * LARGEST_BODY))
    assert (short.status, long.status) == (200, 413)
    assert kept(gateway) == ["m1"]


def test_an_application_that_fails_is_answered_for() -> None:
    def fails(_environ: Any, _start: Any) -> Any:
        raise RuntimeError("no")

    async def answered() -> Call:
        door, call = Front(fails), whole(b"")
        door.__rsgi_init__(asyncio.get_running_loop())
        await door.__rsgi__(scope("/", method="GET"), call)  # type: ignore[arg-type]
        return call

    assert asyncio.run(answered()).status == 500


class TestTheRequest:
    """As PEP 3333 has it."""

    def test_the_address_is_spelt_in_octets(self) -> None:
        environ = environ_of(scope("/bà/x y", query="q=%C3%A0"), b"")
        assert environ["PATH_INFO"].encode("latin-1").decode() == "/bà/x y"
        assert environ["QUERY_STRING"] == "q=%C3%A0"

    def test_who_called_and_where(self) -> None:
        asked = scope("/")
        asked.client, asked.server = "[::1]:50000", "[::1]:8000"
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
