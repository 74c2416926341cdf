"""The providers that send: how each stands, in plain words, and taking one out of use by hand."""

from dataclasses import dataclass
from datetime import datetime

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from handlers.admin.entrance import changing, door, said
from handlers.guards import demands, gateway
from handlers.language import gettext
from handlers.words import moment
from smsgw.domain.choice import COMES_BACK_WITHIN, Standing
from smsgw.domain.progress import Duty
from smsgw.services import health


@dataclass(frozen=True, slots=True)
class Row:
    """One provider: whether it is in use, how it stands in words, what it last said, and its last minute."""

    name: str
    off_since: datetime | None
    words: str
    well: bool
    why: str
    calls: int
    troubles: int


@door.get("/providers")
@demands(Duty.ADMIN)
def providers() -> ResponseReturnValue:
    """In the order in which they are preferred, and who is heard through which."""
    house = gateway()
    order, settings = house.settings.sms_out, house.settings
    with house.database.read() as session:
        standings, off = health.standings(session, order), health.off(session)
    rows = [_row(name, standings[name], off.get(name), house.now()) for name in order]
    in_use = [row for row in rows if row.off_since is None]
    return render_template(
        "admin/providers.html", rows=rows, none_left=not in_use, heard=settings.sms_in, ussd=settings.ussd
    )


@door.post("/providers/<name>/switch")
@demands(Duty.ADMIN)
def switch_provider(name: str) -> ResponseReturnValue:
    """Out of use: no text is handed to it until it is taken into use again. It goes on being heard."""
    house = gateway()
    if name not in house.settings.sms_out:
        abort(404)
    off = said("use") != "yes"
    with changing() as session:
        health.switch(session, name, house.now() if off else None)
    flash(gettext("Out of use: no text goes out by it.") if off else gettext("In use again."))
    return redirect(url_for("admin.providers"))


def _row(name: str, standing: Standing, off_since: datetime | None, now: datetime) -> Row:
    words, well = _words(standing, off_since, now)
    calls, troubles = standing.calls + standing.calls_before, standing.troubles + standing.troubles_before
    return Row(
        name, off_since, words, well, standing.why if standing.failures or standing.rests else "", calls, troubles
    )


def _words(standing: Standing, off_since: datetime | None, now: datetime) -> tuple[str, bool]:
    if off_since is not None:
        return gettext("Taken out of use by hand since %(at)s.", at=moment(off_since)), False
    if standing.closed_until is not None:
        return gettext("Rests after failures; one text tries it at %(at)s.", at=moment(standing.closed_until)), False
    if standing.returned_at is not None and now - standing.returned_at < COMES_BACK_WITHIN:
        return gettext("Comes back, little by little."), True
    if standing.failures:
        return gettext("Sends; of late it failed %(n)s times in a row.", n=standing.failures), True
    return gettext("Sends."), True
