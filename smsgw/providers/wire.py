"""What an HTTP answer, or the lack of one, says about whether a text went out."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import (
    ConnectTimeout,
    InvalidHeader,
    InvalidProxyURL,
    InvalidSchema,
    InvalidURL,
    MissingSchema,
    ProxyError,
    SSLError,
)
from urllib3.exceptions import MaxRetryError, NewConnectionError

from smsgw.domain.messages import AccountWrong, InDoubt, Never, Outcome, TryLater

_SETTING_WRONG: Final = (InvalidHeader, InvalidProxyURL, InvalidSchema, InvalidURL, MissingSchema)
_BEFORE_THE_WIRE: Final = (ConnectTimeout, ProxyError, SSLError)
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


def kept_session(address: str) -> requests.Session:
    """A session of its own for many senders to one address."""
    session = requests.Session()
    keep(session, address)
    return session


def keep(session: requests.Session, address: str) -> None:
    """Readies a session for many senders to one address: a connection for each, kept; proxy and certificates as the
    environment names them now, which requests would look up again for every text."""
    named = session.merge_environment_settings(address, {}, None, None, None)
    session.proxies, session.verify, session.trust_env = named["proxies"], named["verify"], False
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=_SENDERS))


def trouble(error: requests.RequestException) -> Outcome:
    """Nothing left us: no name, no route, no TLS, no connection in time. Else the request may have been acted on.

    The words hold the kind of trouble only: a request's URL can carry a password.
    """
    kind = type(error).__name__
    if isinstance(error, _SETTING_WRONG):
        return AccountWrong(f"the provider's address is wrong: {kind}")
    if isinstance(error, _BEFORE_THE_WIRE) or _never_connected(error):
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


def _never_connected(error: requests.RequestException) -> bool:
    """requests wraps a refusal and an unknown name in urllib3's MaxRetryError; a reset comes otherwise."""
    if not isinstance(error, NoConnection):
        return False
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
