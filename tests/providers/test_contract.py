"""What every provider keeps, whichever it is."""

import json
import unicodedata
from dataclasses import replace

import pytest
from pytest_httpserver import HTTPServer
from werkzeug.datastructures import MultiDict

from smsgw.domain.messages import (
    Accepted,
    AccountWrong,
    InDoubt,
    Malformed,
    Never,
    OptedOut,
    Outcome,
    OutgoingSms,
    Receipt,
    TryLater,
    UssdEvent,
    UssdScreen,
    UssdTurn,
    WebCall,
)
from smsgw.providers.register import REGISTER
from smsgw.providers.simulator import Simulator
from tests.providers.calls import form_call, json_call
from tests.providers.conftest import Stubbed
from tests.providers.dialects import CITIZEN, DIALECTS, REF, Answer, Saying, Sms, android_event, opened
from tests.providers.ussd import USSD, Turn
from tests.providers.wires import answering, keeping, nobody_listening, silent

every_provider = pytest.mark.parametrize("name", REGISTER)
OF_TEXTS = [name for name in REGISTER if REGISTER[name].receives]
every_reader = pytest.mark.parametrize("name", OF_TEXTS)
ON_THE_WIRE = [name for name in REGISTER if DIALECTS[name].base]
every_wire = pytest.mark.parametrize("name", ON_THE_WIRE)
A_TURN = UssdTurn("", "s1", CITIZEN, "*1#", UssdEvent.START)
HELLO = OutgoingSms(REF, CITIZEN, "Da nhan phan anh.")
MEANS: dict[Saying, type[Outcome]] = {
    Saying.TAKEN: Accepted,
    Saying.TOO_MANY: TryLater,
    Saying.BAD_NUMBER: Never,
    Saying.BAD_ACCOUNT: AccountWrong,
    Saying.OPTED_OUT: OptedOut,
    Saying.THERE_ALREADY: Accepted,
    Saying.BROKEN: InDoubt,
    Saying.GARBAGE: InDoubt,
}
SAID = [(name, saying) for name in ON_THE_WIRE for saying in DIALECTS[name].says]
GENUINE = {name: DIALECTS[name].sms(Sms()) if name in OF_TEXTS else USSD[name].calls(Turn()) for name in REGISTER}
FORGED = [(name, how) for name in REGISTER for how in DIALECTS[name].forged]
LONG = "x" * 3000
LONG_WINDED = {
    "simulator": json_call("/receipts/simulator", {"ref": REF, "status": LONG}),
    "twilio": form_call("/receipts/twilio", {"MessageSid": LONG, "MessageStatus": "failed", "ErrorCode": LONG}.items()),
    "africastalking": form_call("/receipts", {"id": "ATXid_1", "status": "Failed", "failureReason": LONG}.items()),
    "android": android_event("sms:failed", "/receipts/android", messageId=REF, reason=LONG),
}
RECEIPTS = [(name, *told) for name in REGISTER for told in DIALECTS[name].receipts]


def test_every_registered_provider_is_held_to_the_contract() -> None:
    assert set(DIALECTS) == set(REGISTER)


@every_provider
def test_a_provider_is_registered_under_its_own_name(name: str) -> None:
    assert REGISTER[name].name == name


@every_reader
def test_a_genuine_text_is_read(name: str) -> None:
    provider, call = opened(name), DIALECTS[name].sms(Sms())
    assert provider.guard(call)
    sms = provider.read_sms(call)
    assert (sms.provider, sms.sender, sms.recipient, sms.text) == (name, CITIZEN, "8079", "Đường hỏng ở thôn 3")
    assert "message-1" in sms.provider_ref
    assert call.method == provider.method


@every_reader
def test_the_same_text_brought_twice_has_one_identity(name: str) -> None:
    first, again = (opened(name).read_sms(DIALECTS[name].sms(Sms())) for _ in range(2))
    assert (first.account, first.provider_ref) == (again.account, again.provider_ref)


@every_reader
def test_a_national_number_is_spelled_internationally(name: str) -> None:
    assert opened(name).read_sms(DIALECTS[name].sms(Sms(sender="0900 001 234"))).sender == CITIZEN


@every_reader
def test_a_sender_that_is_no_number_is_kept_as_it_is(name: str) -> None:
    assert opened(name).read_sms(DIALECTS[name].sms(Sms(sender="VIETTEL"))).sender == "VIETTEL"


@every_reader
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (unicodedata.normalize("NFD", "Ngập đường Nguyễn Huệ"), "Ngập đường Nguyễn Huệ"),
        ("a\x00b", "a\ufffdb"),
        ("  hai dòng\ncuối  ", "  hai dòng\ncuối  "),
        ("Ngập 😀 + 100% & hết", "Ngập 😀 + 100% & hết"),
        ("", ""),
    ],
)
def test_a_text_can_be_stored_and_is_otherwise_as_it_was_written(name: str, sent: str, kept: str) -> None:
    assert opened(name).read_sms(DIALECTS[name].sms(Sms(text=sent))).text == kept


@every_reader
@pytest.mark.parametrize("lacking", ["sender", "ref"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_text_without_sender_or_id_is_malformed(name: str, lacking: str, value: str | None) -> None:
    call = DIALECTS[name].sms(replace(Sms(), **{lacking: value}))
    assert opened(name).guard(call)
    with pytest.raises(Malformed):
        opened(name).read_sms(call)


@every_reader
def test_an_id_too_long_for_an_index_is_malformed(name: str) -> None:
    with pytest.raises(Malformed):
        opened(name).read_sms(DIALECTS[name].sms(Sms(ref="x" * 3000)))


@pytest.mark.parametrize("name", [name for name in REGISTER if DIALECTS[name].names])
def test_the_first_of_a_repeated_field_counts(name: str) -> None:
    names = DIALECTS[name].names
    again = ((names["sender"], "+84900009999"), (names["ref"], "message-2"), (names["text"], "again"))
    sms = opened(name).read_sms(DIALECTS[name].sms(Sms(more=again)))
    assert (sms.sender, sms.provider_ref, sms.text) == (CITIZEN, "message-1", Sms().text)


@pytest.mark.parametrize(("name", "how"), FORGED)
def test_a_forged_call_is_not_let_in(name: str, how: str) -> None:
    genuine = GENUINE[name]
    assert opened(name).guard(genuine)
    assert not opened(name).guard(DIALECTS[name].forged[how](genuine))


@every_provider
def test_a_provider_that_proves_itself_has_forgeries_to_be_tried(name: str) -> None:
    assert bool(DIALECTS[name].forged) == REGISTER[name].proves_itself


@every_provider
@pytest.mark.parametrize("target", ["", "x", "//[", "/sms?bodySHA256=", "/\udcff", "/sms?a=%ZZ&&=", "http://[::1"])
@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data", ""])
def test_nothing_makes_the_guard_fall_over(name: str, target: str, kind: str) -> None:
    odd = {"content-type": kind, "x-twilio-signature": "đ", "x-signature": "đ", "x-timestamp": "99999999999"}
    call = WebCall("POST", target, odd, MultiDict(), MultiDict([("a", "\udcff")]), b"\xff{", "\udcff")
    assert opened(name).guard(call) is not REGISTER[name].proves_itself


@pytest.mark.parametrize(("name", "call", "expected"), RECEIPTS)
def test_a_receipt_says_what_became_of_a_text(name: str, call: WebCall, expected: Receipt) -> None:
    assert opened(name).guard(call)
    assert opened(name).read_receipt(call) == expected


@pytest.mark.parametrize("name", LONG_WINDED)
def test_a_receipt_with_long_words_is_kept_as_far_as_an_index_takes_it(name: str) -> None:
    told = opened(name).read_receipt(LONG_WINDED[name])
    assert all(len(words or "") <= 255 for words in (told.ref, told.provider_ref, told.code))


@every_reader
def test_a_receipt_for_nothing_is_malformed(name: str) -> None:
    assert opened(name).guard(DIALECTS[name].idle_receipt)
    with pytest.raises(Malformed):
        opened(name).read_receipt(DIALECTS[name].idle_receipt)


@every_provider
def test_our_thanks_to_a_provider_hold_no_word_for_the_person(name: str) -> None:
    answer = opened(name).taken()
    assert answer.status == 200
    assert answer.body in ("", "<Response/>")


@pytest.mark.parametrize("name", [name for name in REGISTER if not REGISTER[name].ussd])
def test_a_provider_without_ussd_says_so(name: str) -> None:
    with pytest.raises(NotImplementedError):
        opened(name).read_ussd(DIALECTS[name].sms(Sms()))
    with pytest.raises(NotImplementedError):
        opened(name).show(UssdScreen("hello", more=False), A_TURN)


@pytest.mark.parametrize("name", [name for name in REGISTER if name not in OF_TEXTS])
def test_a_provider_without_texts_says_so(name: str) -> None:
    with pytest.raises(NotImplementedError):
        opened(name).read_sms(GENUINE[name])
    with pytest.raises(NotImplementedError):
        opened(name).read_receipt(GENUINE[name])
    with pytest.raises(NotImplementedError):
        opened(name).send(HELLO)


def test_each_wire_tries_every_answer_that_its_provider_can_give() -> None:
    common = set(Saying) - {Saying.OPTED_OUT, Saying.THERE_ALREADY}
    assert all(set(DIALECTS[name].says) >= common for name in ON_THE_WIRE)
    assert [name for name in REGISTER if REGISTER[name].sends and name != "simulator"] == ON_THE_WIRE


@pytest.mark.parametrize(("name", "saying"), SAID)
def test_every_answer_is_classified(name: str, saying: Saying, stubbed: Stubbed) -> None:
    outcome = stubbed(name, DIALECTS[name].says[saying]).send(HELLO)
    assert type(outcome) is MEANS[saying]


@every_wire
def test_a_text_that_was_taken_is_known_by_its_id(name: str, stubbed: Stubbed) -> None:
    assert stubbed(name, DIALECTS[name].says[Saying.TAKEN]).send(HELLO) == Accepted(DIALECTS[name].accepted_ref)


@every_wire
@pytest.mark.parametrize("body", ["", "null", "[]", "17", '"message"', '{"sid": 3}', '{"SMSMessageData": []}', "{"])
def test_a_success_that_makes_no_sense_leaves_the_text_in_doubt(name: str, body: str, stubbed: Stubbed) -> None:
    assert isinstance(stubbed(name, Answer(201, body)).send(HELLO), InDoubt)


@every_wire
@pytest.mark.parametrize("status", [502, 504, 520])
@pytest.mark.parametrize("body", ["", "[]", "17", '"code and message"', "<html></html>"])
def test_a_broken_proxy_leaves_the_text_in_doubt(name: str, status: int, body: str, stubbed: Stubbed) -> None:
    assert isinstance(stubbed(name, Answer(status, body)).send(HELLO), InDoubt)


@every_wire
def test_one_connection_serves_many_texts(name: str) -> None:
    taken = DIALECTS[name].says[Saying.TAKEN]
    body = taken.body if isinstance(taken.body, str) else json.dumps(taken.body)
    with keeping(taken.status, body.encode()) as (base, callers):
        provider = opened(name, base)
        assert {type(provider.send(HELLO)) for _ in range(3)} == {Accepted}
    assert len(callers) == 1


@every_wire
def test_a_redirect_is_an_operators_mistake_and_is_not_followed(name: str, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/elsewhere").respond_with_json({})
    there = {"Location": httpserver.url_for("/elsewhere")}
    httpserver.expect_request(DIALECTS[name].base).respond_with_data("", status=302, headers=there)
    assert isinstance(opened(name, httpserver.url_for("").rstrip("/")).send(HELLO), AccountWrong)
    assert [request.path for request, _ in httpserver.log] == [DIALECTS[name].base]


@every_wire
def test_a_refused_connection_sent_nothing(name: str) -> None:
    with nobody_listening() as base:
        assert isinstance(opened(name, base).send(HELLO), TryLater)


@every_wire
def test_an_unknown_host_sent_nothing(name: str) -> None:
    assert isinstance(opened(name, "http://nowhere.invalid").send(HELLO), TryLater)


@every_wire
def test_a_line_without_tls_where_tls_should_be_sent_nothing(name: str) -> None:
    with answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as base:
        assert isinstance(opened(name, base.replace("http:", "https:")).send(HELLO), TryLater)


@every_wire
def test_an_answer_that_never_came_leaves_the_text_in_doubt(name: str) -> None:
    with silent() as base:
        assert isinstance(opened(name, base, timeout=(2.0, 0.2)).send(HELLO), InDoubt)


@every_wire
@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", b"\x00\x01\x02\r\n\r\n"])
def test_an_answer_that_broke_off_leaves_the_text_in_doubt(name: str, said: bytes) -> None:
    with answering(said) as base:
        assert isinstance(opened(name, base).send(HELLO), InDoubt)


@every_wire
@pytest.mark.parametrize("base", ["/", "no-scheme", "gopher://127.0.0.1"])
def test_an_address_that_is_none_is_the_operators_to_mend(name: str, base: str) -> None:
    assert isinstance(opened(name, base).send(HELLO), AccountWrong)


@every_wire
def test_no_outcome_repeats_the_number_the_text_or_a_secret(name: str, stubbed: Stubbed) -> None:
    echo = {"message": f"{CITIZEN} {HELLO.text}", "code": 99_999, "status": 400}
    said = [str(stubbed(name, Answer(400, echo)).send(HELLO))]
    with nobody_listening() as base:
        said.append(str(opened(name, base).send(HELLO)))
    secrets = (CITIZEN, HELLO.text, "12345", "at-key", "sesame")
    assert not [secret for secret in secrets for words in said if secret in words]


@every_provider
def test_a_provider_shown_in_a_log_shows_no_secret(name: str) -> None:
    shown = repr(opened(name))
    assert not [secret for secret in ("12345", "at-key", "sesame", "correct-horse", "tests") if secret in shown]


def test_the_simulator_says_what_it_was_told_to_say() -> None:
    fussy = Simulator(lambda message: Never("told so") if message.to == CITIZEN else Accepted("elsewhere"))
    assert fussy.send(HELLO) == Never("told so")
    assert Simulator().send(HELLO) == Accepted(REF)
