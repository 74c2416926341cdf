"""One table entry a provider that carries USSD: how it brings a turn, and how it is told the next screen."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from smsgw.domain.messages import UssdEvent, WebAnswer, WebCall
from tests.providers.calls import form_call, json_call
from tests.providers.dialects import CITIZEN, TOKEN


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn, in nobody's dialect; None leaves the field out. `before` is what was typed earlier in the session."""

    event: UssdEvent = UssdEvent.START
    typed: str = ""
    session: str | None = "session-1"
    phone: str | None = CITIZEN
    code: str = "*8079#"
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UssdDialect:
    """`calls` makes a turn's request; `events` are those it can tell; `shows` reads our answer as it does: the text, and
    whether the session goes on. `repeats` says that it tells everything typed so far, `numbers` that turns have numbers."""

    calls: Callable[[Turn], WebCall]
    shows: Callable[[WebAnswer], tuple[str, bool]]
    events: tuple[UssdEvent, ...] = tuple(UssdEvent)
    repeats: bool = False
    numbers: bool = False
    names_code_always: bool = True


def _told(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _everything(turn: Turn) -> str:
    return "*".join((*turn.before, *([turn.typed] if turn.event is UssdEvent.INPUT else [])))


def _bare(phone: str | None) -> str | None:
    """With its country, without the plus."""
    return phone.removeprefix("+") if phone else phone


def _simulator(turn: Turn) -> WebCall:
    path = "/ussd/simulator/x/ended" if turn.event is UssdEvent.END else "/ussd/simulator"
    told = {"session": turn.session, "phone": turn.phone, "code": turn.code, "text": _everything(turn)}
    return json_call(path, _told(told))


def _json_shows(text: str, more: str, goes_on: object) -> Callable[[WebAnswer], tuple[str, bool]]:
    def shows(answer: WebAnswer) -> tuple[str, bool]:
        assert answer.content_type.startswith("application/json")
        told = json.loads(answer.body)
        return told[text], told[more] == goes_on

    return shows


def _africastalking(turn: Turn) -> WebCall:
    ended = turn.event is UssdEvent.END
    told = {
        "sessionId": turn.session,
        "phoneNumber": turn.phone,
        "networkCode": "99999",
        "serviceCode": turn.code,
        "input" if ended else "text": _everything(turn),
    }
    path = f"/ussd/africastalking/{TOKEN}{'/ended' if ended else ''}"
    return form_call(path, _told(told).items(), token=TOKEN)


def _africastalking_shows(answer: WebAnswer) -> tuple[str, bool]:
    assert answer.content_type.startswith("text/plain")
    word, _, text = answer.body.partition(" ")
    assert word in ("CON", "END")
    return text, word == "CON"


def _by_token(name: str, told: Any) -> WebCall:
    call = json_call(f"/ussd/{name}/{TOKEN}", told)
    return WebCall(call.method, call.target, call.headers, call.query, call.form, call.body, TOKEN)


HUBTEL_TYPES = {
    UssdEvent.START: "Initiation",
    UssdEvent.INPUT: "Response",
    UssdEvent.END: "Release",
    UssdEvent.TIMEOUT: "Timeout",
}


def _hubtel(turn: Turn) -> WebCall:
    told = {
        "Mobile": _bare(turn.phone),
        "SessionId": turn.session,
        "ServiceCode": turn.code,
        "Type": HUBTEL_TYPES[turn.event],
        "Message": turn.code if turn.event is UssdEvent.START else turn.typed,
        "Operator": "mtn",
        "Sequence": 1 if turn.event is UssdEvent.START else len(turn.before) + 2,
        "ClientState": None,
    }
    return _by_token("hubtel", _told(told))


def _arkesel(turn: Turn) -> WebCall:
    is_new = turn.event is UssdEvent.START
    told = {
        "sessionID": turn.session,
        "userID": "HOUSE_1",
        "newSession": is_new,
        "msisdn": _bare(turn.phone),
        "userData": turn.code if is_new else turn.typed,
        "network": "MTN",
    }
    return _by_token("arkesel", _told(told))


XML_TYPES = {UssdEvent.START: "1", UssdEvent.INPUT: "2", UssdEvent.END: "3", UssdEvent.TIMEOUT: "4"}


def xml(body: str | bytes) -> WebCall:
    """What TruRoute would send with this body."""
    octets = body if isinstance(body, bytes) else body.encode()
    call = json_call(f"/ussd/truroute/{TOKEN}", octets)
    return WebCall(call.method, call.target, {"content-type": "text/xml"}, call.query, call.form, octets, TOKEN)


def _truroute(turn: Turn) -> WebCall:
    whole = ET.Element("ussd")
    message = turn.code if turn.event is UssdEvent.START else turn.typed
    told = {"msisdn": _bare(turn.phone), "sessionid": turn.session, "type": XML_TYPES[turn.event], "msg": message}
    for name, value in _told(told).items():
        ET.SubElement(whole, name).text = value
    return xml(ET.tostring(whole))


def _truroute_shows(answer: WebAnswer) -> tuple[str, bool]:
    assert answer.content_type.startswith("text/xml")
    told = ET.fromstring(answer.body)
    return told.findtext("msg") or "", told.findtext("type") == "2"


NO_TIMEOUT = (UssdEvent.START, UssdEvent.INPUT, UssdEvent.END)
USSD: Mapping[str, UssdDialect] = {
    "simulator": UssdDialect(_simulator, _json_shows("text", "more", True), NO_TIMEOUT, repeats=True),
    "africastalking": UssdDialect(_africastalking, _africastalking_shows, NO_TIMEOUT, repeats=True),
    "hubtel": UssdDialect(_hubtel, _json_shows("Message", "Type", "Response"), numbers=True),
    "arkesel": UssdDialect(
        _arkesel,
        _json_shows("message", "continueSession", True),
        (UssdEvent.START, UssdEvent.INPUT),
        names_code_always=False,
    ),
    "truroute": UssdDialect(_truroute, _truroute_shows, names_code_always=False),
}
