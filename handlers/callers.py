"""Reads a provider's HTTP request, and says whether it is really theirs."""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from urllib.parse import parse_qsl

import structlog
from flask import Response, abort, request
from werkzeug.datastructures import Headers, ImmutableMultiDict, MultiDict

from handlers.guards import gateway
from handlers.loopback import from_this_machine
from smsgw.domain.messages import Fields, WebAnswer, WebCall
from smsgw.providers.contract import Provider
from smsgw.store.database import StoreError

NOTHING: MultiDict[str, str] = ImmutableMultiDict()
LARGEST_BODY = 64 * 1024  # about 7,000 letters with marks, each nine octets in a form: a hundred parts of a text
MOST_FIELDS = 64  # Twilio's fullest text, with ten pictures, has about 45
REFUSALS_A_MINUTE = 60
UNSTORED = "a call could not be stored; the provider must bring it again"

log = structlog.get_logger()


class Refusals:
    """Counts calls that proved nothing. An address that keeps at it hears 429; genuine calls are never limited."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self._recent: dict[str, deque[float]] = {}

    def one_more(self, provider: str, address: str) -> int:
        """Counts one; the status to answer with."""
        self.count[provider] += 1
        now = time.monotonic()
        if len(self._recent) > 10_000:
            self._recent.clear()
        recent = self._recent.setdefault(address, deque(maxlen=REFUSALS_A_MINUTE))
        flooding = len(recent) == REFUSALS_A_MINUTE and now - recent[0] < 60
        recent.append(now)
        if not flooding:
            log.warning("a webhook call proved nothing and was refused", provider=provider)
        return 429 if flooding else 403


refusals = Refusals()


class _Headers(Mapping[str, str]):
    """A request's headers by their lower-case names, looked up when asked for: a guard reads one or two of many."""

    def __init__(self, headers: Headers) -> None:
        self._headers = headers

    def __getitem__(self, name: str) -> str:
        return self._headers[name]

    def __iter__(self) -> Iterator[str]:
        return (name.lower() for name in self._headers.keys())  # noqa: SIM118 (iterating them gives pairs)

    def __len__(self) -> int:
        return len(self._headers)


View = Callable[[Provider, WebCall], WebAnswer]


def heard_by(opened: Callable[[], tuple[str, ...]]) -> Callable[[View], Callable[..., Response]]:
    """Guards a view: the provider must be open here (404), call as it does (405), and prove itself (403). What cannot be
    stored is answered with 503, so that the provider brings it again."""

    def dress(view: View) -> Callable[..., Response]:
        @wraps(view)
        def guarded(name: str, token: str | None = None) -> Response:
            provider = gateway().providers.get(name)
            if provider is None or name not in opened():
                abort(404)
            if request.method != provider.method:
                abort(405)
            call = _call(token)
            if _fields(call.form) + _fields(call.query) > MOST_FIELDS:
                abort(413)
            if not _proven(provider, call):
                return Response(status=refusals.one_more(name, request.remote_addr or ""))
            try:
                return _response(view(provider, call))
            except StoreError:
                log.exception(UNSTORED, provider=name)
                return Response(status=503)

        return guarded

    return dress


def _call(token: str | None) -> WebCall:
    query = request.query_string.decode("latin-1")
    body = request.get_data(cache=True)
    if len(body) == LARGEST_BODY:  # of one that comes in chunks, without its length, no more is read
        abort(413)
    return WebCall(
        method=request.method,
        target=f"{request.path}?{query}" if query else request.path,
        headers=_Headers(request.headers),
        query=request.args if query else NOTHING,
        body=body,
        form=_form(body),
        token=token,
    )


def _form(body: bytes) -> MultiDict[str, str]:
    """As Flask reads one, without the machinery for files: every text comes this way. Octets that are no UTF-8 stay in sight as
    "%FF", whether they came so or as they are."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return request.form
    told = body.decode(errors="werkzeug.url_quote")
    return MultiDict(parse_qsl(told, keep_blank_values=True, errors="werkzeug.url_quote"))


def _fields(form: Fields) -> int:
    """How many names it has."""
    return sum(1 for _ in form)


def _proven(provider: Provider, call: WebCall) -> bool:
    """A provider that proves nothing is heard on this machine only."""
    if not provider.proves_itself and not from_this_machine():
        return False
    return provider.guard(call)


def _response(answer: WebAnswer) -> Response:
    return Response(answer.body, status=answer.status, content_type=answer.content_type)
