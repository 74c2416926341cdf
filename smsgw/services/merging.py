"""Handles several complaints as one matter: every reporter keeps their number and gets the answer, each phone once.

The oldest goes on and the others with it; each can be taken apart again. One whose main complaint is taken back goes on by
itself, which the clock sees to.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from smsgw.domain.progress import in_hand
from smsgw.domain.sameness import LIKELY, Likeness, Report, likeness, seen
from smsgw.services import holding, pausing, windows
from smsgw.services.filing import forget_verdict, reopen
from smsgw.services.handbook import Handbook
from smsgw.services.history import note
from smsgw.services.standing import how_it_stood
from smsgw.store import merged
from smsgw.store.database import Database
from smsgw.store.merged import Near
from smsgw.store.officials import Scope
from smsgw.store.tables import OPEN_STATES, Complaint
from smsgw.text.speech import Speech

WINDOW = timedelta(days=7)
OFFERED = 3
BATCH = 50


class NotOneMatterError(ValueError):
    """They are not two open complaints of one unit within the official's scope, or are one already."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A complaint that may be the same matter, and what speaks for it."""

    other: Near
    likeness: Likeness


def alike(session: Session, scope: Scope, complaint: Complaint) -> list[Alike]:
    """The likeliest few, best first; none for one that is over or handled with another."""
    if complaint.state not in OPEN_STATES or complaint.merged_into_id is not None:
        return []
    mine = seen(_report(complaint))
    found = [
        Alike(other, likeness(mine, seen(_report(other)), WINDOW))
        for other in merged.near(session, scope, complaint, WINDOW)
    ]
    likely = [one for one in found if one.likeness.score >= LIKELY]
    return sorted(likely, key=lambda one: (-one.likeness.score, one.other.id))[:OFFERED]


def _report(one: Complaint | Near) -> Report:
    return Report(one.text, one.category, one.place, one.received_at)


def merge(
    session: Session, handbook: Handbook, scope: Scope, references: tuple[str, str], official_id: int, now: datetime
) -> Complaint:
    """The younger of the two goes on with the older; the older one. What went with the younger goes with it."""
    found = merged.locked(session, scope, references)
    if len(found) != 2 or not _may_be_one(found):
        raise NotOneMatterError
    main, part = found
    for one in (part, *merged.parts(session, part.id, to_change=True)):
        _join(session, handbook, main, one, official_id, now)
    names = " ".join(one.reference or "" for one in merged.parts(session, main.id))
    note(session, main.id, "merged_here", at=now, official_id=official_id, words=names)
    return main


def _may_be_one(pair: Sequence[Complaint]) -> bool:
    stand_alone = all(one.state in OPEN_STATES and one.merged_into_id is None for one in pair)
    return stand_alone and pair[0].unit_id == pair[1].unit_id


def _join(
    session: Session, handbook: Handbook, main: Complaint, part: Complaint, official_id: int, now: datetime
) -> None:
    """It lies at the same desk from now on and waits for nobody; how it stood is kept, to be put back."""
    pausing.resume(session, handbook, part, pausing.Why.GOES_ON, now=now, official_id=official_id)
    before = {"category": part.category, "office_id": part.office_id, "triage_reason": part.triage_reason}
    if part.merged_into_id is None:
        words = main.reference or ""
        note(session, part.id, "merged", at=now, official_id=official_id, words=words, into=main.id, **before)
    part.merged_into_id = main.id
    if part.state in OPEN_STATES:  # what was answered stays so, whatever it is handled with
        part.look_at = None
        holding.put_back(session, part.id)
        _lie_with(main, part)
    session.flush()


def _lie_with(main: Complaint, part: Complaint) -> None:
    part.category, part.office_id, part.triage_reason = main.category, main.office_id, main.triage_reason
    part.state = in_hand(has_office=main.office_id is not None).value


def take_along(session: Session, main: Complaint) -> None:
    """What is handled with it lies where it does, also after it was put on another desk of the unit."""
    for part in merged.parts(session, main.id, to_change=True):
        if part.state in OPEN_STATES:
            _lie_with(main, part)


def stay_behind(
    session: Session, handbook: Handbook, main: Complaint, now: datetime, official_id: int | None = None
) -> None:
    """What is handled with it goes on by itself, as it goes to another unit: what other people wrote to this one is not for
    that one, nor what its offices told one another."""
    for part in merged.parts(session, main.id, to_change=True):
        if part.state in OPEN_STATES:
            separate(session, handbook, part, now, official_id)


def separate(
    session: Session, handbook: Handbook, part: Complaint, now: datetime, official_id: int | None = None
) -> None:
    """Goes on by itself again, as it stood before; one that was answered meanwhile is opened again. The complaint must be
    locked; raises `NotOneMatterError` for one that is merged with nothing."""
    if part.merged_into_id is None:
        raise NotOneMatterError
    line = merged.how_it_stood(session, part.id)
    before = line.details if line else {}
    part.merged_into_id = None
    for name in ("category", "office_id", "triage_reason"):
        setattr(part, name, before.get(name, getattr(part, name)))
    if part.state == "answered":
        reopen(session, handbook, part, now)
    elif part.state in OPEN_STATES:
        pausing.resume(session, handbook, part, pausing.Why.GOES_ON, now=now, official_id=official_id)
        part.state, part.stage = ("assigned" if part.office_id else "received"), ""
        part.look_at = now if part.due_at else None
    note(session, part.id, "separated", at=now, official_id=official_id, category=part.category)


def reporters(session: Session, main: Complaint) -> Sequence[Complaint]:
    """Everything that goes on with this complaint: each of these people hears what its citizen hears."""
    return [one for one in merged.parts(session, main.id) if one.state in OPEN_STATES]


def share_answer(
    session: Session,
    speech: Speech,
    main: Complaint,
    text: str,
    official_id: int,
    *,
    now: datetime,
    goes_at: datetime | None = None,
) -> None:
    """Every other reporter gets the answer under their own number, each phone once, in the transaction of the answer and at
    the same time."""
    told = {main.citizen.phone}
    for part in merged.parts(session, main.id, to_change=True):
        if part.state not in OPEN_STATES:  # over, or answered before: what is told anew is not about theirs
            continue
        before, letters = how_it_stood(part), windows.Letters()
        windows.answered(part, now)
        if part.citizen.phone not in told:
            letters = windows.tell_answer(session, speech, part, text, now=now, goes_at=goes_at)
        told.add(part.citizen.phone)
        part.state, part.answered_at, part.look_at = "answered", part.answered_at or now, None
        kept = {**letters._asdict(), "before": before}
        note(session, part.id, "answered", at=now, official_id=official_id, words=main.reference or "", **kept)


def go_on_together(session: Session, complaint: Complaint) -> None:
    """It was opened again: what it was handled with, and has not closed, is handled with it from now on."""
    for one in merged.family(session, complaint, to_change=True):
        if one.id != complaint.id and one.state == "answered" and not one.ending:
            one.merged_into_id = complaint.id


def follow(session: Session, main: Complaint, part: Complaint, why: str, now: datetime) -> None:
    """An answered complaint goes on with the one that it was handled with, which is open again."""
    forget_verdict(part)
    part.answered_at, part.look_at, part.stage, part.merged_into_id = None, None, "", main.id
    _lie_with(main, part)
    note(session, part.id, "reopened", at=now, why=why, other=main.reference, into=main.id)


@dataclass(frozen=True, slots=True)
class Keeper:
    """Looks after complaints whose main one is over without them."""

    database: Database
    handbook: Callable[[Session], Handbook]
    now: Callable[[], datetime]

    def batch(self) -> int:
        """Up to `BATCH` matters: the oldest of the others goes on by itself, and the rest go with it; how many."""
        with self.database.read() as session:
            found = merged.forsaken(session, BATCH)
        if not found:
            return 0
        with self.database.write() as session:
            handbook, now = self.handbook(session), self.now()
            for main_id in found:
                _go_on(session, handbook, main_id, now)
        return len(found)


def _go_on(session: Session, handbook: Handbook, main_id: int, now: datetime) -> None:
    main = session.get_one(Complaint, main_id, with_for_update={"key_share": True})
    left = [one for one in merged.parts(session, main_id, to_change=True) if one.state in OPEN_STATES]
    if main.state in OPEN_STATES or not left:
        return  # somebody was quicker
    heir, *others = left
    separate(session, handbook, heir, now)
    for part in others:
        _goes_with(session, heir, part, now)


def _goes_with(session: Session, heir: Complaint, part: Complaint, now: datetime) -> None:
    """Goes on with the heir; how it stood before it was ever merged is kept."""
    line = merged.how_it_stood(session, part.id)
    kept = {**(line.details if line else {}), "into": heir.id}
    part.merged_into_id = heir.id
    _lie_with(heir, part)
    note(session, part.id, "merged", at=now, words=heir.reference or "", **kept)
    note(session, heir.id, "merged_here", at=now, words=part.reference or "")
