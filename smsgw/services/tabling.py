"""The periodic report as tables for spreadsheets, with a name for machines beside each label."""

from collections.abc import Iterator
from typing import Any

from smsgw.domain.categories import CategoryCode, ReportGroup
from smsgw.domain.marks import N_
from smsgw.services.reporting import FIELD_NAMES, GROUP_NAMES, HIDDEN, Reported, as_data, of_all
from smsgw.text.catalogs import Translate
from smsgw.text.sheets import Share, Sheet, Value, as_csv, as_xlsx

LABELS = {
    "from": N_("First day"),
    "to": N_("Last day"),
    "received": N_("Received in the period"),
    "carried_over": N_("Carried over"),
    "to_handle": N_("To handle"),
    "in_hand": N_("In hand"),
    "in_hand_late": N_("In hand, late"),
    "in_hand_nearly_due": N_("In hand, nearly due"),
    "in_hand_not_due": N_("In hand, not due yet"),
    "done": N_("Finished"),
    "done_late": N_("Finished late"),
    "on_time": N_("Finished on time or early"),
    "late": N_("Late in all"),
    "late_share": N_("Late share"),
    "on_time_share": N_("On-time share"),
    "answered": N_("Answered"),
    "answered_of": N_("Answered, of those to handle"),
    "usual_working_hours": N_("Working hours to an answer: half within"),
    "slow_working_hours": N_("Working hours to an answer: nine in ten within"),
    "answers_not_delivered": N_("Answers that no text could bring"),
    "answers_told_by_phone": N_("of these told by phone"),
    "answers_to_phone": N_("of these still to be phoned"),
    "answers_delivery_unknown": N_("Answers sent, delivery never reported"),
    "sealed": N_("Sealed, not counted above"),
}


def report_as_csv(told: Reported, t: Translate) -> str:
    """Everything in one table."""
    parts = (("figures", _figures), ("groups", _groups), ("categories", _fields), ("dressed", _dressed))
    rows = [(part, *row) for part, rows in parts for row in rows(told, t)]
    return as_csv(Sheet("report", [t("Part"), *_headings(t)], rows))


def report_as_xlsx(told: Reported, t: Translate) -> bytes:
    """A sheet for each part."""
    parts = (
        (t("Handling"), _figures),
        (t("By group"), _groups),
        (t("By field"), _fields),
        (t("What figures may hide"), _dressed),
    )
    return as_xlsx([Sheet(name, _headings(t), list(rows(told, t))) for name, rows in parts])


def _headings(t: Translate) -> list[str]:
    return [t("Name"), t("Figure"), t("Value")]


Row = tuple[str, str, Value]


def _figures(told: Reported, t: Translate) -> Iterator[Row]:
    data: dict[str, Any] = as_data(told)
    data["answered_of"] = of_all(told.figures.answered, told.figures.to_handle)
    for name, label in LABELS.items():
        value = data[name]
        yield name, t(label), Share(value) if name.endswith("_share") and value is not None else value


def _groups(told: Reported, t: Translate) -> Iterator[Row]:
    for group in ReportGroup:
        count = told.figures.groups.get(group.value, 0)
        yield group.value, t(GROUP_NAMES[group]), count
        yield f"{group.value}_of", t(GROUP_NAMES[group]), of_all(count, told.figures.received)


def _fields(told: Reported, t: Translate) -> Iterator[Row]:
    for code in CategoryCode:
        yield code.value, t(FIELD_NAMES[code]), told.figures.categories.get(code.value, 0)
    yield "none", t("Field not known yet"), told.figures.categories.get(None, 0)


def _dressed(told: Reported, t: Translate) -> Iterator[Row]:
    for name, label in HIDDEN.items():
        yield name, t(label), getattr(told.dressed, name)
