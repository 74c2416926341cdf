"""People: who signs in or is alerted, with which roles, where. A password is nobody's to set but their own."""

from collections.abc import Callable, Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from handlers.admin.entrance import WRONG, changing, door, number_said, said, today
from handlers.guards import demands, gateway, official
from handlers.language import LANGUAGES, gettext
from smsgw.domain.progress import Duty
from smsgw.services import personnel
from smsgw.services.personnel import Person
from smsgw.services.roster import RosterError
from smsgw.store import directory, officials
from smsgw.store.database import Transaction
from smsgw.store.tables import Official, Unit

MOST_ID = 99_999

Change = Callable[[Transaction], Official]


@door.get("/officials")
@demands(Duty.ADMIN)
def people() -> ResponseReturnValue:
    """Who signs in, with which role, where."""
    return _listed()


@door.post("/officials/add")
@demands(Duty.ADMIN)
def add_person() -> ResponseReturnValue:
    """Somebody new; the next page makes the code with which they choose a password."""
    return _done(lambda session: personnel.add(session, _person(), said("username", 60), _home(session)))


@door.get("/officials/<int:number>")
@demands(Duty.ADMIN)
def person(number: int) -> ResponseReturnValue:
    """One person, and what may be changed."""
    return _shown(number)


@door.post("/officials/<int:number>/amend")
@demands(Duty.ADMIN)
def amend_person(number: int) -> ResponseReturnValue:
    """Name, phone, roles, place of work, language."""

    def change(session: Transaction) -> Official:
        known = _official(session, number)
        personnel.amend(session, known, _person(), _home(session))
        return known

    return _done(change, number)


@door.post("/officials/<int:number>/switch")
@demands(Duty.ADMIN)
def switch_person(number: int) -> ResponseReturnValue:
    """Whether they sign in and are alerted; nobody shuts themselves out."""

    def change(session: Transaction) -> Official:
        known = _official(session, number)
        if known.id == official().id:
            raise RosterError(gettext("Nobody shuts themselves out: ask another administrator."))
        personnel.set_active(session, known, active=said("active") == "yes")
        return known

    return _done(change, number)


@door.post("/officials/<int:number>/admit")
@demands(Duty.ADMIN)
def admit_person(number: int) -> ResponseReturnValue:
    """Makes a code and shows it, this once: to hand over on paper or as a link."""
    house = gateway()
    with changing() as session:
        known = _official(session, number)
        if not known.active:
            abort(409)
        code = personnel.admit(session, known, house.now())
    link = f"{house.settings.public_url}{url_for('admission.choose', code=code)}"
    until = house.now() + personnel.ADMITTED_FOR
    return render_template("admin/admission.html", person=known, code=code, link=link, until=until)


def _person() -> Person:
    duties = [duty for duty in request.form.getlist("role") if duty in list(Duty)]
    return Person(said("name", 100), duties, said("phone", 20), said("language", 2))


def _home(session: Transaction) -> Unit:
    home = session.get(Unit, number_said(said("unit"), MOST_ID) or 0)
    if home is None:
        raise RosterError(gettext("Give the unit or office."))
    return home


def _official(session: Transaction, number: int) -> Official:
    return session.get(Official, number) or abort(404)


def _done(change: Change, number: int | None = None) -> ResponseReturnValue:
    try:
        with changing() as session:
            changed = change(session)
    except RosterError as refusal:
        wrong = [gettext(str(refusal))]
        return (_listed(wrong) if number is None else _shown(number, wrong)), WRONG
    flash(gettext("It is written down."))
    return redirect(url_for("admin.person", number=changed.id))


def _listed(wrong: Sequence[str] = ()) -> str:
    with gateway().database.read() as session:
        everyone, awaited = officials.everyone(session), personnel.awaited(session, gateway().now())
        return render_template(
            "admin/officials.html", officials=everyone, awaited=awaited, **_choices(session), wrong=wrong
        )


def _shown(number: int, wrong: Sequence[str] = ()) -> str:
    with gateway().database.read() as session:
        known = next((one for one in officials.everyone(session) if one.id == number), None) or abort(404)
        awaited = known.id in personnel.awaited(session, gateway().now())
        return render_template(
            "admin/official.html", person=known, awaited=awaited, me=official().id, **_choices(session), wrong=wrong
        )


def _choices(session: Transaction) -> dict[str, object]:
    """What a person's form offers."""
    on = today()
    standing = [one for one in directory.units(session) if one.valid_to is None or one.valid_to >= on]
    return {
        "units": [one for one in standing if one.kind in ("province", "ward", "commune")],
        "offices": [one for one in standing if one.kind == "office"],
        "tongues": LANGUAGES,
        "typed": request.form,
        "today": on,
    }
