"""Texts that officials write often, checked when they are kept, and the texts that are registered with carriers."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.admin.entrance import WRONG, changing, door, said
from handlers.guards import demands, gateway, official
from handlers.language import gettext
from handlers.typed import whole_number
from smsgw.domain.categories import CategoryCode
from smsgw.domain.progress import Duty, State
from smsgw.domain.templates import LONGEST, LONGEST_TITLE, Flaw, Placeholder, Wrong
from smsgw.services import templates as service
from smsgw.services.answering import Kind
from smsgw.services.templates import Draft, NotKeptError, NotRegisteredError
from smsgw.store import templates as store
from smsgw.store.tables import Template

KINDS = {Kind.ANSWER.value: _("Answer"), Kind.QUESTION.value: _("Question")}
LIVING = (State.RECEIVED, State.ASSIGNED, State.WAITING, State.ANSWERED)
KNOWN = ", ".join(f"{{{name}}}" for name in Placeholder)
FLAWS = {
    Flaw.NO_TITLE: _("Give it a title."),
    Flaw.EMPTY: _("Write the text."),
    Flaw.TOO_LONG: _("At most %(title)s characters of title and %(text)s of text.", title=LONGEST_TITLE, text=LONGEST),
    Flaw.STRAY: _("A { or } stands alone: a blank is {{what to write}}, a placeholder {reference}."),
}


@door.get("/templates")
@demands(Duty.ADMIN)
def templates() -> ResponseReturnValue:
    """All in use, a form for a new one, and what is registered with carriers."""
    return _shown()


@door.get("/templates/<int:number>")
@demands(Duty.ADMIN)
def template(number: int) -> ResponseReturnValue:
    """One of them, to be changed."""
    with gateway().database.read() as session:
        row = store.one(session, number)
    return _shown(number=number, typed=_typed_of(row)) if row else abort(404)


@door.post("/templates/keep")
@demands(Duty.ADMIN)
def keep_template() -> ResponseReturnValue:
    """A new one, or a changed one."""
    number = whole_number(said("number"))
    try:
        with changing() as session:
            service.keep(session, _draft(), official().id, gateway().now(), number)
    except LookupError:
        abort(404)
    except NotKeptError as refusal:
        return _shown([_words(one) for one in refusal.wrong], number=number, typed=request.form), WRONG
    return _done(gettext("The text is kept. Officials find it beside their forms."))


@door.post("/templates/<int:number>/retire")
@demands(Duty.ADMIN)
def retire_template(number: int) -> ResponseReturnValue:
    """It is offered no more."""
    with changing() as session:
        service.retire(session, number, official().id, gateway().now())
    return _done(gettext("The text is offered no more."))


@door.post("/templates/registered")
@demands(Duty.ADMIN)
def register_text() -> ResponseReturnValue:
    """A text as a carrier has it."""
    provider = said("provider")
    if provider not in gateway().settings.sms_out:
        abort(400)
    try:
        with changing() as session:
            service.register(session, provider, request.form.get("body", ""), official().id, gateway().now())
    except NotRegisteredError:
        wrong = gettext("Write the text as it is registered, with {...} where it changes; not slots alone.")
        return _shown([wrong], typed=request.form), WRONG
    return _done(gettext("The registered text is kept."))


@door.post("/templates/registered/<int:number>/end")
@demands(Duty.ADMIN)
def end_registered(number: int) -> ResponseReturnValue:
    """The carrier has it no more."""
    with changing() as session:
        service.end_registration(session, number, gateway().now())
    return _done(gettext("The registered text is ended."))


def _draft() -> Draft:
    kind, field, state = said("kind"), said("field"), said("state")
    if kind not in KINDS or (field and field not in list(CategoryCode)) or (state and state not in LIVING):
        abort(400)
    body = " ".join(request.form.get("body", "").split())
    return Draft(kind, field or None, state or None, said("title"), body)


def _words(wrong: Wrong) -> str:
    match wrong.flaw:
        case Flaw.UNKNOWN:
            return gettext("There is no placeholder %(part)s. There are: %(known)s", part=wrong.part, known=KNOWN)
        case Flaw.NAMELESS:
            return gettext("A blank says nothing: write into it what is to be filled in, such as {{day}}.")
        case _:
            return str(FLAWS[wrong.flaw])


def _typed_of(row: Template) -> Mapping[str, str]:
    return {
        "kind": row.kind,
        "field": row.category or "",
        "state": row.state or "",
        "title": row.title,
        "body": row.body,
    }


def _done(words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("admin.templates"))


def _shown(wrong: Sequence[str] = (), *, number: int | None = None, typed: Mapping[str, Any] | None = None) -> str:
    house = gateway()
    with house.database.read() as session:
        return render_template(
            "admin/templates.html",
            rows=store.listed(session),
            registered=store.registered(session),
            carriers={name: house.speech.carriers.of(name) for name in house.settings.sms_out},
            kinds=KINDS,
            living=LIVING,
            known=KNOWN,
            number=number,
            typed=typed or {},
            wrong=wrong,
        )
