"""Hangs the doors on two Flask applications: a bare one for providers, and one for people."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from handlers import (
    admin,
    admission,
    commands,
    desk,
    errors,
    health,
    language,
    login,
    openly,
    phone,
    practice,
    public,
    receipts,
    shield,
    sms,
    statics,
    typed,
    ussd,
    words,
)
from handlers.callers import LARGEST_BODY
from queues.enqueue import Bell
from smsgw.gateway import Gateway, checked, open_gateway
from smsgw.logs import set_up_logs
from smsgw.settings import ROOT, SettingsError, read_env

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HERE = Path(__file__).parent
FOR_MACHINES = ("/sms/", "/receipts/", "/ussd/")
LARGEST_FORM = 64 * 1024
MOST_FIELDS = 50


class Dispatcher:
    """Providers' calls meet no session, no form token and no page machinery; practice is told by its address."""

    def __init__(self, people: "WSGIApplication", machines: "WSGIApplication") -> None:
        self._people, self._machines = people, machines

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith(f"{practice.PREFIX}/"):
            below = {"PATH_INFO": path.removeprefix(practice.PREFIX), practice.MARK: True}
            above = environ.get("SCRIPT_NAME", "") + practice.PREFIX
            return self._people({**environ, **below, "SCRIPT_NAME": above}, start_response)
        to_machines = path.startswith(FOR_MACHINES)
        return (self._machines if to_machines else self._people)(environ, start_response)


def create_app(gateway: Gateway | None = None, bell: Bell | None = None) -> Flask:
    """The people's application; calls from providers are handed to the bare one before it sees them.

    Opens the house from the environment when none is given. The database is first met when a page needs it.
    """
    house = gateway or _opened()
    rings = bell or Bell(house.settings.redis_url)
    people, machines = Flask("handlers"), Flask("handlers", static_folder=None, template_folder=None)
    for app in (people, machines):
        app.extensions["smsgw"] = house
        app.extensions["smsgw_bell"] = rings
        app.config["MAX_FORM_PARTS"] = MOST_FIELDS
    _open_to_machines(machines)
    _open_to_people(people, house)
    people.extensions["smsgw_machines"] = machines
    pages = WhiteNoise(people.wsgi_app, root=HERE / "static", prefix="static/", max_age=statics.KEPT_S)
    people.wsgi_app = Dispatcher(_seen_through_proxies(pages, house.settings.proxies), machines.wsgi_app)  # type: ignore[method-assign]
    return people


def _seen_through_proxies(pages: "WSGIApplication", proxies: int) -> "WSGIApplication":
    """With the reader's own address and scheme, as the nearest `proxies` tell them; without any, nobody is believed."""
    return ProxyFix(pages, x_for=proxies, x_proto=proxies) if proxies else pages


def _opened() -> Gateway:
    try:
        settings = checked(read_env(ROOT, os.environ))
    except SettingsError as wrong:
        sys.exit(str(wrong))
    set_up_logs(production=not settings.demo)
    house = open_gateway(settings)
    try:
        house.spool.prepare()
    except OSError as trouble:
        sys.exit(f"SMSGW_SPOOL is {settings.spool}: {trouble.strerror}")
    return house


def _open_to_machines(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    errors.answer_barely(app)
    for room in (sms, receipts, ussd):
        app.register_blueprint(room.door)


def _open_to_people(app: Flask, house: Gateway) -> None:
    typed.take_what_can_be_stored(app)
    app.url_map.strict_slashes = False  # an address typed with a slash too many, or too few, is meant all the same
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_FORM, SERVICE_NAME=house.settings.name)
    limiter = shield.raise_over(app, house.settings)
    language.speak(app)
    errors.answer_with_pages(app)
    statics.name_versions(app)
    words.teach(app)
    login.register(app, house, limiter)
    admission.open_to(app, limiter)
    practice.open_to(app)
    for room in (desk, admin, public, openly, phone, health):
        app.register_blueprint(room.door)
    commands.register(app)
