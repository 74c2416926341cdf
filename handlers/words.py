"""How pages say things: moments, terms, states, fields, and citizens' text with nothing hidden in it."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Flask
from flask_babel import lazy_gettext as _

from handlers.language import gettext
from smsgw.domain.phone import for_eyes, masked
from smsgw.domain.routing import WORDS as TRIAGE
from smsgw.domain.workdays import VIETNAM
from smsgw.services.reporting import FIELD_NAMES

STATES = {
    "received": _("Not yet assigned"),
    "assigned": _("Being handled"),
    "waiting": _("Waiting for the citizen"),
    "answered": _("Answered"),
    "closed": _("Closed"),
    "withdrawn": _("Withdrawn"),
    "refused": _("Not accepted"),
}
FIELDS = {code.value: _(name) for code, name in FIELD_NAMES.items()}
GAPS = {
    "what": _("what happened"),
    "place": _("where exactly"),
    "when": _("when"),
    "who": _("name or number of the file"),
}
TOLD = {
    **GAPS,
    "name": _("name"),
    "home": _("hamlet"),
}
DELIVERY = {
    "queued": _("waiting to be sent"),
    "dispatching": _("being sent"),
    "accepted": _("sent, no delivery report yet"),
    "delivered": _("delivered"),
    "undelivered": _("not delivered: phone the citizen"),
    "delivery_unknown": _("sent, delivery not known"),
    "unknown": _("perhaps sent: being checked"),
    "in_doubt": _("perhaps sent: phone the citizen"),
    "failed": _("could not be sent: phone the citizen"),
    "cancelled": _("not sent"),
}
ROLES = {
    "focal": _("Focal official"),
    "officer": _("Officer"),
    "head": _("Head of office"),
    "leader": _("Leader"),
    "supervisor": _("Supervisor"),
    "auditor": _("Auditor"),
    "admin": _("Administrator"),
}
KINDS = {
    "province": _("Province"),
    "ward": _("Ward"),
    "commune": _("Commune"),
    "former": _("Former unit"),
    "office": _("Office"),
}
HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Term:
    """How a due date stands, in a word for colour and in words for people."""

    tone: str
    words: str


def teach(app: Flask) -> None:
    """Gives the words to templates."""
    app.jinja_env.filters.update(
        moment=moment, second=second, day=day, visible=visible, masked=masked, for_eyes=for_eyes
    )
    app.jinja_env.globals.update(
        STATES=STATES,
        FIELDS=FIELDS,
        GAPS=GAPS,
        TOLD=TOLD,
        DELIVERY=DELIVERY,
        ROLES=ROLES,
        KINDS=KINDS,
        why_triage=why_triage,
    )


def moment(at: datetime | None) -> str:
    """Vietnam's clock and date: 17:00 30/11/2026."""
    return f"{at.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if at else ""


def second(at: datetime | None) -> str:
    """The same to the second: 17:00:30 30/11/2026."""
    return f"{at.astimezone(VIETNAM):%H:%M:%S %d/%m/%Y}" if at else ""


def day(on: date | None) -> str:
    return f"{on:%d/%m/%Y}" if on else ""


def why_triage(reason: str) -> str:
    """Why a person must look; empty where there is no reason."""
    told: Mapping[str, str] = {code.value: words for code, words in TRIAGE.items()}
    return gettext(told[reason]) if reason in told else ""


def term(due: datetime | None, now: datetime, near_until: datetime) -> Term:
    """Overdue, near or far, and by how much: "2 days left", "3 hours overdue"."""
    if due is None:
        return Term("none", gettext("No due date"))
    if due < now:
        return Term("late", gettext("Overdue by %(span)s", span=span(now - due)))
    return Term("near" if due <= near_until else "far", gettext("%(span)s left", span=span(due - now)))


def span(length: timedelta) -> str:
    """The largest whole measure: days, hours or minutes."""
    minutes = max(int(length.total_seconds() // 60), 1)
    hours, days = minutes // 60, minutes // (24 * 60)
    if minutes < 60:
        return gettext("1 minute") if minutes == 1 else gettext("%(n)s minutes", n=minutes)
    if hours < 48:
        return gettext("1 hour") if hours == 1 else gettext("%(n)s hours", n=hours)
    return gettext("%(n)s days", n=days)


def visible(text: str) -> str:
    """The text with every sign that would hide or reorder its neighbours spelled out; line breaks stay."""
    return "".join(f"[U+{ord(sign):04X}]" if _hides(sign) else sign for sign in text)


def _hides(sign: str) -> bool:
    return sign != "\n" and unicodedata.category(sign) in HIDDEN
