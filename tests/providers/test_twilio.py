"""Twilio's habits: its signature, its SDK's traps, its codes, and its own description of its API."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import pytest
from openapi_core import OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest, WerkzeugOpenAPIResponse
from pytest_httpserver import HTTPServer
from werkzeug import Request

from smsgw.domain.messages import (
    Accepted,
    AccountWrong,
    InDoubt,
    Malformed,
    Never,
    OptedOut,
    Outcome,
    OutgoingSms,
    TryLater,
)
from smsgw.providers import refs
from smsgw.providers.contract import Surroundings
from smsgw.providers.twilio import Twilio
from tests.providers.calls import form_call, json_call
from tests.providers.conftest import Stubbed
from tests.providers.dialects import (
    ACCOUNT,
    CITIZEN,
    NOW,
    PUBLIC_URL,
    REF,
    SECRET,
    SID,
    TWILIO,
    Answer,
    Saying,
    Sms,
    opened,
    twilio_signature,
    twilio_signed,
)
from tests.providers.reference import reference_file

HELLO = OutgoingSms(REF, CITIZEN, "Đã nhận phản ánh & sẽ trả lời.", valid_for=3600)
SERVICE = "MG" + "ab12" * 8
TAKEN = TWILIO.says[Saying.TAKEN]
VECTOR = (
    ("Body", "Đường hỏng ở thôn 3"),
    ("From", "+84905123456"),
    ("MessageSid", "SM" + "a" * 32),
    ("NumMedia", "0"),
    ("To", "+14155552345"),
)


def house(public_url: str, **env: str) -> Twilio:
    return Twilio.open(Surroundings({**TWILIO.env, "TWILIO_API_BASE": "", **env}, public_url, SECRET))


def test_the_published_rule_gives_the_known_signature() -> None:
    call = form_call("/hooks/twilio/sms", VECTOR)
    signed = replace(call, headers={**call.headers, "x-twilio-signature": "5bylGOk20sGRsaMcYYjVsPCetuM="})
    assert house("https://example.test").guard(signed)
    assert not house("https://example.org").guard(signed)
    assert not house("http://example.test").guard(signed)


def test_a_port_in_our_address_may_be_missing_in_the_signature() -> None:
    call = form_call("/hooks/twilio/sms", VECTOR)
    signed = replace(call, headers={**call.headers, "x-twilio-signature": "5bylGOk20sGRsaMcYYjVsPCetuM="})
    assert house("https://example.test:8443").guard(signed)


def test_the_host_header_is_anyones_word() -> None:
    call = TWILIO.sms(Sms())
    assert opened("twilio").guard(replace(call, headers={**call.headers, "host": "evil.example"}))


def test_both_tokens_are_good_while_they_rotate_and_a_third_is_not() -> None:
    call = form_call("/sms/twilio", VECTOR)
    good = [opened("twilio").guard(twilio_signed(call, token)) for token in ("12345", "the-token-before", "other")]
    assert good == [True, True, False]


def test_the_call_does_not_choose_its_own_algorithm() -> None:
    call = form_call("/sms/twilio", VECTOR)
    wanted = {"x-twilio-webhooks-signature-settings": "key=k,algorithm=HMAC_SHA256"}
    signed_part = PUBLIC_URL + call.target + "".join(name + value for name, value in sorted(VECTOR))
    sha256 = base64.b64encode(hmac.digest(b"12345", signed_part.encode(), hashlib.sha256)).decode()
    forged = replace(call, headers={**call.headers, **wanted, "x-twilio-signature": sha256})
    genuine = twilio_signed(replace(call, headers={**call.headers, **wanted}))
    assert not opened("twilio").guard(forged)
    assert opened("twilio").guard(genuine)


@pytest.mark.parametrize("more", [("Body", "another text"), ("Body", ""), ("Extra", "")])
def test_a_field_put_in_beside_the_signed_ones_is_noticed(more: tuple[str, str]) -> None:
    genuine = twilio_signed(form_call("/sms/twilio", VECTOR))
    altered = form_call("/sms/twilio", (*VECTOR, more))
    assert opened("twilio").guard(genuine)
    assert not opened("twilio").guard(replace(altered, headers=genuine.headers))


def test_a_field_of_several_values_is_signed_as_the_sdk_has_it() -> None:
    call = form_call("/sms/twilio", (*VECTOR, ("Tag", "b"), ("Tag", "a"), ("Tag", "a")))
    signature = opened("twilio").validators[0].compute_signature(PUBLIC_URL + call.target, call.form)
    assert opened("twilio").guard(replace(call, headers={**call.headers, "x-twilio-signature": signature}))


def test_a_reference_in_the_address_is_part_of_what_is_signed() -> None:
    genuine = twilio_signed(form_call(f"/receipts/twilio?ref={REF}", VECTOR))
    altered = replace(genuine, target=f"/receipts/twilio?ref={refs.sign(SECRET, 124)}")
    assert opened("twilio").guard(genuine)
    assert not opened("twilio").guard(altered)


def test_a_json_body_passes_only_by_its_hash_and_is_no_text() -> None:
    body = b'{"From":"+84900001234"}'
    call = json_call("/sms/twilio?bodySHA256=" + hashlib.sha256(body).hexdigest(), body)
    genuine = twilio_signed(call)
    unhashed = twilio_signed(json_call("/sms/twilio", body))
    assert opened("twilio").guard(genuine)
    assert not opened("twilio").guard(replace(genuine, body=body + b" "))
    assert not opened("twilio").guard(unhashed)
    with pytest.raises(Malformed):
        opened("twilio").read_sms(genuine)


def test_a_text_belongs_to_the_account_that_received_it() -> None:
    sms = opened("twilio").read_sms(TWILIO.sms(Sms()))
    assert (sms.account, sms.sent_at) == (ACCOUNT, None)


def test_the_old_name_of_the_id_will_do() -> None:
    call = twilio_signed(form_call("/sms/twilio", [("From", CITIZEN), ("SmsSid", "SM9"), ("Body", "x")]))
    assert opened("twilio").read_sms(call).provider_ref == "SM9"


def test_a_receipt_may_know_us_by_either_name_alone() -> None:
    by_sid = opened("twilio").read_receipt(form_call("/receipts/twilio", [("SmsSid", "SM1"), ("SmsStatus", "sent")]))
    by_ref = opened("twilio").read_receipt(form_call(f"/receipts/twilio?ref={REF}", [("MessageStatus", "sent")]))
    assert (by_sid.ref, by_sid.provider_ref) == (None, "SM1")
    assert (by_ref.ref, by_ref.provider_ref) == (REF, None)


def test_the_answer_is_twiml_that_says_nothing() -> None:
    answer = opened("twilio").taken()
    assert (answer.body, answer.content_type) == ("<Response/>", "text/xml; charset=utf-8")


def test_what_is_sent(stubbed: Stubbed, asked: Callable[[], Request]) -> None:
    assert stubbed("twilio", TAKEN).send(HELLO) == Accepted(SID)
    request = asked()
    assert request.form.to_dict() == {
        "To": CITIZEN,
        "From": "+15005550006",
        "Body": HELLO.text,
        "StatusCallback": f"{PUBLIC_URL}/receipts/twilio?ref={REF}",
        "ValidityPeriod": "3600",
    }
    assert request.authorization is not None
    assert (request.authorization.username, request.authorization.password) == (ACCOUNT, "12345")


def test_a_messaging_service_sends_in_the_place_of_a_number(
    httpserver: HTTPServer, asked: Callable[[], Request]
) -> None:
    httpserver.expect_request(TWILIO.base).respond_with_json({"sid": "SM3", "status": "accepted"}, status=201)
    base = httpserver.url_for("").rstrip("/")
    assert house(PUBLIC_URL, TWILIO_FROM=SERVICE, TWILIO_API_BASE=base).send(HELLO) == Accepted("SM3")
    form = asked().form
    assert (form.get("MessagingServiceSid"), form.get("From")) == (SERVICE, None)


@pytest.mark.parametrize(("valid_for", "sent"), [(0, "1"), (36_000, "36000"), (90_000, "36000")])
def test_validity_stays_within_what_twilio_takes(
    valid_for: int, sent: str, stubbed: Stubbed, asked: Callable[[], Request]
) -> None:
    stubbed("twilio", TAKEN).send(replace(HELLO, valid_for=valid_for))
    assert asked().form["ValidityPeriod"] == sent


@pytest.mark.parametrize(
    ("status", "code", "means"),
    [
        (429, 20429, TryLater),
        (400, 21611, TryLater),
        (400, 21610, OptedOut),
        (401, 20003, AccountWrong),
        (403, 99999, AccountWrong),
        (404, 20404, AccountWrong),
        (400, 21212, AccountWrong),
        (400, 21408, Never),
        (400, 21606, Never),
        (400, 21608, Never),
        (400, 21703, AccountWrong),
        (400, 21704, AccountWrong),
        (400, 21705, AccountWrong),
        (400, 21211, Never),
        (400, 21614, Never),
        (400, 21617, Never),
        (400, 99999, Never),
        (500, 20500, InDoubt),
        (503, 21610, InDoubt),
    ],
)
def test_a_code_decides_except_in_a_servers_error(
    status: int, code: int, means: type[Outcome], stubbed: Stubbed
) -> None:
    old = {"code": code, "message": "words", "status": status}
    assert type(stubbed("twilio", Answer(status, old)).send(HELLO)) is means


@pytest.mark.parametrize(
    ("status", "code", "means"), [(400, 21610, OptedOut), (429, 20429, TryLater), (503, 1, InDoubt)]
)
def test_a_problem_in_the_newer_shape_is_understood_too(
    status: int, code: int, means: type[Outcome], stubbed: Stubbed
) -> None:
    problem = {"type": "https://problem.example/x", "title": "words", "status": status, "code": code}
    assert type(stubbed("twilio", Answer(status, problem)).send(HELLO)) is means


@pytest.mark.parametrize(("code", "means"), [(21610, OptedOut), (30018, AccountWrong), (None, Never)])
def test_a_text_that_is_taken_only_to_fail_has_failed(code: int | None, means: type[Outcome], stubbed: Stubbed) -> None:
    body = {"sid": "SM4", "status": "failed", "error_code": code}
    assert type(stubbed("twilio", Answer(201, body)).send(HELLO)) is means


@pytest.mark.parametrize("origin", ["+15005550006", SERVICE])
def test_our_request_is_as_twilio_describes_it(
    origin: str, httpserver: HTTPServer, asked: Callable[[], Request]
) -> None:
    description = _description_at(httpserver.url_for("").rstrip("/"))
    httpserver.expect_request(TWILIO.base).respond_with_json({"sid": "SM5", "status": "queued"}, status=201)
    base = httpserver.url_for("").rstrip("/")
    assert house(PUBLIC_URL, TWILIO_FROM=origin, TWILIO_API_BASE=base).send(HELLO) == Accepted("SM5")
    OpenAPI.from_dict(description).validate_request(WerkzeugOpenAPIRequest(asked()))
    known = _create(description)["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]["properties"]
    sent = parse_qs(asked().get_data(as_text=True)) or dict(asked().form)
    assert sent
    assert set(sent) <= set(known)


@pytest.mark.parametrize("question", ["look_up", "sent_since", "received_since"])
def test_our_questions_and_the_answers_we_are_tested_with_are_as_twilio_describes_them(
    question: str, httpserver: HTTPServer, asked: Callable[[], Request]
) -> None:
    base = httpserver.url_for("").rstrip("/")
    description = OpenAPI.from_dict(_description_at(base))
    assert TWILIO.lists
    listed = TWILIO.lists(Sms(ref="SM" + "a" * 32))
    httpserver.expect_request(TWILIO.asked_at).respond_with_json(listed.body)
    provider = house(PUBLIC_URL, TWILIO_API_BASE=base)
    list(getattr(provider, question)(*([HELLO] if question == "look_up" else []), NOW))
    request = WerkzeugOpenAPIRequest(asked())
    description.validate_request(request)
    description.validate_response(request, WerkzeugOpenAPIResponse(httpserver.log[-1][1]))


def _description_at(base: str) -> dict[str, Any]:
    """Twilio's description, with the stub for its server."""
    description: dict[str, Any] = json.loads(reference_file("twilio", "messages-openapi.json").read_text("utf-8"))
    for part in (description, *description["paths"].values()):
        part["servers"] = [{"url": base}]
    return description


def _create(description: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = description["paths"]["/2010-04-01/Accounts/{AccountSid}/Messages.json"]["post"]
    return found


def test_the_rule_written_down_here_is_twilios_own() -> None:
    call = form_call("/hooks/twilio/sms", VECTOR)
    own = opened("twilio").validators[0]
    assert twilio_signature(call) == own.compute_signature(PUBLIC_URL + call.target, call.form)
