"""What a provider declares that it can do, it does; what it does not declare, it refuses to be asked."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request

from smsgw.domain.ledger import Capability, NoWord, Sighting
from smsgw.domain.messages import Accepted, OutgoingSms, Part
from smsgw.providers.register import REGISTER
from tests.providers.conftest import Stubbed
from tests.providers.dialects import (
    CITIZEN,
    DIALECTS,
    NOW,
    REF,
    SID,
    WORDS,
    Answer,
    Saying,
    Sms,
    opened,
    twilio_list,
    twilio_listed,
)
from tests.providers.wires import answering, nobody_listening, silent

HELLO = OutgoingSms(REF, CITIZEN, WORDS)
SINCE = NOW - timedelta(minutes=1)
Ask = Callable[[Any], Any]
QUESTIONS: dict[Capability, Ask] = {
    Capability.LOOK_UP: lambda provider: provider.look_up(HELLO, SINCE),
    Capability.LISTS_SENT: lambda provider: list(provider.sent_since(SINCE)),
    Capability.LISTS_RECEIVED: lambda provider: list(provider.received_since(SINCE)),
}
every_provider = pytest.mark.parametrize("name", REGISTER)
every_reader = pytest.mark.parametrize("name", [name for name in REGISTER if REGISTER[name].receives])
ASKED = [(name, question) for name in REGISTER for question in QUESTIONS if question in REGISTER[name].can]
OVER_HTTP = [(name, question) for name, question in ASKED if DIALECTS[name].asked_at]


def those_that(capability: Capability) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("name", [name for name in REGISTER if capability in REGISTER[name].can])


Says = Callable[[str, Answer], Any]


@pytest.fixture
def says(httpserver: HTTPServer) -> Says:
    """The named provider, opened against a server that gives this answer to every question."""

    def open_with(name: str, answer: Answer) -> Any:
        asked = httpserver.expect_request(DIALECTS[name].asked_at, method="GET")
        if isinstance(answer.body, str):
            asked.respond_with_data(answer.body, answer.status, answer.headers, answer.content_type)
        else:
            asked.respond_with_json(answer.body, answer.status, answer.headers)
        return opened(name, httpserver.url_for("").rstrip("/"))

    return open_with


@pytest.mark.parametrize(
    ("name", "question"),
    [(name, question) for name in REGISTER for question in QUESTIONS if question not in REGISTER[name].can],
)
def test_what_is_not_declared_is_refused(name: str, question: Capability) -> None:
    with pytest.raises(NotImplementedError):
        QUESTIONS[question](opened(name))


@every_reader
def test_receipts_name_our_reference_where_that_is_declared_and_never_else(name: str) -> None:
    names_it = Capability.CALLBACK in REGISTER[name].can
    assert {receipt.ref for _, receipt in DIALECTS[name].receipts} == ({REF} if names_it else {None})


@every_reader
def test_receipts_name_the_phone_where_that_is_declared_and_never_else(name: str) -> None:
    names_it = Capability.PHONE_IN_RECEIPT in REGISTER[name].can
    assert {receipt.phone for _, receipt in DIALECTS[name].receipts} == ({CITIZEN} if names_it else {""})


@pytest.mark.parametrize("name", [name for name in REGISTER if DIALECTS[name].base])
def test_a_text_takes_our_reference_along_where_receipts_name_it(
    name: str, stubbed: Stubbed, asked: Callable[[], Request]
) -> None:
    stubbed(name, DIALECTS[name].says[Saying.TAKEN]).send(HELLO)
    said = asked().url + asked().get_data(as_text=True) + str(asked().form)
    assert (REF in said) == (Capability.CALLBACK in REGISTER[name].can)


@every_provider
def test_a_repeated_reference_is_answered_as_taken_where_that_is_declared(name: str, stubbed: Stubbed) -> None:
    declared = Capability.SAME_ID in REGISTER[name].can
    assert (Saying.THERE_ALREADY in DIALECTS[name].says) == declared
    if declared:
        assert stubbed(name, DIALECTS[name].says[Saying.THERE_ALREADY]).send(HELLO) == Accepted(REF)


@those_that(Capability.LOOK_UP)
def test_a_text_that_the_provider_has_is_found(name: str, says: Says) -> None:
    has = DIALECTS[name].has
    assert has
    (found,) = (one for one in says(name, has).look_up(HELLO, SINCE) if one.same_words)
    assert (found.provider_ref, found.to) == (DIALECTS[name].accepted_ref, CITIZEN)


@those_that(Capability.LOOK_UP)
def test_a_text_that_the_provider_has_not_is_not_found(name: str, says: Says) -> None:
    has_not = DIALECTS[name].has_not
    assert has_not
    assert list(says(name, has_not).look_up(HELLO, SINCE)) == []


@pytest.mark.parametrize(("name", "question"), OVER_HTTP)
@pytest.mark.parametrize(
    "answer",
    [
        Answer(500, {"message": "Oops"}),
        Answer(401, {"message": "Who are you?", "code": 20003, "status": 401}),
        Answer(429, {"message": "Slow down"}),
        Answer(302, "", headers={"Location": "/elsewhere"}),
        Answer(200, "<html>hello</html>", "text/html"),
        *(Answer(200, body) for body in ("", "null", "[]", "17", "{}", '{"messages": 3}', '{"id": "another"}', "{")),
    ],
)
def test_an_answer_that_is_none_is_no_word_at_all(name: str, question: Capability, answer: Answer, says: Says) -> None:
    with pytest.raises(NoWord):
        QUESTIONS[question](says(name, answer))


@pytest.mark.parametrize(("name", "question"), OVER_HTTP)
def test_nobody_there_is_no_word_at_all(name: str, question: Capability) -> None:
    with nobody_listening() as base, pytest.raises(NoWord):
        QUESTIONS[question](opened(name, base))
    with silent() as base, pytest.raises(NoWord):
        QUESTIONS[question](opened(name, base, timeout=(2.0, 0.2)))
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{") as base, pytest.raises(NoWord):
        QUESTIONS[question](opened(name, base))


@those_that(Capability.LISTS_RECEIVED)
def test_a_listed_text_is_the_text_that_the_webhook_would_bring(name: str, says: Says, tmp_path: Path) -> None:
    dialect = DIALECTS[name]
    if dialect.lists:
        provider = says(name, dialect.lists(Sms(to="+15005550006")))
    else:
        assert dialect.log
        file = tmp_path / "access.log"
        file.write_text(dialect.log(Sms(to="+15005550006")))
        provider = opened(name, log=str(file))
    brought = provider.read_sms(dialect.sms(Sms(to="+15005550006")))
    (listed,) = provider.received_since(SINCE)
    assert listed.sent_at == NOW
    assert {**fields(listed), "sent_at": None} == {**fields(brought), "sent_at": None}
    assert list(provider.received_since(NOW + timedelta(seconds=1))) == []


def test_a_part_that_kannel_logged_is_the_part_that_its_webhook_would_bring(tmp_path: Path) -> None:
    sms = Sms(more=[("udh", "\x05\x00\x03\x0a\x03\x02")])
    assert DIALECTS["kannel"].log
    file = tmp_path / "access.log"
    file.write_text(DIALECTS["kannel"].log(sms))
    provider = opened("kannel", log=str(file))
    brought = provider.read_sms(DIALECTS["kannel"].sms(sms))
    (listed,) = provider.received_since(SINCE)
    assert listed.part == Part(10, 3, 2)
    assert {**fields(listed), "sent_at": None} == {**fields(brought), "sent_at": None}


def test_a_log_in_the_format_that_names_no_headers_is_read_too(tmp_path: Path) -> None:
    file = tmp_path / "access.log"
    file.write_text(f"Receive SMS|m1|{int(NOW.timestamp())}|op|0|84900001234|8079|PA duong | hong\n")
    (listed,) = opened("kannel", log=str(file)).received_since(SINCE)
    assert (listed.sender, listed.text, listed.part) == (CITIZEN, "PA duong | hong", None)


def fields(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in type(one).__slots__}


@those_that(Capability.LISTS_SENT)
def test_what_was_sent_is_listed_and_what_came_in_is_not(name: str, says: Says) -> None:
    lists = DIALECTS[name].lists
    assert lists
    assert [(one.provider_ref, one.to) for one in says(name, lists(Sms())).sent_since(SINCE)] == [(SID, CITIZEN)]


def test_a_list_that_goes_on_is_read_to_its_end(httpserver: HTTPServer) -> None:
    path = DIALECTS["twilio"].asked_at
    first, rest = twilio_list(twilio_listed(sid="SM1")), twilio_list(twilio_listed(sid="SM2"))
    httpserver.expect_ordered_request(path).respond_with_json({**first.body, "next_page_uri": f"{path}?Page=1"})
    httpserver.expect_ordered_request(path, query_string="Page=1").respond_with_json(rest.body)
    provider = opened("twilio", httpserver.url_for("").rstrip("/"))
    assert [one.provider_ref for one in provider.sent_since(SINCE)] == ["SM1", "SM2"]


def test_twilio_is_asked_for_one_phone_and_its_trial_accounts_words_are_seen_through(
    says: Says, httpserver: HTTPServer
) -> None:
    trial = twilio_listed(body=f"Sent from your Twilio trial account - {WORDS}", status="delivered")
    (found,) = says("twilio", twilio_list(trial)).look_up(HELLO, SINCE)
    assert isinstance(found, Sighting)
    assert (found.delivery, found.same_words) == ("delivered", True)
    assert httpserver.log[-1][0].args["To"] == CITIZEN


@pytest.mark.parametrize(
    ("handed_over", "listed"),
    [
        pytest.param(
            "Da nhan \u201cphan anh\u201d \u2013 cam on.", 'Da nhan "phan anh" - cam on.', id="Smart Encoding"
        ),
        pytest.param("Da nhan \u2713 phan anh", "Da nhan  phan anh", id="a sign left out"),
        pytest.param("phan anh", "Da nhan phan anh", id="another text that ends with its words"),
    ],
)
def test_a_text_that_twilio_lists_with_other_words_is_told_and_marked_so(
    handed_over: str, listed: str, says: Says
) -> None:
    twilio = says("twilio", twilio_list(twilio_listed(body=listed), twilio_listed(direction="inbound", sid="SM9")))
    found = twilio.look_up(OutgoingSms(REF, CITIZEN, handed_over), SINCE)
    assert [(one.provider_ref, one.same_words) for one in found] == [(SID, False)]


def test_a_kannel_without_its_access_log_has_no_word(tmp_path: Path) -> None:
    for log in ("", str(tmp_path / "nowhere.log")):
        with pytest.raises(NoWord):
            list(opened("kannel", log=log).received_since(SINCE))


def test_a_torn_line_of_the_access_log_costs_no_other(tmp_path: Path) -> None:
    whole = DIALECTS["kannel"].log
    assert whole
    file = tmp_path / "access.log"
    file.write_text(f"Receive SMS|x|9|\n\x00\x00\n{whole(Sms())}Receive SMS|y|{int(NOW.timestamp())}|op|0|{CITIZEN}|80")
    assert [one.provider_ref for one in opened("kannel", log=str(file)).received_since(SINCE)] == ["message-1"]
