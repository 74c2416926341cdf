"""Kannel's habits: bytes in a charset of its choice, a 202 for nearly everything, surrogates cut in two."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug import Request

from smsgw.domain.messages import Accepted, AccountWrong, InDoubt, Malformed, Never, Outcome, OutgoingSms, TryLater
from tests.providers.calls import get_call
from tests.providers.conftest import Stubbed
from tests.providers.dialects import (
    CITIZEN,
    KANNEL,
    OLD_TOKEN,
    PUBLIC_URL,
    REF,
    TOKEN,
    Answer,
    Saying,
    Sms,
    kannel_target,
    opened,
)

HELLO = OutgoingSms(REF, CITIZEN, "Da nhan: ma 12345", valid_for=3600)
TAKEN = KANNEL.says[Saying.TAKEN]
VIET = "Đường hỏng ở thôn 3 + cầu & cống 100%"


def brought(text: bytes, charset: str = "", coding: str = "0", **more: str) -> str:
    pairs = [("from", CITIZEN), ("to", "8079"), ("id", "u-1"), ("coding", coding), ("charset", charset), *more.items()]
    sms = opened("kannel").read_sms(get_call(kannel_target([*pairs, ("text", text)]), token=TOKEN))
    return str(sms.text)


@pytest.mark.parametrize(
    ("raw", "charset", "coding", "text"),
    [
        (VIET.encode(), "UTF-8", "0", VIET),
        (VIET.encode("utf-16-be"), "UTF-16BE", "2", VIET),
        (VIET.encode("utf-16-be"), "utf-16be", "2", VIET),
        (VIET.encode("utf-16-be"), "", "2", VIET),
        (VIET.encode(), "", "0", VIET),
        (VIET.encode(), "8-BIT", "1", VIET),
        ("Ngập 😀 ở cầu".encode("utf-16-be"), "UTF-16BE", "2", "Ngập 😀 ở cầu"),
        (b"\xd1", "8-BIT", "1", "Ñ"),
        (b"\xd8\x3d\x00a", "UTF-16BE", "2", "\ufffda"),
        (b"\x00a\x00", "UTF-16BE", "2", "a\ufffd"),
        (VIET.encode(), "KLINGON", "0", VIET),
    ],
)
def test_a_text_is_read_in_the_charset_that_it_names(raw: bytes, charset: str, coding: str, text: str) -> None:
    assert brought(raw, charset, coding) == text


@pytest.mark.parametrize(
    ("ts", "at"),
    [
        ("1795455781", datetime(2026, 11, 23, 17, 43, 1, tzinfo=UTC)),
        ("", None),
        ("soon", None),
        ("999999999999", None),
    ],
)
def test_its_time_is_seconds_since_1970(ts: str, at: datetime | None) -> None:
    call = get_call(kannel_target([("from", CITIZEN), ("id", "u-1"), ("ts", ts), ("smsc", "op"), ("text", "a")]))
    sms = opened("kannel").read_sms(call)
    assert (sms.sent_at, sms.account) == (at, "op")


def test_both_tokens_are_good_while_they_rotate() -> None:
    call = KANNEL.sms(Sms())
    assert [opened("kannel").guard(replace(call, token=token)) for token in (TOKEN, OLD_TOKEN)] == [True, True]


def test_a_report_without_its_value_is_malformed() -> None:
    with pytest.raises(Malformed):
        opened("kannel").read_receipt(get_call(f"/receipts/kannel/{TOKEN}?ref={REF}"))


def test_what_is_sent(stubbed: Stubbed, asked: Callable[[], Request]) -> None:
    assert stubbed("kannel", TAKEN).send(HELLO) == Accepted()
    sent = asked().args.to_dict()
    report = urlsplit(sent.pop("dlr-url"))
    assert sent == {
        "username": "house",
        "password": "open sesame",
        "from": "8079",
        "to": CITIZEN,
        "text": HELLO.text,
        "charset": "UTF-8",
        "coding": "0",
        "validity": "60",
        "dlr-mask": "31",
    }
    assert f"{report.scheme}://{report.netloc}{report.path}" == f"{PUBLIC_URL}/receipts/kannel/{TOKEN}"
    assert parse_qs(report.query) == {"ref": [REF], "status": ["%d"]}


@pytest.mark.parametrize(
    ("text", "coding", "sent"),
    [
        ("Ma 1 [a] {b} ~ ^ | \\\nhet", "0", "Ma 1 [a] {b} ~ ^ | \\\nhet"),
        ("Đã nhận", "2", "Đã nhận"),
        ("nha à", "2", "nha à"),
        ("a ` b", "2", "a ` b"),
        ("Đã nhận 😀👍🏽", "2", "Đã nhận "),
        ("Da nhan 😀", "0", "Da nhan "),
        ("a👩‍👧b❤️", "2", "ab❤"),
    ],
)
def test_a_text_goes_in_the_alphabet_it_needs_without_emoji(
    text: str, coding: str, sent: str, stubbed: Stubbed, asked: Callable[[], Request]
) -> None:
    assert stubbed("kannel", TAKEN).send(replace(HELLO, text=text)) == Accepted()
    assert (asked().args["coding"], asked().args["text"]) == (coding, sent)


@pytest.mark.parametrize("text", ["", " ", "😀"])
def test_a_text_of_nothing_is_not_sent(text: str, stubbed: Stubbed) -> None:
    assert isinstance(stubbed("kannel", TAKEN).send(replace(HELLO, text=text)), Never)


def test_a_text_lives_a_minute_at_least(stubbed: Stubbed, asked: Callable[[], Request]) -> None:
    stubbed("kannel", TAKEN).send(replace(HELLO, valid_for=5))
    assert asked().args["validity"] == "1"


@pytest.mark.parametrize(
    ("status", "body", "means"),
    [
        (202, "0: Accepted for delivery", Accepted),
        (202, "3: Queued for later delivery", Accepted),
        (202, "Sent.", Accepted),
        (202, "4: Something new", InDoubt),
        (403, "Authorization failed for sendsms", AccountWrong),
        (404, "Not found", AccountWrong),
        (400, "Missing receiver number, rejected", Never),
        (400, "Empty receiver number not allowed, rejected", Never),
        (400, "Coding field misformed, rejected", Never),
        (503, "Temporal failure, try again later.", TryLater),
        (503, "<html>Service Unavailable</html>", InDoubt),
    ],
)
def test_every_answer_that_was_seen(status: int, body: str, means: type[Outcome], stubbed: Stubbed) -> None:
    assert type(stubbed("kannel", Answer(status, body, "text/html")).send(HELLO)) is means
