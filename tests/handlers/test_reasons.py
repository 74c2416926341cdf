"""Why a text was read so, in the official's own language."""

import pytest
from flask import Flask

from handlers.desk.reasons import reason_said
from ops.bench.texts import bodies
from smsgw.data.load import load_reader
from smsgw.domain.messages import SmsReceived
from smsgw.gateway import Gateway
from smsgw.services import intake
from smsgw.services.listening import UNREAD
from tests.handlers.desks import CITIZEN, signed_in

ENGLISH = (
    "weigh",
    "keyword",
    "typed",
    "named",
    "intent",
    "category",
    "place",
    "outside",
    "misspelt",
    "danger",
    "machine",
)


def in_vietnamese(app: Flask, reason: str) -> str:
    with app.test_request_context("/desk/?lang=vi"):
        return reason_said(reason)


def test_an_official_reads_why_in_vietnamese(app: Flask, gateway: Gateway) -> None:
    sms = SmsReceived("simulator", "", "r1", CITIZEN, "8079", "o phuong An Khe co chuyen la lam khong ro the nao")
    intake.take_in(gateway.database, sms, gateway.now())
    while gateway.listener().batch():
        pass
    page = signed_in(app, "dau-moi-ankhe").opens("/desk/10008").text
    assert "Địa bàn An Khê: nêu đủ tên" in page
    assert "named with its kind" not in page


def test_whatever_the_reader_notes_has_its_words(app: Flask) -> None:
    """Of the citizen's own words none is English here, so that English left over is ours."""
    noted = {reason for text in bodies()[::3] for reason in load_reader().read(text).reasons} | set(UNREAD.reasons)
    left = {said for reason in noted if any(word in (said := in_vietnamese(app, reason)).lower() for word in ENGLISH)}
    assert not left


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("intent: the keyword for complaint", "Loại tin: theo từ khóa đầu tin"),
        ("category GT: duong, ho to", "Lĩnh vực Giao thông, an toàn giao thông: “duong, ho to”"),
        ("category GT: typed", "Lĩnh vực Giao thông, an toàn giao thông: theo từ khóa người dân gõ"),
        ("place NGOAI: a unit outside", "Địa bàn: nơi ngoài địa bàn"),
        ("danger: weighs most", "Nguy hiểm: theo sức nặng của các từ trong tin"),
        ("could not be read by machine", "Máy không đọc được tin này"),
        ("danger: \u202eevil", "Nguy hiểm: “[U+202E]evil”"),
        ("a form of old: \u202e", "a form of old: [U+202E]"),
    ],
)
def test_each_note_is_said_plainly(app: Flask, reason: str, said: str) -> None:
    assert in_vietnamese(app, reason) == said
