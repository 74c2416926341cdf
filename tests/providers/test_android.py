"""The Android app's habits: a time in every signature, events of many kinds, ids that are ours."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug import Request

from smsgw.domain.messages import Accepted, InDoubt, Irrelevant, Malformed, OutgoingSms, TryLater, WebCall
from smsgw.providers import refs
from smsgw.providers.android import Android
from smsgw.providers.contract import Surroundings
from tests.providers.calls import json_call
from tests.providers.conftest import Stubbed
from tests.providers.dialects import (
    ANDROID,
    CITIZEN,
    NOW,
    REF,
    SECRET,
    Answer,
    Saying,
    Sms,
    android_event,
    android_signed,
    opened,
)

HELLO = OutgoingSms(REF, CITIZEN, "Đã nhận phản ánh.", valid_for=3600)
VECTOR = (
    '{"deviceId":"d1","event":"sms:received","id":"e1","payload":{"messageId":"a1","message":"Đường hỏng",'
    '"sender":"+84905123456","recipient":null,"simNumber":1,"receivedAt":"2026-11-23T17:43:01.000+07:00"},'
    '"webhookId":"w1"}'
)
STAMPED = datetime.fromtimestamp(1795455781, UTC)


def vector() -> WebCall:
    signature = "2d39efbe85274501cbeb9d36223d6a4e80b97bbd0ab06fa3745bf74ca0eb83d5"
    call = json_call("/sms/android", VECTOR)
    return replace(call, headers={**call.headers, "x-timestamp": "1795455781", "x-signature": signature})


def house_at(now: datetime) -> Android:
    return Android.open(Surroundings(ANDROID.env, "https://gateway.example", SECRET, now=lambda: now))


def test_a_call_as_the_app_signs_it_is_let_in_and_read() -> None:
    assert house_at(STAMPED).guard(vector())
    sms = house_at(STAMPED).read_sms(vector())
    assert (sms.account, sms.sender, sms.recipient, sms.text) == ("d1", "+84905123456", "", "Đường hỏng")
    assert sms.provider_ref == "a1@2026-11-23T17:43:01.000+07:00"
    assert sms.sent_at == datetime(2026, 11, 23, 10, 43, 1, tzinfo=UTC)


@pytest.mark.parametrize(("minutes", "let_in"), [(0, True), (10, True), (-10, True), (11, False), (-11, False)])
def test_a_stamp_is_good_for_ten_minutes_either_way(minutes: int, let_in: bool) -> None:
    assert house_at(STAMPED + timedelta(minutes=minutes)).guard(vector()) is let_in


def test_both_keys_are_good_while_they_rotate() -> None:
    call = ANDROID.sms(Sms())
    good = [opened("android").guard(android_signed(call, key)) for key in ("12345678", "the-key-before", "another")]
    assert good == [True, True, False]


def test_a_text_brought_again_after_a_refresh_is_the_same_text() -> None:
    again = json_call("/sms/android", VECTOR.replace('"id":"e1"', '"id":"e2"'))
    first, second = (house_at(STAMPED).read_sms(call) for call in (vector(), again))
    assert (first.account, first.provider_ref) == (second.account, second.provider_ref)


def test_two_texts_with_the_same_short_hash_are_two_texts() -> None:
    other = json_call("/sms/android", VECTOR.replace("17:43:01", "17:44:59"))
    assert house_at(STAMPED).read_sms(vector()).provider_ref != house_at(STAMPED).read_sms(other).provider_ref


def test_the_older_name_of_the_sender_will_do() -> None:
    call = android_event("sms:received", "/sms/android", messageId="a1", message="x", phoneNumber="0900001234")
    assert opened("android").read_sms(call).sender == CITIZEN


@pytest.mark.parametrize("event", ["system:ping", "sms:sent", "mms:received", "app:started", "something:new"])
def test_other_events_ask_nothing_of_the_door_for_texts(event: str) -> None:
    call = android_event(event, "/sms/android", health={})
    assert opened("android").guard(call)
    with pytest.raises(Irrelevant):
        opened("android").read_sms(call)


@pytest.mark.parametrize("event", ["system:ping", "mms:received", "something:new"])
def test_other_events_ask_nothing_of_the_door_for_receipts(event: str) -> None:
    with pytest.raises(Irrelevant):
        opened("android").read_receipt(android_event(event, "/receipts/android", messageId=REF))


@pytest.mark.parametrize("message_id", ["typed-by-hand", "123.aaaaaaaaaaaaaaaaaaaaaaaaaa", refs.sign("another", 123)])
def test_what_becomes_of_texts_that_are_not_ours_is_no_business_of_ours(message_id: str) -> None:
    with pytest.raises(Irrelevant):
        opened("android").read_receipt(android_event("sms:sent", "/receipts/android", messageId=message_id))


def test_a_text_at_the_address_for_receipts_is_refused_so_that_the_phone_keeps_it() -> None:
    call = android_event("sms:received", "/receipts/android", messageId="a1", message="x", sender=CITIZEN)
    with pytest.raises(Malformed):
        opened("android").read_receipt(call)


@pytest.mark.parametrize("body", ["", "[]", "17", "null", "{", "[" * 5000, '{"payload": {}}', '{"event": 5}'])
def test_a_body_that_is_no_event_is_malformed_or_nothing(body: str) -> None:
    with pytest.raises((Malformed, Irrelevant)):
        opened("android").read_sms(json_call("/sms/android", body))


@pytest.mark.parametrize("payload", [None, [], "text", {}])
def test_an_event_without_its_payload_is_malformed(payload: Any) -> None:
    with pytest.raises(Malformed):
        opened("android").read_sms(json_call("/sms/android", {"event": "sms:received", "payload": payload}))


def test_half_of_an_emoji_does_not_reach_the_database() -> None:
    call = json_call("/sms/android", VECTOR.replace("Đường hỏng", "Ng\\ud83dp"))
    assert opened("android").read_sms(call).text == "Ng\ufffdp"


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ("2026-11-23T10:43:05Z", NOW),
        ("2026-11-23T17:43:05.000+07:00", NOW),
        ("2026-11-23T17:43:05", None),
        ("", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_a_time_without_its_zone_is_no_time(told: str, at: datetime | None) -> None:
    payload = {"messageId": "a1", "message": "x", "sender": CITIZEN, "receivedAt": told}
    assert opened("android").read_sms(android_event("sms:received", "/sms/android", **payload)).sent_at == at


def test_what_is_sent(stubbed: Stubbed, asked: Callable[[], Request]) -> None:
    stubbed("android", ANDROID.says[Saying.TAKEN]).send(HELLO)
    request = asked()
    assert request.get_json() == {
        "id": REF,
        "textMessage": {"text": HELLO.text},
        "phoneNumbers": [CITIZEN],
        "ttl": 3600,
        "withDeliveryReport": True,
    }
    assert request.authorization is not None
    assert (request.authorization.username, request.authorization.password) == ("house", "open sesame")


def test_an_id_that_is_there_already_means_that_an_earlier_try_got_through(stubbed: Stubbed) -> None:
    assert stubbed("android", Answer(409, {"message": "exists"})).send(HELLO) == Accepted(REF)


def test_a_full_queue_took_nothing(stubbed: Stubbed) -> None:
    answer = Answer(503, {"message": "queue limit"}, headers={"Retry-After": "30"})
    assert stubbed("android", answer).send(HELLO) == TryLater("the phone's queue is full", 30)


def test_an_answer_about_another_text_says_nothing_about_ours(stubbed: Stubbed) -> None:
    assert isinstance(stubbed("android", Answer(202, {"id": "other", "state": "Pending"})).send(HELLO), InDoubt)
