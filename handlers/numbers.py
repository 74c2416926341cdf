"""What pages say of officials' numbers, and of what was ordered from them by text."""

from flask_babel import lazy_gettext as _

from handlers.language import gettext
from smsgw.services import obeying
from smsgw.services.verifying import Trouble
from smsgw.text.orders import REFUSED

TROUBLES = {
    Trouble.NO_NUMBER: _("That is no Vietnamese mobile number, so no text could reach it."),
    Trouble.MANY_CODES: _("Too many codes were texted to this number today. Please try again tomorrow."),
    Trouble.NO_CODE: _("No code is good any more. Please have a new one texted."),
    Trouble.WRONG: _("That is not the code. Please look at the text again."),
    Trouble.ANOTHERS: _("Another official has proved this number to be theirs. Please tell your administrator."),
}
CODE_SENT = _("The code is on its way to the phone.")
VERIFIED = _("The number is verified. From now on alerts to it can be acted on by text.")
CHANGED = _("The number is changed. Nothing is done by text from it until it is verified.")
OPENED = _("Orders by text are heard again.")
DEEDS = {
    "read": _("read (XEM)"),
    "take": _("accept (NHAN)"),
    "pass": _("pass on (CHUYEN)"),
    "more_time": _("more time (HAN)"),
    "grant": _("grant more time (DUYET)"),
    "refuse": _("grant no more time (KHONG DUYET)"),
    "ask": _("ask (HOI)"),
    "answer": _("answer (TL)"),
    "send": _("send as it is (GUI)"),
}
OUTCOMES = {
    obeying.DONE: _("done"),
    obeying.WRONG: _("wrong code"),
    obeying.USED: _("code used before"),
    obeying.EXPIRED: _("code too old"),
    obeying.REPEATED: _("the same text once more"),
    obeying.UNVERIFIED: _("number not verified"),
    obeying.UNKNOWN_NUMBER: _("number of no official"),
    obeying.LOCKED: _("locked after wrong codes"),
}
WITHOUT_CODE = frozenset(OUTCOMES) - {obeying.DONE}  # nothing was done, and the code was no good
NOT_DONE = _("not done")


def outcome(told: str) -> str:
    """What came of an order, for eyes."""
    return str(OUTCOMES.get(told, NOT_DONE))


def reason(told: str) -> str:
    """What the official read about it where the code was good and nothing was done; else empty."""
    return gettext(REFUSED[told]).replace("%s", "…") if told in REFUSED else ""
