"""The periodic report: reckoned from the complaints, then written for people or for machines."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from smsgw.domain.candour import Candour
from smsgw.domain.categories import CategoryCode, ReportGroup
from smsgw.domain.marks import N_
from smsgw.domain.statistics import Period, Report, report
from smsgw.domain.workdays import Calendar
from smsgw.services.picturing import dressed
from smsgw.store import calls
from smsgw.store import sealed as sealed_store
from smsgw.store.calls import Reach
from smsgw.store.figures import matters
from smsgw.store.officials import Scope
from smsgw.text.catalogs import Translate

WIDTH = 66
GROUP_NAMES = {
    ReportGroup.COVID: N_("Epidemics (Covid-19 and others)"),
    ReportGroup.TRAFFIC: N_("Traffic safety"),
    ReportGroup.LAND: N_("Land"),
    ReportGroup.OTHER: N_("Other fields"),
}
FIELD_NAMES = {
    CategoryCode.GT: N_("Traffic and road safety"),
    CategoryCode.HT: N_("Town works: lighting, drains, trees, pavements"),
    CategoryCode.DN: N_("Electricity and household water"),
    CategoryCode.MT: N_("Environment, rubbish, minerals"),
    CategoryCode.DD: N_("Land"),
    CategoryCode.XD: N_("Building and order in the streets"),
    CategoryCode.AN: N_("Public order, noise"),
    CategoryCode.DB: N_("Epidemic prevention"),
    CategoryCode.YT: N_("Health and food safety"),
    CategoryCode.GD: N_("Education"),
    CategoryCode.XH: N_("Social policy, labour, insurance"),
    CategoryCode.HC: N_("Public administration, conduct of officials"),
    CategoryCode.NN: N_("Farming, irrigation, animals, natural disasters"),
    CategoryCode.KH: N_("Others"),
}
HIDDEN = {
    "by_citizen": N_("Withdrawn by the citizen"),
    "by_office": N_("Closed by an office without an answer"),
    "in_bulk": N_("Closed by the dozen (10 by one official in 10 minutes)"),
    "prolonged": N_("Given more time"),
    "serially": N_("Given more time again"),
    "paused": N_("Clock stopped by a question to the citizen"),
    "reopened": N_("Opened again after an answer"),
    "little": N_("Answered though the check asked for more"),
    "out_of_order": N_("Lines of the log that are older than those before them"),
}


@dataclass(frozen=True, slots=True)
class Reported:
    """Everything that the report of a period tells. `sealed` texts are among no other figure."""

    period: Period
    figures: Report
    reached: Reach
    sealed: int
    dressed: Candour


def reported(
    session: Session, period: Period, as_of: datetime, calendar: Calendar, scope: Scope | None = None
) -> Reported:
    """The whole report, of a scope or of everybody. `as_of` is the moment of asking, aware."""
    found = report(matters(session, period.begins, period.ends, as_of, scope), period, as_of, calendar)
    return Reported(
        period=period,
        figures=found,
        reached=calls.reach(session, period.begins, period.ends, scope),
        sealed=sealed_store.received(session, period.begins, period.ends, scope.units if scope else None),
        dressed=dressed(session, period, as_of, scope),
    )


def sealed_as_text(count: int, t: Translate) -> str:
    """The line of the table that says so."""
    return _line(t("Sealed, not counted above"), count)


def as_data(told: Reported) -> dict[str, Any]:
    """Plain values for JSON. Shares are 0 to 1 or None; categories are codes, complaints without one under "none".

    `on_time` is what was done in time; `late` is what was done late or is late in hand, as the shares reckon it;
    `answered` is how many of `to_handle` were answered. `answers_…` are of the answers written in the period: those that no
    text could bring, how many of these were told by phone or are still to be phoned; and those of which it is not known.
    `dressed` are counts of `domain.candour`.
    """
    figures, reached, period = told.figures, told.reached, told.period
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "received": figures.received,
        "carried_over": figures.carried_over,
        "to_handle": figures.to_handle,
        "in_hand": figures.in_hand.total,
        "in_hand_late": figures.in_hand.late,
        "in_hand_nearly_due": figures.in_hand.nearly_due,
        "in_hand_not_due": figures.in_hand.not_due,
        "done": figures.done.total,
        "done_late": figures.done.late,
        "on_time": figures.done.on_time,
        "late": figures.late,
        "late_share": figures.late_share,
        "on_time_share": figures.on_time_share,
        "answered": figures.answered,
        "answers_not_delivered": reached.not_delivered,
        "answers_told_by_phone": reached.told_by_phone,
        "answers_to_phone": reached.to_phone,
        "answers_delivery_unknown": reached.unknown,
        "groups": dict(figures.groups),
        "categories": _by_code(figures),
        "usual_working_hours": figures.usual_hours,
        "slow_working_hours": figures.slow_hours,
        "sealed": told.sealed,
        "dressed": asdict(told.dressed),
    }


def _by_code(figures: Report) -> dict[str, int]:
    known = {code.value: figures.categories.get(code.value, 0) for code in CategoryCode}
    return known | {"none": figures.categories.get(None, 0)}


def as_text(told: Reported, name: str, t: Translate) -> str:
    """A table for people, 66 signs wide. `name` is what the service calls itself; `t` says a sentence in a language."""
    figures, period = told.figures, told.period
    days = {"first": f"{period.first:%d/%m/%Y}", "last": f"{period.last:%d/%m/%Y}"}
    head = [t("REPORT ON COMPLAINTS RECEIVED BY TEXT").center(WIDTH).rstrip(), name.center(WIDTH).rstrip()]
    head.append((t("from %(first)s to %(last)s, both days included") % days).center(WIDTH).rstrip())
    parts = (
        [*_handled(figures, t), *_reached(told.reached, t)],
        _groups(figures, t),
        _fields(figures, t),
        _looked_at(told.dressed, t),
        *([[sealed_as_text(told.sealed, t)]] if told.sealed else []),
    )
    body = "\n\n".join("\n".join(part) for part in parts)
    return "\n".join([*head, "", body, "", t("Days are those of Viet Nam. Late share = late / to handle."), ""])


def _handled(figures: Report, t: Translate) -> Iterator[str]:
    yield t("I. HANDLING")
    yield _line(t("Received in the period"), figures.received)
    yield _line(t("Carried over"), figures.carried_over)
    yield _line(t("To handle"), figures.to_handle)
    yield _line(t("In hand"), figures.in_hand.total)
    yield _part(t("late"), figures.in_hand.late)
    yield _part(t("nearly due"), figures.in_hand.nearly_due)
    yield _part(t("not due yet"), figures.in_hand.not_due)
    yield _line(t("Finished"), figures.done.total)
    yield _part(t("late"), figures.done.late)
    yield _part(t("on time or early"), figures.done.on_time)
    yield _line(t("Late share"), percent(figures.late_share, t))
    answered = t("answered %(n)s of %(all)s") % {"n": figures.answered, "all": figures.to_handle}
    yield _line(t("On-time share"), f"{percent(figures.on_time_share, t)} ({answered})")
    yield _line(t("Working hours to an answer: half within"), in_hours(figures.usual_hours, t))
    yield _line(t("Working hours to an answer: nine in ten within"), in_hours(figures.slow_hours, t))


def _reached(reached: Reach, t: Translate) -> Iterator[str]:
    yield _line(t("Answers that no text could bring"), reached.not_delivered)
    yield _part(t("told by phone"), reached.told_by_phone)
    yield _part(t("still to be phoned"), reached.to_phone)
    yield _line(t("Answers sent, delivery never reported"), reached.unknown)


def _groups(figures: Report, t: Translate) -> Iterator[str]:
    yield t("II. RECEIVED, BY GROUP")
    for group in ReportGroup:
        yield _line(t(GROUP_NAMES[group]), of_all(figures.groups.get(group.value, 0), figures.received))


def of_all(part: int, whole: int) -> str:
    """A part beside its whole, as offices write it: 09/25."""
    return f"{part:02}/{whole:02}"


def _fields(figures: Report, t: Translate) -> Iterator[str]:
    yield t("III. RECEIVED, BY FIELD")
    for code in CategoryCode:
        yield _line(f"{code.value}  {t(FIELD_NAMES[code])}", figures.categories.get(code.value, 0))
    yield _line("--  " + t("Field not known yet"), figures.categories.get(None, 0))


def _looked_at(found: Candour, t: Translate) -> Iterator[str]:
    yield t("IV. WHAT FIGURES MAY HIDE")
    for name, words in HIDDEN.items():
        yield _line(t(words), getattr(found, name))


def _part(label: str, value: object) -> str:
    """A line that belongs to the one above."""
    return _line(f"  {label}", value)


def _line(label: str, value: object) -> str:
    """The label, dots, and the value at the right edge."""
    dots = "." * max(WIDTH - len(label) - len(str(value)) - 2, 2)
    return f"{label} {dots} {value}"


def percent(share: float | None, t: Translate) -> str:
    """A share as people of that language read it; a dash where there is none."""
    return "-" if share is None else _marked(f"{share * 100:.1f} %".replace(".0 %", " %"), t)


def in_hours(hours: float | None, t: Translate) -> str:
    """Hours with one digit; a dash where there was nothing to measure."""
    return "-" if hours is None else _marked(f"{hours:.1f}", t)


def _marked(number: str, t: Translate) -> str:
    """With the language's decimal mark."""
    return number.replace(".", t("."))
