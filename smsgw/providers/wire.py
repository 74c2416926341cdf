"""Kept connections to a provider's address, and what an HTTP answer, or the lack of one, says about a text."""

import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import certifi
import requests
from requests.utils import get_auth_from_url, prepend_scheme_if_needed, select_proxy
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    LocationValueError,
    NewConnectionError,
    ProxyError,
    ProxySchemeUnknown,
    SSLError,
)
from urllib3.util import make_headers

from smsgw.domain.messages import AccountWrong, InDoubt, Never, Outcome, TryLater

_SETTING_WRONG: Final = (LocationValueError, ProxySchemeUnknown)
_NO_CONNECTION: Final = (ConnectTimeoutError, NewConnectionError)
_BEFORE_THE_WIRE: Final = (*_NO_CONNECTION, ProxyError, SSLError)
_LATER: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
_SETTLED_BY_AN_OPERATOR: Final = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.PAYMENT_REQUIRED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
        HTTPStatus.GONE,
    }
)
_SENDERS: Final = 32
_LONGEST_WAIT: Final = 86_400

Trouble = HTTPError  # what a line raises instead of an answer
Fields = Mapping[str, object]

logging.getLogger("urllib3").setLevel(logging.ERROR)  # its warnings tell whole addresses, Kannel's password in them
_this_thread = threading.local()


class BrokenOff(HTTPError):
    """TLS or the proxy failed after the request had been begun: it may have been acted on."""


class _Plain(HTTPConnection):
    """Sends head and body in one piece, which is a system call and a packet less for each text.

    Connecting, a proxy's tunnel and the handshake all come before a request.
    """

    _pieces: list[bytes] | None = None

    def request(self, *args: Any, **named: Any) -> None:
        _this_thread.has_begun = True
        self._pieces = []
        try:
            super().request(*args, **named)
            whole = b"".join(self._pieces)
        finally:
            self._pieces = None
        self.send(whole)

    def send(self, data: Any) -> None:
        if self._pieces is None:
            super().send(data)
        else:
            self._pieces.append(data)


class _Tls(_Plain, HTTPSConnection):
    """The same over TLS."""


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _Tls


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered, whatever its status."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def took(self) -> bool:
        """A 2xx."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """Raises `ValueError` where it is none."""
        return json.loads(self.text)


class Line:
    """Connections to one address, a kept one for each of many senders. Proxy and certificates are those that the
    environment names when the line is opened. `timeout` is seconds for the connection, then for the answer.

    urllib3 itself, which `requests` stands on: its sessions cost more for a text than all the rest of sending one.
    """

    def __init__(self, address: str, timeout: tuple[float, float]) -> None:
        named = requests.Session().merge_environment_settings(address, {}, None, None, None)
        kept = {"maxsize": _SENDERS, "timeout": Timeout(*timeout), "retries": False, **_trusting(named["verify"])}
        proxy = select_proxy(address, named["proxies"])
        self._hosts: dict[str, HTTPConnectionPool] = {}
        self._wrong: Trouble | None = None
        try:
            self._pools = _through(proxy, kept) if proxy else PoolManager(**kept)
        except ProxySchemeUnknown as unknown:
            self._wrong, self._pools = unknown, PoolManager(**kept)
        self._pools.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}

    def get(self, url: str, fields: Fields | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Raises `Trouble`. No redirect is followed: it would take the password along."""
        return self._ask("GET", f"{url}?{urlencode(fields)}" if fields else url, None, headers or {})

    def post(self, url: str, fields: Fields | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """A form. Raises `Trouble`."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", url, urlencode(fields or {}).encode(), {**form, **(headers or {})})

    def post_json(self, url: str, value: object, headers: Mapping[str, str] | None = None) -> Answer:
        """Raises `Trouble`."""
        return self._ask(
            "POST", url, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})}
        )

    def _ask(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        if self._wrong:
            raise self._wrong
        if "://" not in url:
            raise LocationParseError(url)
        pool, target = self._way(url)
        _this_thread.has_begun = False
        try:
            answer = pool.urlopen(method, target, body=body, headers=headers, redirect=False)
        except (ProxyError, SSLError) as error:
            if _this_thread.has_begun and not isinstance(getattr(error, "original_error", None), _NO_CONNECTION):
                raise BrokenOff(type(error).__name__) from error
            raise
        return Answer(answer.status, answer.data.decode("utf-8", "replace"), answer.headers)

    def _way(self, url: str) -> tuple[PoolManager | HTTPConnectionPool, str]:
        """Whom to ask for what. The manager would look its host up for every text; only a proxy needs it to."""
        if isinstance(self._pools, ProxyManager):
            return self._pools, url
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._hosts:
            self._hosts[origin] = self._pools.connection_from_url(origin)
        target = url[len(origin) :]
        return self._hosts[origin], target if target.startswith("/") else f"/{target}"


def _through(proxy: str, kept: Mapping[str, Any]) -> ProxyManager:
    """As the environment may name one: with a user and password in it, or without its scheme."""
    address = prepend_scheme_if_needed(proxy, "http")  # type: ignore[no-untyped-call]
    user, password = get_auth_from_url(address)
    proven = make_headers(proxy_basic_auth=f"{user}:{password}") if user else None
    return ProxyManager(address, proxy_headers=proven, **kept)


def _trusting(named: bool | str | None) -> dict[str, Any]:
    bundle = named if isinstance(named, str) else certifi.where()
    return {"cert_reqs": "CERT_REQUIRED", "ca_cert_dir" if Path(bundle).is_dir() else "ca_certs": bundle}


def trouble(error: Trouble) -> Outcome:
    """Nothing left us: no name, no route, no TLS, no connection in time. Else the request may have been acted on.

    The words hold the kind of trouble only: a request's URL can carry a password.
    """
    kind = type(error).__name__
    if isinstance(error, _SETTING_WRONG):
        return AccountWrong(f"the provider's address is wrong: {kind}")
    if isinstance(error, _BEFORE_THE_WIRE):
        return TryLater(f"not reached: {kind}")
    return InDoubt(f"no answer: {kind}")


def refused(status: int, why: str, after: int | None = None) -> Outcome:
    """An answer that is no acceptance, by its HTTP status alone; `after` is what `wish` found in its headers.

    Redirects are never followed, so one means that the address in the settings is not the provider's.
    """
    words = f"{why} (HTTP {status})"
    if status in _LATER:
        return TryLater(words, after)
    if 300 <= status < 400 or status in _SETTLED_BY_AN_OPERATOR:
        return AccountWrong(words)
    return Never(words) if 400 <= status < 500 else InDoubt(words)


def wish(headers: Mapping[str, str]) -> int | None:
    """Seconds that Retry-After asks us to wait, a day at most; None where it says nothing or gives a date."""
    asked = headers.get("Retry-After", "").strip()
    return min(int(asked), _LONGEST_WAIT) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
