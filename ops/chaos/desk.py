"""An official at the desk: signs in, answers complaints in two steps, and does so again when the page did not come."""

import html
import re
import time
from collections.abc import Mapping

import requests

from ops.chaos.journal import Journal

FIELD = re.compile(r"<input\b[^>]*>")
NAMED = {name: re.compile(rf'\b{name}="([^"]*)"') for name in ("name", "value")}
BEFORE = re.compile(r'<section class="before".*?</section>', re.DOTALL)
PATIENCE_S = 15.0
TRIES, TRIED_AGAIN_S = 20, 1.5


class Desk:
    """One browser."""

    def __init__(self, port: int, journal: Journal, username: str, password: str) -> None:
        self._base = f"http://127.0.0.1:{port}"
        self._journal = journal
        self._account = {"username": username, "password": password}
        self._cookies: dict[str, str] = {}

    def answers(self, reference: str, token: str, text: str) -> None:
        """Agrees to the preview of an answer until the desk says that it is on its way, or that it was sent before."""
        for _ in range(TRIES):
            status = self._answer(reference, text)
            self._journal.write("answer", token=token, text=text, status=status)
            if status in (302, 409):
                return
            time.sleep(TRIED_AGAIN_S)

    def _answer(self, reference: str, text: str) -> int | None:
        """302: it went; 409: it is answered already; None: no answer came, or it is not known which page this is."""
        try:
            page = self._page(f"/desk/{reference}")
            asked = {**hidden(page), "text": text}
            wanted = {name: asked.get(name, "") for name in ("csrf_token", "seen", "text")}
            shown = self._post(f"/desk/{reference}/answer", wanted).text
            form = BEFORE.search(shown)
            return self._agree(reference, hidden(form[0])) if form else _answered(page)
        except requests.RequestException:
            return None

    def _agree(self, reference: str, form: Mapping[str, str]) -> int | None:
        """What the desk says to the second step; None where it wants another look, as nothing was sent then."""
        said = self._post(f"/desk/{reference}/answer", form)
        return None if BEFORE.search(said.text) else said.status_code

    def _page(self, path: str) -> str:
        """Signs in first where the desk wants it."""
        answer = self._ask("GET", path)
        if answer.status_code != 302:
            return answer.text
        form = hidden(self._ask("GET", "/login").text)
        self._post("/login", {"csrf_token": form.get("csrf_token", ""), **self._account})
        return self._ask("GET", path).text

    def _post(self, path: str, form: Mapping[str, str]) -> requests.Response:
        return self._ask("POST", path, form)

    def _ask(self, method: str, path: str, form: Mapping[str, str] | None = None) -> requests.Response:
        """Carries the secure cookie over plain HTTP, as no proxy stands before a house under trial."""
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        answer = requests.request(
            method,
            self._base + path,
            data=dict(form) if form else None,
            headers={"Cookie": cookies},
            timeout=PATIENCE_S,
            allow_redirects=False,
        )
        self._cookies |= answer.cookies.get_dict()
        return answer


def hidden(page: str) -> dict[str, str]:
    """Every input of a page by name; the last of a name counts."""
    found = {}
    for tag in FIELD.findall(page):
        name, value = (NAMED[part].search(tag) for part in ("name", "value"))
        if name:
            found[name[1]] = html.unescape(value[1]) if value else ""
    return found


def _answered(page: str) -> int | None:
    """A complaint's page without a form to write in is that of one that was answered."""
    return 409 if "<textarea" not in page and 'name="csrf_token"' in page else None
