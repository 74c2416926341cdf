"""The front door: has a request whole, within limits of size and time, before anybody works on it.

On the server's loop, so that a call whose body trickles in holds no thread. A provider's text is read there and then, and its
answer waits for the commit that it shares with others; all else is answered by a few threads.
"""

import asyncio
import sys
from collections.abc import Awaitable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog
from granian.rsgi import HTTPProtocol, ProtocolClosed, ProtocolError, Scope  # type: ignore[attr-defined]

from handlers.callers import LARGEST_BODY
from handlers.held import OFFERED, Held
from smsgw.store.database import StoreError
from smsgw.store.together import PATIENCE_S, Told

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

THREADS = 16  # pages, receipts and USSD turns answered side by side
KEEPERS = 4  # that put texts into the spool while the database is away, and pages may hang on it
BODY_TAKES_S = 20.0  # at most, once its head is there
STORED = "/sms/"

log = structlog.get_logger()


class Reply(NamedTuple):
    """An answer as the server takes it."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Front:
    """Serves a WSGI application over RSGI."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")
        self._keepers = ThreadPoolExecutor(KEEPERS, thread_name_prefix="keeper")

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        try:
            body = await self._body(scope, protocol)
        except TimeoutError:
            protocol.response_empty(408, [("Connection", "close")])
            return
        except (ProtocolClosed, ProtocolError):  # whoever called has gone
            return
        environ = environ_of(scope, body)
        told = self._stored(environ) if scope.path.startswith(STORED) else self._in_a_thread(environ)
        protocol.response_bytes(*await told)

    async def _body(self, scope: Scope, protocol: HTTPProtocol) -> bytes:
        """Nothing of what is too large, or hardly more than shows it. Raises `TimeoutError`."""
        length = scope.headers.get("content-length")
        if length is None and "transfer-encoding" not in scope.headers:
            return b""
        if length and int(length) > LARGEST_BODY:  # refused for its length alone
            return b""
        async with asyncio.timeout(BODY_TAKES_S):
            return await (protocol() if length else _pieces(protocol))

    async def _stored(self, environ: "WSGIEnvironment") -> Reply:
        """Waits for the database no longer than a provider would wait for us, and then for the spool."""
        safe = self._loop.create_future()
        environ[OFFERED] = held = Held(Told(self._tell, safe))
        reply = self._call(environ)
        if held.deposit is None:
            return reply
        if held.deposit.wish:
            patience = self._loop.call_later(PATIENCE_S, _go_on, (safe,))
            await safe
            patience.cancel()
        try:
            if held.deposit.is_settled:
                held.let_go()
            else:
                await self._loop.run_in_executor(self._keepers, held.let_go)
        except StoreError:
            log.exception("a call could not be stored; the provider must bring it again")
            return Reply(503, [], b"")
        return reply

    def _tell(self, waiting: Sequence[asyncio.Future[None]]) -> None:
        """From the thread that writes: once for all texts of one commit."""
        try:
            self._loop.call_soon_threadsafe(_go_on, waiting)
        except RuntimeError:  # the server has ended meanwhile, and nobody waits
            log.warning("texts were stored while the server ended", texts=len(waiting))

    def _in_a_thread(self, environ: "WSGIEnvironment") -> Awaitable[Reply]:
        return self._loop.run_in_executor(self._threads, self._call, environ)

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
        return Reply(int(status[:3]), headers, body)


async def _pieces(protocol: HTTPProtocol) -> bytes:
    """What comes without its length."""
    body = b""
    async for piece in protocol:
        body += piece
        if len(body) > LARGEST_BODY:
            break
    return body


def _go_on(waiting: Iterable[asyncio.Future[None]]) -> None:
    for one in waiting:
        if not one.done():
            one.set_result(None)


def environ_of(scope: Scope, body: bytes) -> "WSGIEnvironment":
    """A request as PEP 3333 has it, its body whole. Headers with an underscore are left out: they would pass for others."""
    host, _, port = scope.server.rpartition(":")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        key = _key_of(name)
        if key in environ:
            environ[key] += f"{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
        elif key:
            environ[key] = value
    if body:
        environ.setdefault("CONTENT_LENGTH", str(len(body)))
    return environ


@lru_cache(maxsize=256)
def _key_of(name: str) -> str:
    """Where PEP 3333 keeps a header; '' where it is left out."""
    if "_" in name or name == "transfer-encoding":  # the body is whole
        return ""
    key = name.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
