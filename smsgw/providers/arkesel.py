"""Arkesel's dialect (Ghana): JSON with the last answer only and a flag that says whether the session is new."""

import json
from collections.abc import Mapping
from typing import ClassVar

from smsgw.domain.messages import Malformed, UssdEvent, UssdScreen, UssdTurn, WebAnswer, WebCall
from smsgw.providers import fields
from smsgw.providers.shapes import TOKENS, Shape
from smsgw.providers.ussd_only import UssdOnly, caller


class Arkesel(UssdOnly):
    name: ClassVar[str] = "arkesel"
    needs_to_receive: ClassVar[tuple[str, ...]] = ("ARKESEL_CALLBACK_TOKEN",)
    shapes: ClassVar[Mapping[str, Shape]] = {"ARKESEL_CALLBACK_TOKEN": TOKENS}

    def read_ussd(self, call: WebCall) -> UssdTurn:
        """`userData` of a new session is what was dialled. No notice tells of an end. What names the session, the account
        and the phone goes back with each screen, as it came."""
        told = fields.json_object(call.body)
        is_new = told.get("newSession")
        if not isinstance(is_new, bool):
            raise Malformed("newSession is neither true nor false")
        data = fields.text(told.get("userData"))
        return UssdTurn(
            provider=self.name,
            session_id=fields.needed(told.get("sessionID"), "sessionID"),
            phone=caller(told.get("msisdn")),
            service_code=data.strip() if is_new else "",
            event=UssdEvent.START if is_new else UssdEvent.INPUT,
            typed="" if is_new else data,
            echo=tuple((name, fields.word(told.get(name))) for name in ("sessionID", "userID", "msisdn")),
        )

    def show(self, screen: UssdScreen, turn: UssdTurn) -> WebAnswer:
        told = {**dict(turn.echo), "message": screen.text, "continueSession": screen.more}
        return WebAnswer(json.dumps(told, ensure_ascii=False), "application/json")
