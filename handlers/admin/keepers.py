"""Who may read sealed texts: named for a unit, and no longer; nobody is ever crossed out of the list."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.admin.entrance import changing, door, today
from handlers.guards import demands, gateway, official
from smsgw.domain.progress import Duty
from smsgw.services import sealing
from smsgw.services.sealing import READS_TEXTS, NoKeeperError
from smsgw.store import officials
from smsgw.store import sealed as store

NAMED = _("Named. From now on this person reads that unit's sealed texts.")
ENDED = _("Ended. From now on this person reads no sealed text of that unit.")
NOT_NAMED = _("Nobody was named: choose somebody with a desk who is not named for that unit already.")


@door.get("/keepers")
@demands(Duty.ADMIN)
def keepers() -> ResponseReturnValue:
    """Who is and was named, and how many texts wait in each unit."""
    return _page()


@door.post("/keepers/name")
@demands(Duty.ADMIN)
def name_keeper() -> ResponseReturnValue:
    """Names an official for a unit."""
    house = gateway()
    try:
        with changing() as session:
            person = {one.username: one for one in officials.everyone(session)}.get(request.form.get("official", ""))
            unit = {str(one.id): one for one in officials.homes(session, today())}.get(request.form.get("unit", ""))
            if person is None or unit is None:
                raise NoKeeperError
            sealing.name_keeper(session, person, unit, official().id, house.now())
    except NoKeeperError:
        return _page(refused=str(NOT_NAMED)), 422
    flash(str(NAMED))
    return redirect(url_for("admin.keepers"))


@door.post("/keepers/<int:number>/end")
@demands(Duty.ADMIN)
def end_keeper(number: int) -> ResponseReturnValue:
    """Takes the right away again."""
    with changing() as session:
        sealing.end_keeping(session, number, official().id, gateway().now())
    flash(str(ENDED))
    return redirect(url_for("admin.keepers"))


def _page(refused: str = "") -> str:
    with gateway().database.read() as session:
        people = [
            one
            for one in officials.everyone(session)
            if one.active and one.password and READS_TEXTS.intersection(role.name for role in one.roles)
        ]
        return render_template(
            "admin/keepers.html",
            named=store.named(session),
            waiting=sealing.waiting(session),
            people=people,
            units=officials.homes(session, today()),
            refused=refused,
        )
