"""The front door: has a request whole, within limits of size and time, before anybody works on it.

On the server's loop, so that a call whose body trickles in holds no thread. A provider's text is read there and then, and its
answer waits for the commit that it shares with others; all else is answered by a few threads.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog

from handlers.callers import LARGEST_BODY, UNSTORED
from handlers.held import OFFERED, Held
from smsgw.store.database import StoreError
from smsgw.store.together import PATIENCE_S, Told

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

THREADS = 16  # pages, receipts and USSD turns answered side by side
KEEPERS = 4  # that put texts into the spool while the database is away, and pages may hang on it
BODY_TAKES_S = 20.0  # at most, once its head is there
STORED = "/sms/"
CLOSES = ((b"connection", b"close"),)

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

log = structlog.get_logger()


class Cut(Exception):
    """The request never became whole: whoever called went, or sent what is no piece of one."""


class Reply(NamedTuple):
    """An answer, its headers as ASGI has them."""

    status: int
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes


class Front:
    """Serves a WSGI application over ASGI."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")
        self._keepers = ThreadPoolExecutor(KEEPERS, thread_name_prefix="keeper")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            body = await _whole(scope, receive)
        except TimeoutError:
            reply = Reply(408, CLOSES, b"")
        except Cut:
            reply = Reply(400, CLOSES, b"")
        else:
            reply = await self._answer(scope, body)
        await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
        await send({"type": "http.response.body", "body": reply.body})

    async def _answer(self, scope: Scope, body: bytes) -> Reply:
        environ = environ_of(scope, body)
        if scope["path"].startswith(STORED):
            return await self._stored(environ)
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._call, environ)

    async def _stored(self, environ: "WSGIEnvironment") -> Reply:
        """Waits for the database no longer than a provider would wait for us, and then for the spool."""
        loop = asyncio.get_running_loop()
        safe = loop.create_future()
        environ[OFFERED] = held = Held(Told(_tell, safe))
        reply = self._call(environ)
        if held.deposit is None:
            return reply
        if held.deposit.wish:
            patience = loop.call_later(PATIENCE_S, _go_on, (safe,))
            await safe
            patience.cancel()
        try:
            if held.deposit.is_settled:
                held.let_go()
            else:
                await loop.run_in_executor(self._keepers, held.let_go)
        except StoreError:
            log.exception(UNSTORED, provider=held.deposit.kept.message.provider)
            return Reply(503, [], b"")
        return reply

    def _call(self, environ: "WSGIEnvironment") -> Reply:
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Any:
            begun.append((status, headers))

        try:
            told = self._app(environ, start)
            try:
                body = b"".join(told)
            finally:
                if hasattr(told, "close"):
                    told.close()
        except Exception:
            log.exception("an answer could not be made")
            return Reply(500, [], b"")
        status, headers = begun[-1]
        spelt = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return Reply(int(status[:3]), spelt, body)


async def _whole(scope: Scope, receive: Receive) -> bytes:
    """The body; nothing of what is too large, or hardly more than shows it. Raises `TimeoutError` and `Cut`."""
    length = dict(scope["headers"]).get(b"content-length")
    if length and int(length) > LARGEST_BODY:  # refused for its length alone
        return b""
    body = b""
    async with asyncio.timeout(BODY_TAKES_S):
        while len(body) <= LARGEST_BODY:
            piece = await receive()
            if piece["type"] != "http.request":
                raise Cut
            body += piece.get("body", b"")
            if not piece.get("more_body"):
                break
    return body


def _tell(waiting: Sequence[asyncio.Future[None]]) -> None:
    """From the thread that writes: once for all texts of one commit."""
    try:
        waiting[0].get_loop().call_soon_threadsafe(_go_on, waiting)
    except RuntimeError:  # the server has ended meanwhile, and nobody waits
        log.warning("texts were stored while the server ended", texts=len(waiting))


def _go_on(waiting: Iterable[asyncio.Future[None]]) -> None:
    for one in waiting:
        if not one.done():
            one.set_result(None)


def environ_of(scope: Scope, body: bytes) -> "WSGIEnvironment":
    """A request as PEP 3333 has it, its body whole. Headers with an underscore are left out: they would pass for others."""
    server, client = scope["server"], scope["client"]
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, octets in scope["headers"]:
        key, value = _key_of(name), octets.decode("latin-1")
        if key in environ:
            environ[key] += f"{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
        elif key:
            environ[key] = value
    if body:
        environ.setdefault("CONTENT_LENGTH", str(len(body)))
    return environ


@lru_cache(maxsize=256)
def _key_of(name: bytes) -> str:
    """Where PEP 3333 keeps a header; '' where it is left out."""
    if b"_" in name or name == b"transfer-encoding":  # the body is whole
        return ""
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
