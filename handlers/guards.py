"""Who may pass: the house behind the request, the official who is signed in, and the roles a page demands."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from handlers.accounts import Account
from queues.enqueue import Bell
from smsgw.gateway import Gateway

P = ParamSpec("P")
R = TypeVar("R", bound=ResponseReturnValue)


def house() -> Gateway:
    """The open house itself, practice or not."""
    return cast("Gateway", current_app.extensions["smsgw"])


def gateway() -> Gateway:
    """The house that this request is about: in practice, a small one of its own."""
    return cast("Gateway", g.practice) if practising() else house()


def bell() -> Bell:
    """Wakes workers; ring after the commit. In practice the work is done at once."""
    return cast("Bell", g.practice_bell if practising() else current_app.extensions["smsgw_bell"])


def practising() -> bool:
    """Whether this request plays in an official's practice."""
    return "practice" in g


def visitor() -> Account | None:
    """The official who is signed in; None for anybody else."""
    return cast("Account", current_user) if current_user.is_authenticated else None


def official() -> Account:
    """The official who is signed in, on a page that demanded one."""
    found = visitor()
    if found is None:
        abort(403)
    return found


def demands(*roles: str) -> Callable[[Callable[P, R]], Callable[P, ResponseReturnValue]]:
    """The page is for these roles: others get 403, strangers the login page."""

    def dress(view: Callable[P, R]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **named: P.kwargs) -> ResponseReturnValue:
            known = visitor()
            if known is None:
                wished = request.full_path.rstrip("?") if request.method == "GET" else None
                return redirect(url_for("security.login", next=wished))
            if not known.duties.intersection(roles):
                abort(403)
            return view(*args, **named)

        guarded.demanded = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return dress
