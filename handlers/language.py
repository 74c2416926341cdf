"""Which language a page is in: the one switched to, else the official's own, else Vietnamese."""

from contextlib import suppress
from urllib.parse import urlencode

import flask_babel
from flask import Flask, Response, g, request, url_for
from flask_babel import Babel, get_locale

from handlers.guards import visitor
from smsgw.gateway import LOCALE
from smsgw.text.catalogs import DOMAIN, compile_stale

COOKIE = "lang"
KEPT_S = 365 * 24 * 3600
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
DEFAULT = "vi"


def speak(app: Flask) -> None:
    """Sets up translation of pages. `?lang=en` on any page switches and is remembered in a cookie."""
    with suppress(OSError):  # a read-only installation was compiled when it was set up
        compile_stale(LOCALE)
    app.config.update(BABEL_TRANSLATION_DIRECTORIES=str(LOCALE), BABEL_DOMAIN=DOMAIN, BABEL_DEFAULT_LOCALE="en")
    Babel(app, locale_selector=chosen)
    app.after_request(_remember)
    app.context_processor(lambda: {"page_language": page_language, "languages": LANGUAGES, "switched": switched})


def gettext(source: str, **named: object) -> str:
    """The sentence in the page's language, typed."""
    return str(flask_babel.gettext(source, **named))


def chosen() -> str:
    """The language of this request."""
    wished = request.args.get("lang", "") or request.cookies.get(COOKIE, "")
    if wished in LANGUAGES:
        return wished
    if "plain_language" in g:  # an error page does not look up who is signed in: that may be what failed
        return DEFAULT
    known = visitor()
    return known.language if known and known.language in LANGUAGES else DEFAULT


def page_language() -> str:
    """The language code for the page's `lang` attribute."""
    return str(get_locale() or DEFAULT)


def switched(language: str) -> str:
    """This page in another language; from a page that was posted, the one it belongs to."""
    if request.method != "GET" or not request.endpoint:
        return f"?lang={language}"
    asked = [(name, said) for name, said in request.args.items(multi=True) if name != "lang"]
    return f"{url_for(request.endpoint, **(request.view_args or {}))}?{urlencode([*asked, ('lang', language)])}"


def _remember(response: Response) -> Response:
    wished = request.args.get("lang", "")
    if wished in LANGUAGES:
        secure = request.is_secure
        response.set_cookie(COOKIE, wished, max_age=KEPT_S, httponly=True, samesite="Lax", secure=secure)
    return response
