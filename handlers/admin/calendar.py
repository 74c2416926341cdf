"""The working calendar: days off and make-up days, one by one or from a file that is looked at first, and office hours."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from handlers.admin.entrance import WRONG, changing, day_said, door, number_said, said, time_said, today
from handlers.guards import demands, gateway
from handlers.language import chosen, gettext
from handlers.typed import storable
from smsgw.domain import dayfile
from smsgw.domain.dayfile import Day, Problem, Wrong
from smsgw.domain.progress import Duty
from smsgw.domain.workdays import HALF_DAYS
from smsgw.services import daybook
from smsgw.services.daybook import DayError, Hours
from smsgw.store import directory, officials
from smsgw.store.calendar import library_names, office_hours, public_holidays
from smsgw.store.database import Transaction

LARGEST_FILE = 48 * 1024
WRONGS = {
    Wrong.NO_DATE: _("no date such as 2027-02-04 or 04/02/2027"),
    Wrong.NO_KIND: _("the kind must be off or working"),
    Wrong.NO_NAME: _("the name is missing"),
    Wrong.TWICE: _("this day stands there twice, and differs"),
    Wrong.NOT_WHOLE_DAYS: _("not a whole day"),
    Wrong.REPEATS: _("repeats are not read: give each day by itself"),
    Wrong.TOO_LONG: _("longer than a month"),
    Wrong.TOO_MANY: _("too many days: at most %(most)s", most=dayfile.MOST_DAYS),
    Wrong.NOTHING: _("no day is in it"),
}
CHANGES = {"new": _("new"), "other": _("other than before"), "same": _("as it is")}

Change = Callable[[Transaction], object]


@door.get("/calendar")
@demands(Duty.ADMIN)
def calendar() -> ResponseReturnValue:
    """Days off and make-up days ahead: the library's, corrected by the locality's; the hours offices work."""
    return _shown()


@door.post("/calendar/day")
@demands(Duty.ADMIN)
def keep_day() -> ResponseReturnValue:
    """One day off or one make-up day; a day off of one ward or commune alone is a closure there."""
    day, unit_id = day_said(said("day")), number_said(said("unit"), 99_999)
    if day is None:
        return _shown([gettext("Give the day.")]), WRONG
    one = Day(day, said("kind") == "working", said("name"), said("source"))
    if unit_id:
        if unit_id not in _communes():
            return _shown([gettext("There is no such unit.")]), WRONG
        return _done(
            lambda session: daybook.keep_closure(session, unit_id, one), gettext("The day is in the calendar.")
        )
    return _done(lambda session: daybook.keep_days(session, [one]), gettext("The day is in the calendar."))


@door.post("/calendar/day/<day>/forget")
@demands(Duty.ADMIN)
def forget_day(day: str) -> ResponseReturnValue:
    """The week and the public holidays decide again."""
    known = day_said(day)
    if known is None:
        return _shown([gettext("Give the day.")]), WRONG
    return _done(lambda session: daybook.forget_day(session, known), gettext("The day is taken out."))


@door.post("/calendar/closure/<int:unit>/<day>/forget")
@demands(Duty.ADMIN)
def forget_closure(unit: int, day: str) -> ResponseReturnValue:
    """The calendar of all decides here again."""
    known = day_said(day)
    if known is None:
        return _shown([gettext("Give the day.")]), WRONG
    return _done(lambda session: daybook.forget_closure(session, unit, known), gettext("The day is taken out."))


@door.post("/calendar/hours")
@demands(Duty.ADMIN)
def keep_hours() -> ResponseReturnValue:
    """Other hours from a day on."""
    first, times = day_said(said("first")), [time_said(said(name)) for name in ("opens", "breaks", "resumes", "closes")]
    opens, breaks, resumes, closes = times
    if first is None or opens is None or breaks is None or resumes is None or closes is None:
        return _shown([gettext("Give the first day and all four times.")]), WRONG
    hours = Hours(opens, breaks, resumes, closes)
    return _done(
        lambda session: daybook.keep_hours(session, first, hours, said("source"), today=today()),
        gettext("The hours are in the calendar."),
    )


@door.post("/calendar/hours/<day>/forget")
@demands(Duty.ADMIN)
def forget_hours(day: str) -> ResponseReturnValue:
    """Hours that have not begun."""
    known = day_said(day)
    if known is None:
        return _shown([gettext("Give the day.")]), WRONG
    return _done(
        lambda session: daybook.forget_hours(session, known, today=today()), gettext("The hours are taken out.")
    )


@door.post("/calendar/import")
@demands(Duty.ADMIN)
def import_days() -> ResponseReturnValue:
    """A file is shown first, with everything that is wrong with it; what was shown is taken over on the second click."""
    sent, source = _file(), said("source")
    told = dayfile.read(sent)
    days = [one if one.source else replace(one, source=source) for one in told.days]
    wrong = [_said(problem) for problem in told.problems]
    if any(not one.source for one in days):
        wrong.append(gettext("Give the act that the days come from."))
    if "keep" in request.form and not wrong:
        return _done(lambda session: daybook.keep_days(session, days), gettext("The days are in the calendar."))
    with gateway().database.read() as session:
        looked = daybook.looked_at(session, days)
    page = render_template(
        "admin/days.html",
        looked=looked,
        wrong=wrong,
        sent=sent,
        written=dayfile.written(days),
        source=source,
        changes=CHANGES,
    )
    return (page, WRONG) if wrong and "keep" in request.form else page


def _file() -> str:
    """What was sent as a file, else what was pasted; the first part of neither passes for the whole."""
    sent = request.files.get("file")
    raw = sent.read() if sent and sent.filename else b""
    told = storable(raw.decode("utf-8", errors="replace")) if raw else request.form.get("text", "")
    if len(told) > LARGEST_FILE:
        abort(413)
    return told


def _said(problem: Problem) -> str:
    words = f"{WRONGS[problem.wrong]}" + (f" ({problem.words[:80]})" if problem.words else "")
    return gettext("Line %(n)s: %(wrong)s", n=problem.line, wrong=words) if problem.line else words


def _done(change: Change, words: str) -> ResponseReturnValue:
    try:
        with changing() as session:
            change(session)
    except DayError as refusal:
        return _shown([gettext(str(refusal))]), WRONG
    flash(words)
    return redirect(url_for("admin.calendar"))


def _communes() -> Mapping[int, str]:
    """Wards and communes by id."""
    with gateway().database.read() as session:
        return {unit.id: unit.name for unit in officials.communes(session, today())}


def _shown(wrong: Sequence[str] = ()) -> str:
    now = today()
    closed, opened = public_holidays(now.year)
    with gateway().database.read() as session:
        own, hours, closures = directory.days(session), office_hours(session), directory.closures(session)
    more: dict[str, Any] = {"typed": request.form, "wrong": wrong, "today": now, "usual": HALF_DAYS}
    return render_template(
        "admin/calendar.html",
        own=own,
        closures=closures,
        communes=_communes(),
        hours=hours,
        closed=sorted(on for on in closed if on >= now),
        opened=sorted(on for on in opened if on >= now),
        names=library_names(now.year, chosen()),
        **more,
    )
