"""Shows a case to everybody: one official puts masked words forward, another agrees, either side may take it back."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from smsgw.domain.masking import masked
from smsgw.domain.phone import for_eyes
from smsgw.domain.progress import Duty
from smsgw.domain.publication import Bar, Case, Flaw, Words, bars, flaw
from smsgw.domain.understanding import Understanding
from smsgw.services.answering import Writer
from smsgw.services.history import note
from smsgw.services.sealing import found_in
from smsgw.store import publications
from smsgw.store.officials import Scope
from smsgw.store.tables import Complaint, Publication

PROPOSES = frozenset({Duty.FOCAL})
DECIDES = frozenset({Duty.FOCAL, Duty.LEADER})

# An answer's last sentence, in any language: "Text 1 done, 2 not done, 3 unclear."
ASKS_FOR_A_DIGIT = re.compile(r"\s*(?<![^.!?\s])[^\W\d]+ 1 [^.,]+, 2 [^.,]+, 3 [^.,]+\.$")

Read = Callable[[str], Understanding]


def proposed(session: Session, scope: Scope) -> Sequence[Publication]:
    """What waits for a second person."""
    return publications.proposed(session, scope)


def draft(session: Session, complaint: Complaint) -> Words:
    """The citizen's words and the answer, with a mask over all that may tell who somebody is."""
    facts = complaint.facts or {}
    phone = complaint.citizen.phone
    known = [*(str(facts.get(name, "")) for name in ("name", "home", "who")), phone, for_eyes(phone)]
    known += [complaint.about_phone, complaint.reference or ""]
    answer = _bare(publications.answer_sent(session, complaint.id), complaint.reference or "")
    return Words(masked(complaint.text.strip(), known), masked(answer, known))


def _bare(body: str, reference: str) -> str:
    """An answer without the number before it and what it asks for behind: a digit, or a rating."""
    _, told, rest = body.partition(f"{reference}:")
    words = ASKS_FOR_A_DIGIT.sub("", rest.strip() if reference and told else body)
    rating = words.find(reference) if reference else -1
    return words[: words.rfind(". ", 0, rating) + 1] if rating > 0 else words


def against(complaint: Complaint, words: Words, read: Read) -> list[Bar]:
    """All that forbids it, as the complaint stands now and as its words read."""
    said = [read(text) for text in (complaint.text, words.answer)]
    grave = any(one.sensitive or one.emergency for one in said)
    lawful = any(one.denunciation for one in said) or any(map(found_in, (complaint.text, words.answer)))
    return bars(
        Case(
            answered=complaint.state == "answered" and bool(words.answer),
            lawful=lawful or not complaint.text,
            emergency=complaint.emergency,
            sensitive=complaint.sensitive or grave,
            private=complaint.private,
            on_behalf=complaint.on_behalf,
        )
    )


def propose(
    session: Session, complaint: Complaint, chosen: Words, writer: Writer, read: Read, *, now: datetime
) -> Flaw | list[Bar] | None:
    """Puts words forward; the complaint must be locked. None when that was done."""
    whole = draft(session, complaint)
    if forbidden := against(complaint, whole, read):
        return forbidden
    if publications.standing(session, complaint.id):
        return Flaw.CHANGED
    if wrong := flaw(chosen, whole):
        return wrong
    row = Publication(
        complaint_id=complaint.id, text=chosen.text, answer=chosen.answer, proposed_by=writer.id, proposed_at=now
    )
    session.add(row)
    session.flush()
    note(session, complaint.id, "put_forward", at=now, official_id=writer.id)
    return None


def decide(
    session: Session,
    complaint: Complaint,
    number: int,
    writer: Writer,
    read: Read,
    *,
    agrees: bool,
    now: datetime,
) -> Flaw | list[Bar] | None:
    """A second person agrees to exactly what was read under this number, or does not. None when that was done."""
    row = publications.standing(session, complaint.id)
    if row is None or row.id != number or row.state != "proposed":
        return Flaw.CHANGED
    if row.proposed_by == writer.id and agrees:
        return Flaw.OWN_WISH
    if agrees and (forbidden := against(complaint, draft(session, complaint), read)):
        return forbidden
    row.state, row.decided_by, row.decided_at = ("published" if agrees else "declined"), writer.id, now
    note(session, complaint.id, "published" if agrees else "not_published", at=now, official_id=writer.id)
    return None


def take_back(session: Session, complaint: Complaint, writer: Writer, *, now: datetime) -> Flaw | None:
    """From now on nobody else reads it. None when that was done."""
    row = publications.standing(session, complaint.id)
    if row is None:
        return Flaw.NOTHING
    row.state, row.ended_by, row.ended_at = "withdrawn", writer.id, now
    note(session, complaint.id, "unpublished", at=now, official_id=writer.id)
    return None
