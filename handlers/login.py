"""Officials come and go: one login page, slow for guessers, the same answer for a wrong name and a wrong password."""

import time
from datetime import timedelta
from typing import Any, cast

from flask import Flask, Response, abort, redirect, request, session, url_for
from flask_babel import lazy_gettext as _
from flask_limiter import Limiter
from flask_security import LoginForm, Security, logout_user
from flask_security.proxies import _datastore
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from handlers.accounts import Accounts
from handlers.admission import LONGEST_PASSWORD
from handlers.guards import demands, official, visitor
from handlers.shield import asker
from smsgw.domain.progress import Duty
from smsgw.gateway import Gateway
from smsgw.store import passwords

LONGEST_SITTING_S = 12 * 3600
WRONG_PASSWORDS = "10 per 10 minutes"
WRONG_PASSWORDS_OF_AN_ADDRESS = "60 per 10 minutes"
SETTINGS = {
    "SECURITY_LOGIN_URL": "/login",
    "SECURITY_LOGOUT_URL": "/logout",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_POST_LOGIN_VIEW": "/start",
    "SECURITY_POST_LOGOUT_VIEW": "/login",
    "SECURITY_LOGIN_USER_TEMPLATE": "security/login.html",
    "SECURITY_FLASH_MESSAGES": False,
    "SECURITY_RETURN_GENERIC_RESPONSES": False,  # our page says one sentence whatever was wrong
    "SECURITY_USER_IDENTITY_ATTRIBUTES": [{"username": {"mapper": lambda given: given, "case_insensitive": True}}],
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_CACHE_CONTROL": None,  # every page says no-store already
    "SECURITY_STATIC_FOLDER": None,
    # Its commands write past the log of changes, or say "deactivated" and write nothing.
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
    "SECURITY_FRESHNESS": timedelta(minutes=-1),  # the password is not asked for twice
    "SECURITY_PASSWORD_NORMALIZE_FORM": passwords.FORM,
    # OWASP's minimum for argon2id, as in smsgw.store.passwords.
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": True,
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__time_cost": 2,
        "argon2__memory_cost": 19 * 1024,
        "argon2__parallelism": 1,
    },
}


class SignIn(LoginForm):
    """User name and password, no "remember me"."""

    email = None
    remember = None
    username = StringField(
        _("User name"),
        validators=[InputRequired(), Length(max=100)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True},
    )

    password = PasswordField(_("Password"), validators=[InputRequired(), Length(max=LONGEST_PASSWORD)])

    def validate(self, **named: Any) -> bool:
        """Looks the account up by its user name, the only identity there is."""
        self.ifield = self.username
        self.user = _datastore.find_user(username=self.username.data or "")
        return bool(super().validate(**named))


def register(app: Flask, house: Gateway, limiter: Limiter) -> None:
    """Adds /login, /logout and /start; failed attempts are limited by account and address, and by address."""
    app.config.update(SETTINGS, SECURITY_PASSWORD_SALT=house.settings.secret_key)
    library = Security(app, Accounts(house.database, house.now), login_form=SignIn)
    library.want_json(lambda _request: False)  # its JSON names the accounts that there are
    for limit, key in ((WRONG_PASSWORDS, _account_and_address), (WRONG_PASSWORDS_OF_AN_ADDRESS, asker)):
        view = app.view_functions["security.login"]
        limited = limiter.limit(limit, key_func=key, methods=["POST"], deduct_when=_failed)
        app.view_functions["security.login"] = cast("Any", limited(view))
    app.before_request(_forms_only)
    app.before_request(_end_long_sittings)
    app.context_processor(lambda: {"visitor": visitor})
    app.add_url_rule("/start", "start", demands(*Duty)(_start))


def _start() -> Any:
    """Where a day begins: administrators at their tables, everybody else at the desk."""
    return redirect(url_for("desk.inbox" if official().has_desk else "admin.start"))


def _failed(response: Response) -> bool:
    return response.status_code != 302


def _account_and_address() -> str:
    return f"{request.form.get('username', '').strip().lower()[:100]}@{asker()}"


def _forms_only() -> None:
    """A JSON body would pass by the limit on wrong passwords, which is counted by the form's user name."""
    if request.endpoint == "security.login" and request.is_json:
        abort(415)


def _end_long_sittings() -> None:
    """Twelve hours after the password was typed, it is asked for again."""
    typed_at = session.get("fs_paa")
    if typed_at and time.time() - float(typed_at) > LONGEST_SITTING_S:
        logout_user()
