"""HTTP requests as providers make them, put together the way the door does it."""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote_plus, urlencode

from werkzeug.datastructures import MultiDict

from smsgw.domain.messages import WebCall

Pairs = Iterable[tuple[str, str]]


def form_call(target: str, pairs: Pairs, *, token: str | None = None) -> WebCall:
    """A POST of a form; `pairs` may repeat a name."""
    form: MultiDict[str, str] = MultiDict(pairs)
    body = urlencode(list(form.items(multi=True)), errors="replace").encode()
    sent = {"content-type": "application/x-www-form-urlencoded"}
    return WebCall("POST", target, sent, _query(target), form, body, token)


def json_call(target: str, told: Any) -> WebCall:
    """A POST of JSON; bytes and str go as they are."""
    body = told if isinstance(told, bytes) else told.encode() if isinstance(told, str) else json.dumps(told).encode()
    return WebCall("POST", target, {"content-type": "application/json"}, _query(target), MultiDict(), body)


def get_call(target: str, *, token: str | None = None) -> WebCall:
    return WebCall("GET", target, {}, _query(target), MultiDict(), b"", token)


def _query(target: str) -> MultiDict[str, str]:
    pairs = (pair.partition("=") for pair in target.partition("?")[2].split("&") if pair)
    return MultiDict((unquote_plus(name), unquote_plus(value)) for name, _, value in pairs)
