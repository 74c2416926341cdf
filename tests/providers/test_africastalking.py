"""Africa's Talking's habits: refusals inside a success, dates in two spellings, the whole history of a session."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
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
    UssdEvent,
    UssdScreen,
    UssdTurn,
    WebCall,
)
from smsgw.providers.africastalking import AfricasTalking
from smsgw.providers.contract import Surroundings
from tests.providers.calls import form_call
from tests.providers.conftest import Stubbed
from tests.providers.dialects import (
    AFRICASTALKING,
    CITIZEN,
    OLD_TOKEN,
    REF,
    TOKEN,
    Answer,
    Saying,
    Sms,
    at_answer,
    opened,
)

TURN = UssdTurn("africastalking", "s", CITIZEN, "*8079#", UssdEvent.START)

HELLO = OutgoingSms(REF, CITIZEN, "Da nhan phan anh & se tra loi.")


def test_both_tokens_are_good_while_they_rotate() -> None:
    call = AFRICASTALKING.sms(Sms())
    assert [opened("africastalking").guard(replace(call, token=token)) for token in (TOKEN, OLD_TOKEN)] == [True, True]


def test_without_a_token_of_ours_nobody_is_let_in() -> None:
    unset = AfricasTalking.open(Surroundings({}, "https://gateway.example", "key"))
    call = AFRICASTALKING.sms(Sms())
    assert not any(unset.guard(replace(call, token=token)) for token in (None, "", TOKEN))


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("2026-11-23T10:43:01Z", datetime(2026, 11, 23, 10, 43, 1, tzinfo=UTC)),
        ("2026-11-23 10:43:01", datetime(2026, 11, 23, 10, 43, 1, tzinfo=UTC)),
        ("2026-11-23T13:43:01+03:00", datetime(2026, 11, 23, 10, 43, 1, tzinfo=UTC)),
        ("yesterday", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
    ],
)
def test_both_spellings_of_a_date_are_utc(told: str, meant: datetime | None) -> None:
    call = form_call("/sms/africastalking/x", [("id", "1"), ("from", CITIZEN), ("text", "a"), ("date", told)])
    assert opened("africastalking").read_sms(call).sent_at == meant


@pytest.mark.parametrize("code", [100, 101, 102, "101"])
def test_a_recipient_that_is_taken(code: object, stubbed: Stubbed) -> None:
    answer = Answer(201, at_answer(code, "Success", "ATXid_9"))
    assert stubbed("africastalking", answer).send(HELLO) == Accepted("ATXid_9")


@pytest.mark.parametrize(
    ("code", "means"),
    [
        (401, AccountWrong),
        (402, AccountWrong),
        (403, Never),
        (404, Never),
        (405, AccountWrong),
        (406, OptedOut),
        (407, Never),
        (409, OptedOut),
        (500, TryLater),
        (501, TryLater),
        (502, TryLater),
        (777, InDoubt),
        (None, InDoubt),
    ],
)
def test_a_refusal_stands_inside_the_success(code: object, means: type[Outcome], stubbed: Stubbed) -> None:
    answer = Answer(201, at_answer(code, "whatever", said="Sent to 0/1 Total Cost: 0"))
    assert type(stubbed("africastalking", answer).send(HELLO)) is means


@pytest.mark.parametrize(
    ("reason", "means"),
    [
        ("InvalidSenderId", AccountWrong),
        ("InsufficientBalance", AccountWrong),
        ("InvalidPhoneNumber", Never),
        ("UserInBlacklist", OptedOut),
        ("GatewayError", TryLater),
        ("Sorry", AccountWrong),
    ],
)
def test_a_success_for_nobody_has_its_reason_in_words(reason: str, means: type[Outcome], stubbed: Stubbed) -> None:
    answer = Answer(201, {"SMSMessageData": {"Message": reason, "Recipients": []}})
    assert type(stubbed("africastalking", answer).send(HELLO)) is means


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "text/plain"])
def test_an_answer_is_read_whatever_its_content_type_says(content_type: str, stubbed: Stubbed) -> None:
    body = '{"SMSMessageData":{"Message":"x","Recipients":[{"statusCode":101,"messageId":"ATXid_3"}]}}'
    assert stubbed("africastalking", Answer(201, body, content_type)).send(HELLO) == Accepted("ATXid_3")


@pytest.mark.parametrize(
    ("status", "means"), [(400, Never), (401, AccountWrong), (403, AccountWrong), (429, TryLater), (500, InDoubt)]
)
def test_the_status_that_the_sdk_leaves_out_is_told_apart(status: int, means: type[Outcome], stubbed: Stubbed) -> None:
    assert type(stubbed("africastalking", Answer(status, "words", "text/plain")).send(HELLO)) is means


@pytest.mark.parametrize(("asked_for", "after"), [("7", 7), ("", None), ("soon", None), ("999999", 21_600)])
def test_their_wish_to_wait_is_passed_on(asked_for: str, after: int | None, stubbed: Stubbed) -> None:
    outcome = stubbed("africastalking", Answer(429, "words", "text/plain", {"Retry-After": asked_for})).send(HELLO)
    assert isinstance(outcome, TryLater)
    assert outcome.after == after


@pytest.mark.parametrize("number", ["0900001234", "84900001234", CITIZEN + "\n", f"{CITIZEN},+84900009999", "8079", ""])
def test_what_is_no_international_number_is_never_sent(number: str, stubbed: Stubbed) -> None:
    provider = stubbed("africastalking", AFRICASTALKING.says[Saying.TAKEN])
    assert isinstance(provider.send(replace(HELLO, to=number)), Never)


def test_what_is_sent(stubbed: Stubbed, asked: Callable[[], Request]) -> None:
    stubbed("africastalking", AFRICASTALKING.says[Saying.TAKEN]).send(HELLO)
    request = asked()
    assert request.form.to_dict() == {
        "username": "house",
        "to": CITIZEN,
        "message": HELLO.text,
        "from": "22384",
        "bulkSMSMode": "1",
    }
    assert request.headers["apiKey"] == "at-key"


def ussd(text: str, *, ended: bool = False, session: str = "ATUid_1") -> WebCall:
    pairs = [("sessionId", session), ("phoneNumber", CITIZEN), ("serviceCode", "*384*1#"), ("networkCode", "99999")]
    path = f"/ussd/africastalking/{TOKEN}" + ("/ended" if ended else "")
    return form_call(path, [*pairs, ("input" if ended else "text", text)], token=TOKEN)


@pytest.mark.parametrize(
    ("text", "event", "typed"),
    [("", UssdEvent.START, ""), ("1", UssdEvent.INPUT, "1"), ("1*Ngập ở cầu*2", UssdEvent.INPUT, "2")],
)
def test_a_turn_holds_everything_typed_so_far(text: str, event: UssdEvent, typed: str) -> None:
    turn = opened("africastalking").read_ussd(ussd(text))
    assert (turn.event, turn.typed, turn.history) == (event, typed, text)
    assert (turn.session_id, turn.phone, turn.service_code) == ("ATUid_1", CITIZEN, "*384*1#")


def test_the_end_of_a_session_is_told_at_its_own_address() -> None:
    turn = opened("africastalking").read_ussd(ussd("1*2", ended=True))
    assert (turn.event, turn.history) == (UssdEvent.END, "1*2")


def test_a_turn_without_a_session_is_malformed() -> None:
    with pytest.raises(Malformed):
        opened("africastalking").read_ussd(ussd("1", session=""))


@pytest.mark.parametrize(("more", "body"), [(True, "CON 1. Duong sa\n2. Nuoc"), (False, "END 1. Duong sa\n2. Nuoc")])
def test_a_screen_says_whether_it_waits_for_an_answer(more: bool, body: str) -> None:
    answer = opened("africastalking").show(UssdScreen("1. Duong sa\n2. Nuoc", more), TURN)
    assert (answer.body, answer.status) == (body, 200)
    assert answer.content_type.startswith("text/plain")
