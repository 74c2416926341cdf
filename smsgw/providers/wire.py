"""Kept connections to a provider's address, and what an HTTP answer, or the lack of one, says about a text."""

import json
import select
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import certifi
import pycurl
import requests
from requests.utils import select_proxy

from smsgw.domain.messages import AccountWrong, InDoubt, Never, Outcome, TryLater

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
_PROXIES: Final = frozenset({"http", "https", "socks4", "socks4a", "socks5", "socks5h"})
_SETTING_WRONG: Final = frozenset({pycurl.E_UNSUPPORTED_PROTOCOL, pycurl.E_URL_MALFORMAT})
_KINDS: Final = {
    pycurl.E_UNSUPPORTED_PROTOCOL: "not HTTP",
    pycurl.E_URL_MALFORMAT: "not an address",
    pycurl.E_COULDNT_RESOLVE_PROXY: "no such proxy",
    pycurl.E_COULDNT_RESOLVE_HOST: "no such host",
    pycurl.E_COULDNT_CONNECT: "no connection",
    pycurl.E_PARTIAL_FILE: "broken off",
    pycurl.E_OPERATION_TIMEDOUT: "too late",
    pycurl.E_SSL_CONNECT_ERROR: "no TLS",
    pycurl.E_ABORTED_BY_CALLBACK: "hung up",
    pycurl.E_GOT_NOTHING: "hung up",
    pycurl.E_SEND_ERROR: "broken off",
    pycurl.E_RECV_ERROR: "broken off",
    pycurl.E_PEER_FAILED_VERIFICATION: "a certificate that is not trusted",
}

Fields = Mapping[str, object]


class Trouble(Exception):
    """What a line raises instead of an answer; in words that hold the kind of trouble only: a URL can carry a password."""


class WrongSetting(Trouble):
    """The address or the proxy is none."""


class NotReached(Trouble):
    """No name, no route, no TLS, no connection in time: nothing left us."""


class NoAnswer(Trouble):
    """The request had been begun, so it may have been acted on."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered, whatever its status. `after` is for how many seconds it wishes to be left alone, six hours at
    most; None where it says nothing of that."""

    status: int
    text: str
    after: int | None = None

    @property
    def took(self) -> bool:
        """A 2xx."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """Raises `ValueError` where it is none."""
        return json.loads(self.text)


class _Call:
    """One thread's connection, kept from request to request."""

    def __init__(self, options: Mapping[int, object]) -> None:
        self._curl = pycurl.Curl()
        self._begun = False
        for option, value in options.items():
            self._curl.setopt(option, value)
        self._curl.setopt(pycurl.PREREQFUNCTION, self._may_begin)

    def _may_begin(self, *_between: object) -> int:
        """Asked when the connection stands, before anything is sent on it. libcurl would send a second time what it had no
        answer to on a kept connection, be it a text that the provider took."""
        if self._begun:
            return int(pycurl.PREREQFUNC_ABORT)
        self._begun = True
        return int(pycurl.PREREQFUNC_OK)

    def _is_left(self) -> bool:
        """Whether the other end has closed the kept connection: libcurl looks for that but now and then."""
        kept = self._curl.getinfo(pycurl.ACTIVESOCKET)
        if kept < 0:
            return False
        looks = select.poll()
        looks.register(kept, select.POLLIN)
        return bool(looks.poll(0))

    def ask(self, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """A POST where there is a body. Raises `Trouble`, after which this call is not to be used again."""
        curl = self._curl
        self._begun = False
        try:
            curl.setopt(pycurl.FRESH_CONNECT, self._is_left())
            curl.setopt(pycurl.URL, url.encode())
            curl.setopt(pycurl.HTTPHEADER, [f"{name}: {value}".encode() for name, value in headers.items()])
            if body is None:
                curl.setopt(pycurl.HTTPGET, 1)
            else:
                curl.setopt(pycurl.POSTFIELDS, body)
            text = curl.perform_rb().decode("utf-8", "replace")
        except pycurl.error as error:
            raise _trouble(error.args[0], begun=self._begun) from None
        return Answer(curl.getinfo(pycurl.RESPONSE_CODE), text, curl.getinfo(pycurl.RETRY_AFTER) or None)


class Line:
    """Connections to one address, a kept one for each of many senders. Proxy and certificates are those that the
    environment names when the line is opened. `timeout` is seconds for the connection, then for the answer.

    By libcurl: a text costs half as much as it would over urllib3, and a third of what it would over `requests`.
    """

    def __init__(self, address: str, timeout: tuple[float, float]) -> None:
        named = requests.Session().merge_environment_settings(address, {}, None, None, None)
        proxy = select_proxy(address, named["proxies"]) or ""
        self._wrong = "://" in proxy and urlsplit(proxy).scheme.lower() not in _PROXIES
        self._options = {
            pycurl.NOSIGNAL: 1,
            pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
            pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_1_1,
            pycurl.CONNECTTIMEOUT_MS: round(1000 * timeout[0]),
            pycurl.TIMEOUT_MS: round(1000 * sum(timeout)),
            pycurl.PROXY: proxy,
            pycurl.NOPROXY: "",
            **_trusting(named["verify"]),
        }
        self._of_thread = threading.local()

    def get(self, url: str, fields: Fields | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Raises `Trouble`. No redirect is followed: it would take the password along."""
        return self._ask(f"{url}?{urlencode(fields)}" if fields else url, None, headers or {})

    def post(self, url: str, fields: Fields | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """A form. Raises `Trouble`."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask(url, urlencode(fields or {}).encode(), {**form, **(headers or {})})

    def post_json(self, url: str, value: object, headers: Mapping[str, str] | None = None) -> Answer:
        """Raises `Trouble`."""
        return self._ask(url, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})

    def _ask(self, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        if self._wrong:
            raise WrongSetting("its proxy is of a kind we cannot use")
        if "://" not in url:
            raise WrongSetting("it has no scheme")
        call: _Call = getattr(self._of_thread, "call", None) or _Call(self._options)
        self._of_thread.call = None
        answer = call.ask(url, body, headers)
        self._of_thread.call = call
        return answer


def _trusting(named: bool | str | None) -> Mapping[int, str]:
    bundle = named if isinstance(named, str) else certifi.where()
    return {pycurl.CAPATH if Path(bundle).is_dir() else pycurl.CAINFO: bundle}


def _trouble(code: int, *, begun: bool) -> Trouble:
    kind = _KINDS.get(code, f"libcurl's error {code}")
    if begun:
        return NoAnswer(kind)
    return WrongSetting(kind) if code in _SETTING_WRONG else NotReached(kind)


def trouble(error: Trouble) -> Outcome:
    """What it means for the text."""
    if isinstance(error, WrongSetting):
        return AccountWrong(f"the provider's address is wrong: {error}")
    if isinstance(error, NotReached):
        return TryLater(f"not reached: {error}")
    return InDoubt(f"no answer: {error}")


def refused(status: int, why: str, after: int | None = None) -> Outcome:
    """An answer that is no acceptance, by its HTTP status alone; `after` is for how long it wishes to be left alone.

    Redirects are never followed, so one means that the address in the settings is not the provider's.
    """
    words = f"{why} (HTTP {status})"
    if status in _LATER:
        return TryLater(words, after)
    if 300 <= status < 400 or status in _SETTLED_BY_AN_OPERATOR:
        return AccountWrong(words)
    return Never(words) if 400 <= status < 500 else InDoubt(words)
