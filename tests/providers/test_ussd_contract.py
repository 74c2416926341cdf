"""What every provider of USSD keeps, whichever it is, and the habits of those that carry nothing else."""

import json
import unicodedata
from dataclasses import replace

import pytest

from smsgw.domain.messages import Malformed, UssdEvent, UssdScreen, UssdTurn
from smsgw.providers.register import REGISTER
from tests.providers.calls import json_call
from tests.providers.dialects import CITIZEN, TOKEN, opened
from tests.providers.ussd import USSD, Turn, xml

every_ussd = pytest.mark.parametrize("name", USSD)
EVENTS = [(name, event) for name in USSD for event in USSD[name].events]


def read(name: str, turn: Turn) -> UssdTurn:
    call = USSD[name].calls(turn)
    provider = opened(name)
    assert provider.guard(call)
    assert call.method == provider.method
    found: UssdTurn = provider.read_ussd(call)
    return found


def test_every_provider_with_ussd_is_held_to_this() -> None:
    assert set(USSD) == {name for name in REGISTER if REGISTER[name].ussd}


@pytest.mark.parametrize(("name", "event"), EVENTS)
def test_what_happened_is_told_in_our_words(name: str, event: UssdEvent) -> None:
    turn = read(name, Turn(event, "2" if event is UssdEvent.INPUT else "", before=("1",) if event else ()))
    expected = UssdEvent.INPUT if USSD[name].repeats and event is UssdEvent.START else event
    assert turn.event == expected
    assert (turn.provider, turn.session_id, turn.phone) == (name, "session-1", CITIZEN)


@every_ussd
def test_a_session_begins_with_its_code_and_nothing_typed(name: str) -> None:
    turn = read(name, Turn())
    assert (turn.event, turn.typed, turn.service_code) == (UssdEvent.START, "", "*8079#")
    assert turn.history == ("" if USSD[name].repeats else None)


@every_ussd
@pytest.mark.parametrize("typed", ["1", "Ngập ở cầu 5", 'duong hu # gan <cho> & "truong"', "00"])
def test_an_answer_is_what_was_typed_last(name: str, typed: str) -> None:
    turn = read(name, Turn(UssdEvent.INPUT, typed, before=("1", "2")))
    assert turn.typed == typed
    assert turn.history == (f"1*2*{typed}" if USSD[name].repeats else None)


@every_ussd
def test_a_star_in_an_answer_is_kept(name: str) -> None:
    turn = read(name, Turn(UssdEvent.INPUT, "hu * nang", before=("1",)))
    assert (turn.history or turn.typed).endswith("hu * nang")


@every_ussd
def test_words_are_fit_to_be_stored(name: str) -> None:
    typed = unicodedata.normalize("NFD", "Ngập đường Nguyễn Huệ")
    assert read(name, Turn(UssdEvent.INPUT, typed)).typed == "Ngập đường Nguyễn Huệ"


@every_ussd
def test_the_same_turn_brought_twice_reads_the_same(name: str) -> None:
    turn = Turn(UssdEvent.INPUT, "1", before=("2",))
    assert read(name, turn) == read(name, turn)


@every_ussd
def test_turns_that_are_numbered_keep_their_numbers(name: str) -> None:
    marks = [read(name, Turn(UssdEvent.INPUT, "9", before=("9",) * many)).mark for many in (1, 2)]
    assert marks == (["3", "4"] if USSD[name].numbers else ["", ""])


@every_ussd
@pytest.mark.parametrize("lacking", ["session", "phone"])
@pytest.mark.parametrize("value", [None, "", "  ", "x" * 3000])
def test_a_turn_without_session_or_phone_is_malformed(name: str, lacking: str, value: str | None) -> None:
    call = USSD[name].calls(replace(Turn(UssdEvent.INPUT, "1"), **{lacking: value}))
    with pytest.raises(Malformed):
        opened(name).read_ussd(call)


@every_ussd
@pytest.mark.parametrize("more", [True, False])
@pytest.mark.parametrize("text", ["1 Duong sa\n2 Nuoc", 'Ngập <ở> & "cầu" \\ 5', "CON END"])
def test_a_screen_reaches_the_phone_as_it_is(name: str, text: str, *, more: bool) -> None:
    answer = opened(name).show(UssdScreen(text, more), read(name, Turn()))
    assert answer.status == 200
    assert USSD[name].shows(answer) == (text, more)


@pytest.mark.parametrize("name", ["hubtel", "arkesel"])
@pytest.mark.parametrize("body", ["", "[]", "17", "{", "null", '"x"', '{"Mobile": {}, "msisdn": []}', "[" * 100_000])
def test_a_body_that_is_no_object_is_malformed(name: str, body: str) -> None:
    with pytest.raises(Malformed):
        opened(name).read_ussd(json_call(f"/ussd/{name}/{TOKEN}", body))


def test_an_unknown_type_of_hubtels_ends_nothing() -> None:
    told = {"Mobile": CITIZEN, "SessionId": "s", "Type": "Wandering", "Message": "1"}
    assert opened("hubtel").read_ussd(json_call("/ussd/hubtel/x", told)).event is UssdEvent.INPUT


@pytest.mark.parametrize("flag", [None, "true", 1, 0, "", [True]])
def test_arkesels_flag_is_a_flag(flag: object) -> None:
    told = {"sessionID": "s", "msisdn": CITIZEN, "newSession": flag, "userData": "1"}
    with pytest.raises(Malformed):
        opened("arkesel").read_ussd(json_call("/ussd/arkesel/x", told))


def test_arkesel_is_told_whom_a_screen_is_for_as_it_told_us() -> None:
    turn = read("arkesel", Turn(UssdEvent.INPUT, "1"))
    told = json.loads(opened("arkesel").show(UssdScreen("x", more=True), turn).body)
    assert (told["sessionID"], told["userID"], told["msisdn"]) == ("session-1", "HOUSE_1", CITIZEN[1:])


def test_a_session_that_could_not_be_charged_is_over() -> None:
    body = f"<ussd><msisdn>{CITIZEN}</msisdn><sessionid>s</sessionid><type>10</type><msg/></ussd>"
    assert opened("truroute").read_ussd(xml(body)).event is UssdEvent.END


@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_signs_that_xml_cannot_write_are_left_out_and_all_others_stay(sign: str) -> None:
    screen = UssdScreen(f"Doi se{sign} den\n1 Diem \x7f\U0001f600", more=True)
    answer = opened("truroute").show(screen, read("truroute", Turn()))
    assert USSD["truroute"].shows(answer) == ("Doi se den\n1 Diem \x7f\U0001f600", True)


BOMB = "<!DOCTYPE ussd [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
)
ENDING = "<sessionid>s</sessionid><type>2</type>"
HOSTILE = {
    "a bomb of entities": f"{BOMB}]><ussd><msisdn>{CITIZEN}</msisdn>{ENDING}<msg>&j;</msg></ussd>",
    "a file": "<!DOCTYPE ussd [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    f"<ussd><msisdn>{CITIZEN}</msisdn>{ENDING}<msg>&x;</msg></ussd>",
    "an address": "<!DOCTYPE ussd SYSTEM 'http://127.0.0.1:9/x.dtd'>"
    f"<ussd><msisdn>{CITIZEN}</msisdn>{ENDING}<msg>1</msg></ussd>",
    "a document type alone": f"<!DOCTYPE ussd><ussd><msisdn>{CITIZEN}</msisdn>{ENDING}<msg>1</msg></ussd>",
    "an entity nobody declared": f"<ussd><msisdn>{CITIZEN}</msisdn>{ENDING}<msg>&x;</msg></ussd>",
    "another element": "<sms/>",
    "no XML": "hello",
    "nothing": "",
    "half": "<ussd><msisdn>",
    "an encoding that there is not": "<?xml version='1.0' encoding='no-such'?><ussd/>",
    "octets that are none": b"<ussd>\xff\xfe</ussd>",
    "very deep": "<a>" * 20_000,
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_xml_is_malformed_and_opens_nothing(body: str | bytes) -> None:
    with pytest.raises(Malformed):
        opened("truroute").read_ussd(xml(body))
