"""A stub that answers our sending as a provider would."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.providers.dialects import DIALECTS, Answer, opened

Stubbed = Callable[[str, Answer], Any]


@pytest.fixture
def stubbed(httpserver: HTTPServer) -> Stubbed:
    """The named provider, opened against a server that gives this answer where the provider's real one would."""

    def open_with(name: str, answer: Answer) -> Any:
        served = httpserver.expect_request(DIALECTS[name].base)
        if isinstance(answer.body, str):
            served.respond_with_data(
                answer.body, status=answer.status, content_type=answer.content_type, headers=dict(answer.headers)
            )
        else:
            served.respond_with_json(answer.body, status=answer.status, headers=dict(answer.headers))
        return opened(name, httpserver.url_for("").rstrip("/"))

    return open_with


@pytest.fixture
def asked(httpserver: HTTPServer) -> Callable[[], Request]:
    """The last request that the stub got."""

    def last() -> Request:
        request, answer = httpserver.log[-1]
        assert isinstance(answer, Response)
        return request

    return last
