"""Texts that officials write often: kept by administrators, checked when kept, filled in for a complaint when chosen; and the
texts that are registered with carriers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from smsgw.data import tables
from smsgw.domain.registered import is_template
from smsgw.domain.templates import Placeholder, Wrong, filled, wrong_with
from smsgw.domain.workdays import VIETNAM
from smsgw.store import templates as store
from smsgw.store.tables import Complaint, RegisteredText, Template
from smsgw.text.times import day

LONGEST_REGISTERED = 500


class NotKeptError(ValueError):
    """The template is not kept: `.wrong` says why."""

    def __init__(self, wrong: Sequence[Wrong]) -> None:
        super().__init__(", ".join(one.flaw for one in wrong))
        self.wrong = wrong


class NotRegisteredError(ValueError):
    """A registered text says something by itself, and is not without end."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What an administrator wrote; no field or state: for all."""

    kind: str
    category: str | None
    state: str | None
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A template for one complaint: what we know is filled in, blanks are left."""

    number: int
    kind: str
    title: str
    text: str


def sow(session: Session) -> int:
    """The starter set, into a house that never had a template; how many."""
    if session.scalar(select(exists().where(Template.id > 0))):
        return 0
    rows = tables.tree("templates.toml", "template")
    session.add_all(
        Template(
            kind=row["kind"], category=row.get("field"), state=row.get("state"), title=row["title"], body=row["body"]
        )
        for row in rows
    )
    return len(rows)


def keep(session: Session, draft: Draft, official_id: int, now: datetime, number: int | None = None) -> Template:
    """A new one, or a changed one. Raises `NotKeptError` for what must not be kept, LookupError for one that is retired."""
    if wrong := list(wrong_with(draft.title, draft.body)):
        raise NotKeptError(wrong)
    row = Template() if number is None else store.one(session, number)
    if row is None:
        raise LookupError(number)
    row.kind, row.category, row.state = draft.kind, draft.category, draft.state
    row.title, row.body = " ".join(draft.title.split()), draft.body.strip()
    row.changed_at, row.changed_by = now, official_id
    session.add(row)
    return row


def retire(session: Session, number: int, official_id: int, now: datetime) -> None:
    """It is offered no more; done twice it is done once."""
    if row := store.one(session, number):
        row.retired_at = row.changed_at = now
        row.changed_by = official_id


def offered(session: Session, complaint: Complaint, today: date, blanks: Mapping[Placeholder, str]) -> list[Offer]:
    """Those for this complaint; `blanks` are the words for what is not known of it."""
    known = _known(complaint, today)
    return [
        Offer(row.id, row.kind, row.title, filled(row.body, known, blanks))
        for row in store.fitting(session, complaint.category, complaint.state)
    ]


def _known(complaint: Complaint, today: date) -> Mapping[Placeholder, str]:
    due = complaint.due_at.astimezone(VIETNAM).date() if complaint.due_at else None
    return {
        Placeholder.REFERENCE: complaint.reference or "",
        Placeholder.OFFICE: (complaint.office or complaint.unit).name,
        Placeholder.UNIT: complaint.unit.name,
        Placeholder.PLACE: " ".join((complaint.place or "").split()),
        Placeholder.DATE: day(today),
        Placeholder.DUE: day(due) if due else "",
    }


def register(session: Session, provider: str, body: str, official_id: int, now: datetime) -> RegisteredText:
    """A text as the carrier has it, `{…}` for what changes."""
    said = " ".join(body.split())
    if len(said) > LONGEST_REGISTERED or not is_template(said):
        raise NotRegisteredError
    row = RegisteredText(provider=provider, body=said, added_at=now, added_by=official_id)
    session.add(row)
    return row


def end_registration(session: Session, number: int, now: datetime) -> None:
    """The carrier has it no more."""
    row = session.get(RegisteredText, number)
    if row and row.ended_at is None:
        row.ended_at = now
