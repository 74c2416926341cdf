"""The line to the house: makes a call and says what came back."""

import time
from dataclasses import dataclass
from threading import local

import requests

from ops.chaos.calls import Call

PATIENCE_S = 15.0  # Twilio waits no longer for a webhook


@dataclass(frozen=True, slots=True)
class Heard:
    """`status` is None when no answer came: refused, reset, or too late. `body` is what it said."""

    status: int | None
    took_ms: float
    body: str = ""

    @property
    def acknowledged(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class Line:
    """Calls to one address from many threads, each over a connection of its own."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}"
        self._mine = local()

    def call(self, call: Call) -> Heard:
        """Never raises for the network's trouble."""
        began = time.monotonic()
        try:
            answer = self._session().request(
                call.method,
                self._base + call.target,
                data=dict(call.form) or None,
                headers=dict(call.headers),
                timeout=PATIENCE_S,
                allow_redirects=False,
            )
        except requests.RequestException:
            return Heard(None, _ms_since(began))
        return Heard(answer.status_code, _ms_since(began), answer.text)

    def _session(self) -> requests.Session:
        if not hasattr(self._mine, "session"):
            self._mine.session = requests.Session()
            self._mine.session.trust_env = False
        session: requests.Session = self._mine.session
        return session


def _ms_since(began: float) -> float:
    return round((time.monotonic() - began) * 1000, 2)
