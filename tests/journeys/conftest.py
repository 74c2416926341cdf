"""Whole stories over HTTP: providers call the doors, workers run, a provider's own server writes down what it was sent."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from handlers.web import create_app
from smsgw.gateway import Gateway
from tests.conftest import Bell

SERIAL = count(1)
PUBLIC = "https://an-khe.example.vn"
TWILIO = {
    "PUBLIC_URL": PUBLIC,
    "SMSGW_SMS_IN": "twilio",
    "SMSGW_SMS_OUT": "twilio",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "twilio-token-of-the-tests-only",
    "TWILIO_FROM": "+14155552345",
}
AT_TOKEN = "a-path-token-of-the-tests-only-0123456789"
AFRICASTALKING = {
    "PUBLIC_URL": PUBLIC,
    "SMSGW_SMS_IN": "africastalking",
    "SMSGW_SMS_OUT": "africastalking",
    "SMSGW_USSD": "africastalking",
    "AFRICASTALKING_USERNAME": "sandbox",
    "AFRICASTALKING_API_KEY": "key-of-the-tests-only",
    "AFRICASTALKING_FROM": "8079",
    "AFRICASTALKING_CALLBACK_TOKEN": AT_TOKEN,
}


@dataclass
class Town:
    """The running service: its doors, and its workers, which run when told to."""

    app: Flask
    gateway: Gateway
    bell: Bell
    pool: ThreadPoolExecutor

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def works(self) -> None:
        """Does what workers do until nothing is left."""
        while self.gateway.listener().batch() or self.gateway.postman(self.pool).batch():
            pass

    def ticks(self) -> None:
        """One round of the clock."""
        while self.gateway.chaser().batch() or self.gateway.bundler().batch():
            pass
        self.gateway.postman(self.pool).look_after()
        while self.gateway.switchboard().batch():
            pass
        self.works()


@pytest.fixture
def town(gateway: Gateway, bell: Bell, pool: ThreadPoolExecutor) -> Town:
    app = create_app(gateway, bell)  # type: ignore[arg-type]
    app.config["TESTING"] = True
    return Town(app, gateway, bell, pool)


def signed(path: str, fields: Mapping[str, str], token: str = TWILIO["TWILIO_AUTH_TOKEN"]) -> dict[str, str]:
    """The header of Twilio's form signature, reckoned by its documented rule, not by its SDK."""
    text = PUBLIC + path + "".join(name + fields[name] for name in sorted(fields))
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return {"X-Twilio-Signature": base64.b64encode(digest).decode()}


def twilio_form(text: str, sender: str, sid: str = "") -> dict[str, str]:
    """An incoming text as Twilio posts it."""
    sid = sid or f"SM{next(SERIAL):032x}"
    return {
        "MessageSid": sid,
        "SmsSid": sid,
        "AccountSid": TWILIO["TWILIO_ACCOUNT_SID"],
        "From": sender,
        "To": TWILIO["TWILIO_FROM"],
        "Body": text,
        "NumMedia": "0",
        "NumSegments": "1",
        "ApiVersion": "2010-04-01",
    }


@pytest.fixture
def twilio_sends(httpserver: HTTPServer) -> list[dict[str, str]]:
    """Twilio's message resource: takes every text and writes it down."""
    sent: list[dict[str, str]] = []

    def create(request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs(request.get_data(as_text=True)).items()}
        sent.append(form)
        answer = {"sid": f"SM{len(sent):032x}", "status": "queued", "error_code": None, "num_segments": "1"}
        return Response(json.dumps(answer), 201, content_type="application/json")

    path = f"/2010-04-01/Accounts/{TWILIO['TWILIO_ACCOUNT_SID']}/Messages.json"
    httpserver.expect_request(path, method="POST").respond_with_handler(create)
    return sent


@pytest.fixture
def at_sends(httpserver: HTTPServer) -> list[dict[str, str]]:
    """Africa's Talking's messaging resource; its content type carries a charset, which the SDK does not parse."""
    sent: list[dict[str, str]] = []

    def create(request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs(request.get_data(as_text=True)).items()}
        sent.append(form)
        recipient = {
            "statusCode": 101,
            "number": form["to"],
            "status": "Success",
            "cost": "KES 0.8000",
            "messageId": f"ATXid_{len(sent)}",
        }
        answer = {"SMSMessageData": {"Message": "Sent to 1/1 Total Cost: KES 0.8000", "Recipients": [recipient]}}
        return Response(json.dumps(answer), 201, content_type="application/json; charset=utf-8")

    httpserver.expect_request("/version1/messaging", method="POST").respond_with_handler(create)
    return sent


def path_of(url: str) -> str:
    """The path and query of an address that a provider was given."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"
