"""What stands beside the forms in which officials write: ready-made texts, what came back, and what waits for a second look."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _

from handlers.desk.entrance import WRITERS, writer
from handlers.desk.wording import flaws, lacks, size, waits
from handlers.guards import official
from handlers.language import gettext
from smsgw.domain.progress import Duty
from smsgw.domain.second_look import Why
from smsgw.domain.templates import Placeholder
from smsgw.domain.workdays import VIETNAM
from smsgw.gateway import Gateway
from smsgw.services import second_look, templates, undoing
from smsgw.services.answering import Preview
from smsgw.services.templates import Offer
from smsgw.store import held
from smsgw.store.calls import OVER
from smsgw.store.database import Transaction
from smsgw.store.tables import Complaint, HeldLetter

BLANKS = {
    Placeholder.REFERENCE: _("complaint number"),
    Placeholder.OFFICE: _("which office"),
    Placeholder.UNIT: _("which ward or commune"),
    Placeholder.PLACE: _("which place"),
    Placeholder.DATE: _("date"),
    Placeholder.DUE: _("due date"),
}
REASONS = {
    Why.MENTIONS.value: _("It holds a web address or a telephone number that is on no list."),
    Why.APPROVAL.value: _("The leader approves answers of this field."),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A text that waits, as the citizen would get it now, and what the visitor may do about it."""

    row: HeldLetter
    shown: Preview
    size: str
    notes: list[str]
    may_decide: bool
    may_take_back: bool


def composed(session: Transaction, house: Gateway, complaint: Complaint) -> Mapping[str, Any]:
    """For the page: `held` waits; `back` was sent back or taken back; `drafts` is what stands in the forms at first."""
    if complaint.state in OVER or not official().duties - {Duty.AUDITOR}:
        return {"held": None, "back": None, "offers": [], "drafts": {}}
    offers = _offers(session, house, complaint)
    row, back = held.waiting_of(session, complaint.id), held.to_be_changed(session, complaint.id)
    return {
        "held": _waiting(session, house, complaint, row) if row else None,
        "back": back,
        "offers": offers,
        "drafts": _drafts(offers, back, undoing.called_back(session, complaint, official().id)),
    }


def _offers(session: Transaction, house: Gateway, complaint: Complaint) -> list[Offer]:
    if not official().duties.intersection(WRITERS):
        return []
    today = house.now().astimezone(VIETNAM).date()
    blanks = {name: str(words) for name, words in BLANKS.items()}
    return templates.offered(session, complaint, today, blanks)


def _drafts(offers: list[Offer], back: HeldLetter | None, called_back: str) -> dict[str, str]:
    """The ready-made text that was chosen by its link, else what came back, else the answer that its writer called back."""
    chosen = request.args.get("template", "")
    if picked := {one.kind: one.text for one in offers if str(one.number) == chosen}:
        return picked
    if back:
        return {back.kind: back.body}
    return {"answer": called_back} if called_back else {}


def _waiting(session: Transaction, house: Gateway, complaint: Complaint, row: HeldLetter) -> Waiting:
    shown, who = second_look.shown(session, house.speech, complaint, row), writer(complaint)
    return Waiting(
        row=row,
        shown=shown,
        size=size(shown),
        notes=[*(waits(shown) or [str(REASONS[why]) for why in row.reasons]), *flaws(shown), *lacks(shown)],
        may_decide=second_look.stands_in_the_way(row, shown, who) is None,
        may_take_back=bool(official().duties.intersection(WRITERS)),
    )


def next_look(session: Transaction, complaint: Complaint) -> str:
    """Who must do what while a text waits for a second look; empty when none does."""
    row = held.waiting_of(session, complaint.id)
    if row is None or complaint.state in OVER:
        return ""
    if Why.APPROVAL in row.reasons:
        return gettext("The leader of %(unit)s approves the answer or sends it back.", unit=complaint.unit.name)
    return gettext("A second person, focal official or leader, lets the text go or sends it back.")
