"""What is said when a request fails: a plain page for people, a bare status for providers."""

import secrets
import traceback
from http import HTTPStatus

import structlog
from flask import Flask, Response, current_app, g, request
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from handlers.language import page_language

log = structlog.get_logger()

SENTENCES = {
    400: (_("This form could not be read"), _("Please go back, reload the page and try again.")),
    403: (_("This page is not for your account"), _("Sign in with an account that has this task.")),
    404: (_("There is nothing here"), _("Check the address or the complaint's number.")),
    405: (_("This cannot be done this way"), _("Please go back and use the buttons on the page.")),
    409: (
        _("This is handled together with another complaint"),
        _("Please go back, reload the page and act there, or take the two apart."),
    ),
    413: (_("That is too much text"), _("Please shorten it and try again.")),
    429: (_("Too many attempts"), _("Please wait a few minutes and try again.")),
    500: (_("Something went wrong on our side"), _("Nothing was lost. Please try again in a moment.")),
}
OUT_OF_DATE = (_("This form is out of date"), _("Please go back, reload the page and send it once more."))


def answer_with_pages(app: Flask) -> None:
    """People read what happened and what to do, and of our own fault the number under which its cause is in the log."""
    app.register_error_handler(CSRFError, _out_of_date)
    app.register_error_handler(HTTPException, _page)
    app.register_error_handler(Exception, _failure)


def answer_barely(app: Flask) -> None:
    """A provider learns the status and nothing else."""
    app.register_error_handler(HTTPException, lambda error: Response(status=error.code, headers=_allowed(error)))
    app.register_error_handler(Exception, _bare_failure)


def _page(error: HTTPException) -> tuple[str, int] | HTTPException | Response:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error  # a redirect of the router
    if error.code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        g.plain_language = True
    title, advice = SENTENCES.get(error.code, SENTENCES[400 if error.code < HTTPStatus.INTERNAL_SERVER_ERROR else 500])
    return _rendered(error.code, str(title), str(advice))


def _out_of_date(error: CSRFError) -> tuple[str, int]:
    g.plain_language = True
    title, advice = OUT_OF_DATE
    return _rendered(error.code or 400, str(title), str(advice))


def _failure(error: Exception) -> tuple[str, int]:
    g.plain_language = True
    title, advice = SENTENCES[500]
    ref = secrets.token_hex(4)
    log.error("a page failed", ref=ref, path=request.path, exception=_told(error))
    return _rendered(InternalServerError.code, str(title), str(advice), ref)


def _rendered(code: int, title: str, advice: str, ref: str = "") -> tuple[str, int]:
    """Without the context that other pages get: looking up who is signed in may be what failed."""
    told = {"code": code, "title": title, "advice": advice, "ref": ref}
    return current_app.jinja_env.get_template("error.html").render(page_language=page_language, **told), code


def _bare_failure(error: Exception) -> Response:
    log.error("a provider's call failed", door=request.path.split("/")[1], exception=_told(error))
    return Response(status=500)


def _allowed(error: HTTPException) -> dict[str, str]:
    return {name: value for name, value in error.get_headers() if name == "Allow"}


def _told(error: Exception) -> str:
    """The traceback as plain text: a renderer that looks into variables would ask again what just failed."""
    return "".join(traceback.format_exception(error))
