"""The duty roster, leave with its deputies, and who gets the day's digest."""

from collections.abc import Callable, Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.admin.entrance import WRONG, changing, day_said, door, said, time_said, today
from handlers.guards import demands, gateway
from handlers.language import gettext
from smsgw.domain.phone import for_eyes
from smsgw.domain.progress import Duty
from smsgw.domain.shifts import Shift
from smsgw.services import duty as service
from smsgw.services.alarming import on_watch
from smsgw.services.duty import Absence, DutyError
from smsgw.services.reaching import Reach
from smsgw.store import absences, directory, officials, shifts
from smsgw.store.database import Transaction
from smsgw.store.tables import Official, Unit

ADDED = _("It is in the roster.")
REMOVED = _("It is taken out of the roster.")
AWAY = _("Noted. On these days alerts and cases are with the deputy.")
BACK = _("Noted. Alerts and cases are with them again.")
CHOSEN = _("Noted.")
INCOMPLETE = _("Choose the people and the unit, and give both days.")
HOURS = _("Give both times, or neither for day and night.")
OF_CASES = frozenset(Duty) - service.NO_CASES


@door.get("/duty")
@demands(Duty.ADMIN)
def duty() -> ResponseReturnValue:
    """Who is on watch now, the roster, and who is away."""
    return _page()


@door.post("/duty/shift")
@demands(Duty.ADMIN)
def add_shift() -> ResponseReturnValue:
    """A row of the roster."""

    def deed(session: Transaction) -> None:
        unit = {str(one.id): one for one in _units(session)}.get(said("unit"))
        official, first, last = _official(session, "official"), day_said(said("first")), day_said(said("last"))
        if unit is None or official is None or first is None or last is None:
            raise DutyError(INCOMPLETE)
        begins, ends = time_said(said("begins")), time_said(said("ends"))
        if (begins is None) != (ends is None):
            raise DutyError(HOURS)
        service.add_shift(session, unit, official, Shift(first, last, begins, ends), today=today())

    return _done(deed, str(ADDED))


@door.post("/duty/shift/<int:number>/remove")
@demands(Duty.ADMIN)
def remove_shift(number: int) -> ResponseReturnValue:
    """Takes a row out."""
    return _done(lambda session: service.remove_shift(session, number), str(REMOVED))


@door.post("/duty/leave")
@demands(Duty.ADMIN)
def add_leave() -> ResponseReturnValue:
    """An official is away, and who stands in."""

    def deed(session: Transaction) -> None:
        official, deputy = _official(session, "away"), _official(session, "deputy")
        first, last = day_said(said("from")), day_said(said("until"))
        if official is None or deputy is None or first is None or last is None:
            raise DutyError(INCOMPLETE)
        service.add_leave(session, Absence(official, deputy, first, last), today=today())

    return _done(deed, str(AWAY))


@door.post("/duty/leave/<int:number>/end")
@demands(Duty.ADMIN)
def end_leave(number: int) -> ResponseReturnValue:
    """They are back, or do not go."""
    return _done(lambda session: service.end_leave(session, number, today=today()), str(BACK))


@door.post("/duty/digest")
@demands(Duty.ADMIN)
def choose_digest() -> ResponseReturnValue:
    """Whether an official gets what can wait in one text a day."""

    def deed(session: Transaction) -> None:
        official = _official(session, "whose")
        if official is None:
            raise DutyError(INCOMPLETE)
        service.wish_for_digest(session, official, wished=said("digest") == "yes")

    return _done(deed, str(CHOSEN))


def _done(deed: Callable[[Transaction], None], words: str) -> ResponseReturnValue:
    try:
        with changing() as session:
            deed(session)
    except DutyError as refusal:
        return _page(refused=gettext(str(refusal)), typed=request.form), WRONG
    flash(words)
    return redirect(url_for("admin.duty"))


def _page(refused: str = "", typed: Mapping[str, str] | None = None) -> str:
    house = gateway()
    with house.database.read() as session:
        return render_template(
            "admin/duty.html",
            watch=_watch(session),
            rows=shifts.listed(session, today()),
            leaves=absences.listed(session, today()),
            people=_people(session),
            units=[unit for unit in _units(session) if unit.kind != "office"],
            offices=[unit for unit in _units(session) if unit.kind == "office"],
            wrong=[refused] if refused else [],
            typed=typed or {},
            today=today(),
            digest_at=house.vigilance.digest_at,
        )


def _watch(session: Transaction) -> list[tuple[str, str, bool]]:
    """Each ward and commune, whom a danger there is texted to now, and whether the roster says so."""
    house = gateway()
    handbook, now = house.handbook(session), house.now()
    found = []
    for unit in officials.communes(session, today()):
        people = on_watch(session, Reach(session, now), unit.id, None, now)
        told = ", ".join(one.name for one in people) or for_eyes(handbook.duty_phone_of(unit.id))
        found.append((unit.name, told, bool(people)))
    return found


def _people(session: Transaction) -> list[Official]:
    """Those who handle cases."""
    return [
        one
        for one in officials.everyone(session)
        if one.active and one.phone and OF_CASES.intersection(role.name for role in one.roles)
    ]


def _official(session: Transaction, field: str) -> Official | None:
    return {one.username: one for one in _people(session)}.get(said(field))


def _units(session: Transaction) -> list[Unit]:
    """Wards and communes in force, and their offices."""
    return [
        unit
        for unit in directory.units(session)
        if unit.kind in ("ward", "commune", "office") and (unit.valid_to is None or unit.valid_to >= today())
    ]
